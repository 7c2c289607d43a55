"""Reference pages that are made from the code are current."""

import importlib.util
from pathlib import Path

import pytest

from dsgk.sources import NOT_FORMALISED, PLANNED, PROVISIONS


REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", REFERENCE / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["provisions.md", "errors.md"])
def test_a_page_made_from_the_code_is_current(generate, page):
    """Run ``python docs/reference/generate.py`` when this fails."""
    written = (REFERENCE / page).read_text(encoding="utf-8")

    assert generate.PAGES[page]() == written


@pytest.mark.parametrize("provision", PROVISIONS, ids=str)
def test_every_provision_is_in_exactly_one_place(generate, provision):
    """Carried out, planned, or not formalised with a reason: never none or two."""
    places = [
        provision in generate.carried_out(),
        provision in PLANNED,
        provision in NOT_FORMALISED,
    ]

    assert sum(places) == 1, dict(
        zip(("carried out", "planned", "not formalised"), places, strict=True)
    )


def test_no_table_names_a_provision_that_does_not_exist(generate):
    """A provision that is cited must be listed."""
    known = set(PROVISIONS)

    assert set(generate.carried_out()) <= known
    assert set(PLANNED) <= known
    assert set(NOT_FORMALISED) <= known
    assert all(NOT_FORMALISED.values())


@pytest.mark.parametrize("provision", PROVISIONS, ids=str)
def test_every_provision_that_is_carried_out_has_its_test(generate, provision):
    """Named after it, in tests/provisions."""
    if provision in NOT_FORMALISED:
        return
    tested = generate.tests_of()

    assert str(provision) in tested or generate.class_of(provision) in tested
