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
        self.members = {index: [index] for index in self.of}
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
        if low != high:
            for index in self.members[high]:
                self.of[index] = low
            self.members[low] += self.members.pop(high)

    def edges(self):
        return {(self.of[maker], self.of[reader])
                for (reader, _), (maker, _, _) in self.flow.flows.items()
                if self.of[maker] != self.of[reader]}

    def joined_newer(self):
        """A step gives a name as it is at its end: a reader of an older state joins it."""
        newest = {}
        for index, section in enumerate(self.flow.sections):
            for name in section.affected | {"file " + path for path in section.outputs}:
                newest[(self.of[index], name)] = index
        joined = False
        for (reader, name), (maker, _, _) in self.flow.flows.items():
            # A group that has grown in this pass is looked at again in the next one.
            if self.of[reader] != self.of[maker] \
                    and newest.get((self.of[maker], name), maker) > maker:
                self.join(reader, maker)
                joined = True
        return joined

    def joined_circle(self):
        """Joins the steps that need each other, which Tarjan's algorithm finds."""
        following = {}
        for maker, reader in sorted(self.edges()):
            following.setdefault(maker, []).append(reader)
        numbers, lows, path, on_path, circles = {}, {}, [], set(), []
        for start in sorted(following):
            if start in numbers:
                continue
            stack = [(start, iter(following.get(start, ())))]
            numbers[start] = lows[start] = len(numbers)
            path.append(start)
            on_path.add(start)
            while stack:
                step, readers = stack[-1]
                reader = next(readers, None)
                if reader is None:
                    stack.pop()
                    if stack:
                        lows[stack[-1][0]] = min(lows[stack[-1][0]], lows[step])
                    if lows[step] == numbers[step]:
                        circle = [path.pop()]
                        while circle[-1] != step:
                            circle.append(path.pop())
                        on_path.difference_update(circle)
                        if len(circle) > 1:
                            circles.append(circle)
                elif reader not in numbers:
                    numbers[reader] = lows[reader] = len(numbers)
                    path.append(reader)
                    on_path.add(reader)
                    stack.append((reader, iter(following.get(reader, ()))))
                elif reader in on_path:
                    lows[step] = min(lows[step], numbers[reader])
        for circle in circles:
            for other in circle[1:]:
                self.join(circle[0], other)
        return bool(circles)

    def all(self):
        """The sections of each step that has code, in the order of the notebook."""
        found = {}
        for index, section in enumerate(self.flow.sections):
            if not all(one.is_setting for one in section.body):
                found.setdefault(self.of[index], []).append(index)
        return [found[group] for group in sorted(found)]
