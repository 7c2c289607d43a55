"""The pages on the draw are true: values, shell lines, tables."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from drawing import NAME, PLAN, ROLL_KEY, SEAL, SECRET, VALUES, VECTORS, example
from vectors import reference

from dsgk.draws import Frame, Roll, conduct


ROOT = Path(__file__).parents[2]
FORMAT = ROOT / "docs" / "reference" / "draw-format.md"
HOW_TO = ROOT / "docs" / "how-to" / "verify-a-draw.md"
VECTOR, SEALED = VECTORS[:2]
GIVEN = VECTOR["draws"][NAME]
ROWS = GIVEN["rows"]
TICKETS = {row[0]: reference.sha256(f"{VECTOR['key']}:{row[0]}") for row in ROWS}

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

    draw = example().draw(NAME)
    receipt = VECTOR["receipts"][NAME]["S3"]
    for value in (
        VECTOR["canonical"],
        *(VECTOR[key] for key in ("digest", "key", "entropy", "roll_key")),
        *(SEALED[key] for key in ("digest", "key")),
        SEALED["outcome"]["root"],
        SEAL.digest,
        *(draw.roll.root, draw.roll.digest, receipt["salt"], *receipt["path"]),
        *(f"| {i} | {s} | `{TICKETS[i]}` |" for i, s in ROWS),
    ):
        assert value in page


def test_the_tables_name_every_key_of_the_documents():
    """A key that no table explains would be a riddle."""
    page = FORMAT.read_text("utf-8")
    frame = Frame(["S1", "S2", "S3"], ["A", "A", "A"], [1, 2, 2])
    announcement = example(
        seal=SEAL,
        draws={NAME: (frame, {"A": 1})},
        entropy={
            "source": "x",
            "on": "2026-04-01",
            "form": [
                {"name": "a", "digits": 8},
                {"name": "b", "hex": 8},
                {"name": "c", "count": 1, "least": 0, "most": 1, "order": "ascending"},
            ],
        },
    )
    roll = Roll.of(frame, name=NAME, key=ROLL_KEY)
    given = {"roll_key": ROLL_KEY, "secret": SECRET}
    values = ["0" * 8, "0" * 8, [1]]
    record = conduct(announcement, {NAME: frame}, entropy=values, **given)
    keys = set()

    def walk(value):
        if isinstance(value, dict):
            keys.update(value)
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, dict | list):
                walk(inner)

    walk(record.to_dict())
    walk(record.closed().to_dict())
    walk(record.slip(NAME, record.draws[NAME].selected[0]).to_dict())
    for text in ("S1", "S15"):
        walk(record.receipt(NAME, text, roll=roll).to_dict())
    assert {
        key for key in keys if f"`{key}`" not in page and f'"{key}"' not in page
    } == set()


@needs_shell
class TestShell:
    @pytest.fixture
    def folder(self, tmp_path):
        """A folder with what a registry publishes, rows in no order."""
        lines = [f"{text}\tin\t{stratum}\n" for text, stratum in ROWS]
        lines += [f"{text}\tout\t{reason}\n" for text, reason in GIVEN["excluded"]]
        (tmp_path / "roll.tsv").write_text("".join(lines[::-1]), encoding="utf-8")
        text = VECTOR["canonical"] + "\n"  # as an editor leaves it
        (tmp_path / "announcement.json").write_text(text, encoding="utf-8")
        return tmp_path

    def test_lines_of_the_how_to_do_what_they_say(self, folder):
        """Firm, list, announcement, key, draw: copied from the page, run."""
        firm, roll, announcement, key, draw = blocks(HOW_TO, "shell")
        given = {
            "DIGEST": VECTOR["digest"],
            "ENTROPY": VECTOR["entropy"],
            "KEY": VECTOR["key"],
            "QUOTA": "2",
            "ROLL_KEY": ROLL_KEY,
        }

        assert shell(firm, folder) == [TICKETS["S4"]]
        assert shell(roll, folder, **given) == [example().draw(NAME).roll.digest]
        assert shell(announcement, folder) == [VECTOR["digest"]]
        assert shell(key, folder, **given) == [VECTOR["key"]]
        assert shell(draw, folder, **given) == [TICKETS[text] for text in ("S2", "S4")]

    def test_lines_of_the_format_do_what_they_say(self, folder):
        """Sorting whole lines is sorting by id, also for ids that are prefixes."""
        roll, ticket = blocks(FORMAT, "shell")
        rows = [["S1", "A"], ["S10", "A"], ["S1 a", "A"], ["\ufa0e", "A"], ["😀", "B"]]
        text = "".join(f"{i}\tin\t{s}\n" for i, s in reversed(rows))
        (folder / "roll.tsv").write_text(text, encoding="utf-8")
        frame = Frame(*zip(*rows, strict=True))
        made = Roll.of(frame, name=NAME, key=ROLL_KEY)

        assert shell(roll, folder, ROLL_KEY=ROLL_KEY) == [made.digest]
        assert shell(ticket, folder, KEY=VECTOR["key"], ID="S6") == [TICKETS["S6"]]

    def test_the_line_of_a_record_is_the_ticket(self, folder):
        """What `DrawRecord.command` gives is run as it stands."""
        record = conduct(example(), {NAME: PLAN}, roll_key=ROLL_KEY, entropy=VALUES)

        assert shell(record.command("S6"), folder) == [TICKETS["S6"]]
        assert record.key == VECTOR["key"]
