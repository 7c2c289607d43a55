"""Announcement, draw, record, receipt: what a host calls and what it is told."""

import copy
import datetime as dt
import json
import pickle
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from vectors import reference

from dsgk.draws import (
    AnnouncedDraw,
    AnnouncedStratum,
    Announcement,
    DrawRecord,
    Frame,
    Supersession,
    announce,
    conduct,
    draw_subjects,
)
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError


FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS = [
    json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("draw-*.json"))
]
VECTOR_NAMES = [vector["note"].split()[0] for vector in VECTORS]
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
ENTROPY = "02-07-11-18-25-30+09"
FRAME = Frame(["S1", "S2", "S3", "S4", "S5", "S6"], ["A", "A", "A", "A", "B", "B"])
QUOTAS = {"A": 2, "B": 1}
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy_source": "2026-04-01 某公开开奖号码",
}


def example(**changes):
    """The announcement of the worked example, or one near it."""
    arguments = {**TEXTS, "draws": {"示例事项": (FRAME, QUOTAS)}, **changes}
    return announce(**arguments)


def frame_of(rows):
    ids, strata, *weights = zip(*rows, strict=True)
    return Frame(ids, strata, *weights)


def announced(vector):
    """The announcement of a vector, made as a host makes it."""
    texts = vector["announcement"]
    frames = {name: frame_of(rows) for name, rows in vector["frames"].items()}
    announcement = announce(
        title=texts["title"],
        issuer=texts["issuer"],
        announced_on=dt.date.fromisoformat(texts["announced_on"]),
        entropy_source=texts["entropy_source"],
        supersedes=texts["supersedes"],
        draws={name: (frames[name], vector["quotas"][name]) for name in frames},
    )
    return announcement, frames


def faults_of(function, /, *args, **kwargs):
    with pytest.raises(InvalidInput) as caught:
        function(*args, **kwargs)
    for fault in caught.value.faults:
        assert fault.message in str(caught.value)
    return [(fault.code, fault.column) for fault in caught.value.faults]


@pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
class TestVectors:
    """Golden draws: a change of any of them is a new format, never an edit."""

    def test_are_what_the_reference_makes(self, vector):
        """The reference is held to its own published past as well."""
        inputs = ("note", "frames", "quotas", "announcement", "entropy")

        assert vector == reference.vector({name: vector[name] for name in inputs})

    def test_are_announced_byte_for_byte(self, vector):
        """Canonical text, frame digests, announcement digest, key."""
        announcement, frames = announced(vector)

        assert vector["canonical"] == announcement.canonical.decode()
        assert vector["digest"] == announcement.digest
        assert vector["key"] == announcement.key(vector["entropy"])
        assert vector["frame_digests"] == {n: f.digest for n, f in frames.items()}

    def test_are_drawn_one_by_one(self, vector):
        """Drawn, in order, with cut and reserves."""
        announcement, frames = announced(vector)
        record = conduct(announcement, frames, entropy=vector["entropy"])

        assert vector["draws"] == {
            name: {
                stratum.name: {
                    "drawn": list(stratum.selected),
                    "reserves": list(stratum.reserves(stratum.size)),
                    "cut": stratum.cut,
                }
                for stratum in draw.strata.values()
            }
            for name, draw in record.draws.items()
        }

    def test_make_records_that_survive_json(self, vector):
        """A host stores the record as JSON and reads it years later."""
        announcement, frames = announced(vector)
        record = conduct(announcement, frames, entropy=vector["entropy"])
        document = record.to_dict()
        stored = json.loads(json.dumps(document))

        assert stored == document
        assert DrawRecord.from_dict(stored) == record
        assert DrawRecord.from_dict(stored).to_dict() == document
        assert Announcement.from_dict(stored["announcement"]) == announcement

    def test_tell_every_subject_what_became_of_it(self, vector):
        """Each row of each frame gets a receipt that agrees with the draw."""
        announcement, frames = announced(vector)
        record = conduct(announcement, frames, entropy=vector["entropy"])
        record = DrawRecord.from_dict(record.to_dict())  # without the frames
        for name, rows in vector["frames"].items():
            for text, stratum, *weight in rows:
                outcome = vector["draws"][name][stratum]
                extra = {"weight": weight[0]} if weight else {}
                receipt = record.receipt(name, text, stratum, **extra)

                assert (text in outcome["drawn"]) == receipt.drawn
                assert vector["tickets"][text] == receipt.ticket
                assert outcome["cut"] == receipt.cut
                if not weight:
                    assert receipt.drawn == (
                        receipt.cut is not None and receipt.ticket <= receipt.cut
                    )
                if receipt.reserve:
                    assert outcome["reserves"][receipt.reserve - 1] == text


