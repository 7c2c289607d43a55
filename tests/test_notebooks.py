"""Every notebook runs, and prints and draws what stands beside its cells."""

import importlib.util
import re
import struct
from itertools import zip_longest
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import pytest


FOLDER = Path(__file__).resolve().parents[1] / "docs" / "notebooks"
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render = load("render")


def figures(text):
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


@pytest.mark.parametrize("notebook", render.NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_what_it_prints(notebook):
    """
    Words are equal, numbers within a twentieth.

    NumPy does not promise the same random numbers for ever, so a simulated
    figure may differ in its last digit.
    """
    text = notebook.read_text(encoding="utf-8")
    pictures = []
    for number, result in enumerate(render.run(notebook), 1):
        printed, stands = result.printed, result.cell["printed"] or ""
        where = f"cell {number} prints:\n{printed}"

        assert NUMBER.sub("0", stands) == NUMBER.sub("0", printed), where
        for one, other in zip_longest(figures(stands), figures(printed)):
            assert one == pytest.approx(other, rel=0.05, abs=0.06), where
        if result.picture is not None:
            # Jupyter shows what pyplot knows, once: not the value of the cell too.
            assert plt.get_fignums() == [result.picture.number], where
            assert result.cell["source"].endswith(";\n"), where
            assert result.file is not None, f"cell {number} has no image after it"
            pictures.append(result.file)

    assert pictures
    assert pictures == [FOLDER / name for name in render.IMAGE.findall(text)]
    assert plt.get_fignums() == []


@pytest.mark.parametrize("notebook", render.NOTEBOOKS, ids=lambda path: path.stem)
def test_jupyter_finds_the_cells_that_are_rendered(notebook):
    """Without the right header jupytext reads a text without one cell of code."""
    text = notebook.read_text(encoding="utf-8")
    read = jupytext.read(notebook)
    sources = [cell.source for cell in read.cells if cell.cell_type == "code"]

    assert len(sources) == text.count("```{code-cell}") > 0
    assert sources == [cell["source"].rstrip() for cell in render.CELL.finditer(text)]
    assert read.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("notebook", render.NOTEBOOKS, ids=lambda path: path.stem)
def test_the_pictures_of_a_notebook_are_there(notebook):
    """As PNG, small enough to keep, and each with words for who cannot see it."""
    text = notebook.read_text(encoding="utf-8")
    for name in render.IMAGE.findall(text):
        content = (FOLDER / name).read_bytes()
        width, height = struct.unpack(">II", content[16:24])

        assert content.startswith(b"\x89PNG")
        assert 400 <= width <= 1200, name
        assert 200 <= height <= 1200, name
        assert len(content) < 100_000, name
    assert "![]" not in text


def test_no_picture_is_left_over():
    """What no notebook shows is deleted."""
    shown = {
        name
        for notebook in render.NOTEBOOKS
        for name in render.IMAGE.findall(notebook.read_text(encoding="utf-8"))
    }

    assert {f"pictures/{p.name}" for p in (FOLDER / "pictures").iterdir()} == shown


def test_rendering_writes_what_running_prints(tmp_path, monkeypatch):
    """An old output is replaced, a missing one added, everything else stays."""
    (tmp_path / "pictures").mkdir()
    notebook = tmp_path / "small.md"
    notebook.write_text(
        "# Small\n\n```{code-cell} python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n"
        "Words.\n\n```{code-cell} python\nimport matplotlib.pyplot as plt\n"
        "picture = plt.figure()\nprint('drawn')\n```\n\n![A square.](pictures/a.png)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(render, "HERE", tmp_path)
    render.render(notebook)
    text = notebook.read_text(encoding="utf-8")

    assert "print(1 + 1)\n```\n\n```text\n2\n```\n\nWords." in text
    assert "print('drawn')\n```\n\n```text\ndrawn\n```\n\n![A square.]" in text
    assert (tmp_path / "pictures" / "a.png").is_file()
    render.render(notebook)
    assert text == notebook.read_text(encoding="utf-8")
