"""Scripts of the documentation, loaded and run, and the tables that they print."""

import contextlib
import importlib.util
import io
import re
from pathlib import Path


SCRIPTS = sorted(Path(__file__).resolve().parents[1].glob("docs/examples/*.py"))


def load(name):
    """The module of a script, which does nothing by being loaded."""
    (path,) = (one for one in SCRIPTS if one.stem == name)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed_by(function, *args):
    """What a function prints for readers; progress goes elsewhere."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        function(*args)
    return out.getvalue()


def table_of(printed, title):
    """Rows of a printed table below its heads, cells parted by two spaces or more."""
    block = re.search(
        rf"【[^】]*{title}[^】]*】\n(.*?)(?:\n\n|\Z)", printed, re.DOTALL
    )[1]
    lines = block.strip("\n").split("\n")[1:]
    return [re.split(r"\s{2,}", line.strip()) for line in lines]
