"""Verification: every difference, with its place, and no false alarm."""

import copy
import datetime as dt
import json
from pathlib import Path

import pytest

from dsgk.draws import DrawRecord, Frame, announce, conduct
from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.verify import Difference, verify_record


ENTROPY = "02-07-11-18-25-30+09"
FRAMES = {
    "a": Frame(["S1", "S2", "S3", "S4", "S5", "S6"], ["A", "A", "A", "A", "B", "B"]),
    "b": Frame(["S1", "S2", "S7", "S8", "S9"], ["C"] * 5, [1, 2, 3, 40, 5]),
    "c": Frame([], []),
}
QUOTAS = {"a": {"A": 2, "B": 0}, "b": {"C": 3}, "c": {}}


def announcement(frames=None, **changes):
    frames = frames or FRAMES
    arguments = {
        "title": "示例抽取",
        "issuer": "示例单位",
        "announced_on": dt.date(2026, 3, 25),
        "entropy_source": "2026-04-01 某公开开奖号码",
        "draws": {name: (frame, QUOTAS[name]) for name, frame in frames.items()},
    }
    return announce(**{**arguments, **changes})


RECORD = conduct(announcement(), FRAMES, entropy=ENTROPY)
JSON = json.dumps(RECORD.to_dict())


def found(document, frames=None, **options):
    return [
        (difference.code, difference.path)
        for difference in verify_record(document, frames or FRAMES, **options)
    ]


class TestRight:
    def test_record_has_no_differences(self):
        """As an object, as its document, as JSON that was stored."""
        assert verify_record(RECORD, FRAMES) == ()
        assert verify_record(RECORD.to_dict(), FRAMES) == ()
        assert verify_record(json.loads(JSON), FRAMES) == ()

    def test_record_is_right_with_the_rows_in_any_order(self):
        """A frame is a set; a citizen may have sorted it."""
        frames = {
            **FRAMES,
            "a": Frame(FRAMES["a"].ids[::-1], ["B", "B", "A", "A", "A", "A"]),
        }

        assert verify_record(RECORD, frames) == ()

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_vectors_are_right(self, number):
        """The golden draws, announced and conducted by the library."""
        path = Path(__file__).parents[1] / "vectors" / f"draw-{number}.json"
        vector = json.loads(path.read_text("utf-8"))
        frames = {
            name: Frame(*zip(*rows, strict=True))
            for name, rows in vector["frames"].items()
        }
        texts = vector["announcement"]
        day = dt.date.fromisoformat(texts["announced_on"])
        draws = {name: (frames[name], vector["quotas"][name]) for name in frames}
        announced = announce(**{**texts, "announced_on": day, "draws": draws})
        record = conduct(announced, frames, entropy=vector["entropy"])

        assert verify_record(record.to_dict(), frames, digest=vector["digest"]) == ()


