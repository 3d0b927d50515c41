"""What recorded exchanges with the platform say of Adobe's descriptions.

    evidence.py FOLDER

FOLDER is what `ATELIER_RECORD` named in a run. Each exchange is checked as the sandbox checks its own; what
does not fit and is no listed deviation is printed as an entry for deviations.json, with the file that shows
it as evidence. Ends with 1 where there is any.
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox import Answer, App, Call  # noqa: E402


def exchange(path):
    """A recorded call and its answer, as the contract reads them; None for one without JSON."""
    with open(path) as file:
        json_ = json.load(file)
    if json_["path"].startswith("/ims/"):
        return None
    query = "&".join(f"{name}={value}" for name, value in json_["query"].items())
    body = json_["body"]
    if isinstance(body, str):
        return None
    fields = {name: value for name, value in json_["fields"].items()}
    call = Call(json_["method"], json_["path"] + ("?" + query if query else ""), fields,
                b"" if body is None else json.dumps(body).encode())
    answer = Answer(json_["status"], None if json_["answer"] is None else json_["answer"],
                    headers={name.title(): value for name, value in json_["answerFields"].items()})
    return call, answer


def main(folder):
    with tempfile.TemporaryDirectory() as place:
        app = App(place, 0)
        found, seen = [], 0
        for name in sorted(os.listdir(folder)):
            pair = exchange(os.path.join(folder, name))
            route = pair and app.described(pair[0])
            if not route:
                continue
            call, answer = pair
            seen += 1
            checks = [("request", app.contract.problem_of_request(route, call))]
            if answer.status < 300:
                checks.append(("answer", app.contract.problem_of_answer(route, call, answer)))
            found += [{"file": route, "operation": f"{call.method} {call.template}", "side": side,
                       "allows": text, "evidence": f"recorded in {name}"}
                      for side, text in checks if text]
    print(json.dumps(found, indent=1))
    print(f"{seen} exchanges, {len(found)} not as described", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    # The wire's server has threads that never end.
    code = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(code)
