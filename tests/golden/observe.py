"""
Watch which faults a test meets, and hold them against the record.

A plugin of pytest, loaded by the ``conftest.py`` of the repository.  It hooks
the constructors of errors and faults while a test runs and leaves the library
as it is.  README.md of this folder says what a difference means.
"""

import json
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

import dsgk.plans
import dsgk.verify
from dsgk.errors import DsgkError, Fault


TESTS = Path(__file__).resolve().parents[1]
FOLDER = Path(__file__).resolve().parent / "faults"
FAULTS = (Fault, dsgk.verify.Difference, dsgk.plans.PlanFinding)
# This folder; docstrings, which state their messages; examples that Hypothesis finds.
LEFT_OUT = ("golden", "test_examples", "quality.test_strategies", "unit.test_messages")
MOST_KEPT = 50  # tuples of one test that are written down
MOST_SEEN = 5000  # constructions of one test that are looked at
MOST_VALUES = 12
LONGEST_VALUE = 40
# A text in quotes, a day, a number, a run of Chinese.
TOKEN = re.compile(
    r"'([^']*)'|\"([^\"]*)\"|['\"](.{8,}…)"
    r"|(\d{4}-\d\d-\d\d)|(?<![\w.])(\d+(?:\.\d+)?)(?!\w)|([一-鿿]+)"
)


def tokens(text):
    """What a text shows, without the words around it."""
    found = (next(filter(None, one.groups()), "") for one in TOKEN.finditer(text))
    return [one.rstrip("…")[:LONGEST_VALUE] for one in found if one]


def got(message):
    """The inside of every ``(got …)`` of a message."""
    for match in re.finditer(r"\(got ", message):
        depth = 1
        for end in range(match.end(), len(message)):
            depth += {"(": 1, ")": -1}.get(message[end], 0)
            if not depth:
                break
        yield message[match.end() : end] if match.end() < len(message) else ""