class TestWrong:
    def test_announcement_is_told_from_the_published_one(self):
        """A record can be true to an announcement that was made afterwards."""
        digest = RECORD.announcement.digest
        later = conduct(announcement(title="后来"), FRAMES, entropy=ENTROPY)

        assert found(RECORD, digest=digest) == []
        assert found(later) == []
        assert found(later, digest=digest) == [("not-announced", "announcement")]

    @pytest.mark.parametrize("change", [str.upper, " {}".format, len, str.encode])
    def test_what_is_no_digest_is_refused(self, change):
        """It would accuse a true announcement of having been changed."""
        digest = change(RECORD.announcement.digest)

        with pytest.raises(InvalidValueError, match="without spaces") as caught:
            verify_record(RECORD, FRAMES, digest=digest)

        assert ("digest-form", {"digest": digest}) == (
            caught.value.code,
            caught.value.params,
        )

    def test_every_difference_is_told_with_its_place(self):
        """Not the first of many."""
        document = json.loads(JSON)
        document["seed"] = 1
        del document["format"]
        first, second = document["draws"][0]["strata"]
        first["selected"].reverse()
        first["cut"] = None
        first["reserves"].append("S9")
        first["quota"] = 3
        second["selected"] = {}
        del second["size"]
        weighted = document["draws"][1]["strata"][0]
        weighted["reserves"] = []
        weighted["certain"] = True
        weighted["certain_from"] = 41
        weighted["chance_per_weight"] = "1/2"
        document["draws"].append({"name": "d"})

        assert found(document) == [
            ("key-missing", "format"),
            ("key-unknown", "seed"),
            ("value-differs", "draws[0].strata[0].quota"),
            ("value-differs", "draws[0].strata[0].cut"),
            ("value-differs", "draws[0].strata[0].selected[0]"),
            ("value-differs", "draws[0].strata[0].selected[1]"),
            ("entry-unknown", "draws[0].strata[0].reserves[2]"),
            ("key-missing", "draws[0].strata[1].size"),
            ("type-differs", "draws[0].strata[1].selected"),
            ("entry-missing", "draws[1].strata[0].reserves[0]"),
            ("entry-missing", "draws[1].strata[0].reserves[1]"),
            ("value-differs", "draws[1].strata[0].certain"),
            ("value-differs", "draws[1].strata[0].certain_from"),
            ("value-differs", "draws[1].strata[0].chance_per_weight"),
            ("entry-unknown", "draws[3]"),
        ]

    def test_entropy_changes_key_and_outcome(self):
        """Each is told, in the order in which they follow from one another."""
        document = json.loads(JSON)
        document["entropy"] = "02-07-11-18-25-30+08"
        paths = [path for _, path in found(document)]

        assert paths[0] == "key"
        assert "draws[0].strata[0].cut" in paths
        assert "digest" not in paths

    def test_announcement_changes_digest_key_and_outcome(self):
        """A title corrected afterwards is another announcement."""
        document = json.loads(JSON)
        document["announcement"]["title"] += "。"

        assert [path for _, path in found(document)][:2] == ["digest", "key"]

    def test_announcement_that_is_none_leaves_the_rest_to_its_shape(self):
        """What cannot be recomputed is still read."""
        document = json.loads(JSON)
        document["announcement"]["draws"][0]["strata"][0]["quota"] = 5
        document["key"] = "0"
        document["draws"][0]["strata"][0]["size"] = -1

        assert found(document) == [
            ("stratum-numbers", "announcement.draws[0].strata[0]"),
            ("text-form", "key"),
            ("count-range", "draws[0].strata[0].size"),
        ]

    def test_entropy_that_is_none_leaves_the_frames_to_be_compared(self):
        """Frames and digest need no key."""
        document = json.loads(JSON)
        document["entropy"] = ""
        document["digest"] = "0" * 64

        assert found(document, {"a": FRAMES["a"], "c": FRAMES["c"]}) == [
            ("frame-missing", "frames['b']"),
            ("value-differs", "digest"),
            ("text-empty", "entropy"),
        ]

    def test_frames_are_told_with_what_follows(self):
        """Missing, foreign and changed frames, and the draws that they change."""
        frames = {
            "a": Frame([*FRAMES["a"].ids, "S0"], ["A", "A", "A", "A", "B", "B", "B"]),
            "c": FRAMES["c"],
            "d": FRAMES["a"],
        }
        document = json.loads(JSON)
        document["draws"][1]["strata"][0]["cut"] = 5  # cannot be recomputed

        assert found(document, frames) == [
            ("frame-digest", "frames['a']"),
            ("frame-size", "frames['a']"),
            ("frame-strata", "frames['a']"),
            ("frame-missing", "frames['b']"),
            ("frame-unannounced", "frames['d']"),
            ("float-form", "draws[1].strata[0].cut"),
        ]

    def test_frame_that_does_not_fit_the_quotas_is_not_drawn_from(self):
        """A stratum too many or too small stops nothing else."""
        frames = {**FRAMES, "a": Frame(["S1", "S5"], ["A", "B"])}

        assert found(RECORD, frames) == [
            ("frame-digest", "frames['a']"),
            ("frame-size", "frames['a']"),
            ("frame-strata", "frames['a']"),
        ]

    @pytest.mark.parametrize(
        "document",
        [
            None, [], "x", 5, {}, {"announcement": None}, {"announcement": []},
            {1: 2}, {"announcement": {"draws": [None, {}, {"strata": [None]}]}},
            {"draws": [{"strata": [{"certain": {}}]}], "entropy": []},
            {"draws": [1, {"name": [], "strata": None}], "entropy": float("nan")},
        ],
        ids=str,
    )  # fmt: skip
    def test_document_of_any_kind_is_told_not_raised(self, document):
        """Whatever is served under the name of a record."""
        assert verify_record(document, FRAMES)

    @pytest.mark.parametrize(
        "number", [10**400, -(10**5000)], ids=["long", "unwritable"]
    )
    def test_numbers_of_any_length_are_told_not_raised(self, number):
        """Python has no float of some integers, and writes no text of others."""
        document = json.loads(JSON)
        document["announcement"]["draws"][0]["frame"]["size"] = number
        document["draws"][0]["strata"][0]["size"] = number
        document["draws"][1]["strata"][0]["cut"] = number
        document["extra"] = [number]

        range_code = "count-most" if number > 0 else "count-range"
        assert found(document) == [
            ("key-unknown", "extra"),
            (range_code, "announcement.draws[0].frame.size"),
            (range_code, "draws[0].strata[0].size"),
            ("float-form", "draws[1].strata[0].cut"),
        ]

    @pytest.mark.parametrize("frames", [None, [FRAMES["a"]], {"a": ["S1"]}], ids=str)
    def test_frames_of_another_kind_are_the_callers_mistake(self, frames):
        """They are no part of the record."""
        with pytest.raises(InvalidTypeError, match="Write"):
            verify_record(RECORD, frames)


class TestDifference:
    def test_says_what_was_expected_and_what_came(self):
        """For a host in another language, and as a sentence."""
        document = json.loads(JSON)
        document["draws"][0]["strata"][0]["selected"][1] = "S1"
        (difference,) = verify_record(document, FRAMES)
        expected = RECORD.draws["a"].strata["A"].selected[1]

        assert (difference.expected, difference.got) == (expected, "S1")
        assert difference.path == "draws[0].strata[0].selected[1]"
        assert str(difference) == (
            f"'draws[0].strata[0].selected[1]' must be {expected!r} (got 'S1'). "
            "Another subject was drawn at this place."
        )

    def test_of_a_whole_document_has_an_empty_path(self):
        """There is nothing around it."""
        (difference,) = verify_record("x", FRAMES)

        assert difference.path == ""
        assert difference.message == (
            "'the document' must be an object with keys (got 'x' of type 'str')."
        )

    def test_is_a_value(self):
        """Two runs report the same."""
        document = {**RECORD.to_dict(), "x": [1]}
        one, other = verify_record(document, FRAMES), verify_record(document, FRAMES)

        assert one == other
        assert isinstance(one[0], Difference)
        assert len({one[0], other[0]}) == 1

    def test_does_not_change_the_document(self):
        """It may be somebody else's."""
        document = json.loads(JSON)
        before = copy.deepcopy(document)
        verify_record(document, FRAMES)
        DrawRecord.from_dict(document)

        assert before == document
