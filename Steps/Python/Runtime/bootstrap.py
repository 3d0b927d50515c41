# Runs a step's script: with the modules of its environment alone, and a traceback of its own lines.
import io
import json
import linecache
import os
import sys
import traceback
import types


def main(call):
    # Messages go where standard output was; whatever is printed goes to the log, in its order.
    channel = io.open(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    sys.stdout = io.open(1, "w", encoding="utf-8", buffering=1, closefd=False)
    own = os.path.dirname(os.path.abspath(__file__))
    standard = [path for path in sys.path if os.path.abspath(path or ".") != own]
    sys.path[:] = standard + [own] + call["path"]

    import atelier

    atelier._start(call, channel)
    name, text = call["script"], call["text"]
    script = types.ModuleType("__main__")
    script.__file__ = name
    sys.modules["__main__"] = script
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    sys.argv[:] = [name]
    code = 0
    try:
        exec(compile(text, name, "exec", dont_inherit=True), script.__dict__)
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        code = 0 if end.code is None else end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        # Without the frames of this file, which come first.
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        traceback.print_exception(type(error), error, trace)
        line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
        for frame in traceback.extract_tb(trace):
            if frame.filename == name:
                line = frame.lineno
        said = traceback.format_exception_only(type(error), error)[-1].strip()
        message = {"failed": said, "line": line}
        if isinstance(error, OSError) and any(
                "multiprocessing" in frame.filename for frame in traceback.extract_tb(trace)):
            message["processes"] = True
        if isinstance(error, ModuleNotFoundError) and error.name:
            message["missing"] = error.name.split(".")[0]
        channel.write(json.dumps(message) + "\n")
        code = 1
    for stream in (sys.stdout, sys.stderr, channel):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    return code


if __name__ == "__main__":
    with io.open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    sys.exit(main(given))
