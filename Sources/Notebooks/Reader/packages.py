"""Which package of an index brings a module, and which modules Python itself has."""
import sys

DISTRIBUTIONS = {
    "sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python-headless", "yaml": "pyyaml",
    "bs4": "beautifulsoup4", "skimage": "scikit-image", "imblearn": "imbalanced-learn",
    "dateutil": "python-dateutil", "sksurv": "scikit-survival", "umap": "umap-learn",
    "Bio": "biopython", "dotenv": "python-dotenv", "graphviz": "graphviz", "IPython": "ipython",
    "mpl_toolkits": "matplotlib", "pylab": "matplotlib", "feature_engine": "feature-engine",
    "jwt": "pyjwt", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient", "Crypto": "pycryptodome",
    "serial": "pyserial", "docx": "python-docx", "fitz": "pymupdf", "attr": "attrs", "hdbscan": "hdbscan",
    "igraph": "igraph", "pydot": "pydot", "tensorflow_probability": "tensorflow-probability",
    "google.cloud": "google-cloud", "vega_datasets": "vega-datasets", "pandas_profiling": "ydata-profiling",
    "lightgbm": "lightgbm", "xgboost": "xgboost-cpu", "pg": "pygresql", "category_encoders": "category-encoders",
}
STANDARD = set(getattr(sys, "stdlib_module_names", ())) or set(sys.builtin_module_names) | {
    "os", "re", "json", "math", "random", "datetime", "collections", "itertools", "functools", "pathlib",
    "glob", "csv", "io", "string", "time", "warnings", "statistics", "copy", "pickle", "typing", "urllib",
    "logging", "operator", "subprocess", "shutil", "tempfile", "textwrap", "zipfile", "gzip", "hashlib",
    "configparser", "getpass", "dataclasses", "enum", "abc", "decimal", "fractions", "calendar", "heapq",
    "bisect", "pprint", "inspect", "contextlib", "traceback", "types", "uuid", "sqlite3", "unittest"}


def distribution(module):
    """The package that brings a module; None for one of the standard library."""
    top = module.split(".")[0]
    return None if top in STANDARD or top == "__future__" else DISTRIBUTIONS.get(top, top)


def name(requirement):
    """A requirement's package, as two of one package are told."""
    for mark in "[=<>!~ ;":
        requirement = requirement.split(mark)[0]
    return requirement.lower().replace("_", "-").replace(".", "-")
