"""
Whatever is called with whatever, only our own errors come out.

All public callables, found from the faces of the rooms; each argument comes
from a pool of hostile values, or is right, so that the others are reached.
"""

import contextlib
import datetime as dt
import enum
import importlib
import inspect
import io
import pkgutil
import random
import resource
import signal
import warnings
from decimal import Decimal
from fractions import Fraction
from time import process_time

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scale

import dsgk
from dsgk.errors import DsgkError
from dsgk.inspectors import InspectorRegister
from dsgk.subjects import SubjectRegister


SECONDS, MEGABYTES = 5, 500
HEAVY_SHARE = 0.02
PLACED = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
# Kernels are open to hosts in the root alone; the others are no input of a host.
LEFT_OUT = {"dsgk.documents", "dsgk.errors", "dsgk.fields", "dsgk.frames",
            "dsgk.kernels", "dsgk.plots", "dsgk.tables", "dsgk.testing"}  # fmt: skip
# Values that the library makes of what it has checked take anything from others;
# functions of kernels in the root, and classes made by their constructors, raise
# Python's own.  A line that goes is a callable that has become hard.
OPEN = frozenset(
    {
        "dsgk.Estimate", "dsgk.allocate", "dsgk.allocate_optimally",
        "dsgk.assignments.StatedChances", "dsgk.calendars.WorkCalendar",
        "dsgk.detection_power", "dsgk.draws.Draw", "dsgk.draws.DrawRecord",
        "dsgk.draws.Explanation", "dsgk.draws.Explanations", "dsgk.draws.Roll",
        "dsgk.draws.StratumDraw", "dsgk.estimate_rate", "dsgk.fairness.FairnessReport",
        "dsgk.fairness.FairnessTest", "dsgk.identifiers.credit_code_faults",
        "dsgk.identifiers.duplicates", "dsgk.identifiers.id_faults",
        "dsgk.ledger.Ledger", "dsgk.ledger.Ledger.from_table",
        "dsgk.ledger.LedgerRow", "dsgk.ledger.joint_codes",
        "dsgk.plans.PlanFinding.of", "dsgk.plans.PlanReading", "dsgk.plans.Progress",
        "dsgk.plans.Tally", "dsgk.plans.UndrawnBatch", "dsgk.sample_size_to_detect",
        "dsgk.simulate.Indicator", "dsgk.simulate.PolicyRun", "dsgk.sources.Instrument",
        "dsgk.sources.Provision",
        "dsgk.subjects.SubjectRegister", "dsgk.tiers.Exclusions",
        "dsgk.tiers.Exclusions.of_checked", "dsgk.verify.Difference.of",
    }
)  # fmt: skip


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


class Text(str):
    __slots__ = ()


class Shop(enum.Enum):
    OPEN = "x"


class Hostile:
    """Raises whatever it is asked."""

    def __eq__(self, other):
        raise ZeroDivisionError

    __hash__ = None


