"""Cases about S3: one large object, many small ones, and memory, at servers on this machine.

Wall time here is mostly the server's, which shares the cores with its client; the CPU time (user
and system) is the client's own.
"""

import os

from endpoints import far_away, servers, serving
from s3_clients import HASHING, PEERS, Clients, check, check_many, digest
from timing import Contestant, Figures, contest, peak_memory, run

LARGE = 512 << 20
SMALL = 64 << 20


def _tables(report, title, goal, runs):
    """Two tables of one contest: wall time and CPU time of the clients."""
    def figures(take):
        return {name: Figures([take(one) for one in some.values], some.problem)
                for name, some in runs.items()}

    report.case(title, figures(lambda one: one.wall), "atelier", f"{goal}.wall")
    report.case(f"{title}, CPU of the client", figures(lambda one: one.cpu), "atelier", f"{goal}.cpu")


def large(places, report):
    """512 MiB up and down, beside curl and the usual clients; and how memory grows with the size."""
    names = servers(places)
    files = {size: places.file(size) for size in (LARGE, SMALL)}
    digests = {size: digest(path) for size, path in files.items()}
    for name in names:
        with serving(name, places) as endpoint:
            clients = Clients(places, endpoint)
            _large(places, report, clients, files[LARGE], digests[LARGE])
            _memory(places, report, clients, files, digests)


def _large(places, report, clients, path, hex):
    def up(name):
        return lambda: run(clients.put(name, path, hex))

    def down(name):
        def figure():
            target = places.fresh("down", make=False)
            done = run(clients.get(name, target, hex, LARGE))
            check(target, hex)
            # One file's freed inode costs the next ones nothing; gigabytes left behind would.
            os.unlink(target)
            return done
        return figure

    where = clients.endpoint.name
    names = ["atelier", "curl", HASHING, *PEERS]
    _tables(report, f"512 MiB up, {where}", f"s3.{where}.large.up",
            contest([Contestant(name, up(name), 40) for name in names], 7))
    names.remove(HASHING)
    _tables(report, f"512 MiB down, {where}", f"s3.{where}.large.down",
            contest([Contestant(name, down(name), 40) for name in names], 7))


def _memory(places, report, clients, files, digests):
    """Peak memory of atelier for the large file, and over that for a smaller one."""
    def peak(way, size):
        up = clients.put("atelier", files[size], digests[size])
        if way == "up":
            return peak_memory(up)[0]
        # What is fetched is what was sent last.
        run(up)
        target = places.fresh("down", make=False)
        found = peak_memory(clients.get("atelier", target, digests[size], size))[0]
        check(target, digests[size])
        os.unlink(target)
        return found

    for way in ("up", "down"):
        least, most = (peak(way, size) for size in (SMALL, LARGE))
        report.case(f"memory, {clients.endpoint.name}: 512 MiB {way} over 64 MiB",
                    {"atelier": Figures([most - least])}, "atelier", "s3.memory", unit="B",
                    notes=[f"at most {most / 1e6:.0f} MB"])


def small(places, report):
    """2,000 files of 16 KiB up and down."""
    names = servers(places)
    folder, digests = _many(places)
    for name in names:
        with serving(name, places) as endpoint:
            _small(places, report, Clients(places, endpoint), folder, digests)


def far(places, report):
    """The same through 30 ms there and back and 1 Gbit/s: who has few requests under way waits."""
    servers(places)
    folder, digests = _many(places)
    with serving("rclone", places) as near, far_away(near, places, 30, 125e6) as endpoint:
        clients = Clients(places, endpoint)

        def up(name):
            return lambda: run(clients.put_many(name, folder, digests)).wall

        def down(name):
            def figure():
                target = places.fresh("down")
                wall = run(clients.get_many(name, target, digests)).wall
                check_many(target, digests)
                return wall
            return figure

        for way, figure in (("up", up), ("down", down)):
            report.case(
                f"2,000 x 16 KiB {way}, {endpoint.name}, 1 Gbit/s",
                contest([Contestant(name, figure(name), 30) for name in ("atelier", *PEERS)], 5),
                "atelier", f"s3.far.small.{way}")


def _many(places):
    """A folder of 2,000 files of 16 KiB, and their digests and sizes by name."""
    folder = places.fresh("small")
    digests = {}
    for number in range(2000):
        name = f"part-{number:05}"
        with open(f"{folder}/{name}", "wb") as file:
            file.write(os.urandom(16 << 10))
        digests[name] = (digest(f"{folder}/{name}"), 16 << 10)
    os.sync()
    return folder, digests


def _small(places, report, clients, folder, digests):
    def up(name):
        return lambda: run(clients.put_many(name, folder, digests))

    def down(name):
        def figure():
            target = places.fresh("down")
            done = run(clients.get_many(name, target, digests))
            check_many(target, digests)
            return done
        return figure

    where = clients.endpoint.name
    names = ["atelier", HASHING, *PEERS]
    _tables(report, f"2,000 x 16 KiB up, {where}", f"s3.{where}.small.up",
            contest([Contestant(name, up(name), 30) for name in names], 5))
    names.remove(HASHING)
    _tables(report, f"2,000 x 16 KiB down, {where}", f"s3.{where}.small.down",
            contest([Contestant(name, down(name), 30) for name in names], 5))