class TestDraw:
    def test_lists_strata_by_name_and_each_in_draw_order(self):
        """The order that is read out and published."""
        draw = draw_subjects(FRAME, {"B": 2, "A": 2}, key=KEY)

        assert draw.selected == ("S2", "S4", "S6", "S5")
        assert list(draw.strata) == ["A", "B"]
        assert draw.to_columns() == {
            "id": ["S2", "S4", "S6", "S5"],
            "stratum": ["A", "A", "B", "B"],
            "ticket": [reference.sha256(f"{KEY}:S{i}") for i in (2, 4, 6, 5)],
        }

    def test_states_size_quota_chance_and_cut(self):
        """What a subject may hold against the organiser."""
        stratum = draw_subjects(FRAME, {"A": 3, "B": 0}, key=KEY).strata["A"]
        none = draw_subjects(FRAME, {"A": 3, "B": 0}, key=KEY).strata["B"]

        assert (stratum.name, stratum.size, stratum.quota) == ("A", 4, 3)
        assert stratum.chance == Fraction(3, 4)
        assert not stratum.weighted
        assert (none.cut, none.selected, none.chance) == (None, (), 0)
        assert none.reserves(1) == ("S6",)

    def test_of_a_frame_without_rows_is_empty(self):
        """An item for which nobody is eligible is no error."""
        draw = draw_subjects(Frame([], []), {}, key=KEY)

        assert (draw.selected, draw.strata) == ((), {})

    def test_reserves_are_as_many_as_asked_and_there(self):
        """Replacements come in the order of the draw, from the frame or a record."""
        draw = draw_subjects(FRAME, {"A": 1, "B": 0}, key=KEY)
        stratum = draw.strata["A"]

        assert stratum.selected == ("S2",)
        assert stratum.published_reserves == ("S4",)
        assert [stratum.reserves(k) for k in (0, 1, 2, 99)] == [
            (), ("S4",), ("S4", "S3"), ("S4", "S3", "S1")
        ]  # fmt: skip
        for count in (-1, 1.0, True, "1"):
            with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
                stratum.reserves(count)
            assert caught.value.code in {"number-range", "number-type"}

    def test_reserves_of_a_record_end_where_it_ends(self):
        """What was not published cannot be known without the frame."""
        announcement = example(draws={"示例事项": (FRAME, {"A": 1, "B": 1})})
        record = conduct(announcement, {"示例事项": FRAME}, entropy=ENTROPY)
        stored = DrawRecord.from_dict(record.to_dict()).draws["示例事项"].strata

        assert stored["A"].reserves(1) == record.draws["示例事项"].strata["A"].reserves(
            1
        )
        assert len(stored["B"].reserves(99)) == 1  # there is no other
        with pytest.raises(InvalidValueError, match="draw_subjects") as caught:
            stored["A"].reserves(2)
        assert caught.value.code == "reserves-unpublished"

    def test_of_many_strata_parts_the_rows_rightly(self):
        """More strata than a short integer counts."""
        n = 2**15 + 1
        ids = [f"S{i:05}" for i in range(n)]
        frame = Frame(ids, ids)
        draw = draw_subjects(frame, dict.fromkeys(ids, 1), key=KEY)

        assert draw.selected == tuple(ids)

    @pytest.mark.parametrize(
        "copied",
        [copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))],  # noqa: S301
        ids=["copy", "pickle"],
    )
    def test_survives_copying(self, copied):
        """Draws travel to other processes and keep their reserves."""
        draw = draw_subjects(FRAME, {"A": 1, "B": 1}, key=KEY)
        other = copied(draw)

        assert draw == other
        assert hash(draw) == hash(other)
        assert draw.strata["A"].reserves(3) == other.strata["A"].reserves(3)
        assert draw != draw_subjects(FRAME, {"A": 1, "B": 0}, key=KEY)


