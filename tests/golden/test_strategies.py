"""Each strategy of `dsgk.testing` gives the examples that it gave."""

import enum
import hashlib
import inspect
import json

import attrs
import golden.lines
import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers

import dsgk
from dsgk import testing
from dsgk.case_leads import CaseLead


FRAME = dsgk.Frame([f"S{k}" for k in range(6)], list("AAAABB"))
OF = {"quotas": FRAME, "values": CaseLead}


def told(value):  # noqa: PLR0911  (a kind of value each)
    """The content of a value in plain JSON values, sets in order."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, dict):
        return [[told(key), told(inner)] for key, inner in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(map(told, value), key=str)
    if isinstance(value, list | tuple):
        return list(map(told, value))
    if isinstance(value, np.ndarray):
        return told(value.tolist())
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "to_columns"):
        return told(value.to_columns())
    if attrs.has(type(value)):
        names = [one.name for one in attrs.fields(type(value)) if one.name[0] != "_"]
        return [type(value).__name__, *(told(getattr(value, name)) for name in names)]
    return str(value)


def strategies():
    for name in testing.__all__:
        function = getattr(testing, name)
        if name in OF:
            yield name, function(OF[name])
        elif inspect.isfunction(function):
            yield name, function()


def examples_of(strategy):
    """Ten, the same in every run."""
    examples = []

    @hypothesis.seed(0)
    @hypothesis.settings(
        max_examples=10,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def keep(example):
        examples.append(example)

    keep()
    return examples


def test_strategies_give_the_same_examples(request, monkeypatch):
    """Hypothesis would also try constants that it reads in the code under test."""
    none = providers.Constants()
    monkeypatch.setattr(providers, "_get_local_constants", lambda: none)
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))
    lines = []
    for name, strategy in strategies():
        examples = examples_of(strategy)
        kinds = ", ".join(sorted({type(one).__name__ for one in examples}))
        text = json.dumps([told(one) for one in examples], ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        lines.append(f"{name}: {len(examples)} of {kinds}, {digest}")

    golden.lines.hold(
        request.config, "values/strategies.txt", lines, version=hypothesis.__version__
    )
