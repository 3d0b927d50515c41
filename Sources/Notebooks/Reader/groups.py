"""Joins sections whose names cannot be artifacts into steps, so that steps depend in one direction."""
import files
import flow
import kinds

ARTIFACTS = kinds.ARTIFACTS | {files.FILE}


class Groups:
    """Which sections make one step: by the index of the first of them."""

    def __init__(self, walked):
        self.flow = walked
        self.of = list(range(len(walked.sections)))
        for (reader, name), (maker, kind, cell) in sorted(walked.flows.items(), key=lambda one: one[0]):
            if kind not in ARTIFACTS:
                self.join(maker, reader)
                if cell is not None:
                    self.note(cell, name, kind, maker, reader)
        while self.joined_newer() or self.joined_circle():
            pass

    def note(self, cell, name, kind, maker, reader):
        sections = self.flow.sections
        titles = f"so the sections '{sections[maker].title}' and '{sections[reader].title}' are one step"
        if kind == flow.APPENDED:
            self.flow.notes.add(
                cell, "joined", f"both append to the {name}, {titles}",
                "to part them, let each write a file of its own")
        elif kind == flow.SHARED:
            self.flow.notes.add(
                cell, "joined", f"{name} has another name, under which it is changed, {titles}",
                "to part them, copy it")
        else:
            self.flow.notes.add(
                cell, "joined", f"{name} is neither a table nor a plain value, {titles}",
                f"if it is a data frame, say so where it is made: `{name}: pd.DataFrame = ...`; "
                "else write it to a file in its library's own format, and read that")

    def join(self, one, other):
        low, high = sorted((self.of[one], self.of[other]))
        self.of = [low if group == high else group for group in self.of]

    def edges(self):
        return {(self.of[maker], self.of[reader])
                for (reader, _), (maker, _, _) in self.flow.flows.items()
                if self.of[maker] != self.of[reader]}

    def joined_newer(self):
        """A step gives a name as it is at its end: a reader of an older state joins it."""
        for (reader, name), (maker, _, _) in self.flow.flows.items():
            if self.of[reader] == self.of[maker]:
                continue
            for index, section in enumerate(self.flow.sections):
                if index > maker and self.of[index] == self.of[maker] \
                        and self.writes(section, name):
                    self.join(reader, maker)
                    return True
        return False

    @staticmethod
    def writes(section, name):
        if name.startswith("file "):
            return name[len("file "):] in section.outputs
        return name in section.affected

    def joined_circle(self):
        following = {}
        for maker, reader in self.edges():
            following.setdefault(maker, set()).add(reader)
        for start in sorted(following):
            seen, stack = set(), [start]
            while stack:
                for reader in following.get(stack.pop(), ()):
                    if reader == start:
                        # Some step on the way back needs this one.
                        before = self.of
                        for other in sorted(seen):
                            if self.reaches(following, other, start):
                                self.join(start, other)
                        return self.of != before
                    if reader not in seen:
                        seen.add(reader)
                        stack.append(reader)
        return False

    @staticmethod
    def reaches(following, one, other):
        seen, stack = set(), [one]
        while stack:
            for reader in following.get(stack.pop(), ()):
                if reader == other:
                    return True
                if reader not in seen:
                    seen.add(reader)
                    stack.append(reader)
        return False

    def all(self):
        """The sections of each step that has code, in the order of the notebook."""
        found = {}
        for index, section in enumerate(self.flow.sections):
            if not all(one.is_setting for one in section.body):
                found.setdefault(self.of[index], []).append(index)
        return [found[group] for group in sorted(found)]