class TestWeights:
    FRAME = Frame(["S1", "S2", "S3", "S4", "S5"], ["A"] * 5, [1, 2, 3, 1000, 4])

    def test_state_the_chance_that_is_aimed_at(self):
        """Sequential Poisson sampling comes close to it and claims no more."""
        stratum = draw_subjects(self.FRAME, {"A": 3}, key=KEY).strata["A"]

        assert stratum.weighted
        assert (stratum.certain, stratum.certain_from) == (1, 1000)
        assert stratum.selected[0] == "S4"
        assert stratum.chance_per_weight == Fraction(2, 10)
        assert [stratum.target_chance(w) for w in (1, 4, 1000, 5000)] == [
            Fraction(1, 5), Fraction(4, 5), 1, 1
        ]  # fmt: skip
        assert sum(map(stratum.target_chance, self.FRAME.weights.tolist())) == 3

    def test_refuse_to_name_one_chance_for_all(self):
        """Nor the chance of a weight that no row can have."""
        stratum = draw_subjects(self.FRAME, {"A": 3}, key=KEY).strata["A"]
        everyone = draw_subjects(self.FRAME, {"A": 5}, key=KEY).strata["A"]
        plain = draw_subjects(FRAME, QUOTAS, key=KEY).strata["A"]

        for function, code in [
            (lambda: stratum.chance, "chance-unequal"),
            (lambda: stratum.target_chance(5), "weight-unknown"),
            (lambda: stratum.target_chance(0), "number-range"),
            (lambda: stratum.target_chance(2**53), "number-range"),
            (lambda: stratum.target_chance(1.0), "number-type"),
            (lambda: plain.target_chance(1), "chance-equal"),
        ]:
            with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
                function()
            assert code == caught.value.code
        assert (everyone.certain_from, everyone.chance_per_weight) == (1, None)
        assert everyone.target_chance(1) == 1
        assert everyone.cut is None

    def test_can_take_a_place_back_when_the_quota_is_raised(self):
        """
        With weights a raised quota does not only add, and the format says so.

        Two rows become certain at once, and one that was drawn before gives
        way.
        """
        frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4, [5, 5, 1, 1])
        key = f"{0x54:032x}"

        assert draw_subjects(frame, {"A": 2}, key=key).selected == ("S4", "S3")
        assert draw_subjects(frame, {"A": 3}, key=key).selected == ("S1", "S2", "S4")

    def test_have_reserves_in_order_of_rank(self):
        """Beyond those listed they are drawn again from the frame."""
        stratum = draw_subjects(self.FRAME, {"A": 2}, key=KEY).strata["A"]
        rows = [
            ["S1", "A", 1],
            ["S2", "A", 2],
            ["S3", "A", 3],
            ["S4", "A", 1000],
            ["S5", "A", 4],
        ]
        drawn, reserves, cut = reference.draw_stratum(rows, 2, KEY)

        assert tuple(drawn) == stratum.selected
        assert tuple(reserves) == stratum.reserves(3)
        assert cut == stratum.cut


class TestQuotas:
    def test_faults_are_told_all_at_once(self):
        """With the key, in one error."""
        frame = Frame(["1", "2", "3", "4", "5"], ["A", "B", "C", "D", "E"])
        quotas = {"A": 10**5000, "B": -1, "C": 1.0, "D": True, "F": 0}

        with pytest.raises(InvalidInput) as caught:
            draw_subjects(frame, quotas, key="K")
        assert [(f.code, f.params.get("stratum")) for f in caught.value.faults] == [
            ("text-form", None),
            ("quota-range", "A"),
            ("quota-range", "B"),
            ("quota-type", "C"),
            ("quota-type", "D"),
            ("quota-missing", "E"),
            ("quota-extra", "F"),
        ]

    def test_may_be_numbers_of_numpy(self):
        """They come from an allocation as an array."""
        quotas = dict(zip("AB", np.array([2, 1], dtype=np.uint8), strict=True))
        draw = draw_subjects(FRAME, quotas, key=KEY)

        assert draw == draw_subjects(FRAME, QUOTAS, key=KEY)
        assert type(draw.strata["A"].quota) is int

    @pytest.mark.parametrize(
        "key",
        ["", KEY.upper(), KEY[1:], KEY + "0", KEY + "\n", "g" * 32, b"0" * 32, None],
    )
    def test_come_with_a_key_of_one_form(self, key):
        """A key of another form was not made by an announcement."""
        assert faults_of(draw_subjects, FRAME, QUOTAS, key=key) == [
            ("text-form", "key")
        ]

    @pytest.mark.parametrize("args", [(FRAME, [2, 1]), (["S1"], {"A": 1})])
    def test_and_frame_have_their_types(self, args):
        """A frame and a mapping, nothing that looks like them."""
        with pytest.raises(InvalidTypeError, match="Write") as caught:
            draw_subjects(*args, key=KEY)
        assert caught.value.code in {"quotas-type", "frame-type"}


