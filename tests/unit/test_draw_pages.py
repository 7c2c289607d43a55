"""The pages on the draw are true: values, shell lines, tables."""

import datetime as dt
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from vectors import reference

from dsgk.draws import Frame, announce
from dsgk.draws.records import RECORD_SHAPE


ROOT = Path(__file__).parents[2]
FORMAT = ROOT / "docs" / "reference" / "draw-format.md"
HOW_TO = ROOT / "docs" / "how-to" / "verify-a-draw.md"
VECTOR = json.loads((ROOT / "tests" / "vectors" / "draw-1.json").read_text("utf-8"))
ROWS = VECTOR["frames"]["示例事项"]

pytestmark = pytest.mark.skipif(not FORMAT.exists(), reason="the pages are not here")
needs_shell = pytest.mark.skipif(
    not (shutil.which("sh") and shutil.which("sha256sum")), reason="needs a shell"
)


def shell(script, folder, **variables):
    """First words that a POSIX shell prints."""
    done = subprocess.run(  # noqa: S603
        ["sh", "-c", script],  # noqa: S607
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        check=True,
    )
    return [line.split()[0] for line in done.stdout.decode().splitlines()]


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def test_the_worked_example_on_the_page_is_the_vector():
    """A reader types these values off the page."""
    page = FORMAT.read_text("utf-8")

    for value in (
        VECTOR["canonical"],
        VECTOR["digest"],
        VECTOR["key"],
        VECTOR["entropy"],
        VECTOR["frame_digests"]["示例事项"],
        *(f"| {i} | {s} | `{VECTOR['tickets'][i]}` |" for i, s in ROWS),
    ):
        assert value in page


def test_the_tables_name_every_key_of_the_documents():
    """A key that no table explains would be a riddle."""
    page = FORMAT.read_text("utf-8")
    frame = Frame(["S1", "S2"], ["A", "A"], [1, 2])
    document = announce(
        **{**VECTOR["announcement"], "announced_on": dt.date.min},
        draws={"a": (frame, {"A": 1})},
    ).to_dict()

    for key in {*RECORD_SHAPE, *document, *document["draws"][0]}:
        assert f"`{key}`" in page, key
    for key in ("certain", "certain_from", "chance_per_weight", "cut", "selected"):
        assert f"| `{key}` |" in page, key


@needs_shell
class TestShell:
    @pytest.fixture
    def folder(self, tmp_path):
        """A folder with what a registry publishes, rows in no order."""
        lines = ["\t".join(row) + "\n" for row in (*ROWS[3:], *ROWS[:3])]
        (tmp_path / "frame.tsv").write_text("".join(lines), encoding="utf-8")
        text = VECTOR["canonical"] + "\n"  # as an editor leaves it
        (tmp_path / "announcement.json").write_text(text, encoding="utf-8")
        return tmp_path

    def test_lines_of_the_how_to_do_what_they_say(self, folder):
        """Firm, list, announcement, key, draw: copied from the page, run."""
        firm, frame, announcement, key, draw = blocks(HOW_TO, "shell")
        given = {
            "DIGEST": VECTOR["digest"],
            "ENTROPY": VECTOR["entropy"],
            "KEY": VECTOR["key"],
            "QUOTA": "2",
        }

        assert shell(firm, folder) == [VECTOR["tickets"]["S4"]]
        assert shell(frame, folder) == list(VECTOR["frame_digests"].values())
        assert shell(announcement, folder) == [VECTOR["digest"]]
        assert shell(key, folder, **given) == [VECTOR["key"]]
        assert shell(draw, folder, **given) == [
            VECTOR["tickets"][text] for text in ("S2", "S4")
        ]

    def test_lines_of_the_format_do_what_they_say(self, folder):
        """Sorting whole lines is sorting by id, also for ids that are prefixes."""
        frame, ticket = blocks(FORMAT, "shell")
        rows = [["S1", "A"], ["S10", "A"], ["S1 a", "A"], ["\ufa0e", "A"], ["😀", "B"]]
        text = "".join("\t".join(row) + "\n" for row in reversed(rows))
        (folder / "frame.tsv").write_text(text, encoding="utf-8")

        assert shell(frame, folder) == [reference.frame_digest(rows)]
        assert shell(ticket, folder, KEY=VECTOR["key"], ID="S6") == [
            VECTOR["tickets"]["S6"]
        ]
