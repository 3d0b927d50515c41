"""A copy of the checkout to edit and build in, with a workshop of its own; kept from run to run."""

import filecmp
import os
import select
import shutil
import signal
import subprocess
import time

from timing import Call, Failed, run

PARTS = ["Makefile", "Package.swift", ".setup", "Sources", "Steps", "Workshops", "Tests"]
LISTS = {"families": "let families: [Target] = [\n", "workshops": "let workshops: [Target] = [\n"}


class Checkout:
    def __init__(self, root, files):
        """`files` are those of a workshop, {path: text}, with the new lines of Package.swift."""
        self.folder = os.environ.get("BENCH_CHECKOUT") or f"{root}/.tools/bench-checkout"
        self.atelier = f"{self.folder}/.build/release/atelier"
        self.files = files
        self._root = root

    def link(self, folder, names):
        os.makedirs(self.folder, exist_ok=True)
        for name in names:
            path = f"{self.folder}/{name}"
            if os.path.lexists(path):
                os.remove(path)
            os.link(f"{folder}/{name}", path)

    def prepare(self):
        """Brings the copy to the state of the checkout, writes the workshop, builds and locks."""
        # What is equal keeps its time, so that the compiler has little to do.
        wanted = dict(self._sources())
        for path in set(self._below(self.folder)) - set(wanted):
            os.remove(f"{self.folder}/{path}")
        for path, text in wanted.items():
            self._bring(path, text)
        tools = f"{self.folder}/.tools"
        if not os.path.lexists(tools):
            os.symlink(f"{self._root}/.tools", tools)
        shutil.rmtree(f"{self.folder}/.store", ignore_errors=True)
        run(Call([f"{self.folder}/.setup/build.sh"], self.folder, timeout=3600), keep_output=True)
        run(Call([self.atelier, "environment", "lock", "science", "-w", "event-counts"], self.folder),
            keep_output=True)
        run(Call([self.atelier, "run", "event-counts"], self.folder), keep_output=True)

    def _sources(self):
        """The files of the copy: None for one that is the checkout's, else its text."""
        for path in self._below(self._root):
            yield path, None
        with open(f"{self._root}/Package.swift", encoding="utf-8") as file:
            package = file.read()
        for path, text in self.files.items():
            if path.startswith("Package.swift, "):
                start = LISTS[path.split(", ")[1]]
                if package.count(start) != 1:
                    raise Failed(f"Package.swift has not one {start.strip()}")
                package = package.replace(start, start + "  " + text)
            else:
                yield path, text
        yield "Package.swift", package

    @staticmethod
    def _below(root):
        for part in PARTS:
            if os.path.isfile(f"{root}/{part}"):
                yield part
            for folder, _, names in os.walk(f"{root}/{part}"):
                for name in names:
                    yield os.path.relpath(f"{folder}/{name}", root)

    def _bring(self, path, text):
        target = f"{self.folder}/{path}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if text is None:
            if not os.path.isfile(target) or not filecmp.cmp(f"{self._root}/{path}", target, shallow=False):
                shutil.copy2(f"{self._root}/{path}", target)
            return
        if os.path.isfile(target):
            with open(target, encoding="utf-8") as file:
                if file.read() == text:
                    return
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)

    def dev(self, target, save):
        """Starts `atelier dev`, saves when it waits: seconds until it has printed the rows, and them."""
        call = Call([self.atelier, "dev", target, "--runs", "2"], self.folder)
        process = subprocess.Popen(
            call.words, cwd=call.folder, env=call.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self._read(process, b"waiting for the next save", 120)
            start = time.perf_counter()
            save()
            output = self._read(process, b"after the save", 1800)
            return time.perf_counter() - start, output
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()

    @staticmethod
    def _read(process, text, seconds):
        """What a program prints until it prints a text."""
        output, end = b"", time.monotonic() + seconds
        while text not in output:
            ready, _, _ = select.select([process.stdout], [], [], max(0, end - time.monotonic()))
            piece = os.read(process.stdout.fileno(), 65536) if ready else b""
            if not piece or b"not built" in output:
                raise Failed(f"atelier dev: {output.decode(errors='replace').strip()[-300:] or 'no output'}")
            output += piece
        return output.decode(errors="replace")
