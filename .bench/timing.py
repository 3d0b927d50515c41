"""Runs programs and takes times. It knows neither atelier nor its peers."""

import os
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass, field


@dataclass
class Run:
    """A program that ended well: seconds of wall clock and of CPU, and what it printed."""

    wall: float
    user: float
    system: float
    output: str = ""

    @property
    def cpu(self):
        return self.user + self.system


class Failed(Exception):
    """A program that did not end well, in a few words."""


class Absent(Exception):
    """What a whole case needs is not installed; it says what to type."""


@dataclass
class Call:
    """A program to start: its words, its working folder, and variables besides our own."""

    words: list
    folder: str
    variables: dict = field(default_factory=dict)
    timeout: float = 600

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATELIER_", "MAKE", "MFLAGS"))}
        return kept | self.variables


def run(call, keep_output=False):
    """Runs a program to its end. Without `keep_output` it prints to /dev/null."""
    os.chdir(call.folder)
    log = os.path.join(call.folder, ".bench-output")
    out = log if keep_output else os.devnull
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    environment = call.environment()
    start = time.perf_counter()
    pid = os.posix_spawn(call.words[0], call.words, environment, file_actions=actions, setpgroup=0)
    status, usage = _wait(pid, call.timeout)
    wall = time.perf_counter() - start
    text = ""
    if keep_output:
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read()
    if status is None:
        raise Failed(f"stopped after {call.timeout:.0f} s")
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        last = [line.strip() for line in text.splitlines() if line.strip()]
        raise Failed(f"exit code {code}" + (f": {last[-1][:100]}" if last else ""))
    return Run(wall, usage.ru_utime, usage.ru_stime, text)


def _wait(pid, timeout):
    """Waits for a child that leads a group; (None, None) when it had to be killed."""
    late = False

    def on_alarm(*_):
        nonlocal late
        late = True
        os.killpg(pid, signal.SIGKILL)

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return (None, None) if late else (status, usage)


def peak_memory(call):
    """Runs a program; the most bytes that this process itself held, and its wall time.

    wait4's ru_maxrss would count children and what the parent held before exec, so the kernel's
    high-water mark is read until the end; it can miss what is touched in the last 2 ms.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        call.words, cwd=call.folder, env=call.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    try:
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(0.002)
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode != 0:
        raise Failed(f"exit code {process.returncode}")
    return peak, time.perf_counter() - start


def _high_water(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Figures:
    """What one contestant's runs gave, or why there are none."""

    def __init__(self, values=(), problem=None, note=""):
        self.values = list(values)
        self.problem = problem
        self.note = note

    @property
    def median(self):
        return statistics.median(self.values) if self.values else None


@dataclass
class Contestant:
    """A name, and what gives the next figure of it; `budget` seconds are spent at most, or one run."""

    name: str
    figure: object
    budget: float = 20


def contest(contestants, rounds):
    """Lets them run in turn; {name: Figures}. One that fails keeps its reason and leaves."""
    figures = {c.name: Figures() for c in contestants}
    spent = dict.fromkeys(figures, 0.0)
    for number in range(rounds):
        # The first of a round follows another one each time.
        shift = number % max(1, len(contestants))
        for one in contestants[shift:] + contestants[:shift]:
            mine = figures[one.name]
            # One more run must fit into what is left.
            due = spent[one.name] + spent[one.name] / max(1, len(mine.values))
            if mine.problem or (mine.values and due > one.budget):
                continue
            start = time.perf_counter()
            try:
                mine.values.append(one.figure())
            except Failed as error:
                mine.problem = str(error)
                mine.values = []
            spent[one.name] += time.perf_counter() - start
    return figures
