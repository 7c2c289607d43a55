"""What holds for every script of the documentation."""

import os
import subprocess
import sys

import golden.lines
import pytest
import scale
from scripts import SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_newcomer_can_read_it_through(script):
    """One script, under 270 lines."""
    assert len(script.read_text(encoding="utf-8").splitlines()) < 270


@pytest.mark.scaled
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_reader_sees_the_same(script, request):
    """Sets have another order in every process; a report must not, nor with time."""
    runs = {
        subprocess.run(  # noqa: S603  (our own script)
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "7")[: scale.of(1, 2)]
    }

    assert len(runs) == 1
    golden.lines.hold(
        request.config,
        f"values/{script.stem}.txt",
        runs.pop().decode().rstrip("\n").split("\n"),
    )
