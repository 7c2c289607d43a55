"""
Promises of a draw that anyone may hold against a published record.
"""

import copy
import datetime as dt
import itertools
import json
from fractions import Fraction

import attrs
from drawing import ROLL_KEY, SECRET, plan_of
from hypothesis import HealthCheck, assume, example, given, settings, strategies as st
from vectors import reference

from dsgk import testing
from dsgk.documents import canonical_json
from dsgk.draws import (
    Announcement,
    DrawRecord,
    Frame,
    Roll,
    Seal,
    announce,
    conduct,
    draw_subjects,
    verify_receipt,
    verify_slip,
)
from dsgk.identifiers import id_faults
from dsgk.kernels.tickets import MAX_WEIGHT, PartialDraw, certainty
from dsgk.verify import verify_record


def is_id(text):
    """In a list: nan and its like are ids to whoever has no other."""
    return not id_faults([text])


KEY = "f050b4356fceca7e0bd30cb92bc14db1"
# Texts whose order differs between bytes, UTF-16 units and collations.
LETTERS = "09AZaz é设备乙\ufa0e\ufb29\U00010000\U00020000\U0001f600"
ids = st.one_of(
    st.text(LETTERS, min_size=1, max_size=4).filter(is_id),
    st.text(min_size=1, max_size=4).filter(is_id),
    st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{18}", fullmatch=True),
)
names = st.sampled_from(["A", "B", "食品", "\ufa0e", "\U00020000", "0"])
weights = st.one_of(
    st.integers(1, 9),
    st.integers(1, MAX_WEIGHT),
    st.integers(MAX_WEIGHT - 3, MAX_WEIGHT),
    st.integers(0, 52).map(lambda e: 2**e),
)
keys = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
prose = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9
).filter(str.strip)
reasons = st.sampled_from(["whitelist", "struck-off", "drawn-before"])


@st.composite
def tables(draw, *, weighted=None, max_size=25):
    """Rows of a frame, with weights or without, and quotas that fit."""
    texts = draw(st.lists(ids, unique=True, max_size=max_size))
    heavy = draw(st.booleans()) if weighted is None else weighted
    rows = [[text, draw(names), *([draw(weights)] if heavy else [])] for text in texts]
    sizes = {n: sum(row[1] == n for row in rows) for n in {row[1] for row in rows}}
    quotas = {n: draw(st.integers(0, size)) for n, size in sorted(sizes.items())}
    return rows, quotas


def frame_of(rows):
    columns = list(zip(*rows, strict=True)) or [(), ()]
    return Frame(*columns)


def outcome(draw):
    return {
        name: {
            "drawn": list(stratum.selected),
            "reserves": list(stratum.reserves(stratum.size)),
            "cut": stratum.cut,
        }
        for name, stratum in draw.strata.items()
    }


def referred(rows, quotas, key):
    """The same, by the reference; as many reserves as it publishes."""
    made = {}
    for name in sorted(quotas, key=str.encode):
        drawn = reference.draw_stratum(
            [r for r in rows if r[1] == name], quotas[name], key
        )
        made[name] = {
            "drawn": drawn["selected"],
            "reserves": drawn["reserves"],
            "cut": drawn["cut"],
        }
    return made


@given(tables(), keys)
def test_the_draw_is_that_of_the_reference(table, key):
    """Sixty lines of another mind, the standard library alone, same draw."""
    rows, quotas = table
    frame = frame_of(rows)

    made = outcome(draw_subjects(frame, quotas, key=key))
    for name, part in made.items():
        part["reserves"] = part["reserves"][: quotas[name]]

    assert referred(rows, quotas, key) == made


@given(tables(), st.data())
def test_the_order_of_rows_has_no_influence(table, data):
    """Nobody gains by sorting the register."""
    rows, quotas = table
    shuffled = data.draw(st.permutations(rows))
    one, other = frame_of(rows), frame_of(shuffled)

    assert one.digest == other.digest
    assert outcome(draw_subjects(one, quotas, key=KEY)) == outcome(
        draw_subjects(other, quotas, key=KEY)
    )


@given(tables(weighted=False), st.data())
def test_striking_out_a_row_moves_nobody_else(table, data):
    """An exclusion can be audited by eye: the others keep their order."""
    rows, quotas = table
    assume(rows)
    gone = data.draw(st.sampled_from(rows))
    rest = [row for row in rows if row is not gone]
    before = outcome(draw_subjects(frame_of(rows), quotas, key=KEY))
    left = {n: min(q, sum(row[1] == n for row in rest)) for n, q in quotas.items()}
    left = {n: q for n, q in left.items() if any(row[1] == n for row in rest)}
    after = outcome(draw_subjects(frame_of(rest), left, key=KEY))

    for name, here in after.items():
        order = before[name]["drawn"] + before[name]["reserves"]
        assert here["drawn"] + here["reserves"] == [i for i in order if i != gone[0]]
        if gone[0] not in before[name]["drawn"]:
            assert here["drawn"] == before[name]["drawn"]
            assert here["cut"] == before[name]["cut"]


