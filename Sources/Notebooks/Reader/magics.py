"""Takes IPython's own lines out of a cell, so that Python's parser reads the rest."""
import ast
import io
import re
import shlex
import tokenize

from problems import Refusal

#: Cell magics after which the cell's text is Python as before.
TRANSPARENT = {"time", "timeit", "capture", "prun", "memit", "mprun", "matplotlib"}
#: Line magics before an ordinary statement.
PREFIXES = {"time", "prun", "memit"}
#: Line magics that only concern the screen or the session.
SILENT = {"matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision", "pylab", "who",
          "whos", "timeit", "xmode", "pdb", "debug", "doctest_mode", "history", "pinfo", "psource",
          "watermark", "colors", "aimport", "lsmagic", "magic", "mprun", "lprun", "pprint"}
INSTALL = re.compile(r"^[%!]\s*(?:python3?\s+-m\s+|\{sys\.executable\}\s+-m\s+)?(?:pip3?|uv pip)\s+install\b(.*)$")
CONDA = re.compile(r"^[%!]\s*(?:conda|mamba)\s+install\b(.*)$")
LINE = re.compile(r"^(\s*)(%%?|!!?)(?=[A-Za-z{(./$])(.*)$")
ASSIGNED = re.compile(r"^(\s*)([\w, ]+?)\s*=\s*(%|!)(?=[A-Za-z({./])(.*)$")
HELP = re.compile(r"^\s*\?{1,2}\s*[\w.*%]+\s*$|^\s*[\w.]+\?{1,2}\s*$")


def requirements(arguments):
    """The requirements among the arguments of `pip install`."""
    try:
        words = shlex.split(arguments, comments=True)
    except ValueError:
        words = arguments.split()
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-r", "-c", "-i", "-f", "-t", "--index-url", "--extra-index-url", "--find-links",
                      "--target", "--requirement", "--constraint"):
            skip = True
        elif re.match(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,.-]+\])?([=<>!~].*)?$", word):
            found.append(word)
    return found


class Plain:
    """A cell as plain Python; `tree` is None for one that is none."""

    def __init__(self, cell, notes, seeds):
        self.cell, self.notes, self.seeds = cell, notes, seeds
        self.lost = []
        self.text = cell.text.expandtabs(4) if "\t" in cell.text and not self.parses(cell.text) \
            else cell.text
        self.tree = None
        head = re.match(r"^\s*%%(\w+)(.*)$", self.text.lstrip("\n").split("\n", 1)[0])
        if head and head.group(1) not in TRANSPARENT:
            notes.add(cell, "refused", f"the cell is for %%{head.group(1)}, not for Python",
                      "write a step of its own, such as RunCommand for a shell")
            self.text = ""
        elif head:
            self.text = "\n" + self.text.lstrip("\n").partition("\n")[2]
            notes.add(cell, "dropped", f"%%{head.group(1)}")
        if not self.parses(self.text):
            self.text = self.without_magics()
        try:
            self.tree = ast.parse(self.text)
            if any(isinstance(node, ast.Await) for node in ast.walk(self.tree)) \
                    and not self.compiles(self.text):
                notes.add(cell, "refused", "it awaits outside of a function", "use asyncio.run")
                self.text, self.tree = "", ast.parse("")
        except SyntaxError as error:
            line = error.lineno or 1
            shown = (cell.text.splitlines() + [""] * line)[line - 1].strip()[:60]
            advice = "; this is Python 2: convert it with 2to3" \
                if re.match(r"print\s+[\"'\w]", shown) else ""
            raise Refusal(
                f"cell {cell.number}, line {line}: {error.msg} at '{shown}'{advice}; correct the cell")
        except (ValueError, RecursionError, MemoryError) as error:
            raise Refusal(f"cell {cell.number} cannot be parsed: {error}")

    @staticmethod
    def compiles(text):
        try:
            compile(text, "cell", "exec")
            return True
        except SyntaxError:
            return False

    @staticmethod
    def parses(text):
        try:
            ast.parse(text)
            return True
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False

    def without_magics(self):
        kept = []
        for line in self.text.splitlines():
            kept.append(line if self.is_inside("\n".join(kept)) else self.plain(line))
        return "\n".join(kept)

    @staticmethod
    def is_inside(text):
        """Whether a text ends within brackets, a string of several lines or a continued line."""
        if text.endswith("\\"):
            return True
        depth = 0
        try:
            for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
                depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}")) \
                    if token.type == tokenize.OP else 0
        except tokenize.TokenError:
            return True
        except (IndentationError, SyntaxError):
            return False
        return depth > 0

    def plain(self, line):
        """A line without its magic."""
        if HELP.match(line):
            self.notes.add(self.cell, "dropped", line.strip())
            return ""
        assigned = ASSIGNED.match(line)
        if assigned:
            names = [name.strip() for name in assigned.group(2).split(",")]
            self.lost += names
            self.notes.add(
                self.cell, "refused", f"{line.strip()[:60]} takes its value from outside of Python",
                "compute it in Python, or make it a RunCommand step")
            return "".join(assigned.group(1)) + "pass"
        match = LINE.match(line)
        if not match:
            return line
        indent, mark, rest = match.groups()
        shown = line.strip()
        install = INSTALL.match(shown)
        if install:
            self.seeds += requirements(install.group(1))
            self.notes.add(self.cell, "changed", shown[:80], "the packages are in the environment's .in file")
            return indent + "pass"
        if CONDA.match(shown):
            self.notes.add(self.cell, "dropped", shown[:80], "add what it installs to the environment's .in file")
            return indent + "pass"
        name = re.match(r"\w*", rest).group(0)
        if mark == "%" and name in PREFIXES and rest[len(name):].strip():
            self.notes.add(self.cell, "dropped", f"%{name}")
            return indent + self.plain(rest[len(name):].strip())
        if mark == "%" and name in SILENT:
            self.notes.add(self.cell, "dropped", shown[:80])
        elif mark == "%":
            self.notes.add(self.cell, "refused", shown[:80] + " is a magic without a counterpart in Python",
                           "write what it does in Python")
        else:
            self.notes.add(self.cell, "refused", shown[:80] + " runs a command of the machine",
                           "declare a RunCommand step, or a source for the file that it gets")
        return indent + "pass"
