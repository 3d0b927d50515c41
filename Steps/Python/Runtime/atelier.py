"""What a step's script gets from Atelier: paths, parameters, and a way to tell how far it is.

    from atelier import inputs, outputs, parameters

    events = pandas.read_parquet(inputs["events"])
    events.head(parameters["rows"]).to_csv(outputs["table"], index=False)
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Union

__all__ = ["inputs", "outputs", "parameters", "progress", "log"]


class Names(Dict[str, Any]):
    """Values by the names that the wiring gives them; `x["a"]` and `x.a` are the same."""

    def __init__(self, kind: str, values: Dict[str, Any]) -> None:
        super().__init__(values)
        self._kind = kind

    def __missing__(self, name: str) -> Any:
        known = ", ".join(sorted(self)) or "none"
        raise KeyError(f"the step has no {self._kind} {name!r}; it has: {known}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None


#: The path of each input, a file or a folder; a list of paths where the wiring gives a list.
inputs: Dict[str, Union[str, List[str]]] = Names("input", {})
#: The path at which each output is expected; the folder of a tree is there already.
outputs: Dict[str, str] = Names("output", {})
#: The parameters: text, numbers, true and false, lists and objects of these.
parameters: Dict[str, Any] = Names("parameter", {})

_channel: Any = None


def _start(call: Dict[str, Any], channel: Any) -> None:
    global _channel
    inputs.update(call["inputs"])
    outputs.update(call["outputs"])
    parameters.update(call["parameters"])
    _channel = channel


def progress(fraction: float) -> None:
    """Tells how much of the work is done, from 0 to 1."""
    if _channel is not None:
        _channel.write(json.dumps({"progress": min(max(float(fraction), 0.0), 1.0)}) + "\n")
        _channel.flush()


def log(*values: Any) -> None:
    """Writes a line to the step's log, as print does."""
    print(*values, flush=True)
