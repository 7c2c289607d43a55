"""The instrument as data, citations, and the numbers of the law."""

import datetime as dt

import pytest

from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.sources import (
    CAPS_2024_54,
    CIVIL_CODE_201,
    DISTRICT_OPINION,
    GB_32100,
    INSTRUMENTS,
    PROVISIONS,
    RuleProfile,
    article,
    cites,
    provisions_of,
)


def test_the_instrument_has_thirty_two_articles_and_sixteen_items():
    """Articles 28 and 29 list nine grounds of liability and seven of exemption."""
    own = [p for p in PROVISIONS if p.instrument is DISTRICT_OPINION]

    assert [p.article for p in own if p.item is None] == list(range(1, 33))
    assert [p.item for p in own if p.article == 28 and p.item] == list(range(1, 10))
    assert [p.item for p in own if p.article == 29 and p.item] == list(range(1, 8))
    assert len(own) == 32 + 9 + 7


def test_every_provision_says_in_words_what_it_is_about():
    """A table of bare numbers helps nobody."""
    assert all(p.words for p in PROVISIONS)
    assert len({str(p) for p in PROVISIONS}) == len(PROVISIONS)
    assert {p.instrument for p in PROVISIONS} == set(INSTRUMENTS)


@pytest.mark.parametrize(
    ("provision", "number", "text"),
    [
        (article(1), "第一条", "District Opinion, Art. 1"),
        (article(10), "第十条", "District Opinion, Art. 10"),
        (article(14), "第十四条", "District Opinion, Art. 14"),
        (article(20), "第二十条", "District Opinion, Art. 20"),
        (article(32), "第三十二条", "District Opinion, Art. 32"),
        (article(28, 9), "第二十八条第（九）项", "District Opinion, Art. 28(9)"),
        (CIVIL_CODE_201, "第二百零一条", "Civil Code, Art. 201"),
        (CAPS_2024_54, "国办发〔2024〕54号", "State Council Office 2024/54"),
        (GB_32100, "GB 32100-2015", "GB 32100"),
    ],
    ids=str,
)
def test_a_provision_is_cited_as_printed(provision, number, text):
    """Officials look it up by the Chinese number, messages carry the English one."""
    assert provision.number == number
    assert str(provision) == text


@pytest.mark.parametrize("key", [(0,), (33,), (28, 10), (29, 8), (5, 1), ("5",)])
def test_an_article_that_does_not_exist_is_refused(key):
    """A citation of nothing would pass unnoticed for years."""
    with pytest.raises(InvalidValueError, match="1 to 32") as caught:
        article(*key)

    assert caught.value.code == "no-such-provision"
    assert caught.value.params["number"] == key[0]


def test_what_a_function_cites_can_be_asked():
    """The table of provisions is made from it."""

    @cites(article(3), article(5))
    def draw():
        return 1

    assert provisions_of(draw) == (article(3), article(5))
    assert draw() == 1
    assert provisions_of(len) == ()


@pytest.mark.parametrize("wrong", [(), (26,), (article(1), "Art. 2")], ids=repr)
def test_only_provisions_are_cited(wrong):
    """A bare number would not say of which document."""
    with pytest.raises(InvalidTypeError, match=r"@cites\(article\(26\)\)"):
        cites(*wrong)


def test_the_numbers_of_this_district_are_the_default():
    """Two officers, twenty working days, the end of March."""
    rules = RuleProfile()

    assert rules.min_officers == 2
    assert rules.publication_workdays == 20
    assert rules.joint_plan_due(2026) == dt.date(2026, 3, 31)


def test_another_district_is_another_value():
    """Nobody forks the library for one number."""
    rules = RuleProfile(name="x", publication_workdays=7, joint_plan_month=2,
                        joint_plan_day=28)  # fmt: skip

    assert rules.joint_plan_due(2028) == dt.date(2028, 2, 28)
    assert rules.publication_workdays == 7


@pytest.mark.parametrize(
    ("numbers", "error", "code"),
    [
        ({"min_officers": 0}, InvalidValueError, "count-range"),
        ({"publication_workdays": -1}, InvalidValueError, "count-range"),
        ({"publication_workdays": 20.0}, InvalidTypeError, "count-type"),
        ({"min_officers": True}, InvalidTypeError, "count-type"),
        (
            {"joint_plan_month": 2, "joint_plan_day": 29},
            InvalidValueError,
            "rule-day",
        ),
        ({"joint_plan_month": 13}, InvalidValueError, "rule-day"),
        ({"joint_plan_month": 10**30}, InvalidValueError, "count-most"),
        ({"min_officers": 1001}, InvalidValueError, "count-most"),
        ({"name": 7}, InvalidTypeError, "text-type"),
    ],
    ids=str,
)
def test_a_number_that_no_law_could_mean_is_refused(numbers, error, code):
    """A day that not every year has would fail in some later year."""
    with pytest.raises(error) as caught:
        RuleProfile(**numbers)

    assert caught.value.code == code


def test_all_faults_of_a_profile_are_told_at_once():
    """Whoever sets a district up corrects it once."""
    with pytest.raises(InvalidInput) as caught:
        RuleProfile(min_officers=0, publication_workdays="20")

    assert [fault.column for fault in caught.value.faults] == [
        "min_officers",
        "publication_workdays",
    ]


def test_a_list_is_no_number_of_an_article():
    """It cannot even be looked up."""
    with pytest.raises(InvalidValueError) as caught:
        article([26])

    assert caught.value.code == "no-such-provision"
