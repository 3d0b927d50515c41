"""Reads a notebook or a script with cell marks into cells and sections. It knows no Python."""
import json
import re

from problems import Refusal


class Cell:
    """A code cell: its number among all cells from 1 up, and its text."""

    def __init__(self, number, text, shows_table=False):
        self.number = number
        self.text = text
        #: Whether the notebook has a data frame as this cell's result.
        self.shows_table = shows_table
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        self.first = lines[0][:80] if lines else ""


class Section:
    """A heading with the code cells below it."""

    def __init__(self, title):
        self.title = title
        self.cells = []


def read(path):
    """The cells of a file: ("markdown" or "code", Cell)."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("it is not UTF-8 text")
    if path.endswith(".py"):
        return percent(text)
    try:
        book = json.loads(text)
    except ValueError as error:
        raise Refusal(f"it is not JSON, as notebooks are: {error}")
    except RecursionError:
        raise Refusal("it is nested too deeply for a notebook")
    return notebook(book)


def notebook(book):
    if not isinstance(book, dict) or not isinstance(book.get("nbformat"), int):
        raise Refusal("it is JSON, but no Jupyter notebook: expected the number 'nbformat'")
    version = book["nbformat"]
    if version == 3:
        sheets = book.get("worksheets")
        parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] \
            if isinstance(sheets, list) else [None]
    elif version == 4:
        parts = [book.get("cells")]
    else:
        raise Refusal(f"its nbformat is {version}; expected 3 or 4: open and save it in Jupyter")
    if not all(isinstance(part, list) for part in parts):
        raise Refusal("it has no list of cells")
    metadata = book.get("metadata")
    kernel = (metadata if isinstance(metadata, dict) else {}).get("kernelspec")
    language = (kernel if isinstance(kernel, dict) else {}).get("language", "python")
    if language not in ("python", "python3", "python2", ""):
        raise Refusal(f"its language is {language}; expected Python")
    cells = []
    for number, cell in enumerate((cell for part in parts for cell in part), 1):
        if not isinstance(cell, dict):
            raise Refusal(f"cell {number} is no object")
        kind = cell.get("cell_type")
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        if not isinstance(source, str):
            raise Refusal(f"cell {number} has no text")
        if kind == "heading":
            level = cell.get("level")
            kind, source = "markdown", "#" * (level if level in (1, 2, 3, 4, 5, 6) else 1) + " " + source
        cells.append((kind, Cell(number, source, shows_table(cell.get("outputs")))))
    return cells


def shows_table(outputs):
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        page = data.get("text/html") if isinstance(data, dict) else None
        if 'class="dataframe"' in ("".join(map(str, page)) if isinstance(page, list) else str(page)):
            return True
    return False


MARK = re.compile(r"^# ?%%(.*)$")


def percent(text):
    """A script whose cells begin with `# %%`; `# %% [markdown]` is text in comments."""
    cells, kind, lines = [], "code", []

    def close():
        body = "\n".join(lines)
        if body.strip():
            shown = re.sub(r"(?m)^# ?", "", body) if kind == "markdown" else body
            cells.append((kind, Cell(len(cells) + 1, shown)))

    for line in text.splitlines():
        mark = MARK.match(line)
        if not mark:
            lines.append(line)
            continue
        close()
        words = mark.group(1).strip()
        kind = "markdown" if "[markdown]" in words or "[md]" in words else "code"
        lines = []
        if kind == "code" and words.lower().startswith("step:"):
            lines = [line]
        elif kind == "code" and words:
            cells.append(("markdown", Cell(len(cells) + 1, "# " + words)))
    close()
    if not cells:
        raise Refusal("it has no code")
    return cells


STEP = re.compile(r"^\s*# ?%%\s*step:\s*(.+?)\s*$", re.IGNORECASE)
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")


def headings(text):
    """The headings of a markdown cell: (level, title); what is fenced as code has none."""
    found, fenced = [], False
    lines = text.splitlines()
    for line, following in zip(lines, lines[1:] + [""]):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        match = None if fenced else HEADING.match(line)
        if match:
            found.append((len(match.group(1)), match.group(2)))
        elif not fenced and line.strip() and re.match(r"^(=+|-{2,})\s*$", following):
            found.append((1 if following[0] == "=" else 2, line.strip()))
        elif not fenced and re.match(r"(?i)^\s*<h[1-6][ >]", line):
            level = int(re.search(r"(?i)<h([1-6])", line).group(1))
            found.append((level, re.sub(r"<[^>]*>", "", line).strip()))
    return [(level, title) for level, title in found if title]


def sections(cells):
    """The sections that hold code, and how many hold text only.

    By marks where there are any; else by headings of levels 1 and 2, or of more levels where that
    would leave one section.
    """
    marked = [STEP.match(cell.text.split("\n", 1)[0]) for kind, cell in cells if kind == "code"]
    if any(marked):
        return by(cells, lambda kind, cell: [
            STEP.match(cell.text.split("\n", 1)[0]).group(1)]
            if kind == "code" and STEP.match(cell.text.split("\n", 1)[0]) else [])
    for deepest in (2, 3, 6):
        found, texts = by(cells, lambda kind, cell: [
            title for level, title in headings(cell.text) if level <= deepest]
            if kind == "markdown" else [])
        if len(found) > 1:
            break
    return found, texts


def by(cells, titles):
    sections, texts = [Section("Start")], 0
    for kind, cell in cells:
        for title in titles(kind, cell):
            if not sections[-1].cells and sections[-1].title != "Start":
                texts += 1
            if not sections[-1].cells:
                sections.pop()
            sections.append(Section(title))
        if kind == "code" and cell.text.strip():
            sections[-1].cells.append(cell)
    if not sections[-1].cells:
        texts += sections[-1].title != "Start"
        sections.pop()
    return sections, texts
