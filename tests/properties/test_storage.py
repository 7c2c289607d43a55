"""
What a host keeps: each public value is stored as plain JSON and read back equal.

The values are found by their names, and made by `dsgk.testing.values`, so a new
one is held to the same promises without a line here.
"""

import copy
import functools
import importlib
import json
import pickle
import pkgutil
from collections.abc import Mapping

import attrs
import jsonschema
import numpy as np
import pytest
import scale
from hypothesis import Phase, given, settings, strategies as st

import dsgk
from dsgk import accountability, results, testing
from dsgk.errors import InvalidInput, InvalidTypeError


# What api.md says a host keeps.
KEPT = {
    "assignments.AssignmentRecord",
    "assignments.PastVisit",
    "assignments.StaffingProblem",
    "assignments.StaffingTask",
    "assignments.StatedChances",
    "draws.DrawRecord",
    "draws.Receipt",
    "draws.Slip",
    "frames.Frame",
    "inspectors.Inspector",
    "inspectors.InspectorRegister",
    "inspectors.Recusal",
    "joint.Visit",
    "ledger.Ledger",
    "plans.Plan",
    "rounds.Round",
    "subjects.Subject",
    "subjects.SubjectRegister",
    "tiers.Exclusions",
    "tiers.FramePlan",
    "tiers.TierPolicy",
}
# Public values that are not stored yet.
NOT_YET = frozenset()
# Faults are told, not kept; the others are bases.
NO_VALUES = {
    "errors.Fault",
    "fields.Stored",
    "tables.SetOfRows",
    "tables.StoredColumns",
}


def stored():
    """Every public class of values that has a document, by the room it is of."""
    found = {}
    for module in pkgutil.iter_modules(dsgk.__path__, "dsgk."):
        face = importlib.import_module(module.name)
        for name in getattr(face, "__all__", ()):
            cls = getattr(face, name)
            if isinstance(cls, type) and hasattr(cls, "to_dict"):
                found[f"{cls.__module__.split('.')[1]}.{cls.__name__}"] = cls
    return {name: cls for name, cls in found.items() if name not in NO_VALUES}


STORED = stored()
RULED = sorted(STORED.keys() - NOT_YET)


# Where the fields do not say what they take.
FACTS = testing.values(accountability.ReportedFact) | testing.values(results.Referral)
GIVEN = {"accountability.Evidence": {"shown_by": st.lists(FACTS, max_size=2)}}


@functools.cache
def values_of(name):
    """A new class that no strategy can make is told here."""
    return testing.values(STORED[name], **GIVEN.get(name, {}))


# Of each class a few in every run; a failure is plain without the phase that explains.
EXAMPLES = settings(
    max_examples=scale.of(3, 8, 500), phases=set(settings().phases) - {Phase.explain}
)


def every_value(function):
    """Run a property over each class by itself."""
    by_name = pytest.mark.parametrize("name", RULED)
    return by_name(EXAMPLES(given(data=st.data())(function)))


def plain(document):
    return json.loads(json.dumps(document, allow_nan=False))


def codes(name, document):
    """The faults of a document that cannot be read."""
    with pytest.raises(InvalidInput) as caught:
        STORED[name].from_dict(document)
    foreign = {("value-differs", "format"): ("format-unknown", "format")}
    told = {(fault.code, fault.column) for fault in caught.value.faults}
    return {foreign.get(pair, pair) for pair in told}


def arrays_in(held):
    """Every array in the fields of a value, those of values in it included."""
    if isinstance(held, np.ndarray):
        yield held
    elif isinstance(held, (tuple, list, frozenset)):
        for entry in held:
            yield from arrays_in(entry)
    elif isinstance(held, Mapping):
        for entry in held.values():
            yield from arrays_in(entry)
    elif attrs.has(type(held)):
        for field in attrs.fields(type(held)):
            yield from arrays_in(getattr(held, field.name))


def test_what_a_host_keeps_can_be_kept():
    """By the list of the interface."""
    assert KEPT - NOT_YET - STORED.keys() == set()


@every_value
def test_a_value_is_read_back_equal(name, data):
    """Also by its hash, through the text of its document."""
    held = data.draw(values_of(name))
    document = held.to_dict()
    again = STORED[name].from_dict(plain(document))
    form = getattr(STORED[name], "FORMAT", "dsgk-")  # empty in a part of a document

    assert plain(document) == document
    assert document.get("format", "").startswith(("dsgk-", form))
    assert again == held
    assert type(again) is type(held) is STORED[name]
    assert plain(again.to_dict()) == document
    if getattr(STORED[name], "__hash__", None) is not None:
        assert hash(again) == hash(held)


@every_value
def test_equal_values_have_equal_documents(name, data):
    """And different ones different documents: equality is by content."""
    one, other = data.draw(values_of(name)), data.draw(values_of(name))

    assert (one == other) == (one.to_dict() == other.to_dict())
    assert one != one.to_dict()


@every_value
def test_copies_are_equal(name, data):
    """Deep or not, and in another process."""
    held = data.draw(values_of(name))
    copies = [copy.copy(held), copy.deepcopy(held), pickle.loads(pickle.dumps(held))]  # noqa: S301

    assert copies == [held] * 3
    assert [one.to_dict() for one in copies] == [held.to_dict()] * 3


@every_value
def test_nothing_in_a_value_can_be_written(name, data):
    """Neither its arrays, unpickled ones too, nor by way of its document."""
    held = data.draw(values_of(name))
    document = held.to_dict()
    again = STORED[name].from_dict(plain(document))
    for one in (held, again, pickle.loads(pickle.dumps(held))):  # noqa: S301
        assert not any(array.flags.writeable for array in arrays_in(one))
    scribbled = held.to_dict()
    for value in scribbled.values():
        if isinstance(value, (list, dict)):
            value.clear()

    assert held.to_dict() == again.to_dict() == document


@every_value
def test_a_document_of_another_kind_is_refused(name, data):
    """Another format, a key too many and one too few: all told at once."""
    document = data.draw(values_of(name)).to_dict()
    # A receipt without a state is one of a stranger, with other keys.
    keys = (
        document.keys() - {"format"} - ({"state"} if name == "draws.Receipt" else set())
    )
    key = data.draw(st.sampled_from(sorted(keys)))
    wrong = {k: v for k, v in document.items() if k != key}
    wrong["unheard of"] = 1
    told = {("key-missing", key), ("key-unknown", "unheard of")}
    if "format" in document:  # it is no part of a document
        wrong["format"] = "foreign/1"
        told.add(("format-unknown", "format"))
        unnamed = {k: v for k, v in document.items() if k != "format"}
        assert ("key-missing", "format") in codes(name, unnamed)

    assert codes(name, wrong) >= told
    with pytest.raises(InvalidTypeError):
        STORED[name].from_dict([document])


@pytest.mark.parametrize(
    "name", [name for name in RULED if hasattr(STORED[name], "schema")]
)
@EXAMPLES
@given(data=st.data())
def test_a_document_fits_its_schema(name, data):
    """And one with a key too many does not."""
    schema = STORED[name].schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    document = data.draw(values_of(name)).to_dict()

    assert [error.message for error in validator.iter_errors(document)] == []
    assert not validator.is_valid({**document, "unheard of": 1})
    if "format" in document:
        assert not validator.is_valid({**document, "format": "foreign/1"})
