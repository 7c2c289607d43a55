"""Run the Python examples of README and docs."""

from doctest import ELLIPSIS

from sybil import Sybil
from sybil.parsers import myst


pytest_plugins = ["golden.observe"]
pytest_collect_file = Sybil(
    parsers=[
        myst.PythonCodeBlockParser(doctest_optionflags=ELLIPSIS),
        myst.SkipParser(),
    ],
    patterns=["*.md"],
).pytest()
