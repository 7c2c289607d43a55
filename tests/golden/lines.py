"""Hold lines of text against a file of the record, or write the file anew."""

import difflib
from pathlib import Path

import pytest


FOLDER = Path(__file__).resolve().parent


def hold(config, name, lines, *, version=None, more=False):
    """
    Fail with the differences between *lines* and the file, or remake the file.

    What depends on the version of another library says so in its first line,
    and is compared with that version alone.  With *more* there may be lines
    beyond the recorded ones.
    """
    path = FOLDER / name
    if version:
        lines = [f"version {version}", *lines]
    if config.getoption("--golden-update"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    recorded = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if version and recorded[0] != lines[0]:
        pytest.skip(f"recorded with {recorded[0]}, this is {version}")
    if more and set(recorded) <= set(lines):
        return
    changes = difflib.unified_diff(recorded, lines, "recorded", "now", lineterm="", n=0)

    assert not (told := "\n".join(changes)), f"tests/golden/{name}:\n{told}"
