"""Where the programs lie, and in which versions. It measures nothing."""

import os
import shutil
import subprocess


class Peers:
    """Finds programs in the venv of the bench, then on PATH."""

    def __init__(self, venv):
        self.venv = venv
        self._known = {}

    def path(self, name):
        """The absolute path of a program, or None."""
        if name not in self._known:
            own = f"{self.venv}/bin/{name}"
            self._known[name] = own if os.access(own, os.X_OK) else shutil.which(name)
        return self._known[name]

    def version(self, name):
        """The last word of the first line that a program says of itself; None when it is absent."""
        path = self.path(name)
        if not path:
            return None
        word = "version" if name in ("openssl", "xgboost") else "--version"
        said = subprocess.run([path, word], capture_output=True, text=True, timeout=60)
        lines = (said.stdout or said.stderr).strip().splitlines() or ["?"]
        return next((w for w in lines[0].split() if w[0].isdigit()), lines[0])


PROGRAMS = ["make", "ninja", "doit", "dvc", "snakemake", "openssl", "sha256sum", "python3"]
