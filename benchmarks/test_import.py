"""
Importing the package, held against what every numerical script imports.

Set PYTHONDONTWRITEBYTECODE to nothing: without bytecode all of them are slow.
"""

import subprocess
import sys

import pytest


CODE = {
    "floor: numpy and attrs": "import numpy, attr",
    "ours: import dsgk": "import dsgk",
    "ours: the names of the main job": (
        "from dsgk import Ratio, SubjectRegister, TierPolicy, WorkCalendar, announce"
    ),
}


@pytest.mark.benchmark(group="import, a fresh interpreter each")
@pytest.mark.parametrize("name", CODE)
def test_import(benchmark, name):
    command = [sys.executable, "-c", CODE[name]]
    benchmark.pedantic(
        subprocess.run,
        args=(command,),
        kwargs={"check": True},
        rounds=9,
        warmup_rounds=1,
    )
