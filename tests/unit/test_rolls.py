"""Rolls, receipts, slips: who stands where, and what a firm can check itself."""

import hashlib
import json
import pickle
import re

import attrs
import pytest
from drawing import (
    FRAME,
    NAME,
    PLAN,
    QUOTAS,
    ROLL_KEY,
    SEAL,
    SECRET,
    VALUES,
    VECTOR_NAMES,
    VECTORS,
    example,
    plan_of,
    plans_of,
)

from dsgk.draws import (
    Announcement,
    DrawRecord,
    Frame,
    Receipt,
    ReceiptStatus,
    Roll,
    Slip,
    conduct,
    explain,
    verify_receipt,
    verify_slip,
)
from dsgk.draws._records import outcome_of
from dsgk.errors import (
    DsgkError,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.fields import faults_of as told_by
from dsgk.kernels.merkle import BLOCK


ROLL = Roll.of(PLAN, name=NAME, key=ROLL_KEY)
OPEN = conduct(example(), {NAME: PLAN}, roll_key=ROLL_KEY, entropy=VALUES)
SEALED = conduct(
    example(seal=SEAL), {NAME: PLAN}, roll_key=ROLL_KEY, entropy=VALUES, secret=SECRET
)
STATUS = {
    "S0": ReceiptStatus.EXCLUDED,
    "S1": ReceiptStatus.NOT_DRAWN,
    "S2": ReceiptStatus.DRAWN,
    "S5": ReceiptStatus.DRAWN,
    "S7": ReceiptStatus.EXCLUDED,
    "A": ReceiptStatus.NOT_REGISTERED,
    "S35": ReceiptStatus.NOT_REGISTERED,
    "S8": ReceiptStatus.NOT_REGISTERED,
}


def codes(faults):
    return [(fault.code, fault.column) for fault in faults]


def told(function, /, *args, **kwargs):
    with pytest.raises(DsgkError) as caught:
        function(*args, **kwargs)
    return codes(told_by(caught.value))


def record_of(vector):
    return conduct(
        Announcement.from_dict(json.loads(vector["canonical"])),
        plans_of(vector),
        roll_key=vector["roll_key"],
        entropy=vector["values"],
        secret=vector["secret"],
    )


@pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
class TestVectors:
    def test_receipts_are_those_of_the_reference(self, vector):
        """On the roll, left out, and not on it: at both ends and inside."""
        record, plans = record_of(vector), plans_of(vector)
        for name, receipts in vector["receipts"].items():
            roll = Roll.of(plans[name], name=name, key=vector["roll_key"])
            for text, expected in receipts.items():
                before = record.announcement.receipt(name, text, roll=roll)
                after = record.receipt(name, text, roll=roll)
                document = json.loads(json.dumps(after.to_dict()))

                assert expected == {key: document[key] for key in expected}
                assert Receipt.from_dict(document) == after
                assert Receipt.from_dict(before.to_dict()) == before
                assert verify_receipt(document, record.to_dict(), id=text) == ()
                old = [] if before == after else [("receipt-old", "receipt.drawn")]
                assert codes(verify_receipt(before, record, id=text)) == old
                assert (
                    verify_receipt(before, record.announcement.to_dict(), id=text) == ()
                )

    def test_slips_are_those_of_the_reference(self, vector):
        """Every drawn subject and every reserve has one."""
        record = record_of(vector)
        if vector["secret"] is None:
            assert told(record.slip, next(iter(vector["draws"])), "S1") == [
                ("seal-none", None)
            ]
            return
        closed = json.loads(json.dumps(record.closed().to_dict()))
        for index, expected in enumerate(vector["outcome"]["slips"]):
            name = expected["state"].split("\t")[0]
            slip = record.slip(name, expected["id"])
            document = json.loads(json.dumps(slip.to_dict()))

            for key in ("id", "state", "salt", "path"):
                assert expected[key] == document[key]
            assert (slip.index, slip.size) == (index, vector["outcome"]["size"])
            assert Slip.from_dict(document) == slip
            assert verify_slip(document, closed, id=expected["id"]) == ()
            assert verify_slip(slip, record, id=expected["id"]) == ()


class TestRoll:
    def test_is_what_the_format_says(self):
        """Root, digest, lines."""
        assert (ROLL.root, ROLL.digest) == (
            "6c43f89bce8babbf568d1debea969a10ee7e8a8253faae8d881508eaa151db4f",
            "99d50051797ca8fffc79d92388d88077b6d871c282e0d2a2e4ee55b3458e4ec9",
        )
        assert ROLL.canonical.decode().splitlines()[:2] == [
            "S0\tout\twhitelist",
            "S1\tin\tA",
        ]
        assert (len(ROLL), ROLL.excluded) == (8, {"struck-off": 1, "whitelist": 1})

    def test_knows_who_stands_on_it(self):
        """The state comes from the roll, never from whoever asks."""
        assert ("S1" in ROLL, "S9" in ROLL, 5 in ROLL) == (True, False, False)
        assert [ROLL.state_of(f"S{k}") for k in (0, 1, 6, 9)] == [
            "out\twhitelist",
            "in\tA",
            "in\tB",
            None,
        ]
        assert [ROLL.row_of(text) for text in ("S0", "S7", "A")] == [0, 7, None]

    def test_order_of_the_rows_has_no_meaning(self):
        """Two rolls of the same subjects are one, pickled or not."""
        other = Frame(FRAME.ids[::-1], ["B", "B", "A", "A", "A", "A"])
        plan = plan_of(other, QUOTAS, [("S7", "struck-off"), ("S0", "whitelist")])
        roll = Roll.of(plan, name=NAME, key=ROLL_KEY)

        assert roll == ROLL
        assert hash(roll) == hash(ROLL)
        assert pickle.loads(pickle.dumps(roll)) == ROLL  # noqa: S301
        assert roll != Roll.of(PLAN, name="别的", key=ROLL_KEY)
        assert roll != FRAME
        assert ROLL_KEY not in repr(roll)

    @pytest.mark.parametrize(
        "ids",
        [
            [f"S{k:05}" for k in range(2 * BLOCK + 3)],
            ["\ufa0e", "\U00020000", "é", "z", "😀", "a b"],
            ["S" * 40, "S" * 39, "S1"],
            ["S1", "S1 a", "S10", "S"],
        ],
        ids=["blocks", "planes", "long", "prefixes"],
    )
    def test_sorts_by_bytes(self, ids):
        """As `LC_ALL=C sort` does, whatever the ids are made of."""
        roll = Roll.of(Frame(ids, ["A"] * len(ids)), name=NAME, key=ROLL_KEY)
        lines = roll.canonical.splitlines()
        text = b"dsgk-roll:" + ROLL_KEY.encode() + b"\n" + roll.canonical

        assert lines == sorted(lines)
        assert roll.digest == hashlib.sha256(text).hexdigest()
        assert [roll.row_of(line.decode().split("\t")[0]) for line in lines] == [
            *range(len(ids))
        ]
        first = lines[0].decode().split("\t")[0]
        announcement = example(draws={NAME: (roll.frame, {"A": 1})})
        for text in (first, ids[-1]):
            receipt = announcement.receipt(NAME, text, roll=roll)
            assert verify_receipt(receipt, announcement, id=text) == ()

    @pytest.mark.parametrize(
        ("args", "kwargs", "code"),
        [
            ((FRAME,), {"name": "", "key": ROLL_KEY}, "id-empty"),
            ((FRAME,), {"name": NAME, "key": "0"}, "text-form"),
            (("frame",), {"name": NAME, "key": ROLL_KEY}, "argument-type"),
        ],
        ids=["name", "key", "frame"],
    )
    def test_tells_what_it_cannot_be_made_of(self, args, kwargs, code):
        assert [told for told, _ in told(Roll.of, *args, **kwargs)] == [code]

    def test_has_each_subject_once(self):
        """Nobody is drawable and left out at once."""
        twice = plan_of(FRAME, QUOTAS, [("S1", "whitelist")])
        expected = [("roll-twice", "exclusions")]
        assert told(Roll.of, twice, name=NAME, key=ROLL_KEY) == expected


class TestReceipt:
    @pytest.mark.parametrize(("text", "status"), STATUS.items())
    def test_says_what_stands_on_the_roll(self, text, status):
        """Who was left out, or is a stranger, was once told "not drawn"."""
        receipt = OPEN.receipt(NAME, text, roll=ROLL)

        assert receipt.status is status
        assert status.label in str(receipt)
        assert receipt.registered is (status is not ReceiptStatus.NOT_REGISTERED)
        if status is ReceiptStatus.EXCLUDED:
            assert (receipt.drawn, receipt.cut, receipt.ticket) == (None, None, None)
            assert receipt.reason in {"whitelist", "struck-off"}
        if receipt.drawn is not None:
            assert receipt.drawn is (receipt.ticket <= receipt.cut)
            assert (receipt.stratum, receipt.weight) == (FRAME.names[text > "S4"], None)

    def test_before_the_draw_says_that_it_can_be_drawn(self):
        """The announcement is there, the fact is not."""
        receipt = example().receipt(NAME, "S1", roll=ROLL)

        assert receipt.status is ReceiptStatus.CAN_BE_DRAWN
        assert json.loads(receipt.canonical) == receipt.to_dict()

    def test_is_made_from_the_announced_roll_alone(self):
        """A receipt from another roll would be refused by whoever checks it."""
        other = Roll.of(FRAME, name=NAME, key=ROLL_KEY)

        assert ("roll-root", f"frames['{NAME}']") in told(
            OPEN.receipt, NAME, "S1", roll=other
        )
        assert told(OPEN.receipt, "别的", "S1", roll=ROLL) == [("not-in-list", None)]
        assert told(OPEN.receipt, NAME, "S1 ", roll=ROLL) == [("id-padded", "id")]
        with pytest.raises(InvalidTypeError, match="Roll"):
            OPEN.receipt(NAME, "S1", roll=FRAME)

    @pytest.mark.parametrize(
        ("text", "changes", "expected"),
        [
            (
                "S1",
                {"id": "S2"},
                [
                    ("proof-id", "receipt.id"),
                    ("proof-root", "receipt.path"),
                    ("value-differs", "receipt.ticket"),
                    ("value-differs", "receipt.drawn"),
                ],
            ),
            ("S1", {"digest": "0" * 64}, [("proof-digest", "receipt.digest")]),
            ("S1", {"draw": "别的"}, [("not-in-list", "receipt.draw")]),
            ("S1", {"salt": "0" * 32}, [("proof-root", "receipt.path")]),
            ("S1", {"index": 2}, [("proof-root", "receipt.path")]),
            ("S1", {"index": 9}, [("proof-root", "receipt.path")]),
            ("S1", {"path": ()}, [("proof-root", "receipt.path")]),
            ("S1", {"ticket": "0" * 64}, [("value-differs", "receipt.ticket")]),
            ("S1", {"cut": None}, [("value-differs", "receipt.cut")]),
            ("S1", {"drawn": True}, [("value-differs", "receipt.drawn")]),
            (
                "S0",
                {"state": "out\tstruck-off"},
                [("proof-root", "receipt.path")],
            ),
            (
                "S0",
                {"state": "out\tgone"},
                [("proof-root", "receipt.path"), ("not-in-list", "receipt.state")],
            ),
            ("S35", {"left": None}, [("receipt-gap", "receipt")]),
            ("S35", {"right": None}, [("receipt-gap", "receipt")]),
            ("A", {"right": None}, [("receipt-gap", "receipt")]),
        ],
        ids=lambda given: str(given)[:24],
    )
    def test_every_change_is_found(self, text, changes, expected):
        """Against the record, and with the id of who asks."""
        receipt = attrs.evolve(OPEN.receipt(NAME, text, roll=ROLL), **changes)

        assert codes(verify_receipt(receipt, OPEN, id=text)) == expected

    def test_of_a_stranger_encloses_its_id(self):
        """Neighbours of another gap, or too far apart, prove nothing."""
        receipt = OPEN.receipt(NAME, "S35", roll=ROLL)
        elsewhere = attrs.evolve(receipt, id="S55")
        far = attrs.evolve(receipt, right=OPEN.receipt(NAME, "S45", roll=ROLL).right)
        false = attrs.evolve(receipt.left, id="S34")
        forged = attrs.evolve(receipt, left=false)

        assert codes(verify_receipt(elsewhere, OPEN, id="S55")) == [
            ("receipt-gap", "receipt")
        ]
        assert codes(verify_receipt(far, OPEN, id="S35")) == [
            ("receipt-gap", "receipt")
        ]
        assert codes(verify_receipt(forged, OPEN, id="S35")) == [
            ("proof-root", "receipt.left.path")
        ]

    def test_contradicts_a_record_that_lists_the_subject(self):
        """A stranger who was drawn proves a false record, or a false receipt."""
        document = OPEN.to_dict()
        document["draws"][0]["strata"][0]["selected"][0] = "S35"
        document["draws"][0]["strata"][1]["reserves"][0] = "S0"
        record = DrawRecord.from_dict(document)

        for text, stratum in (("S35", "A"), ("S0", "B")):
            receipt = OPEN.receipt(NAME, text, roll=ROLL)
            (fault,) = verify_receipt(receipt, record, id=text)
            assert (fault.code, fault.params["stratum"]) == ("receipt-listed", stratum)
        (fault,) = verify_receipt(
            record.receipt(NAME, "S2", roll=ROLL), record.to_dict(), id="S2"
        )
        assert fault.code == "receipt-cut"

    def test_says_nothing_of_a_draw_without_the_record(self):
        """An announcement cannot confirm that somebody was drawn."""
        receipt = OPEN.receipt(NAME, "S2", roll=ROLL)

        assert codes(verify_receipt(receipt, example(), id="S2")) == [
            ("receipt-early", "receipt.drawn")
        ]

    def test_of_before_the_record_is_told_as_old(self):
        """It leaves open what the record says; who cannot be drawn has no question."""
        for text in ("S2", "S3"):
            receipt = example().receipt(NAME, text, roll=ROLL)

            assert verify_receipt(receipt, example(), id=text) == ()
            assert codes(verify_receipt(receipt, OPEN, id=text)) == [
                ("receipt-old", "receipt.drawn")
            ]
        for text in ("S0", "S35"):
            receipt = example().receipt(NAME, text, roll=ROLL)

            assert verify_receipt(receipt, OPEN, id=text) == ()

    @pytest.mark.parametrize("field", ["state", "salt"])
    def test_what_a_text_must_be_is_told_in_both_languages(self, field):
        """A Chinese sentence holds no English words."""
        document = OPEN.receipt(NAME, "S2", roll=ROLL).to_dict() | {field: "?"}
        with pytest.raises(InvalidInput) as caught:
            Receipt.from_dict(document)

        assert not re.search("[a-z]+ [a-z]+", caught.value.faults[0].chinese)

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"more": 1}, [("key-unknown", "more")]),
            ({"left": None}, [("key-unknown", "left")]),
            ({"salt": "F" * 32}, [("text-form", "salt")]),
            ({"state": "in\t"}, [("text-form", "state")]),
            ({"state": "in\tA\t007"}, [("text-form", "state")]),
            ({"state": None}, [("receipt-extra", "salt")]),
            ({"drawn": None}, [("receipt-extra", "ticket")]),
            ({"path": None}, [("receipt-lacks", "path")]),
            ({"state": "out\twhitelist"}, [("receipt-extra", "drawn")]),
        ],
        ids=str,
    )
    def test_documents_are_read_whole(self, change, expected):
        """Each kind of receipt has its own keys, and no others."""
        document = OPEN.receipt(NAME, "S2", roll=ROLL).to_dict() | change

        assert told(Receipt.from_dict, document)[:1] == expected
        faults = verify_receipt(document, OPEN, id="S2")
        assert faults[0].column.startswith("receipt.")

    def test_documents_that_half_ask_are_refused(self):
        """Ticket and cut without a result would be neither kind."""
        document = OPEN.receipt(NAME, "S2", roll=ROLL).to_dict()
        document |= {"ticket": None, "cut": None, "drawn": None}

        assert told(Receipt.from_dict, document) == [("receipt-lacks", "drawn")]
        with pytest.raises(InvalidTypeError, match="mapping"):
            Receipt.from_dict(5)

    def test_needs_two_documents(self):
        """Nothing else can be checked."""
        with pytest.raises(InvalidTypeError, match="Receipt"):
            verify_receipt(5, OPEN, id="S1")
        with pytest.raises(InvalidTypeError, match="Announcement"):
            verify_receipt(OPEN.receipt(NAME, "S1", roll=ROLL), None, id="S1")
        receipt = OPEN.receipt(NAME, "S1", roll=ROLL)
        assert codes(verify_receipt(receipt, {"format": "x"}, id="S1"))[0] == (
            "format-unknown",
            "published.format",
        )

    def test_with_weights_agrees_with_rank_and_certainty(self):
        """The weight is in the state, so that nobody has to be asked for it."""
        frame = Frame(["S1", "S2", "S3", "S4", "S5"], ["A"] * 5, [1, 2, 3, 1000, 4])
        roll = Roll.of(frame, name=NAME, key=ROLL_KEY)
        announcement = example(draws={NAME: (frame, {"A": 3})})
        record = conduct(announcement, {NAME: frame}, roll_key=ROLL_KEY, entropy=VALUES)
        drawn = set(record.draws[NAME].selected)
        for text, weight in zip(frame.ids, frame.weights.tolist(), strict=True):
            receipt = record.receipt(NAME, text, roll=roll)

            assert (receipt.weight, receipt.drawn) == (weight, text in drawn)
            assert verify_receipt(receipt, record, id=text) == ()
        plain = attrs.evolve(receipt, state="in\tA")
        assert ("receipt-weight", "receipt.state") in codes(
            verify_receipt(plain, record, id="S5")
        )
        everyone = example(draws={NAME: (frame, {"A": 5})})
        record = conduct(everyone, {NAME: frame}, roll_key=ROLL_KEY, entropy=VALUES)
        receipt = record.receipt(NAME, "S1", roll=roll)
        assert (receipt.cut, receipt.drawn) == (None, True)
        assert verify_receipt(receipt, record, id="S1") == ()

    def test_where_none_was_drawn_says_so(self):
        """A quota of 0 has no cut."""
        announcement = example(draws={NAME: (FRAME, {"A": 0, "B": 1})})
        record = conduct(announcement, {NAME: FRAME}, roll_key=ROLL_KEY, entropy=VALUES)
        roll = Roll.of(FRAME, name=NAME, key=ROLL_KEY)
        receipt = record.receipt(NAME, "S1", roll=roll)

        assert (receipt.cut, receipt.drawn) == (None, False)
        assert "cut" in receipt.to_dict()
        assert verify_receipt(receipt.to_dict(), record, id="S1") == ()

    def test_schema_describes_all_kinds(self):
        """For a host that checks documents by itself."""
        state = Receipt.schema()["properties"]["state"]

        assert {"type": "string"} in state["anyOf"]


