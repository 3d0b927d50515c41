"""Fails where a page or a text of the command line has a word of .setup/words.txt; prints the cure.

Of a page it reads what is not code; of a Swift file the string literals.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ["README.md", ".bench/README.md", "Tests/README.md", "Sources/*/*.docc/*.md",
         "Steps/*/*.docc/*.md", "Workshops/*/README.md", "Workshops/Tutorial.md"]
TEXTS = ["Sources/*Verbs/*.swift", "Sources/CommandLine/*.swift", "Sources/Project/*.swift",
         "Workshops/*/*Settings.swift"]
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


def patterns():
    for line in (ROOT / ".setup/words.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, cure = line.split(" => ")
            yield re.compile(pattern, re.IGNORECASE), cure


def prose(path):
    """Lines of a page outside its blocks of code, without what is in backticks."""
    isCode = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("```"):
            isCode = not isCode
        elif not isCode:
            yield number, re.sub(r"`[^`]*`", "", line)


def literals(path):
    """The texts of a Swift file without the code in them, also the lines of those that take several."""
    isLong = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if '"""' in line:
            isLong = not isLong
        elif isLong:
            yield number, line
        elif not line.lstrip().startswith("//"):
            for literal in LITERAL.findall(line):
                yield number, re.sub(r"\\\([^()]*(\([^()]*\))*[^()]*\)", "", literal)


def main():
    cures = list(patterns())
    found = 0
    for globs, read in ((PAGES, prose), (TEXTS, literals)):
        for path in sorted(path for glob in globs for path in ROOT.glob(glob)):
            for number, text in read(path):
                for pattern, cure in cures:
                    for match in pattern.finditer(text):
                        print(f"{path.relative_to(ROOT)}:{number}: '{match.group(0)}': write: {cure}")
                        found += 1
    sys.exit(f"words: {found} to replace; .setup/words.txt lists them" if found else 0)


main()
