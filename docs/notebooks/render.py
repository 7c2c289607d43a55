"""
Run the notebooks, and write what they print and draw beside their cells.

    python docs/notebooks/render.py            # all of them
    python docs/notebooks/render.py NAME.md …  # some

A notebook is a MyST text: its cells are the blocks ``{code-cell}``, and they run
in one namespace.  What a cell prints stands in the block ``text`` after it; a
cell that makes a picture calls it ``picture``, and the next image of the text
is it.  Jupyter opens the same files with jupytext or MyST-NB; it shows a figure
that was made with pyplot, and the value of a last line without a semicolon.
"""

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt


mpl.use("agg")  # no window

HERE = Path(__file__).resolve().parent
NOTEBOOKS = sorted(HERE.glob("*.md"))
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?P<source>.*?)^```\n"
    r"(?:\n```text\n(?P<printed>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
IMAGE = re.compile(r"^!\[[^\]]+\]\((pictures/[^)]+\.png)\)", re.MULTILINE)
DPI = 100


class Result(NamedTuple):
    """
    What a cell did.

    Attributes:
        cell: Where it stands.
        printed: What it printed.
        picture: The figure that it made, or None.
        file: Where that belongs, or None.
    """

    cell: "re.Match[str]"
    printed: str
    picture: Any
    file: Path | None


def run(notebook: Path) -> Iterator[Result]:
    """Run the cells of a notebook one after the other."""
    text = notebook.read_text(encoding="utf-8")
    namespace: dict[str, Any] = {"__name__": notebook.stem}
    for number, cell in enumerate(CELL.finditer(text), 1):
        code = compile(cell["source"], f"{notebook.name}, cell {number}", "exec")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, namespace)  # noqa: S102
        picture = namespace.pop("picture", None)
        image = None if picture is None else IMAGE.search(text, cell.end())
        file = HERE / image[1] if image else None
        yield Result(cell, printed.getvalue(), picture, file)
        plt.close("all")


def render(notebook: Path) -> None:
    """Write outputs and pictures."""
    text = notebook.read_text(encoding="utf-8")
    pieces, end = [], 0
    for result in run(notebook):
        cell = result.cell
        pieces.append(text[end : cell.end("source")] + "```\n")
        if result.printed:
            pieces.append(f"\n```text\n{result.printed}```\n")
        end = cell.end()
        if result.file is not None:
            result.picture.savefig(
                result.file,
                dpi=DPI,
                pil_kwargs={"optimize": True},
                metadata={"Software": None},
            )
    notebook.write_text("".join([*pieces, text[end:]]), encoding="utf-8")


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else NOTEBOOKS:
        print(path.name)
        render(path.resolve())
