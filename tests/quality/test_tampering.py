"""
Whoever changes a published document is found, or has changed nothing.

Announcements, records, closed documents, slips, receipts and rolls, each with one
change or two, are judged against what was published before: 20,000 in the campaign, a
part of them in every run.  And from one receipt nobody learns about a neighbour.
"""

import copy
import hashlib
import itertools
import json
import random

import pytest
import scale
from drawing import (
    FRAME,
    NAME,
    PLAN,
    ROLL_KEY,
    SEAL,
    SECRET,
    VALUES,
    example,
    plan_of,
)

from dsgk.draws import Frame, Roll, conduct, verify_receipt, verify_slip
from dsgk.kernels.merkle import inner_of, leaf_of, root_by_path, salt_of
from dsgk.verify import verify_chain, verify_record, verify_roll


WEIGHTED = Frame(["W1", "W2", "W3", "W4", "W5"], ["甲"] * 5, [1, 2, 3, 1000, 4])
PLANS = {NAME: PLAN, "加权": plan_of(WEIGHTED, {"甲": 3}, [("W0", "whitelist")])}
ANNOUNCEMENT = example(seal=SEAL, draws=PLANS)
RECORD = conduct(ANNOUNCEMENT, PLANS, roll_key=ROLL_KEY, entropy=VALUES, secret=SECRET)
ROLLS = {name: Roll.of(plan, name=name, key=ROLL_KEY) for name, plan in PLANS.items()}
CLOSED = RECORD.closed()
ON = SEAL.open_by
RECEIPTS = [
    RECORD.receipt(name, text, roll=ROLLS[name]).to_dict()
    for name, text in (
        (NAME, "S0"), (NAME, "S1"), (NAME, "S2"), (NAME, "S35"), (NAME, "A"),
        (NAME, "S8"), ("加权", "W1"), ("加权", "W4"), ("加权", "W0"),
    )
]  # fmt: skip
SLIPS = [RECORD.slip(NAME, text).to_dict() for text in ("S1", "S4", "S2", "S6")]


def places(document, path=()):
    """Every value of a document with the keys that lead to it."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield (*path, key)
            yield from places(value, (*path, key))
    elif isinstance(document, list):
        for at, value in enumerate(document):
            yield (*path, at)
            yield from places(value, (*path, at))


def tampered(document, chance):
    """The document with one change: a value, a character, a key or an entry."""
    document = copy.deepcopy(document)
    *way, last = chance.choice([*places(document)])
    parent = document
    for step in way:
        parent = parent[step]
    value = parent[last]
    kind = chance.randrange(6)
    if kind == 0 and isinstance(value, str) and value:
        at = chance.randrange(len(value))
        parent[last] = value[:at] + chance.choice("0aS甲\t/.") + value[at + 1 :]
    elif kind == 1 and isinstance(value, int):
        parent[last] = value + chance.choice([-1, 1, 2**53])
    elif kind == 2 and isinstance(parent, list) and len(parent) > 1:
        parent[last], parent[last - 1] = parent[last - 1], parent[last]
    elif kind == 3:
        del parent[last]
    elif kind == 4:
        inner = copy.deepcopy(value)
        if isinstance(parent, list):
            parent.insert(last, inner)
        else:
            parent[chance.choice(["more", "id", "state", "left", "drawn"])] = inner
    else:
        others = [
            None,
            True,
            0,
            1.0,
            "",
            [],
            {},
            "0" * 64,
            "f" * 32,
            "S1",
            "2026-04-01",
        ]
        parent[last] = chance.choice(others)
    return document


def same(one, other):
    """Whether two documents are the same text: 1, 1.0 and true are not."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def announcement_is_found(document):
    return verify_chain([document], [RECORD], on=ON) or verify_record(
        RECORD.to_dict() | {"announcement": document},
        PLANS,
        roll_key=ROLL_KEY,
        digest=ANNOUNCEMENT.digest,
    )


def record_is_found(document):
    return verify_record(
        document, PLANS, roll_key=ROLL_KEY, digest=ANNOUNCEMENT.digest, closed=CLOSED
    )


def closed_is_found(document):
    return verify_record(RECORD, PLANS, roll_key=ROLL_KEY, closed=document)


def receipt_is_found(document, text):
    return verify_receipt(document, RECORD, id=text)


def slip_is_found(document, text):
    return verify_slip(document, CLOSED, id=text)


# Kind of document, its share of the 20,000, documents, and who finds a change.
KINDS = {
    "announcement": (2_000, [(ANNOUNCEMENT.to_dict(), announcement_is_found)]),
    "record": (4_000, [(RECORD.to_dict(), record_is_found)]),
    "closed document": (2_000, [(CLOSED.to_dict(), closed_is_found)]),
    "receipt": (
        7_000,
        [(r, lambda d, t=r["id"]: receipt_is_found(d, t)) for r in RECEIPTS],
    ),
    "slip": (4_000, [(s, lambda d, t=s["id"]: slip_is_found(d, t)) for s in SLIPS]),
}