class TestSlip:
    def test_is_for_those_drawn_and_their_reserves(self):
        """Nobody else gets one."""
        slip, spare = SEALED.slip(NAME, "S4"), SEALED.slip(NAME, "S2")

        assert (slip.place, slip.is_reserve) == (2, False)
        assert (spare.place, spare.is_reserve) == (3, True)
        assert str(slip).startswith("示例事项：S4 抽中，第2位（公告 7b866c0e…")
        assert "候补" in str(spare)
        assert json.loads(slip.canonical) == slip.to_dict()
        for text in ("S0", "S9"):
            with pytest.raises(InvalidValueError, match="slip"):
                SEALED.slip(NAME, text)
        with pytest.raises(InvalidValueError, match=NAME):
            SEALED.slip("别的", "S4")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"id": "S1"}, [("proof-id", "slip.id"), ("proof-root", "slip.path")]),
            ({"digest": "0" * 64}, [("proof-digest", "slip.digest")]),
            ({"size": 7}, [("value-differs", "slip.size")]),
            ({"draw": "别的"}, [("slip-draw", "slip.draw")]),
            ({"state": f"{NAME}\tdrawn\t1"}, [("proof-root", "slip.path")]),
            ({"salt": "0" * 32}, [("proof-root", "slip.path")]),
            ({"index": 0}, [("proof-root", "slip.path")]),
            ({"path": ()}, [("proof-root", "slip.path")]),
        ],
        ids=lambda given: str(given)[:24],
    )
    def test_every_change_is_found(self, changes, expected):
        """The firm gives its own id, and holds the rest against the issuer's page."""
        slip = attrs.evolve(SEALED.slip(NAME, "S4"), **changes)

        assert codes(verify_slip(slip, SEALED.closed(), id="S4")) == expected

    def test_needs_a_closed_document(self):
        """An open draw keeps nothing secret, and a false document is told."""
        slip = SEALED.slip(NAME, "S4")

        assert codes(verify_slip(slip, OPEN, id="S4")) == [("seal-none", "closed")]
        assert codes(verify_slip({"format": "x"}, {}, id="S4"))[:1] == [
            ("format-unknown", "slip.format")
        ]
        with pytest.raises(InvalidTypeError, match="Slip"):
            verify_slip(None, SEALED, id="S4")

    def test_of_a_large_outcome_leads_to_its_root(self):
        """Over several blocks, each slip hashes its own only."""
        frame = Frame([f"S{n}" for n in range(3000)], ["A"] * 3000)
        announcement = example(draws={NAME: (frame, {"A": 1100})}, seal=SEAL)
        record = conduct(
            announcement,
            {NAME: frame},
            roll_key=ROLL_KEY,
            entropy=VALUES,
            secret=SECRET,
        )
        stratum = record.draws[NAME].strata["A"]
        slips = [
            record.slip(NAME, text)
            for text in (*stratum.selected[::300], *stratum.published_reserves[::300])
        ]

        assert outcome_of(record.draws, SECRET) == record.outcome
        assert max(slip.index for slip in slips) >= BLOCK
        for slip in slips:
            assert verify_slip(slip, record.closed(), id=slip.id) == ()


