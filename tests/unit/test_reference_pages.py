"""Reference pages that are made from the code are current."""

import importlib.util
import re
from pathlib import Path

import pytest

from dsgk.sources import DISTRICT_OPINION, NOT_FORMALISED, PLANNED, PROVISIONS


REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
OWN = [one for one in PROVISIONS if one.instrument is DISTRICT_OPINION]
# Heading and text of each article and item.
_, *PARTS = re.split(
    r"^##+ (Art\. .+)$",
    (REFERENCE / "articles.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)
SECTIONS = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
STATES = {"Carried out (已落实):", "In part (部分落实):", "Not carried out (未落实):"}


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


def heading(provision):
    """As it stands on the page of articles."""
    return f"{str(provision).partition(', ')[2]} · {provision.number}"


def test_the_page_of_articles_has_all_of_them_in_order():
    assert [*SECTIONS] == [
        heading(one)
        for one in sorted(OWN, key=lambda one: (one.article, one.item or 0))
    ]


@pytest.mark.parametrize("provision", OWN, ids=str)
def test_every_article_is_told_in_two_languages(generate, provision):
    """And of each sentence whether it is carried out, by what cites the article."""
    text = SECTIONS[heading(provision)]
    _, *sentences = re.split(r"^\d+\. ", text, flags=re.MULTILINE)
    states = []
    for sentence in sentences:
        told, state, _ = sentence.split("**")
        states.append(state)

        assert re.search(r"[A-Za-z]{3} ", told)
        assert re.search(r"[一-鿿]{3}", told)
    named = {f"dsgk.{name}" for name in re.findall(r"`(.+?)`", text)}

    assert states
    assert {*states} <= STATES
    assert named <= {*generate.carried_out().get(provision, ())}
    assert (not named) == (provision in NOT_FORMALISED)
    assert (states == ["Not carried out (未落实):"]) == (provision in NOT_FORMALISED)
