# Runs the scripts of an imported notebook as steps, each in a process of its own, with a stand-in of the
# module `atelier`. Arguments: the plan (JSON), the folder of the data files, a folder for the artifacts.
# Prints, as JSON, what each step wrote: texts of small files, names of a folder's files.
import json
import os
import subprocess
import sys

plan_path, data, folder = sys.argv[1:4]
with open(plan_path, encoding="utf-8") as file:
    plan = json.load(file)
STAND_IN = "import json, os\ncall = json.loads(os.environ['CALL'])\ninputs, outputs = call['inputs'], call['outputs']\n"
os.makedirs(folder + "/modules", exist_ok=True)
with open(folder + "/modules/atelier.py", "w") as file:
    file.write(STAND_IN)
sources = {source["key"]: os.path.join(data, source["path"]) for source in plan["sources"]}
made, answer = {}, {}
for step in plan["steps"]:
    own = f"{folder}/{step['name']}"
    os.makedirs(own + "/outputs")
    inputs = {one["key"]: os.path.abspath(
        sources[one["source"]] if "source" in one else made[(one["step"], one["output"])])
        for one in step["inputs"]}
    outputs = {}
    for one in step["outputs"]:
        path = os.path.abspath(f"{own}/outputs/{one['key']}")
        if one["kind"] == "figures":
            os.mkdir(path)
        elif "path" in one:
            path += os.path.splitext(one["path"])[1]
        outputs[one["key"]] = made[(step["name"], one["key"])] = path
    with open(f"{own}/{step['file']}", "w", encoding="utf-8") as file:
        file.write(step["text"])
    environment = {"PYTHONPATH": folder + "/modules", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "HOME": own,
                   "PATH": "/usr/bin:/bin", "CALL": json.dumps({"inputs": inputs, "outputs": outputs})}
    ended = subprocess.run(
        [sys.executable, "-B", step["file"]], cwd=own, env=environment, capture_output=True, text=True)
    found = {"code": ended.returncode, "error": ended.stderr.strip().split("\n")[-1]}
    for key, path in outputs.items():
        if os.path.isdir(path):
            found[key] = sorted(os.listdir(path))
        elif os.path.isfile(path) and os.path.getsize(path) < 10000:
            with open(path, "rb") as file:
                found[key] = file.read().decode("utf-8", "replace")
        else:
            found[key] = "large" if os.path.isfile(path) else None
    answer[step["name"]] = found
print(json.dumps(answer))