class TestAnnouncement:
    def test_may_be_about_nobody(self):
        """That nobody was eligible is a fact that can be announced."""
        frame = Frame([], [])
        announcement = example(draws={"示例事项": (frame, {})})
        record = conduct(announcement, {"示例事项": frame}, entropy=ENTROPY)

        assert record.draws["示例事项"].selected == ()
        assert DrawRecord.from_dict(record.to_dict()) == record

    def test_keeps_its_draws_in_the_given_order(self):
        """The order of the document is the organiser's, and hashed."""
        pair = (FRAME, QUOTAS)
        one, other = (
            example(draws={"b": pair, "a": pair}),
            example(draws={"a": pair, "b": pair}),
        )

        assert [draw.name for draw in one.draws] == ["b", "a"]
        assert one.digest != other.digest

    def test_shows_sizes_and_quotas(self):
        """What the public reads before the draw."""
        (draw,) = example().draws

        assert (draw.sizes, draw.quotas) == ({"A": 4, "B": 2}, QUOTAS)
        assert (draw.frame_size, draw.frame_digest) == (6, FRAME.digest)

    def test_faults_are_told_all_at_once(self):
        """Texts, day, frames, quotas: one error, with places."""
        draws = {
            "a": (FRAME, {"A": 9}),
            "b": (FRAME, [1]),
            "c": FRAME,
            "d": (FRAME, QUOTAS, 1),
            "e": ("frame", QUOTAS),
        }
        changes = {
            "title": "",
            "issuer": " \n",
            "entropy_source": "\ud800",
            "announced_on": "2026-03-25",
            "reason": "why",
        }

        assert faults_of(example, draws=draws, **changes) == [
            ("reason-alone", "reason"),
            ("day-type", "announced_on"),
            ("text-empty", "title"),
            ("text-empty", "issuer"),
            ("text-surrogate", "entropy_source"),
            ("quota-range", "draws['a']"),
            ("quota-missing", "draws['a']"),
            ("quotas-type", "draws['b']"),
            ("draws-pair", "draws['c']"),
            ("draws-pair", "draws['d']"),
            ("draws-pair", "draws['e']"),
        ]

    @pytest.mark.parametrize(
        "day",
        [
            dt.datetime(2026, 3, 25, tzinfo=dt.UTC),
            "2026-03-25",
            20260325,
            10**5000,
            None,
        ],
        ids=["datetime", "text", "int", "unwritable", "none"],
    )
    def test_is_published_on_a_day(self, day):
        """A moment has a time zone, and therefore two days."""
        assert faults_of(example, announced_on=day) == [("day-type", "announced_on")]

    def test_has_a_draw_at_least(self):
        """And names for them."""
        assert faults_of(example, draws={}) == [("draws-none", "draws")]
        assert faults_of(example, draws={" ": (FRAME, QUOTAS)}) == [
            ("text-empty", "draws[0].name")
        ]
        assert faults_of(example, title=5) == [("type-differs", "title")]
        with pytest.raises(InvalidTypeError, match="Write"):
            example(draws=[FRAME])

    def test_escapes_texts_as_rfc_8785_does(self):
        """Two escapes of one text would be two digests."""
        title = "".join(map(chr, range(0x20))) + '"\\/\x7f\x80é\u2028\ufeff\U0001f600'
        expected = (
            '"title":"'
            r"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e"
            r"\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a"
            r"\u001b\u001c\u001d\u001e\u001f"
            r"\"\\/"
            "\x7f\x80é\u2028\ufeff\U0001f600"
            '"}'
        )

        assert expected.encode() in example(title=title).canonical


class TestRedraw:
    def test_names_what_it_replaces_and_why(self):
        """Article 3: no redraw without a trace."""
        first = example()
        again = example(supersedes=first, reason="名录库更正")

        assert again.supersedes == Supersession(first.digest, "名录库更正")
        assert again.to_dict()["supersedes"] == {
            "digest": first.digest,
            "reason": "名录库更正",
        }
        assert again == example(supersedes=again.to_dict()["supersedes"])
        assert again.key(ENTROPY) != first.key(ENTROPY)
        assert Announcement.from_dict(again.to_dict()) == again

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, [("type-differs", "reason")]),
            ({"reason": " "}, [("text-empty", "reason")]),
            (
                {"reason": "更正", "announced_on": dt.date(2026, 3, 24)},
                [("supersedes-day", "announced_on")],
            ),
            (
                {
                    "reason": "更正",
                    "supersedes": {"digest": "0" * 64, "reason": "更正"},
                },
                [("reason-alone", "reason")],
            ),
            (
                {"supersedes": {"digest": "0", "reason": "", "by": "me"}},
                [
                    ("key-unknown", "supersedes.by"),
                    ("text-form", "supersedes.digest"),
                    ("text-empty", "supersedes.reason"),
                ],
            ),
            ({"supersedes": "0" * 64}, [("type-differs", "supersedes")]),
        ],
        ids=["none", "blank", "earlier", "twice", "document", "text"],
    )
    def test_without_a_reason_is_refused(self, changes, expected):
        """「不满意？再抽一次」 is not offered."""
        arguments = {"supersedes": example(), **changes}

        assert expected == faults_of(example, **arguments)


