"""Which files a statement reads and writes, by calls with a name that can be told. It opens none."""
import ast
import os

#: The kind of an artifact that is a file which the notebook wrote itself.
FILE = "file"
READERS = {"read_csv", "read_parquet", "read_excel", "read_json", "read_table", "read_feather", "read_pickle",
           "read_stata", "read_sas", "read_spss", "read_orc", "read_fwf", "read_hdf", "read_xml", "loadtxt",
           "genfromtxt", "imread", "read_file", "load_workbook", "ExcelFile"}
WRITERS = {"to_csv", "to_parquet", "to_excel", "to_json", "to_feather", "to_pickle", "to_stata", "to_html",
           "savetxt", "imsave", "imwrite", "to_markdown", "to_latex"}
PATH_WORDS = {"filepath_or_buffer", "path", "io", "fname", "path_or_buf", "excel_writer", "path_or_buffer",
              "file", "filename"}
#: Calls that reach other machines, and what to do instead.
NETWORK = ("requests.", "urllib.request.", "urllib3.", "http.client.", "wget.", "httpx.", "ftplib.",
           "yfinance.", "pandas_datareader.", "kaggle", "boto3.", "nltk.download", "gdown.",
           "seaborn.load_dataset", "sklearn.datasets.fetch_", "statsmodels.api.datasets.get_rdataset",
           "statsmodels.datasets.get_rdataset", "pydataset.", "datasets.load_dataset", "openml.",
           "tensorflow_datasets.", "torchvision.datasets.", "torch.hub.", "keras.datasets.",
           "tensorflow.keras.datasets.", "kagglehub.", "vega_datasets.data.", "snowflake.", "psycopg2.",
           "sqlalchemy.create_engine", "pymysql.", "google.", "azure.", "aepp.", "paramiko.")
LISTINGS = ("os.listdir", "os.walk", "os.scandir", "glob.glob", "glob.iglob", "os.chdir")


def fold(node, constants):
    """The text of an expression over literals and constants; None where it cannot be told."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        value = constants.get(node.id)
        return value if isinstance(value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [fold(part.value if isinstance(part, ast.FormattedValue) else part, constants)
                 for part in node.values]
        plain = all(not isinstance(part, ast.FormattedValue) or (
            part.conversion == -1 and part.format_spec is None) for part in node.values)
        return "".join(parts) if plain and all(part is not None for part in parts) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        left, right = fold(node.left, constants), fold(node.right, constants)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, ast.Add) else os.path.join(left, right)
    if isinstance(node, ast.Call) and node.args and not node.keywords:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = [fold(part, constants) for part in node.args]
        if name in ("join", "Path", "str", "PurePath") and all(part is not None for part in parts):
            return os.path.join(*parts)
    return None


def is_address(text):
    return "://" in text.split("?")[0][:12] or text.startswith("www.")


def own_name(address):
    """The last part of an address, as a file is called that was downloaded from it."""
    return address.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]


def path_argument(call):
    """The argument that names a file; None where there is none."""
    if call.args:
        return call.args[0]
    return next((word.value for word in call.keywords if word.arg in PATH_WORDS), None)


def opens(call):
    """Whether a call of `open` reads or writes; None where that cannot be told."""
    mode = call.args[1] if len(call.args) > 1 else next(
        (word.value for word in call.keywords if word.arg == "mode"), ast.Constant("r"))
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
        return None
    return "write" if any(letter in mode.value for letter in "wax+") else "read"


def keeps(call):
    """Whether a call that writes keeps what the file had before."""
    given = [word.value for word in call.keywords if word.arg == "mode"] + (
        call.args[1:2] if getattr(call.func, "id", "") == "open" else [])
    modes = [str(one.value) for one in given if isinstance(one, ast.Constant)]
    return any("a" in mode or "r+" in mode or "+" in mode and "w" not in mode for mode in modes)


class FileUse:
    """A file that a call reads or writes: its name as it is in the notebook, and the argument's node."""

    def __init__(self, path, node, is_figure=False, address=None, appends=False):
        self.path, self.node, self.is_figure, self.address = path, node, is_figure, address
        #: Whether the file keeps what it had before.
        self.appends = appends

    def replaced(self, text):
        node = self.node
        return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text


def uses(tree, constants, dotted, folder):
    """Files read, files written, and problems: (sentence, advice)."""
    reads, writes, problems = [], [], []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        whole = dotted(function) or name
        if whole.startswith(NETWORK):
            problems.append((f"{whole} uses the network or a service",
                             "bring the data in as a file: p.source, or the step Download"))
        elif whole.startswith(LISTINGS):
            problems.append((f"{whole} depends on a folder of this machine",
                             "name the files, or declare the folder as a source"))
        elif whole == "input":
            problems.append(("it asks the user", "make the answer a parameter of the step"))
        elif name == "savefig":
            argument = path_argument(call)
            path = None if argument is None else fold(argument, constants)
            if path is not None and path.isprintable() and '"' not in path and "\\" not in path:
                writes.append(FileUse(path, argument, is_figure=True))
        elif name in READERS or whole == "open" or name in WRITERS or whole in (
                "numpy.load", "numpy.save", "numpy.savez"):
            argument = path_argument(call)
            if argument is None:
                continue
            mode = "write" if name in WRITERS or whole in ("numpy.save", "numpy.savez") else "read"
            if whole == "open":
                mode = opens(call)
            path = fold(argument, constants)
            if path is not None and not path.isprintable():
                problems.append((f"{name} takes a file's name with characters that cannot be shown",
                                 "give the file another name"))
            elif path is None:
                if isinstance(argument, (ast.Name, ast.BinOp, ast.JoinedStr)) and mode == "read" \
                        and (whole == "open" or name.startswith("read_") or name == "loadtxt"):
                    problems.append(
                        (f"{name} reads a file whose name is computed", "give the name as a literal"))
            elif is_address(path) and mode == "read" and name.startswith("read_") \
                    and path.startswith("http") and "." in own_name(path):
                reads.append(FileUse(own_name(path), argument, address=path.split("?")[0]))
            elif is_address(path):
                problems.append((f"{name} reads from the network: {path.split('?')[0]}",
                                 "download the file once, and name it in the notebook"))
            elif mode == "read":
                reads.append(FileUse(path, argument))
            elif mode == "write":
                writes.append(FileUse(path, argument, appends=keeps(call)))
        else:
            for argument in call.args:
                path = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(path, str) and "." in path and len(path) < 300 and path.isprintable() \
                        and os.path.isfile(os.path.join(folder, path)):
                    reads.append(FileUse(path, argument))
    # The parser does not tell where in a line a part of an f-string is.
    within = {id(part) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr)
              for part in ast.walk(text) if part is not text}
    problems += [(f"it names the file {use.path} within an f-string", "do that in a line before")
                 for use in reads + writes if id(use.node) in within]
    return reads, writes, problems
