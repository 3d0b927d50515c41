"""What the reader tells: errors that end it, and notes about single cells. It reads nothing."""


class Refusal(Exception):
    """The notebook cannot be imported; the text is a sentence for its user."""


class Notes:
    """Notes about cells, in the order of the notebook."""

    def __init__(self):
        self.all = []

    def add(self, cell, kind, problem, advice=""):
        """`kind` is dropped (a line without effect on results), changed, or refused (code left out)."""
        note = {"cell": cell.number, "first": cell.first, "kind": kind, "problem": problem,
                "advice": advice}
        if note not in self.all:
            self.all.append(note)

    def sorted(self):
        return sorted(self.all, key=lambda note: note["cell"])