class TestEntropy:
    @pytest.mark.parametrize(
        ("entropy", "code", "remedy"),
        [
            ("", "text-empty", None),
            (" ", "text-empty", None),
            ("02-07\n", "entropy-form", "Write '02-07' instead."),
            (" 02-07", "entropy-form", "Write '02-07' instead."),
            ("02\t07", "entropy-form", "Write '0207' instead."),
            ("02-\u200b07", "entropy-form", "Write '02-07' instead."),
            ("\ufeff02-07", "entropy-form", "Write '02-07' instead."),
            ("02\u202807", "entropy-form", "Write '0207' instead."),
            ("\u200b", "entropy-form", "Write the published fact."),
            ("\ud800", "text-surrogate", "Read its source"),
            (207, "type-differs", "must be a text"),
        ],
    )
    def test_that_cannot_be_meant_is_refused(self, entropy, code, remedy):
        """A citizen who types what is printed would get another key."""
        with pytest.raises(InvalidInput) as caught:
            example().key(entropy)

        assert [code] == [fault.code for fault in caught.value.faults]
        assert (remedy or "") in str(caught.value)
        assert faults_of(conduct, example(), {"示例事项": FRAME}, entropy=entropy) == [
            (code, "entropy")
        ]

    @pytest.mark.parametrize(
        "entropy", ["０２－０７", "é\u0301", "3,347.39", "🎲 6", "1"]
    )
    def test_is_taken_exactly_as_printed(self, entropy):
        """Full-width digits stay what they are: the source prints them."""
        announcement = example()
        expected = reference.sha256(f"{announcement.digest}:{entropy}")[:32]

        assert expected == announcement.key(entropy)


class TestConduct:
    def test_refuses_frames_that_were_not_announced(self):
        """Every difference at once, with what to do."""
        announcement = example(
            draws={"a": (FRAME, QUOTAS), "b": (FRAME, QUOTAS), "c": (FRAME, QUOTAS)}
        )
        frames = {
            "a": Frame(FRAME.ids[1:], ["A", "A", "A", "B", "B"]),
            "b": Frame(FRAME.ids, ["A", "A", "B", "A", "A", "B"]),
            "d": FRAME,
        }

        assert faults_of(conduct, announcement, frames, entropy=ENTROPY) == [
            ("frame-digest", "frames['a']"),
            ("frame-size", "frames['a']"),
            ("frame-strata", "frames['a']"),
            ("frame-digest", "frames['b']"),
            ("frame-missing", "frames['c']"),
            ("frame-unannounced", "frames['d']"),
        ]
        with pytest.raises(InvalidInput, match="announce a redraw that supersedes"):
            conduct(announcement, frames, entropy=ENTROPY)

    @pytest.mark.parametrize(
        "args",
        [
            (example().to_dict(), {"示例事项": FRAME}),
            (example(), [FRAME]),
            (example(), {"示例事项": FRAME.ids}),
        ],
        ids=["announcement", "list", "ids"],
    )
    def test_takes_an_announcement_and_frames(self, args):
        """Not their documents."""
        with pytest.raises(InvalidTypeError) as caught:
            conduct(*args, entropy=ENTROPY)
        assert caught.value.code in {"announcement-type", "frames-type"}

    def test_gives_one_subject_one_ticket_in_all_draws(self):
        """Coordinated draws: overlapping lists draw the same subjects."""
        ids = [f"S{i}" for i in range(200)]
        one, other = Frame(ids, ["A"] * 200), Frame(ids[50:], ["B"] * 150)
        announcement = example(draws={"a": (one, {"A": 40}), "b": (other, {"B": 40})})
        record = conduct(announcement, {"a": one, "b": other}, entropy=ENTROPY)
        drawn = [set(draw.selected) for draw in record.draws.values()]
        apart = draw_subjects(other, {"B": 40}, key="0" * 32)

        assert len(drawn[0] & drawn[1]) >= 30  # all of the first that are in both
        assert len(drawn[0] & set(apart.selected)) < 20  # 40 * 40 / 200 expected