def flat(value, depth=0):
    """Texts of whatever params hold, not too deep in it."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for one in list(value)[:MOST_SEEN] if depth < MOST_VALUES else ():
            yield from flat(one, depth + 1)
    else:
        with suppress(Exception):  # an int of some thousand digits, a hostile object
            yield str(value)[:1000]


def values_of(message, params, column):
    """What was got, and what else of its params the message shows."""
    known = {
        one[:LONGEST_VALUE] for text in flat(params) for one in [text, *tokens(text)]
    }
    found = [one for text in got(message) for one in tokens(text)]
    found += [one for one in tokens(message) if one in known]
    return sorted({*found} - {column, ""})[:MOST_VALUES]


def unplaced(fault):
    """Whether a fault is still of a value alone: it is told with its place later."""
    place = fault.column or fault.params.get("name")
    return place in {"value", "the document"} or (place or "").startswith("[")


def told(one):
    """Code, provision, row, column, message and params of an error or a fault."""
    message = getattr(one, "message", None)
    provision = getattr(one, "provision", None)
    return (
        one.code,
        None if provision is None else str(provision),
        None if getattr(one, "row", None) is None else int(one.row),
        getattr(one, "column", None) or getattr(one, "path", None) or None,
        str(one) if message is None else message,
        dict(one.params),
    )


class Watch:
    """What one test constructs, and which errors it is shown."""

    def __init__(self):
        self.seen = {}  # what is told, by whether it is to be recorded
        self.looked_at = 0

    def see(self, one, *, record):
        """Keep what an error or a fault tells; the faults of an error by themselves."""
        for fault in getattr(one, "faults", ())[:MOST_SEEN]:
            self.see(fault, record=record)
        if one.code == "invalid-input" or self.looked_at > MOST_SEEN:
            return
        self.looked_at += 1
        *key, params = told(one)
        if getattr(one, "faults", ()):
            key[-1] = ""  # a list of its faults
        record = record and not hypothesis.currently_in_test_context()
        kept = self.seen.setdefault(tuple(key), [params, record])
        kept[1] = kept[1] or record

    def recorded(self):
        """Entries of the record: distinct, of the most telling place, sorted."""
        lines = {}
        for (code, provision, row, column, message), (
            params,
            record,
        ) in self.seen.items():
            if record:
                line = (
                    code,
                    provision,
                    row,
                    column,
                    tuple(values_of(message, params, column)),
                )
                lines.setdefault(line)
        placed = {
            (c, p) for c, p, row, column, _ in lines if (row, column) != (None, None)
        }
        kept = [
            [c, p, row, column, list(values)]
            for c, p, row, column, values in lines
            if (row, column) != (None, None) or (c, p) not in placed
        ]
        return sorted(kept[:MOST_KEPT], key=json.dumps)

    def meets(self, entry):
        """Whether something seen tells the same, at the same place or a closer one."""
        code, provision, row, column, values = entry
        return any(
            (c, p) == (code, provision)
            and row in (None, r)
            and column in (None, k)
            and all(shows(message, value) for value in values)
            for c, p, r, k, message in self.seen
        )


def shows(message, value):
    """Whether a message shows a value, not only as a part of another one."""
    head = r"(?<!\d)" if value[0].isdigit() else ""
    tail = r"(?!\d)" if value[-1].isdigit() and len(value) < LONGEST_VALUE else ""
    return re.search(head + re.escape(value) + tail, message) is not None


class Golden:
    """The plugin: hooks once, a watch for each test, the record by file of tests."""

    def __init__(self, config):
        self.config = config
        self.updating = config.getoption("--golden-update")
        self.watch = None
        self.hooked = set()
        self.collected = set()
        self.remade = defaultdict(dict)
        self.record = {path.stem: read(path) for path in FOLDER.glob("*.jsonl")}
        plain = pytest.RaisesExc.__exit__

        def leave(context, kind, error, traceback):
            caught = plain(context, kind, error, traceback)
            if self.watch and isinstance(error, DsgkError):
                self.watch.see(error, record=bool(caught))
            return caught

        pytest.RaisesExc.__exit__ = leave

    def hook(self):
        """Have every class of errors and faults tell what is constructed."""
        classes = [DsgkError, *FAULTS]
        for one in classes:
            classes += one.__subclasses__()
            if one not in self.hooked and "__init__" in vars(one):
                self.wrap(one)
            self.hooked.add(one)

    def wrap(self, cls):
        plain = cls.__init__

        def construct(one, /, *args, **kwargs):
            plain(one, *args, **kwargs)
            if self.watch and type(one).__init__ is construct:  # not when by super()
                is_told = isinstance(one, FAULTS) and not unplaced(one)
                self.watch.see(one, record=is_told)

        construct.__wrapped__ = plain
        cls.__init__ = construct

    def recorded_for(self, room, name):
        """Entries of a test, also when it was moved here from another file."""
        if name in self.record.get(room, {}):
            return self.record[room][name]
        start = f"def {re.split(r'[:.]+', name.split('[')[0])[-1]}("
        for other, tests in self.record.items():
            path = TESTS / f"{other.replace('.', '/')}.py"
            if name in tests and (
                not path.exists() or start not in path.read_text(encoding="utf-8")
            ):
                return tests[name]
        return []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        if self.updating:
            items[:] = [item for item in items if not varies(item)]
        self.collected = {place(item) for item in items} - {None}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        where = place(item)
        if where is None or varies(item):
            return (yield)
        self.hook()
        self.watch = Watch()
        try:
            result = yield
        finally:
            watch, self.watch = self.watch, None
        if self.updating:
            item.user_properties.append(("golden", [*where, watch.recorded()]))
            return result
        lost = [one for one in self.recorded_for(*where) if not watch.meets(one)]
        if lost:
            lines = [json.dumps(one, ensure_ascii=False) for one in lost]
            seen = [
                json.dumps(one, ensure_ascii=False)
                for one in watch.seen
                if one[0] in {code for code, *_ in lost}
            ]
            pytest.fail(
                "recorded in tests/golden/faults, but not met in this test "
                "(code, provision, row, column, values):\n  "
                + "\n  ".join(lines)
                + "\nmet with these codes:\n  "
                + "\n  ".join(seen[:MOST_KEPT] or ["nothing"]),
                pytrace=False,
            )
        return result

    def pytest_runtest_logreport(self, report):
        for key, value in report.user_properties:
            if key == "golden" and report.when == "call" and report.passed:
                room, name, entries = value
                self.remade[room][name] = entries
            if key == "golden-stale" and report.when == "call":
                for room, name in value:
                    self.remade[room].setdefault(name, [])

    def pytest_sessionfinish(self):
        if not self.updating or hasattr(self.config, "workerinput"):
            return
        for room, tests in self.remade.items():
            write(room, {**self.record.get(room, {}), **tests})


def varies(item):
    """Whether Hypothesis chooses the examples, so that nothing can be recorded."""
    function = getattr(item, "function", None)
    return getattr(function, "is_hypothesis_test", False)


def place(item):
    """File of a test and its name in it; None for what is not recorded."""
    if not hasattr(item, "function") or not item.path.is_relative_to(TESTS):
        return None
    room = ".".join(item.path.relative_to(TESTS).with_suffix("").parts)
    name = item.nodeid.split("::", 1)[1]
    return None if room.startswith(LEFT_OUT) else (room, name)


def read(path):
    """Entries of a file of the record, by test."""
    tests = defaultdict(list)
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        name, *entry = json.loads(line)
        tests[name].append(entry)
    return dict(tests)


def write(room, tests):
    """One entry a line, sorted; no file for no entry."""
    path = FOLDER / f"{room}.jsonl"
    lines = sorted(
        json.dumps([name, *entry], ensure_ascii=False)
        for name, entries in tests.items()
        for entry in entries
    )
    FOLDER.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if lines:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pytest_addoption(parser):
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="remake the record of tests/golden for the tests that run",
    )


def pytest_configure(config):
    config.pluginmanager.register(Golden(config), "golden")
