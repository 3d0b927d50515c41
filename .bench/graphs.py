"""Projects of a chain or a fan of trivial steps, one maker for each program. It runs nothing.

A chain has N steps, each using the one before; a fan N steps that use one file. Every step writes a
few bytes by one `sh` (make, ninja, doit, Snakemake, DVC), or inside the runner where that is named.
"""

import os


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _inputs(shape, count):
    """(number, name of its input) of every step."""
    for i in range(count):
        yield i, "src" if shape == "fan" or i == 0 else f"o{i - 1}"


def _last(shape, count):
    """What must be asked for to get all steps."""
    return [f"o{i}" for i in range(count)] if shape == "fan" else [f"o{count - 1}"]


def synthetic(folder, shape, count, isolation="process", **settings):
    """A project of atelier-bench."""
    settings = {"shape": shape, "steps": count, "isolation": isolation} | settings
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    write(f"{folder}/Package.swift", "")
    write(f"{folder}/Workshops/Synthetic/config.ini", f"[Bench]\n{lines}")


def make(folder, shape, count):
    write(f"{folder}/src", "source\n")
    rules = "".join(f"o{i}: {source}\n\t@echo {i} > $@\n" for i, source in _inputs(shape, count))
    write(f"{folder}/Makefile", f"all: {' '.join(_last(shape, count))}\n{rules}")


def ninja(folder, shape, count):
    write(f"{folder}/src", "source\n")
    builds = "".join(f"build o{i}: step {source}\n" for i, source in _inputs(shape, count))
    write(f"{folder}/build.ninja", f"rule step\n  command = echo $out > $out\n{builds}")


def doit(folder, shape, count):
    _dodo(folder, shape, count, "[f'echo {i} > o{i}']")


def doit_in_process(folder, shape, count):
    _dodo(folder, shape, count, "[(write, [i])]")


def _dodo(folder, shape, count, actions):
    source = "'src'" if shape == "fan" else "f'o{i - 1}' if i else 'src'"
    write(f"{folder}/src", "source\n")
    write(f"{folder}/dodo.py", f"""
DOIT_CONFIG = {{'verbosity': 0}}

def write(i):
    with open(f'o{{i}}', 'w') as file:
        file.write(f'{{i}}\\n')

def task_step():
    for i in range({count}):
        yield {{'name': str(i), 'actions': {actions}, 'file_dep': [{source}], 'targets': [f'o{{i}}']}}
""")


def snakemake(folder, shape, count):
    write(f"{folder}/src", "source\n")
    rules = "".join(
        f'rule r{i}:\n  input: "{source}"\n  output: "o{i}"\n  shell: "echo {i} > {{output}}"\n'
        for i, source in _inputs(shape, count))
    write(f"{folder}/Snakefile", f"rule all:\n  input: {_last(shape, count)!r}\n{rules}")


def dvc(folder, shape, count):
    write(f"{folder}/src", "source\n")
    stages = "".join(
        f"  s{i}:\n    cmd: echo {i} > o{i}\n    deps: [{source}]\n    outs: [o{i}]\n"
        for i, source in _inputs(shape, count))
    write(f"{folder}/dvc.yaml", f"stages:\n{stages}")