def document(**changes):
    record = conduct(example(), {"示例事项": FRAME}, entropy=ENTROPY)
    return {**record.to_dict(), **changes}


class TestDocuments:
    def test_of_announcements_tell_all_their_faults(self):
        """Unknown keys and formats, wrong values, contradictions: with paths."""
        stratum = {"name": "A", "size": 4, "quota": 2}
        given = {
            "format": "dsgk-draw/2",
            "title": "t",
            "issuer": None,
            "announced_on": "2026-02-29",
            "entropy_source": "x",
            "supersedes": {"digest": FRAME.digest},
            "seed": 5,
            "draws": [
                {"name": "a", "frame": {"digest": FRAME.digest, "size": 8},
                 "strata": [stratum, stratum]},
                {"name": "a", "frame": {"digest": FRAME.digest.upper(), "size": 4},
                 "strata": [stratum]},
                {"name": "a", "frame": {"digest": FRAME.digest, "size": 7},
                 "strata": [{**stratum, "name": "B"}, {**stratum, "quota": 5}]},
                {"name": "b", "frame": {"digest": FRAME.digest, "size": True},
                 "strata": {"A": 4}},
                {"name": "c", "frame": {"digest": FRAME.digest, "size": 0},
                 "strata": [{"name": "A", "size": 0, "quota": 0}]},
                {"name": "d", "frame": {"digest": FRAME.digest, "size": 4},
                 "strata": [{"name": "A ", "size": -4, "quota": 2**53}]},
                "e",
            ],
        }  # fmt: skip
        assert faults_of(Announcement.from_dict, given) == [
            ("key-unknown", "seed"),
            ("value-differs", "format"),
            ("type-differs", "issuer"),
            ("day-form", "announced_on"),
            ("key-missing", "supersedes.reason"),
            ("text-form", "draws[1].frame.digest"),
            ("type-differs", "draws[3].frame.size"),
            ("type-differs", "draws[3].strata"),
            ("id-padded", "draws[5].strata[0].name"),
            ("count-range", "draws[5].strata[0].size"),
            ("count-most", "draws[5].strata[0].quota"),
            ("type-differs", "draws[6]"),
            ("strata-order", "draws[0].strata"),
            ("draw-twice", "draws[2].name"),
            ("strata-order", "draws[2].strata"),
            ("stratum-numbers", "draws[2].strata[1]"),
            ("strata-cover", "draws[2].strata"),
            ("stratum-numbers", "draws[4].strata[0]"),
        ]

    @pytest.mark.parametrize("given", [None, [], "{}", 5, {}], ids=repr)
    def test_of_another_kind_are_refused(self, given):
        """Whatever a file contains."""
        for cls in (Announcement, DrawRecord):
            assert faults_of(cls.from_dict, given)

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            *[
                (day, "day-form")
                for day in ("2026-3-25", "20260325", "2026-03-25T00:00")
            ],
            *[(day, "type-differs") for day in (5, None)],
        ],
    )
    def test_write_days_in_one_way(self, day, code):
        """Two ways would be two digests."""
        given = {**example().to_dict(), "announced_on": day}

        assert faults_of(Announcement.from_dict, given) == [(code, "announced_on")]

    def test_of_records_tell_all_their_faults(self):
        """A record of another format, or with parts that nobody knows."""
        given = document(format="dsgk-draw/1", key="0", seed=1, entropy=" ")
        first, second = given["draws"][0]["strata"]
        first["cut"] = "0"
        first["selected"] = ["S2", "Ｓ4"]
        del second["reserves"]
        second["certain"] = None
        given["announcement"]["draws"] = []

        assert faults_of(DrawRecord.from_dict, given) == [
            ("key-unknown", "seed"),
            ("value-differs", "format"),
            ("draws-none", "announcement.draws"),
            ("text-empty", "entropy"),
            ("text-form", "key"),
            ("text-form", "draws[0].strata[0].cut"),
            ("id-form", "draws[0].strata[0].selected[1]"),
            ("key-missing", "draws[0].strata[1].reserves"),
            ("key-missing", "draws[0].strata[1].certain_from"),
            ("key-missing", "draws[0].strata[1].chance_per_weight"),
            ("float-form", "draws[0].strata[1].cut"),
            ("type-differs", "draws[0].strata[1].certain"),
        ]

    def test_of_records_must_follow_from_their_announcement(self):
        """What can be derived is not read but compared."""
        given = document(digest="0" * 64, key="0" * 32)
        given["draws"][0]["name"] = "另一事项"
        given["draws"][0]["strata"][0]["quota"] = 3
        del given["draws"][0]["strata"][1]

        assert faults_of(DrawRecord.from_dict, given) == [
            ("value-differs", "digest"),
            ("value-differs", "key"),
            ("value-differs", "draws[0].name"),
            ("value-differs", "draws[0].strata[0].quota"),
            ("entry-missing", "draws[0].strata[1]"),
        ]

    @pytest.mark.parametrize(
        "cut", ["1", "1.50", "1e3", "nan", "inf", "x", 1.5, "0x1p0", 10**400]
    )
    def test_write_ranks_in_one_way(self, cut):
        """The shortest decimal that reads back, as text."""
        rows = [["S1", "A", 1], ["S2", "A", 2], ["S3", "A", 3]]
        frame = frame_of(rows)
        announcement = example(draws={"a": (frame, {"A": 1})})
        given = conduct(announcement, {"a": frame}, entropy=ENTROPY).to_dict()
        given["draws"][0]["strata"][0]["cut"] = cut

        assert faults_of(DrawRecord.from_dict, given) == [
            ("float-form", "draws[0].strata[0].cut")
        ]

    @pytest.mark.parametrize(
        "share", ["2/4", "1.5", "1/0", "+1", "1e9999999", "-1/2", 1, "0/3"]
    )
    def test_write_shares_in_one_way(self, share):
        """In lowest terms, as text; and no number that takes for ever to read."""
        frame = frame_of([["S1", "A", 1], ["S2", "A", 2], ["S3", "A", 3]])
        announcement = example(draws={"a": (frame, {"A": 1})})
        given = conduct(announcement, {"a": frame}, entropy=ENTROPY).to_dict()
        given["draws"][0]["strata"][0]["chance_per_weight"] = share

        assert faults_of(DrawRecord.from_dict, given) == [
            ("share-form", "draws[0].strata[0].chance_per_weight")
        ]

    def test_are_checked_when_values_are_made_by_hand_too(self):
        """An announcement that cannot be published cannot exist."""
        draw = AnnouncedDraw(
            name="a",
            frame_digest=FRAME.digest,
            frame_size=5,
            strata=(AnnouncedStratum("A", 4, 2),),
        )

        assert faults_of(Announcement, **TEXTS, draws=(draw,)) == [
            ("strata-cover", "draws[0].strata")
        ]


