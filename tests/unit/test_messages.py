"""The catalogue of faults: complete, in two languages, made from params alone."""

import ast
import string

import pytest
from test_architecture import FILES, name_of
from test_house import called, nodes

from dsgk import _messages
from dsgk._messages import EVIDENCE, MESSAGES, TERMS
from dsgk.calendars import Unit
from dsgk.errors import Fault, InvalidTypeError, Severity


ROOMS = {
    name: room
    for name, room in vars(_messages).items()
    if isinstance(room, dict) and name.startswith("_") and not name.startswith("__")
}
MAKERS = {"invalid", "of", "add"}


def places(text):
    """Names of the values that a sentence shows."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sites():
    """Every place that makes a fault by a code: file, node, code."""
    for path in FILES:
        for node in nodes(path):
            if (
                called(node) in MAKERS
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield name_of(path), node, node.args[0].value


def test_no_code_stands_twice():
    """The later of two would hide the earlier."""
    assert sum(map(len, ROOMS.values())) == len(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_is_made_from_its_params_alone(code):
    """In both languages, with every remedy, and with none of their values known."""
    message = MESSAGES[code]
    shown = places(message.rule).union(*map(places, message.remedies))
    full = Fault.of(code, **dict.fromkeys(shown, "无"))
    bare = Fault.of(code, **{name: None for name in shown if name != "column"})

    for fault in (full, bare):
        for text in (fault.message, fault.chinese):
            assert text
            assert "{" not in text or "{{" in message.remedies[-1]
    assert full.severity in Severity
    assert isinstance(full.error(), InvalidTypeError) is message.is_type


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same(code):
    """The same values in the rule, and remedy by remedy."""
    message = MESSAGES[code]

    assert places(message.rule) == places(message.chinese)
    assert len(message.remedies) == len(message.chinese_remedies)
    for english, chinese in zip(
        message.remedies, message.chinese_remedies, strict=True
    ):
        assert places(english) == places(chinese)


@pytest.mark.parametrize("code", MESSAGES)
def test_the_last_remedy_is_always_there(code):
    """A remedy for the case that no value to write is known comes last."""
    remedies = MESSAGES[code].remedies

    assert len(remedies) < 2 or "instead" not in places(remedies[-1])


@pytest.mark.parametrize("code", MESSAGES)
def test_sentences_are_written_alike(code):
    """Chinese punctuation in Chinese, one space in English, no blanks at the ends."""
    message = MESSAGES[code]

    for text in (message.rule, *message.remedies):
        assert text == " ".join(text.split())
        assert not set(text) & set("，。：；（）")
    for text in (message.chinese, *message.chinese_remedies):
        assert text == text.strip()


def test_every_code_stands_in_the_catalogue():
    """A code without a sentence would fail where it is to help."""
    unknown = {
        code
        for _, node, code in sites()
        if code not in MESSAGES
        and (called(node) != "of" or ast.unparse(node.func).startswith("Fault"))
        and (called(node) != "add" or "fault" in ast.unparse(node.func).lower())
    }

    assert unknown == set()


def test_every_code_of_the_catalogue_is_used():
    """A sentence that nobody says is one to keep for nothing."""
    texts = {
        node.value
        for path in FILES
        if name_of(path) != "dsgk._messages"
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    said = {code.partition("-")[2] if code in EVIDENCE else code for code in MESSAGES}

    assert sorted(said - texts) == []


def test_every_fault_is_given_what_its_sentence_shows():
    """Else it could not be said; a remedy that lacks a value is left out."""
    lacking = []
    for room, node, code in sites():
        given = {keyword.arg for keyword in node.keywords}
        if code not in MESSAGES or None in given:  # ** of others
            continue
        if "column" in given:
            given.add("name")
        if "got" in given:
            given.add("got_type")
        missing = places(MESSAGES[code].rule) - given
        if missing:
            lacking.append((room, node.lineno, code, sorted(missing)))

    assert lacking == []


def test_terms_are_used():
    """Names of inputs, as sentences show them, and units of periods."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    units = {unit.code.replace("-", " ") + s for unit in Unit for s in ("", "s")}

    assert [t for t in TERMS if t not in units and texts.count(f'"{t}"') < 2] == []
