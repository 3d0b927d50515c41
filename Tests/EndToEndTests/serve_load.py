"""A load of a few connections: posts one row again and again, and counts what became of each.

    serve_load.py PORT SECONDS CONNECTIONS

Prints one line: `good` answers, `bad` statuses, requests `broken` off after they were sent, how
often nobody `refused` to listen, and the models that answered. A client closes when it is asked to.
"""

import http.client
import sys
import threading
import time


def client(port, end, counts, models, lock):
    connection = None
    while time.monotonic() < end:
        what = "broken"
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.connect()
        except OSError:
            connection = None
            with lock:
                counts["refused"] += 1
            time.sleep(0.02)
            continue
        try:
            connection.request("POST", "/invocations", b"1,2,3\n", {"Content-Type": "text/csv"})
            answer = connection.getresponse()
            answer.read()
            what = "good" if answer.status == 200 else "bad"
            with lock:
                models.add(answer.getheader("X-Atelier-Model", "none"))
            if answer.getheader("Connection", "").lower() == "close":
                connection.close()
                connection = None
        except (OSError, http.client.HTTPException):
            connection = None
        with lock:
            counts[what] += 1


def main(port, seconds, connections):
    counts = dict.fromkeys(("good", "bad", "broken", "refused"), 0)
    models, lock = set(), threading.Lock()
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=client, args=(port, end, counts, models, lock))
               for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("RESULT " + " ".join(f"{k}={v}" for k, v in counts.items()) + " models=" + " ".join(models))


main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
