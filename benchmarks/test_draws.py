"""
A million subjects drawn in four strata, against the bare loop of hashes.

The bare loop is the least that any draw by SHA-256 of key and id costs in
Python; numpy's is what a draw costs that nobody can repeat.
"""

import datetime as dt
import hashlib
import time

import numpy as np
import pytest

from dsgk.draws import (
    Digits,
    Entropy,
    Frame,
    Roll,
    announce,
    conduct,
    draw_subjects,
)
from dsgk.kernels.tickets import PartialDraw, tickets
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule
from dsgk.verify import verify_record


N = 1_000_000
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
SHARES = {"A": 0.60, "B": 0.25, "C": 0.12, "D": 0.03}
RATES = {"A": 0.03, "B": 0.05, "C": 0.10, "D": 0.20}
LETTERS = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))


@pytest.fixture(scope="module")
def columns():
    """Ids of 18 characters and strata, as a register has them."""
    rng = np.random.default_rng(1)
    points = LETTERS[rng.integers(0, len(LETTERS), (N, 18))]
    ids = tuple(points.view("U18").ravel().tolist())
    return ids, rng.choice(list(SHARES), N, p=list(SHARES.values())).tolist()


@pytest.fixture(scope="module")
def frame(columns):
    return Frame(*columns)


@pytest.fixture(scope="module")
def weighted(columns):
    rng = np.random.default_rng(2)
    return Frame(*columns, rng.integers(1, 1000, N))


@pytest.fixture(scope="module")
def quotas(frame):
    return {name: int(RATES[name] * size) for name, size in frame.sizes.items()}


def bare_loop(ids):
    prefix = KEY + ":"
    sha256 = hashlib.sha256
    return [sha256((prefix + i).encode()).digest() for i in ids]


def numpy_choice(frame, quotas):
    """Draw as most systems do: by a generator, rows in the order of the table."""
    rng = np.random.default_rng(1)
    drawn = []
    for code, name in enumerate(frame.names):
        rows = np.flatnonzero(frame.codes == code)
        drawn.append(rng.choice(rows, quotas[name], replace=False))
    return [frame.ids[row] for row in np.concatenate(drawn).tolist()]


@pytest.mark.benchmark(group="draw 48,500 of 1,000,000 in four strata", min_rounds=5)
class TestDraw:
    def test_bare_loop(self, benchmark, frame):
        benchmark(bare_loop, frame.ids)

    def test_draw_subjects(self, benchmark, frame, quotas):
        benchmark(draw_subjects, frame, quotas, key=KEY)

    def test_draw_subjects_with_weights(self, benchmark, weighted, quotas):
        benchmark(draw_subjects, weighted, quotas, key=KEY)

    def test_partial_draw(self, benchmark, columns, quotas):
        benchmark(PartialDraw.of, *columns, quotas, KEY)

    def test_tickets(self, benchmark, frame):
        benchmark(tickets, frame.ids, KEY)

    def test_numpy_choice(self, benchmark, frame, quotas):
        benchmark(numpy_choice, frame, quotas)


@pytest.mark.benchmark(group="frame of 1,000,000 rows", min_rounds=3)
class TestFrame:
    def test_sort_and_hash(self, benchmark, columns):
        """What the digest costs at least: sort the lines, hash them."""

        def least(ids, strata):
            pairs = zip(ids, strata, strict=True)
            text = "".join(sorted([f"{i}\t{s}\n" for i, s in pairs]))
            return hashlib.sha256(text.encode()).hexdigest()

        benchmark(least, *columns)

    def test_make(self, benchmark, columns):
        benchmark(Frame, *columns)

    def test_make_and_digest(self, benchmark, columns):
        benchmark(lambda: Frame(*columns).digest)


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


FACT = Entropy("公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": KEY,
}
CHANCE = {"roll_key": KEY, "entropy": ["02071118"]}


@pytest.fixture(scope="module")
def announcement(frame, quotas):
    return announce(**TEXTS, draws={"a": (frame, quotas)})


@pytest.mark.benchmark(group="record of 48,500 of 1,000,000", min_rounds=3)
class TestRecord:
    def test_draw_subjects(self, benchmark, frame, quotas):
        benchmark(draw_subjects, frame, quotas, key=KEY)

    def test_announce(self, benchmark, frame, quotas):
        benchmark(announce, **TEXTS, draws={"a": (frame, quotas)})

    def test_conduct(self, benchmark, announcement, frame):
        benchmark(conduct, announcement, {"a": frame}, **CHANCE)

    def test_verify_record(self, benchmark, announcement, frame):
        frames = {"a": frame}
        document = conduct(announcement, frames, **CHANCE).to_dict()

        assert benchmark(verify_record, document, frames, roll_key=KEY) == ()

    def test_receipt(self, benchmark, announcement, frame):
        """One firm asks; the root has been made."""
        roll = Roll.of(frame, name="a", key=KEY)
        record = conduct(announcement, {"a": frame}, **CHANCE)
        record.receipt("a", frame.ids[0], roll=roll)
        benchmark(record.receipt, "a", frame.ids[123_456], roll=roll)


POLICY = TierPolicy(
    TierRule(c, ratio=Ratio.at_least(str(RATES[c])), when={"credit": {c}}, yearly_cap=1)
    for c in RATES
)


def whole_way(ids, credit, visits):
    """From the columns of a register to a record that somebody has verified."""
    register = SubjectRegister.from_columns(
        id=ids, credit=credit, visits_this_year=visits
    )
    plans = {"a": POLICY.frame(register, on=dt.date(2026, 3, 20))}
    announced = announce(**TEXTS, draws=plans)
    record = conduct(announced, plans, **CHANCE)
    found = verify_record(record.to_dict(), plans, roll_key=KEY)
    assert found == ()
    return record


def test_whole_way_in_turn(columns, peak_mb, capsys):
    """
    Processor time from register to verified record, against the bare loop.

    Register, frame, roll, announcement, draw, record; then the roll and the draw
    again by whoever verifies.  The bare loop runs before it in every round, so that
    other work on the machine slows both alike.
    """
    ids, credit = columns
    visits = np.random.default_rng(3).integers(0, 20, N) == 0
    visits = visits.astype(np.int64)
    ratios = []
    for _ in range(3):
        begun = time.process_time()
        bare_loop(ids)
        between = time.process_time()
        whole_way(ids, credit, visits)
        ratios.append((time.process_time() - between) / (between - begun))
    peak = peak_mb(lambda: whole_way(ids, credit, visits))
    with capsys.disabled():
        print(
            f"\nregister to verified record of 1,000,000: × {np.median(ratios):.1f} "
            f"(least {min(ratios):.1f}) of the bare loop, {peak:.0f} MB above the ids"
        )

    assert min(ratios) <= 14
    assert peak <= 180


def test_memory(frame, weighted, columns, quotas, peak_mb):
    """Above the ids, result included; the frame is there already."""
    rows = {
        "draw_subjects": lambda: draw_subjects(frame, quotas, key=KEY),
        "with weights": lambda: draw_subjects(weighted, quotas, key=KEY),
        "tickets": lambda: tickets(frame.ids, KEY),
        "bare loop": lambda: bare_loop(frame.ids),
        "Frame": lambda: Frame(*columns),
        "Frame.digest": lambda: Frame(*columns).digest,
    }
    peaks = {name: peak_mb(function) for name, function in rows.items()}
    print(
        "\n1,000,000 rows, MB: " + ", ".join(f"{n} {p:.0f}" for n, p in peaks.items())
    )

    assert peaks["draw_subjects"] <= 60
    assert peaks["with weights"] <= 60