@pytest.mark.scaled
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("changes", [1, 2])
def test_every_change_is_found_or_is_none(kind, changes):
    """Judged against what was published before, and the id of who asks."""
    share, documents = KINDS[kind]
    chance = random.Random(f"{kind} {changes}")  # noqa: S311
    looked = 0
    for number in range(scale.of(share // 40, share // 2)):
        document, is_found = documents[number % len(documents)]
        other = document
        for _ in range(changes):
            other = tampered(other, chance)
        if same(document, other):
            continue
        looked += 1
        assert is_found(other), (kind, other)
    for document, is_found in documents:
        assert not is_found(document)
    assert looked > 0


@pytest.mark.scaled
@pytest.mark.parametrize("name", PLANS)
def test_every_change_of_a_roll_is_found(name):
    """Its published lines, against root and size that were announced."""
    chance = random.Random(f"roll {name}")  # noqa: S311
    announced = ANNOUNCEMENT.draw(name)
    lines = ROLLS[name].published.decode().splitlines()
    for _ in range(scale.of(50, 500)):
        other = list(lines)
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(4)
        if kind == 0:
            other.pop(at)
        elif kind == 1:
            other.insert(to, lines[at])
        elif kind == 2:
            other[at], other[to] = other[to], other[at]
        else:
            place = chance.randrange(len(lines[at]))
            letter = chance.choice("0aS\t")
            other[at] = lines[at][:place] + letter + lines[at][place + 1 :]
        if other != lines:
            assert verify_roll("\n".join(other) + "\n", announced)


def test_who_was_not_drawn_has_no_slip_after_the_opening():
    """Not with any state, salt, place or path of those who were."""
    slips = [
        RECORD.slip(name, text)
        for name, draw in RECORD.draws.items()
        for part in draw.strata.values()
        for text in (*part.selected, *part.published_reserves)
    ]
    rest = {*FRAME.ids, *WEIGHTED.ids, "S0", "S7", "W0", "S9"} - {s.id for s in slips}
    assert rest
    for one, text in itertools.product(slips, sorted(rest)):
        forged = one.to_dict() | {"id": text}
        assert verify_slip(forged, RECORD, id=text)
        own = salt_of(f"{SECRET}\t{one.draw}\t", text)
        assert verify_slip(forged | {"salt": own}, RECORD, id=text)


class TestPrivacy:
    def test_a_neighbours_state_cannot_be_guessed_from_a_receipt(self):
        """Every possible state under every salt that is known: none fits."""
        receipt = RECORD.receipt(NAME, "S1", roll=ROLLS[NAME])
        sibling = receipt.path[0]  # the leaf of S0, whose id is public
        states = ["in\tA", "in\tB", "out\twhitelist", "out\tstruck-off"]
        known = [receipt.salt, "0" * 32, "", *(one.salt for one in map(_slip, SLIPS))]
        guesses = {
            leaf_of(f"S0\t{inner_of(salt, state)}").hex()
            for salt, state in itertools.product(known, states)
        }

        assert sibling not in guesses
        # The roll key would give it away: it is kept with the register.
        salt = salt_of(f"{ROLL_KEY}\t{NAME}\t", "S0")
        assert leaf_of(f"S0\t{inner_of(salt, states[2])}").hex() == sibling

    def test_without_a_salt_one_path_would_give_it_away(self):
        """Why the salt: with four states and no salt four hashes are enough."""
        states = ["in\tA", "in\tB", "out\twhitelist", "out\tstruck-off"]
        bare = {leaf_of(f"S0\t{state}").hex(): state for state in states}
        sibling = leaf_of("S0\tout\twhitelist").hex()

        assert bare[sibling] == "out\twhitelist"

    def test_an_equal_state_has_another_inner_hash(self):
        """Two strangers' receipts cannot be compared for equal neighbours."""
        receipts = [RECORD.receipt(NAME, t, roll=ROLLS[NAME]) for t in ("S15", "S35")]
        inner = {one.inner for r in receipts for one in (r.left, r.right)}

        assert len(inner) == 4

    def test_the_state_of_another_draw_is_salted_anew(self):
        """One subject in two draws: its salts have nothing in common."""
        plans = {"甲项": PLAN, "乙项": PLAN}
        salts = {
            Roll.of(plan, name=name, key=ROLL_KEY).leaf_at(1)[2]
            for name, plan in plans.items()
        }

        assert len(salts) == 2

    def test_a_closed_document_hides_who_was_drawn(self):
        """Exhaustively: no id and no place fits without the secret."""
        leaves = {RECORD.slip(NAME, text).path[0] for text in ("S1", "S4")}
        for text, kind, place in itertools.product(
            FRAME.ids, ("drawn", "reserve"), range(1, 5)
        ):
            state = f"{NAME}\t{kind}\t{place}"
            for salt in ("", "0" * 32, hashlib.sha256(b"").hexdigest()[:32]):
                leaf = leaf_of(f"{text}\t{inner_of(salt, state)}")
                assert leaf.hex() not in leaves
        slip = RECORD.slip(NAME, "S4")
        leaf = leaf_of(f"S4\t{inner_of(slip.salt, slip.state)}")
        path = [bytes.fromhex(node) for node in slip.path]
        assert (
            root_by_path(leaf, slip.index, slip.size, path).hex() == CLOSED.outcome.root
        )


def _slip(document):
    return RECORD.slip(NAME, document["id"])
