"""A load of a few connections: posts one row again and again, and counts what became of each.

    serve_load.py PORT SECONDS CONNECTIONS

Prints `under way` when every connection has had an answer, then one line: `good` answers, `bad` statuses, requests `broken` off after they were sent, how
often nobody listened (`refused`), and the models that answered; then each kind of failure with its
count. A client closes when it is asked to. wrk is no use for this: it takes the time of each answer
from the wall clock, and when that is set back, it counts the requests under way as lost.
"""

import collections
import http.client
import sys
import threading
import time


def client(port, end, counts, models, reasons, lock, begun):
    connection, is_first = None, True
    while time.monotonic() < end:
        what, why = "broken", None
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.connect()
        except OSError as error:
            connection = None
            with lock:
                counts["refused"] += 1
                reasons[f"refused: {error!r}"] += 1
            time.sleep(0.02)
            continue
        try:
            connection.request("POST", "/invocations", b"1,2,3\n", {"Content-Type": "text/csv"})
            answer = connection.getresponse()
            body = answer.read()
            what = "good" if answer.status == 200 else "bad"
            if is_first:
                is_first = False
                begun.release()
            if what == "bad":
                why = f"{answer.status}: {body[:200]!r}"
            with lock:
                models.add(answer.getheader("X-Atelier-Model", "none"))
            if answer.getheader("Connection", "").lower() == "close":
                connection.close()
                connection = None
        except (OSError, http.client.HTTPException) as error:
            connection, why = None, repr(error)
        with lock:
            counts[what] += 1
            if why:
                reasons[f"{what}: {why}"] += 1


def main(port, seconds, connections):
    counts = dict.fromkeys(("good", "bad", "broken", "refused"), 0)
    models, reasons, lock = set(), collections.Counter(), threading.Lock()
    begun = threading.Semaphore(0)
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=client, args=(port, end, counts, models, reasons, lock, begun))
               for _ in range(connections)]
    for thread in threads:
        thread.start()
    for _ in threads:
        begun.acquire(timeout=seconds)
    print("under way", flush=True)
    for thread in threads:
        thread.join()
    print("RESULT " + " ".join(f"{k}={v}" for k, v in counts.items()) + " models=" + " ".join(models))
    for reason, count in reasons.items():
        print(count, reason)


main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