class TestReceipt:
    RECORD = conduct(example(), {"示例事项": FRAME}, entropy=ENTROPY)

    def test_says_drawn_reserve_or_neither(self):
        """What a firm asks."""
        receipts = {
            text: self.RECORD.receipt("示例事项", text, stratum)
            for text, stratum in zip(FRAME.ids, "AAAABB", strict=True)
        }

        assert {t: r.drawn for t, r in receipts.items()} == {
            "S1": False, "S2": True, "S3": False, "S4": True, "S5": False, "S6": True
        }  # fmt: skip
        assert {t: r.reserve for t, r in receipts.items() if not r.drawn} == {
            "S1": 2, "S3": 1, "S5": 1
        }  # fmt: skip
        assert receipts["S1"].key == KEY
        assert (receipts["S1"].draw, receipts["S1"].stratum) == ("示例事项", "A")

    @pytest.mark.skipif(
        not (shutil.which("sh") and shutil.which("sha256sum")), reason="needs a shell"
    )
    @pytest.mark.parametrize(
        "text",
        [
            "S1",
            "$(exit 3)",
            "`exit 3`",
            "it's",
            '"',
            "-n",
            "%s%d",
            "\\n",
            "a;b|c>d",
            "*",
            "~",
            "!x",
            "张三 (分)",
            "#",
        ],
    )
    def test_gives_a_shell_line_that_is_safe_for_every_id(self, text):
        """An id is the owner's text, and the owner may be malicious."""
        frame = Frame([text], ["A"])
        announcement = example(draws={"a": (frame, {"A": 1})})
        record = conduct(announcement, {"a": frame}, entropy=ENTROPY)
        receipt = record.receipt("a", text, "A")
        out = subprocess.run(  # noqa: S603
            ["sh", "-c", receipt.command],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )

        assert out.stdout.split()[0] == receipt.ticket
        assert out.stderr == ""

    def test_needs_the_weight_where_there_are_weights(self):
        """And only there."""
        rows = [["S1", "A", 1], ["S2", "A", 2], ["S3", "A", 3], ["S4", "A", 100]]
        frame = frame_of(rows)
        announcement = example(draws={"a": (frame, {"A": 2})})
        record = conduct(announcement, {"a": frame}, entropy=ENTROPY)
        heavy = record.receipt("a", "S4", "A", weight=100)
        light = record.receipt("a", "S1", "A", weight=1)

        assert (heavy.drawn, heavy.certain) == (True, True)
        assert not light.certain
        assert light.drawn == (float(light.rank) <= float(light.cut))
        assert light.rank == repr((int(light.ticket[:16], 16) >> 11) / 1)
        for args, code in [
            (("S1", None), "weight-missing"),
            (("S1", 50), "weight-unknown"),
        ]:
            with pytest.raises(InvalidValueError) as caught:
                record.receipt("a", args[0], "A", weight=args[1])
            assert code == caught.value.code
        for id_, weight in zip(np.array(frame.ids), frame.weights, strict=True):
            given = record.receipt("a", id_, "A", weight=weight)
            expected = record.receipt("a", str(id_), "A", weight=int(weight))
            assert repr(expected) == repr(given)  # equal values can differ here
        given = record.to_dict()
        given["draws"][0]["strata"][0]["selected"].remove("S4")
        with pytest.raises(InvalidValueError, match="contradict"):
            DrawRecord.from_dict(given).receipt("a", "S4", "A", weight=100)
        with pytest.raises(InvalidValueError) as caught:
            self.RECORD.receipt("示例事项", "S1", "A", weight=1)
        assert caught.value.code == "weight-extra"

    @pytest.mark.parametrize(
        ("args", "code"),
        [
            (("示例", "S1", "A"), "no-such-draw"),
            (([], "S1", "A"), "no-such-draw"),
            (("示例事项", "S1", "C"), "no-such-stratum"),
            (("示例事项", "S1", {}), "no-such-stratum"),
            (("示例事项", "S1 ", "A"), "id-padded"),
        ],
        ids=["draw", "draw-type", "stratum", "stratum-type", "id"],
    )
    def test_is_of_something_in_the_record(self, args, code):
        """With what there is."""
        with pytest.raises(InvalidValueError) as caught:
            self.RECORD.receipt(*args)
        assert code == caught.value.code

    def test_is_refused_where_the_record_contradicts_itself(self):
        """Who was left out of the list, put into it, or is not in the frame."""
        given = self.RECORD.to_dict()
        given["draws"][0]["strata"][0]["selected"] = ["S2", "S3"]
        tampered = DrawRecord.from_dict(given)
        for record, text, stratum in [
            (tampered, "S3", "A"),
            (tampered, "S4", "A"),
            (self.RECORD, "S6", "A"),  # of another stratum, with a low ticket
        ]:
            with pytest.raises(InvalidValueError, match="verify_record") as caught:
                record.receipt("示例事项", text, stratum)
            assert caught.value.code == "receipt-contradicts"

    def test_where_none_was_drawn_says_so(self):
        """A quota of zero has no cut."""
        announcement = example(draws={"a": (FRAME, {"A": 0, "B": 2})})
        record = conduct(announcement, {"a": FRAME}, entropy=ENTROPY)
        receipt = record.receipt("a", "S1", "A")

        assert (receipt.drawn, receipt.cut, receipt.reserve) == (False, None, None)

        given = record.to_dict()
        given["draws"][0]["strata"][0]["selected"] = ["S1"]
        with pytest.raises(InvalidValueError, match="contradict"):
            DrawRecord.from_dict(given).receipt("a", "S1", "A")

    def test_leaves_equal_ranks_to_the_list(self):
        """A cut of rank does not show the ticket that decided."""
        rows = [["S1", "A", 1], ["S2", "A", 2], ["S3", "A", 3]]
        frame = frame_of(rows)
        announcement = example(draws={"a": (frame, {"A": 1})})
        record = conduct(announcement, {"a": frame}, entropy=ENTROPY)
        given = record.to_dict()
        (stratum,) = given["draws"][0]["strata"]
        (drawn,) = stratum["selected"]
        other = next(row for row in rows if row[0] != drawn)
        stratum["cut"] = repr(
            (int(reference.sha256(f"{record.key}:{other[0]}"), 16) >> 203) / other[2]
        )

        receipt = DrawRecord.from_dict(given).receipt(
            "a", other[0], "A", weight=other[2]
        )
        assert not receipt.drawn