@given(tables(weighted=False), st.data())
def test_raising_a_quota_only_adds(table, data):
    """Whoever was drawn stays drawn, and the next are the first reserves."""
    rows, quotas = table
    frame = frame_of(rows)
    more = {n: data.draw(st.integers(q, frame.sizes[n])) for n, q in quotas.items()}
    before = draw_subjects(frame, quotas, key=KEY)
    after = draw_subjects(frame, more, key=KEY)

    for name, quota in quotas.items():
        one, other = before.strata[name], after.strata[name]
        assert other.selected == one.selected + one.reserves(more[name] - quota)


@given(tables(weighted=True), st.data())
def test_order_by_rank_stays_whatever_the_quota(table, data):
    """
    With weights the uncertain rows keep their order.

    More is not promised: a raised quota can make two rows certain at once,
    and they take the place of one that was drawn before.
    """
    rows, quotas = table
    frame = frame_of(rows)
    other = {n: data.draw(st.integers(0, frame.sizes[n])) for n in quotas}
    orders = []
    for chosen in (quotas, other):
        draw = draw_subjects(frame, chosen, key=KEY)
        orders.append(
            {
                name: s.selected[s.certain :] + s.reserves(s.size)
                for name, s in draw.strata.items()
            }
        )
    for name in quotas:
        one, two = (order[name] for order in orders)
        common = set(one) & set(two)

        assert [i for i in one if i in common] == [i for i in two if i in common]
        assert len(common) == min(len(one), len(two))


@given(tables(), st.data())
def test_a_subjects_ticket_is_its_own(table, data):
    """Other strata and other draws of one key do not change who is drawn."""
    rows, quotas = table
    assume(quotas)
    name = data.draw(st.sampled_from(sorted(quotas)))
    alone = [row for row in rows if row[1] == name]
    here = outcome(draw_subjects(frame_of(rows), quotas, key=KEY))

    assert {name: here[name]} == outcome(
        draw_subjects(frame_of(alone), {name: quotas[name]}, key=KEY)
    )


@given(st.integers(1, 6), st.data())
def test_chances_without_weights_are_exact(size, data):
    """
    Over all orders of the tickets each row is drawn in quota / size of them.

    The draw depends on the order of the tickets alone, all orders are equally
    likely, so counting them is the chance itself and not an estimate.
    """
    quota = data.draw(st.integers(0, size))
    frame = Frame([f"S{i}" for i in range(size)], ["A"] * size)
    stratum = draw_subjects(frame, {"A": quota}, key=KEY).strata["A"]
    by_ticket = sorted(frame.ids, key=lambda i: reference.sha256(f"{KEY}:{i}"))
    place = {text: at for at, text in enumerate(by_ticket)}
    drawn_places = {place[text] for text in stratum.selected}
    orders = list(itertools.permutations(range(size)))

    for row in range(size):
        hits = sum(order[row] in drawn_places for order in orders)
        assert Fraction(hits, len(orders)) == stratum.chance


@given(st.lists(weights, min_size=1, max_size=12), st.data())
@example([MAX_WEIGHT] * 3, None)
def test_certain_rows_are_those_of_the_definition(heavy, data):
    """In whole numbers, however large; and the aimed chances sum to the quota."""
    quota = len(heavy) - 1 if data is None else data.draw(st.integers(0, len(heavy)))
    rest, certain, n = sorted(heavy), [], quota
    while rest and n and n * rest[-1] >= sum(rest):
        round_ = [w for w in rest if n * w >= sum(rest)]
        certain += round_
        rest = rest[: len(rest) - len(round_)]
        n = quota - len(certain)
    frame = Frame([f"S{i}" for i in range(len(heavy))], ["A"] * len(heavy), heavy)
    stratum = draw_subjects(frame, {"A": quota}, key=KEY).strata["A"]

    assert (min(certain, default=None), n, sum(rest)) == certainty(frame.weights, quota)
    assert len(certain) == stratum.certain
    assert sum(map(stratum.target_chance, heavy)) == quota


