"""Closed lists: read in every usual spelling, refuse what they do not have."""

import enum
import importlib
import pickle
import pkgutil

import pytest

import dsgk
from dsgk.errors import InvalidValueError
from dsgk.fields import Coded, kind_of
from dsgk.ledger import Origin
from dsgk.results import ResultCode


def faces():
    """The face of each room, but that of what is for the rooms alone."""
    for module in pkgutil.iter_modules(dsgk.__path__):
        if module.name != "fields":
            yield importlib.import_module(f"dsgk.{module.name}")


def lists():
    """Every closed list on the face of a room."""
    for face in faces():
        for name in getattr(face, "__all__", ()):
            found = getattr(face, name)
            if isinstance(found, type) and issubclass(found, Coded):
                yield found


LISTS = sorted({*lists()}, key=lambda kind: kind.__name__)


def test_no_public_name_stands_for_two_things():
    """One word, one meaning: a host may import from two modules at once."""
    seen = {}
    for home in faces():
        for name in getattr(home, "__all__", ()):
            seen.setdefault(name, set()).add(id(getattr(home, name)))

    assert sorted(name for name, things in seen.items() if len(things) > 1) == []


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_every_text_stands_for_one_member(kind):
    """Two members with one text would be read as either."""
    texts = [text for member in kind for text in {*member.texts}]

    assert len(texts) == len(set(texts))
    for member in kind:
        assert member.texts[:2] == (member.code, member.label)
        for text in (*member.texts, member):
            assert kind.read(text) is member


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_members_pickle_by_their_code(kind):
    """What a host stored is the same member in the next version."""
    for member in kind:
        assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301
        assert kind(member.code) is member


def test_full_width_and_padding_do_not_matter():
    """Brackets and commas are typed either way."""
    assert (
        ResultCode.read(" 通过登记的住所(经营场所)无法联系") is ResultCode.UNREACHABLE
    )
    assert ResultCode.read("不配合检查,情节严重") is ResultCode.NOT_COOPERATING


@pytest.mark.parametrize("cell", ["也许", "", None, 3, Origin.CASE_LEAD, ["random"]])
def test_what_is_not_on_the_list_is_refused(cell):
    """It would be counted as nothing, or as the nearest thing."""
    with pytest.raises(
        InvalidValueError, match=r"one of: no-problem \(未发现问题\)"
    ) as e:
        ResultCode.read(cell, name="results")

    assert e.value.code == "not-in-list"
    assert (e.value.params["name"], e.value.params["got"]) == ("results", cell)


def test_lists_of_a_host_are_made_alike():
    """A district may have a list of its own."""

    class Answer(Coded):
        YES = ("yes", "是")

    assert Answer.read("是").code == "yes"


def test_an_optional_value_is_there_or_not():
    """As a part of a list, where no class stands between."""
    kind = kind_of(int | None)

    assert kind.convert(None) is None
    assert kind.convert(3) == 3
    assert kind.cell("3", name="x") == 3
    assert [kind.plain(None), kind.plain(3)] == [None, 3]


def test_a_member_of_any_enum_is_read_by_its_value():
    """Not only of the closed lists that have Chinese terms."""

    class Answer(enum.Enum):
        YES = "yes"

    kind = kind_of(Answer)

    assert kind.convert("yes") is kind.convert(Answer.YES) is Answer.YES