HOSTILE = [
    None, True, False, 0, 1, -1, 2, 5, 2**31, 2**53, 2**70, 1.0, 0.5, 1e308,
    float("nan"), float("inf"), -0.0, 1j, b"x", bytearray(b"x"), "", " ", "x", "S1 ",
    "nan", "None", "NULL", "<NA>", "-", "无", "甲", "3%", "1/3", "2025-03-01",
    "2025/3/1",
    "\ud800", "\x00", "a\u0301" * 300, "\u200b", "\u202e甲", "ａ", Text("S1"),
    Text("3%"),
    Shop.OPEN, Shop, [], (), {}, set(), frozenset(), [None], [[]], ["S1"], ["S1", "S1"],
    ["S1 ", None, 3], [1, "a"], ["\ud800"], {"a": 1}, {1: 2}, {None: None},
    {"id": ["S1"]}, {"甲": {"乙"}}, {10**5000: 1}, {"kind": {"药店"}}, range(3),
    (k for k in range(2)), iter([]), Hostile(), object(), object, int, len,
    lambda: None,
    Fraction(1, 3), Fraction(-1), Fraction(10**400, 3), Decimal("0.05"), Decimal("NaN"),
    Decimal("sNaN"), Decimal("Infinity"), dt.date(2026, 3, 1), dt.date.min, dt.date.max,
    dt.datetime(2026, 3, 1),  # noqa: DTZ001
    dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC),
    dt.datetime.min.replace(tzinfo=dt.UTC), dt.time(1), dt.timedelta(1),
    np.int64(3), np.float32(0.5), np.bool_(1), np.str_("S1"),
    np.datetime64("2026-03-01"), np.datetime64("NaT", "D"), np.timedelta64(5, "ns"),
    np.array(5), np.array("S1"), np.array([1, 2]), np.array([[1, 2]]), np.array([]),
    np.array(["S1", "S2"]), np.array(["S1"], dtype=object), np.array([np.nan]),
    np.ma.masked, np.ma.array([1, 2], mask=[0, 1]),
    np.zeros(2, dtype=[("id", "U4"), ("n", int)]), pd.NA, pd.NaT,
    pd.Timestamp("2026-03-01"), pd.Series(["S1", None]), pd.Series(dtype=object),
    pd.DataFrame({"id": ["S1"]}), pd.DataFrame(), pd.Categorical(["a"]),
    pl.Series(["S1"]), pl.DataFrame({"id": ["S1"]}),
]  # fmt: skip
HEAVY = [
    "x" * 10**6, "9" * 5000, "3月" + "3.1-" * 20_000, nested(5000), {"a": nested(2000)},
    range(10**5), 10**5000, Decimal("1e-10000000"), Decimal("1e10000000"),
    "a" + "\u0301\u0316" * 40_000, ["S1 "] * 10**5, {"id": ["S1"] * 10**5},
]  # fmt: skip


def faces():
    """Every room with a face, and the names on it; in the root, those of kernels."""
    for module in pkgutil.iter_modules(dsgk.__path__, "dsgk."):
        if module.name not in LEFT_OUT and "._" not in module.name:
            face = importlib.import_module(module.name)
            for name in getattr(face, "__all__", ()):
                yield f"{module.name}.{name}", getattr(face, name)
    for name in dir(dsgk):
        thing = getattr(dsgk, name)
        if getattr(thing, "__module__", "").startswith("dsgk.kernels"):
            yield f"dsgk.{name}", thing


def is_value(thing):
    """Whether it is a class of values, which are not made by an error or a list."""
    return isinstance(thing, type) and not issubclass(thing, (enum.Enum, Exception))


def public():
    """Every public callable by path: functions, classes, their constructors."""
    found = {}
    for path, thing in faces():
        home = getattr(thing, "__module__", "")
        if inspect.isfunction(thing) or (is_value(thing) and home != "dsgk.errors"):
            found[path] = thing
        for name, held in vars(thing).items() if is_value(thing) else ():
            is_constructor = isinstance(held, (classmethod, staticmethod))
            if is_constructor and not name.startswith("_"):
                found[f"{path}.{name}"] = getattr(thing, name)
    return found


CALLABLES = public()


def arguments(thing, chance):
    """Hostile arguments by the signature; of those with a default, some."""
    args, kwargs = [], {}
    parameters = [*inspect.signature(thing).parameters.values()]
    by_place = [p for p in parameters if p.kind in PLACED]
    for parameter in parameters:
        value = chance.choice(HEAVY if chance.random() < HEAVY_SHARE else HOSTILE)
        is_optional = parameter.default is not parameter.empty
        if is_optional and (parameter.name == "name" or chance.random() < 0.7):
            continue  # *name* is what a message calls the input, not one
        if parameter.kind is parameter.VAR_KEYWORD:
            if chance.random() < 0.3:
                kwargs[chance.choice(["x", "id", "信用等级", "food", "\ud800"])] = value
        elif parameter.kind is parameter.VAR_POSITIONAL:
            args += [value] * chance.randrange(2)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            kwargs[parameter.name] = value
        elif parameter in by_place[: len(args) + 1]:
            args.append(value)
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            kwargs[parameter.name] = value
    return args, kwargs