@st.composite
def pieces(draw, *, weighted):
    """Partial draws of one frame: disjoint pieces, and the frame itself."""
    rows, quotas = draw(tables(weighted=weighted))
    count = draw(st.integers(1, 4))
    where = [draw(st.integers(0, count - 1)) for _ in rows]
    reserves = draw(st.integers(0, 3))

    def part(some):
        columns = list(zip(*some, strict=True)) or [(), (), *([()] if weighted else [])]
        texts, strata, *heavy = columns
        return PartialDraw.of(texts, strata, quotas, KEY, *heavy, reserves=reserves)

    parts = [
        part([row for row, at in zip(rows, where, strict=True) if at == number])
        for number in range(count)
    ]
    return rows, quotas, reserves, parts


@given(st.booleans().flatmap(lambda heavy: pieces(weighted=heavy)), st.data())
def test_merging_is_associative_commutative_and_idempotent(case, data):
    """In whatever tree an engine merges, and however often it retries."""
    _, _, _, parts = case
    a, b, c = (data.draw(st.sampled_from(parts)) for _ in range(3))

    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(a) == a
    assert a.merge(b).merge(a) == a.merge(b)


@given(st.booleans().flatmap(lambda heavy: pieces(weighted=heavy)), st.data())
def test_merged_pieces_give_the_draw_of_the_whole(case, data):
    """Where the data are makes no difference to who is drawn."""
    rows, quotas, reserves, parts = case
    order = [*parts, *data.draw(st.lists(st.sampled_from(parts), max_size=3))]
    merged = order[0]
    for part in data.draw(st.permutations(order)):
        merged = merged.merge(part)
    draw = draw_subjects(frame_of(rows), quotas, key=KEY)

    assert merged.result() == {n: s.selected for n, s in draw.strata.items()}
    assert merged.reserves() == {
        n: s.reserves(reserves) for n, s in draw.strata.items()
    }


@given(tables(weighted=False), st.data())
def test_overlapping_pieces_do_no_harm_without_weights(table, data):
    """A row that two engines hold is one row."""
    rows, quotas = table
    some, others = ([row for row in rows if data.draw(st.booleans())] for _ in range(2))
    one, other, both = (
        PartialDraw.of([r[0] for r in part], [r[1] for r in part], quotas, KEY)
        for part in (some, others, [r for r in rows if r in some or r in others])
    )

    assert one.merge(other) == both


# -- documents ---------------------------------------------------------------


@given(
    st.dictionaries(
        st.text("abcdefgh_", min_size=1),
        st.one_of(prose, st.integers(0, MAX_WEIGHT), st.none(), st.lists(prose)),
    )
)
def test_canonical_json_reads_back(document):
    """Nothing is lost, and a second writing is the first."""
    text = canonical_json(document)

    assert document == json.loads(text)
    assert canonical_json(dict(reversed(document.items()))) == text


@st.composite
def records(draw, *, max_size=8):
    """A record of one or two draws, sealed or not, with its plans."""
    plans = {}
    for name in draw(st.lists(ids, min_size=1, max_size=2, unique=True)):
        rows, quotas = draw(tables(max_size=max_size))
        there = {row[0] for row in rows}
        more = draw(st.dictionaries(ids, reasons, max_size=3))
        excluded = [(i, reason) for i, reason in more.items() if i not in there]
        plans[name] = plan_of(frame_of(rows), quotas, excluded)
    fact, values = draw(testing.facts())
    sealed = draw(st.booleans())
    announcement = announce(
        title="抽取",
        issuer="单位",
        announced_on=fact.on - dt.timedelta(1),
        entropy=fact,
        roll_key=ROLL_KEY,
        seal=Seal.of(SECRET, open_by=fact.on) if sealed else None,
        draws=plans,
    )
    record = conduct(
        announcement,
        plans,
        roll_key=ROLL_KEY,
        entropy=values,
        secret=SECRET if sealed else None,
    )
    return record, plans


@given(records())
def test_documents_make_exact_round_trips(case):
    """What a host stores is what it reads, to the byte."""
    record, plans = case
    document = record.to_dict()
    stored = json.loads(json.dumps(document, ensure_ascii=True))
    announced = Announcement.from_dict(stored["announcement"])

    assert stored == document
    assert DrawRecord.from_dict(stored) == record
    assert DrawRecord.from_dict(stored).to_dict() == document
    assert announced == record.announcement
    assert announced.canonical == record.announcement.canonical
    assert reference.sha256(reference.canonical(document["announcement"])) == (
        record.announcement.digest
    )
    assert verify_record(stored, plans, roll_key=ROLL_KEY) == ()


def places(document, path=()):
    """Every value of a document with the keys that lead to it."""
    yield path
    if isinstance(document, dict):
        for key, value in document.items():
            yield from places(value, (*path, key))
    elif isinstance(document, list):
        for at, value in enumerate(document):
            yield from places(value, (*path, at))


