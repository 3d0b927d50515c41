# A simple index of self-made wheels. wheels.py make FOLDER: prints each wheel's name and SHA-256;
# wheels.py serve FOLDER PORT: serves them on 127.0.0.1.
import base64
import functools
import hashlib
import http.server
import pathlib
import socketserver
import sys
import zipfile

folder = pathlib.Path(sys.argv[2])
if sys.argv[1] == "serve":
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    # Unlike HTTPServer, it asks no name server for its own name.
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[3])), handler)
    server.serve_forever()


def wheel(name, version, tag, files, cut=False, says=""):
    path = folder / "files" / f"{name}-{version}-{tag}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = dict(files)
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{says}"
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
    record = ""
    for file, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{file},sha256={digest.decode()},{len(text)}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    data = path.read_bytes()
    if cut:
        data = data[: len(data) // 2]
        path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    page = folder / "simple" / name.replace("_", "-") / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    link = f'<a href="../../files/{path.name}#sha256={digest}">{path.name}</a><br>\n'
    page.write_text((page.read_text() if page.exists() else "") + link)
    print(f"{name} {digest}")


wheel(
    "plain", "1.0", "py3-none-any",
    {
        "plain/__init__.py": "value = 42\n", "plain.pth": "import sys; sys.pth_was_read = True\n",
        "plain-1.0.data/scripts/plain-tool": "#!python\nprint(1)\n",
    },
    says="License-Expression: MIT\nLicense: something else\n\nLicense: of the description\n",
)
# Three ways to state a licence, and none.
BSD = "Classifier: License :: OSI Approved :: BSD License\n"
wheel("named", "1.0", "py3-none-any", {"named.py": "x = 1\n"}, says="License: Apache-2.0\n" + BSD)
wheel("classed", "1.0", "py3-none-any", {"classed.py": ""}, says="License: UNKNOWN\n" + BSD)
wheel(
    "long_text", "1.0", "py3-none-any", {"long_text.py": ""},
    says="License: Copyright of somebody\n  All of the text.\n" + BSD + "Summary: x\n")
wheel("silent", "1.0", "py3-none-any", {"silent.py": ""})
wheel("foreign", "1.0", "cp39-cp39-win_amd64", {"foreign.py": ""})
wheel("damaged", "1.0", "py3-none-any", {"damaged.py": "x = 1\n" * 1000}, cut=True)
