"""Cuts the power after each change that a few small runs make to their store, and tries what is left.

    power_cut.py PROGRAM FOLDER EVERY FIRST

The runs of the fixture program below FOLDER write to a file system in memory. After the change number
FIRST and every EVERYth from there it is asked what a cut would leave, twice: with no name that was
not flushed, and with all of them but not their bytes. Each such store must open and pass `store fsck`
without a flag, and what an ended run reported as built must be a hit, its record and tags be there.
"""
import json
import os
import shutil
import subprocess
import sys
import threading
import time

from fuse import FUSE

from flushable_fs import CONTROL, FlushableFS

PROGRAM, FOLDER, EVERY, FIRST = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
MOUNT, STORE, PRELOAD = FOLDER + "/mount", FOLDER + "/left", FOLDER + "/flush_all.so"


def steps(text):
    return [
        {"name": "one.a", "script": "echo %s > $out; echo said >&2" % text},
        {"name": "one.b", "inputs": ["one.a"], "tools": ["cat"], "script": "cat $one_a > $out"},
        {"name": "two.c", "inputs": ["one.b"], "tools": ["cat"], "script": "cat $one_b > $out"},
        {"name": "two.published", "deliver": "two.c", "dataset": "data"},
    ]


def wire(text):
    with open(FOLDER + "/Workshops/Fixture/graph.json", "w") as file:
        json.dump({"nodes": steps(text)}, file)


def call(root, *words, **more):
    command = [PROGRAM, *words, "--project", FOLDER, "--set", "Atelier.root=" + root]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=120, **more)


def events(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


class Recording:
    """Runs on the file system, what each cut would leave of it, and what was reported before."""

    def __init__(self):
        self.count = 0
        self.images = []  # (number, change, image, reported)
        self.reported = []
        self.failure = None

    def changed(self, change):
        self.count += 1
        if (self.count - FIRST) % EVERY == 0 and self.count >= FIRST:
            for keeps_names in (False, True):
                self.images.append(
                    (self.count, change, self.fs.image(keeps_names), list(self.reported)))

    def work(self):
        try:
            environment = dict(
                os.environ, LD_PRELOAD=PRELOAD, POWER_CUT_CONTROL=MOUNT + CONTROL)
            for text in ("first", "second", "third"):
                wire(text)
                self.run(text, environment)
                done = call(MOUNT, "store", "tag", text, env=environment)
                if done.returncode != 0:
                    raise RuntimeError(done.stderr)
                self.reported.append(("tag", text, None))
        except Exception as failure:
            self.failure = failure
        finally:
            subprocess.run(["umount", "-l", MOUNT])

    def run(self, text, environment):
        done = call(MOUNT, "run", "--json", "--jobs", "2", env=environment)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        lines = events(done.stdout)
        self.reported.append(("run", text, [
            line["step"] for line in lines
            if line["event"] == "step" and line["status"] == "built"]))


def lay_out(image):
    shutil.rmtree(STORE, ignore_errors=True)
    os.mkdir(STORE)
    for path, (mode, times, content) in image.items():
        target = STORE + "/" + path
        if content is None:
            os.mkdir(target)
        elif mode & 0o170000 == 0o120000:
            os.symlink(content, target)
        else:
            with open(target, "wb") as file:
                file.write(content)
            os.chmod(target, mode & 0o7777)
            os.utime(target, ns=times)


def problems(reported):
    found = []
    fsck = call(STORE, "store", "fsck")
    if fsck.returncode != 0:
        found.append("fsck: %d %s%s" % (fsck.returncode, fsck.stdout, fsck.stderr))
    runs = [text for kind, text, _ in reported if kind == "run"]
    records = os.listdir(STORE + "/.atelier/runs") if os.path.exists(STORE + "/.atelier/runs") else []
    whole = [name for name in records if is_whole(STORE + "/.atelier/runs/" + name)]
    if len(whole) < len(runs):
        found.append("%d of %d run records" % (len(whole), len(runs)))
    for kind, text, steps_built in reported:
        if kind == "tag":
            path = STORE + "/.atelier/tags/" + text
            if not os.path.exists(path) or os.path.getsize(path) == 0:
                found.append("the tag %s is lost" % text)
            continue
        wire(text)
        run = call(STORE, "run", "--json", "--jobs", "2")
        lines = events(run.stdout)
        hits = {line["step"] for line in lines
                if line["event"] == "step" and line["status"] == "hit"}
        if run.returncode != 0 or not hits.issuperset(steps_built):
            found.append("run %s: %d, hits %s of %s %s" % (
                text, run.returncode, sorted(hits), steps_built, run.stderr))
    wire("last")
    run = call(STORE, "run", "--json", "--jobs", "2")
    if run.returncode != 0:
        found.append("next run: %d %s%s" % (run.returncode, run.stdout, run.stderr))
    return found


def is_whole(path):
    try:
        with open(path) as file:
            return "steps" in json.load(file)
    except ValueError:
        return False


def main():
    os.makedirs(MOUNT)
    source = os.path.dirname(os.path.abspath(__file__)) + "/flush_all.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", PRELOAD, source], check=True)
    recording = Recording()
    recording.fs = FlushableFS(recording.changed)
    worker = threading.Thread(target=wait_and_work, args=(recording,))
    worker.start()
    FUSE(recording.fs, MOUNT, foreground=True, nothreads=True, use_ino=True, hard_remove=True,
         attr_timeout=0, entry_timeout=0, default_permissions=True)
    worker.join()
    if recording.failure:
        sys.exit("power-cut: the runs failed: %s" % recording.failure)
    bad, tried, last = 0, 0, None
    for number, change, image, reported in recording.images:
        if (image, reported) == last:
            continue
        last = (image, reported)
        tried += 1
        lay_out(image)
        for problem in problems(reported):
            bad += 1
            print("cut %d, after %s: %s" % (number, change, problem))
    print("%d changes, cut after %d of them, %d stores tried, %d problems" % (
        recording.count, len(recording.images) // 2, tried, bad))
    sys.exit(1 if bad else 0)


def wait_and_work(recording):
    while not os.path.ismount(MOUNT):
        time.sleep(0.01)
    recording.work()


main()
