"""Folders of one bench run and the projects in them, each made once. It takes no times of its own.

Nothing is deleted before the end: a file system may scan past freed inodes for half a minute, so
that creating files just after deleting many would be measured instead of the program.
"""

import os
import shutil

import graphs
from timing import Call, Failed, run

CORES = str(os.cpu_count())

# Maker, words of a cold run, words of a no-op. In a default run a chain and a fan may have so many
# steps, in a full one so many: what takes minutes to bring up to date once is left to the full one.
PEERS = {
    "make": (graphs.make, ["-s", "-j", CORES], ["-s"], (10_000, 10_000), 10_000),
    "ninja": (graphs.ninja, ["--quiet", "-j", CORES], ["--quiet"], (10_000, 10_000), 10_000),
    "doit": (graphs.doit, ["run", "-n", CORES, "-P", "thread"], ["run"], (1000, 10_000), 10_000),
    "doit, in Python": (graphs.doit_in_process, ["run"], ["run"], (1000, 10_000), 10_000),
    "snakemake": (
        graphs.snakemake, ["-q", "all", "-c", CORES], ["-q", "all", "-c", CORES], (10, 100), 1000),
    "dvc": (graphs.dvc, ["repro", "-q"], ["repro", "-q"], (10, 100), 1000),
}
VARIABLES = {"DVC_NO_ANALYTICS": "1"}


class Places:
    def __init__(self, root, work, peers, full):
        self.root = root
        self.work = work
        self.peers = peers
        self.full = full
        self.atelier = f"{root}/.build/release/atelier"
        self.atelier_bench = f"{root}/.build/release/atelier-bench"
        self.mock = os.environ.get("MOCK_VENV") or f"{root}/.tools/mock"
        self.serve_venv = os.environ.get("BENCH_SERVE_VENV") or f"{root}/.tools/bench-serve-venv"
        self.notebooks_venv = os.environ.get("BENCH_NOTEBOOKS_VENV") or f"{root}/.tools/bench-notebooks-venv"
        self._count = 0
        self._prepared = {}

    def fresh(self, name, make=True):
        """A path in the work folder that never was; a folder is made there unless told otherwise."""
        self._count += 1
        path = f"{self.work}/{self._count}-{name.replace(' ', '-').replace(',', '')}"
        if make:
            os.makedirs(path)
        return path

    def remove(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def program(self, name):
        path = self.peers.path(name)
        if not path:
            raise Failed("not installed")
        return path

    # -- graphs of trivial steps

    def synthetic(self, shape, count, isolation, **settings):
        """A new project of atelier-bench and the call that brings it up to date."""
        folder = self.fresh(f"atelier-{shape}-{count}")
        graphs.synthetic(folder, shape, count, isolation, **settings)
        return Call([self.atelier_bench, "run"], folder)

    def peer(self, name, shape, count):
        """A new project of a peer: the calls for a cold run and for a no-op."""
        maker, cold, noop, most, most_full = PEERS[name]
        if count > (most_full if self.full else most[shape == "fan"]):
            raise Failed("takes minutes: FULL=1" if count <= most_full else "not run at this size")
        program = self.program(name.split(",")[0])
        folder = self.fresh(f"{name}-{shape}-{count}")
        maker(folder, shape, count)
        if name == "dvc":
            run(Call([program, "init", "--no-scm", "-q"], folder, VARIABLES))
        return tuple(Call([program] + words, folder, VARIABLES, 300) for words in (cold, noop))

    def up_to_date(self, name, shape, count):
        """The call for a no-op in a project that was brought up to date; made once."""
        key = (name, shape, count)
        if key not in self._prepared:
            try:
                self._prepared[key] = self._prepare(name, shape, count)
            except Failed as error:
                self._prepared[key] = error
        if isinstance(self._prepared[key], Failed):
            raise self._prepared[key]
        return self._prepared[key]

    def _prepare(self, name, shape, count):
        if name == "atelier":
            cold = noop = self.synthetic(shape, count, "in-process")
        else:
            cold, noop = self.peer(name, shape, count)
        if name == "make":
            # Marks all as made, which saves it seconds of starting shells.
            cold = Call(cold.words + ["-t"], cold.folder)
        run(cold, keep_output=True)
        # Some look at everything once more in the first run after a build.
        run(noop)
        return noop

    # -- the real workshop

    def propensity(self):
        """A new project with the checkout's configuration, and the call for week5."""
        folder = self.fresh("propensity")
        graphs.write(f"{folder}/Package.swift", "")
        os.makedirs(f"{folder}/Workshops/Propensity")
        shutil.copy(f"{self.root}/Workshops/Propensity/config.ini", f"{folder}/Workshops/Propensity")
        os.symlink(f"{self.root}/.tools", f"{folder}/.tools")
        return Call([self.atelier, "run", "week5"], folder)

    def propensity_up_to_date(self):
        if "propensity" not in self._prepared:
            call = self.propensity()
            run(call, keep_output=True)
            self._prepared["propensity"] = call
        return self._prepared["propensity"]

    def remember_propensity(self, call):
        """Says that this project is up to date, so that no other need be made."""
        self._prepared["propensity"] = call

    # -- files

    def tree(self, count):
        """A new folder of that many files of 4 KiB, 200 a folder, all different and on the disk."""
        folder = self.fresh(f"tree-{count}")
        padding = b"x" * 4096
        for number in range(count):
            if number % 200 == 0:
                part = f"{folder}/d{number // 200}"
                os.mkdir(part)
            descriptor = os.open(f"{part}/f{number}", os.O_WRONLY | os.O_CREAT, 0o644)
            os.write(descriptor, (b"%d " % number + padding)[:4096])
            os.close(descriptor)
        os.sync()
        return folder

    def file(self, size):
        """A new file of random bytes in which no two MiB are equal, on the disk."""
        path = self.fresh(f"file-{size}", make=False)
        block = bytearray(os.urandom(1 << 20))
        with open(path, "wb") as file:
            for number in range(size >> 20):
                block[:8] = number.to_bytes(8, "little")
                file.write(block)
        os.sync()
        return path

    def dvc_project(self):
        """A new folder in which DVC keeps its cache by hard links."""
        program = self.program("dvc")
        folder = self.fresh("dvc")
        run(Call([program, "init", "--no-scm", "-q"], folder, VARIABLES))
        run(Call([program, "config", "cache.type", "hardlink"], folder, VARIABLES))
        return program, folder