OTHERS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.floats(), ids, st.just([]),
    st.just({}), st.just("0" * 64), st.just("2026-03-25"),
)  # fmt: skip


def changed(document, data):  # noqa: C901  (one branch for each kind of change)
    """One change of a document: a value, a key or an entry."""
    document = copy.deepcopy(document)
    *way, last = data.draw(st.sampled_from([p for p in places(document) if p]))
    parent = document
    for step in way:
        parent = parent[step]
    value = parent[last]
    actions = ["replace", "drop", "add"]
    if isinstance(value, str) and value:
        actions.append("edit")
    if isinstance(value, int):
        actions.append("count")
    if isinstance(parent, list) and len(parent) > 1:
        actions.append("swap")
    match data.draw(st.sampled_from(actions)):
        case "replace":
            parent[last] = data.draw(OTHERS)
        case "drop":
            del parent[last]
        case "edit":
            at = data.draw(st.integers(0, len(value) - 1))
            parent[last] = value[:at] + data.draw(st.text(max_size=1)) + value[at + 1 :]
        case "count":
            parent[last] = value + data.draw(st.sampled_from([-1, 1]))
        case "swap":
            parent[last], parent[last - 1] = parent[last - 1], parent[last]
        case "add" if isinstance(parent, list):
            parent.insert(last, data.draw(st.one_of(OTHERS, st.just(value))))
        case "add":
            parent[data.draw(st.text(max_size=3))] = data.draw(OTHERS)
    return document


def same(one, other):
    """Whether two documents are the same text: 1, 1.0 and true are not."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(records(), st.data())
def test_any_single_change_of_a_record_is_found(case, data):
    """Whoever edits a published record is found out, wherever the edit is."""
    record, frames = case
    document = record.to_dict()
    other = changed(document, data)
    assume(not same(document, other))

    assert verify_record(other, frames, roll_key=ROLL_KEY)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(records(), st.data())
def test_a_record_that_reads_is_what_was_written(case, data):
    """`from_dict` refuses a changed document or keeps every bit of it."""
    record, frames = case
    document = changed(record.to_dict(), data)
    try:
        read = DrawRecord.from_dict(document)
    except ValueError:
        assert verify_record(document, frames, roll_key=ROLL_KEY) != ()
    else:
        assert same(document, read.to_dict())


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(records(), st.data())
def test_any_single_change_of_a_frame_is_found(case, data):
    """A row dropped, added, renamed, moved or made heavier."""
    record, frames = case
    name = data.draw(st.sampled_from(sorted(frames)))
    plan = frames[name]
    columns = plan.frame.to_columns()
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    width = len(columns)
    new = [data.draw(ids), data.draw(names), data.draw(weights)][:width]
    actions = ["add", *(["drop", "replace"] if rows else [])]
    action = data.draw(st.sampled_from(actions))
    at = data.draw(st.integers(0, max(len(rows) - 1, 0)))
    if action == "add":
        rows.append(new)
    elif action == "drop":
        del rows[at]
    else:
        column = data.draw(st.integers(0, width - 1))
        assume(rows[at][column] != new[column])
        rows[at][column] = new[column]
    assume(len({row[0] for row in rows}) == len(rows))
    assume(not {row[0] for row in rows} & set(plan.exclusions.ids))
    other = attrs.evolve(plan, frame=frame_of(rows))
    given_others = {n: p for n, p in frames.items() if n != name}

    assert verify_record(record, {**frames, name: other}, roll_key=ROLL_KEY)
    assert verify_record(record, given_others, roll_key=ROLL_KEY)


@given(records(), ids)
def test_every_subject_can_check_itself(case, stranger):
    """Registered, left out or a stranger: receipt and slip say what is the case."""
    record, plans = case
    stored = DrawRecord.from_dict(record.to_dict())
    for name, plan in plans.items():
        drawn = record.draws[name]
        places = {
            text: kind
            for part in drawn.strata.values()
            for kind, listed in (
                ("drawn", part.selected),
                ("reserve", part.published_reserves),
            )
            for text in listed
        }
        roll = Roll.of(plan, name=name, key=ROLL_KEY)
        for text in (*plan.frame.ids, *plan.exclusions.ids, stranger):
            receipt = stored.receipt(name, text, roll=roll)
            is_there = text in plan.frame.ids
            assert receipt.drawn == (text in drawn.selected if is_there else None)
            assert receipt.registered == (is_there or text in plan.exclusions.ids)
            assert verify_receipt(receipt.to_dict(), stored, id=text) == ()
            if record.secret is not None and text in places:
                slip = record.slip(name, text)
                assert slip.state.split("\t")[1] == places[text]
                assert verify_slip(slip, record.closed(), id=text) == ()
