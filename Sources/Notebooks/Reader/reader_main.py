"""Reads a notebook and prints, as JSON, the steps that it becomes. Arguments: the notebook's path."""
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]

import cells
import flow
import groups
import problems
import steps


def label(path):
    """The notebook's name for a comment."""
    return "".join(letter if letter.isprintable() else "?" for letter in os.path.basename(path))


def plan(path):
    notes = problems.Notes()
    every = cells.read(path)
    sections, texts = cells.sections(every)
    walked = flow.Flow(sections, notes, os.path.dirname(os.path.abspath(path)))
    made = steps.Steps(walked, groups.Groups(walked), label(path)).plan()
    code = [cell for section in sections for cell in section.cells]
    made.update({
        "sections": len(sections), "texts": texts, "cells": len(code),
        "refused": len(walked.refused), "shown": walked.shown, "notes": notes.sorted(),
    })
    return made


def main(arguments):
    sys.setrecursionlimit(5000)
    try:
        found = plan(arguments[0])
    except problems.Refusal as refusal:
        found = {"refusal": str(refusal)}
    except RecursionError:
        found = {"refusal": "its code is nested too deeply to be read"}
    except OSError as error:
        found = {"refusal": f"it cannot be read: {error.strerror}"}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=True).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