class TestExplanation:
    def test_tells_stratum_chance_ticket_cut_and_result(self):
        """Why was this firm drawn, why was that one not?"""
        draw = OPEN.draws[NAME]
        drawn = explain("S2", PLAN, name=NAME, draw=draw)
        spare = explain("S3", PLAN, name=NAME, draw=draw)

        assert (drawn.drawn, drawn.place, str(drawn.chance)) == (True, 1, "1/2")
        assert (spare.drawn, spare.reserve) == (False, 1)
        assert str(spare).splitlines() == [
            "检查对象 S3",
            "抽取事项 | 名册 | 抽中概率 | 签号 | 分界签号 | 结果",
            "示例事项 | A | 1/2 | 88d7ecbb… | 64bdd589… | 候补第1位",
        ]
        assert "抽中，第1位" in str(drawn)
        late = explain("S3", PLAN, name=NAME, draw=draw)
        assert late == spare

    def test_tells_why_somebody_could_not_be_drawn(self):
        """With the reasons and their articles."""
        left = explain("S0", PLAN, name=NAME, draw=OPEN.draws[NAME])
        stranger = explain("S9", PLAN, name=NAME)

        assert left.registered
        assert "不列入：白名单（第十三条）" in str(left)
        assert not stranger.registered
        assert "不在名册" in str(stranger)
        assert not explain("S0", FRAME, name=NAME).registered

    def test_before_the_draw_tells_the_chance(self):
        """From the quotas of the plan."""
        before = explain("S5", PLAN, name=NAME)

        assert (str(before.chance), before.drawn) == ("1/2", None)
        assert "尚未抽取" in str(before)
        assert explain("S5", FRAME, name=NAME).chance is None
        assert explain("S5", FRAME, name=NAME, quotas=QUOTAS).chance == before.chance

    def test_with_weights_tells_the_chance_that_is_aimed_at(self):
        """Every row has its own; a rank is short enough to be shown whole."""
        frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4, [1, 2, 3, 10])
        announcement = example(draws={NAME: (frame, {"A": 2})})
        record = conduct(announcement, {NAME: frame}, roll_key=ROLL_KEY, entropy=VALUES)
        heavy = explain("S4", frame, name=NAME, draw=record.draws[NAME])
        light = explain("S1", frame, name=NAME, draw=record.draws[NAME])

        assert (heavy.chance, heavy.weight) == (1, 10)
        assert str(light.chance) == "1/6"
        assert explain("S4", frame, name=NAME, quotas={"A": 2}).chance is None