class Slow(BaseException):
    """A call takes too long."""


def stop(*_):
    raise Slow


def called(thing, args, kwargs):
    """Call it and look at what it made, or at the error of ours."""
    try:
        made = thing(*args, **kwargs)
    except DsgkError as error:
        return str(error), error.chinese, error.fault.to_dict()
    return made if isinstance(made, str) else repr(made)


def what_came(thing, args, kwargs):
    """What is wrong with a call, None if nothing is."""
    start, before = process_time(), peak()
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            called(thing, args, kwargs)
    except Slow:
        return "slow"
    except Exception as error:  # noqa: BLE001  (any other is what is looked for)
        return f"{type(error).__name__} in {innermost(error)}: {shown(error)}"[:160]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    if process_time() - start > SECONDS:
        return "slow"
    return "large" if peak() - before > MEGABYTES else None


def peak():
    """Memory of this process at its peak, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def shown(error):
    try:
        return str(error)
    except (ValueError, RecursionError):  # what came cannot be written
        return "?"


def innermost(error):
    """The last line of ours on the way to an error."""
    place, step = "", error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if "/dsgk/" in code.co_filename:
            place = f"{code.co_filename.rpartition('/dsgk/')[2]}:{code.co_name}"
        step = step.tb_next
    return place


def search(n, seed):
    """Make n calls; what came that must not, by callable."""
    chance = random.Random(seed)  # noqa: S311
    paths = sorted(CALLABLES)
    before = signal.signal(signal.SIGVTALRM, stop)
    wrong = {}
    try:
        for k in range(n):
            path = paths[k % len(paths)]
            came = what_came(CALLABLES[path], *arguments(CALLABLES[path], chance))
            if came:
                wrong.setdefault(path, came)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return wrong


@pytest.mark.scaled
def test_only_errors_of_ours_come_out():
    """Nor does any call take five seconds, or half a gigabyte."""
    wrong = search(scale.of(500, 20_000, 200_000), 1)

    assert {path: came for path, came in wrong.items() if path not in OPEN} == {}


NONSENSE = {
    "a firm called nan": lambda: SubjectRegister.from_columns(id=["nan"]),
    "a class called NULL": lambda: SubjectRegister.from_columns(
        id=["a"], area=["NULL"]),
    "an inspector called None": lambda: InspectorRegister.from_table(
        {"人员编号": ["None"], "所属部门": ["甲"], "执法资格": ["是"]}),
    "officers nobody certified": lambda: InspectorRegister.from_table(
        {"人员编号": ["P1"], "所属部门": ["甲"]}),
    "a status nobody read": lambda: SubjectRegister.from_table(
        {"统一社会信用代码": ["S1"], "经营状态": ["注销"]}),
    "a text for ids": lambda: SubjectRegister.from_columns(id="S1"),
    "an id that nobody sees": lambda: SubjectRegister.from_columns(
        id=["S1", "S1\ufe0f"]),
    "a ratio of a float": lambda: dsgk.Ratio.at_least(0.1 + 0.2),
    "a tiny ratio": lambda: dsgk.Ratio.at_least(Decimal("1e-10000000")),
    "a length of time for a number": lambda: dsgk.Seat(
        department="甲", count=np.timedelta64(5, "ns")),
    "a yes for a number": lambda: dsgk.Seat(department="甲", count=True),
    "a number for a day": lambda: dsgk.WorkCalendar.china().is_workday(45717),
    "five for a register": lambda: dsgk.InspectorRegister(5),
    "a text for a list of inspectors": lambda: dsgk.InspectorRegister("SJ001"),
    "a bad day": lambda: SubjectRegister.from_columns(
        id=["a"], last_inspected_on=["2025-02-30"]),
}  # fmt: skip


@pytest.mark.parametrize("call", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused(call):
    with pytest.raises(DsgkError):
        call()
