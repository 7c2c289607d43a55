"""What a citizen, an auditor or a court recomputes: records, rolls, chains."""

import copy
import datetime as dt
import json
from types import SimpleNamespace

import pytest
from drawing import (
    DAY,
    FACT,
    FRAME,
    NAME,
    PLAN,
    QUOTAS,
    ROLL_KEY,
    SEAL,
    SECRET,
    TEXT,
    VALUES,
    VECTOR_NAMES,
    VECTORS,
    example,
    plan_of,
    plans_of,
)

from dsgk.draws import Announcement, DrawRecord, Entropy, Frame, Roll, Seal, conduct
from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.verify import verify_chain, verify_record, verify_roll


PLANS = {NAME: PLAN}
TODAY = dt.date(2026, 12, 31)


def codes(faults):
    return [(fault.code, fault.path) for fault in faults]


def conducted(**changes):
    announcement = example(**changes)
    secret = SECRET if announcement.seal else None
    return conduct(
        announcement, PLANS, roll_key=ROLL_KEY, entropy=VALUES, secret=secret
    )


def verified(document, **given):
    return codes(verify_record(document, PLANS, **{"roll_key": ROLL_KEY, **given}))


class TestRecord:
    @pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
    def test_vectors_are_right(self, vector):
        """From JSON, with the digest that was published before."""
        plans = plans_of(vector)
        record = conduct(
            Announcement.from_dict(json.loads(vector["canonical"])),
            plans,
            roll_key=vector["roll_key"],
            entropy=vector["values"],
            secret=vector["secret"],
        )
        document = json.loads(json.dumps(record.to_dict()))
        closed = None if vector["secret"] is None else record.closed().to_dict()
        given = {"roll_key": vector["roll_key"], "digest": vector["digest"]}

        assert verify_record(document, plans, **given, closed=closed) == ()
        assert verify_record(record, plans, **given) == ()

    @pytest.mark.parametrize("sealed", [False, True])
    def test_every_changed_value_is_found_at_its_place(self, sealed):
        """One by one, all of them."""
        document = conducted(seal=SEAL if sealed else None).to_dict()
        leaves = []

        def walk(value, path):
            if isinstance(value, dict):
                for key, inner in value.items():
                    walk(inner, [*path, key])
            elif isinstance(value, list):
                for at, inner in enumerate(value):
                    walk(inner, [*path, at])
            else:
                leaves.append(path)

        walk(document, [])
        assert len(leaves) > 50
        for path in leaves:
            changed = copy.deepcopy(document)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            value = holder[path[-1]]
            for other in ("x", 5, None, "0" * 64, [], True):
                if type(other) is type(value) and other == value:
                    continue
                holder[path[-1]] = other
                assert verified(changed), (path, other)

    def test_what_was_drawn_wrongly_is_told_with_what_it_must_be(self):
        """With a hint of what a wrong value means."""
        document = conducted().to_dict()
        document["draws"][0]["strata"][0]["selected"][1] = "S1"
        (fault,) = verify_record(document, PLANS, roll_key=ROLL_KEY)

        assert (fault.expected, fault.got) == ("S4", "S1")
        assert "Another subject was drawn at this place." in fault.message
        assert fault.path == "draws[0].strata[0].selected[1]"

    def test_of_another_list_is_told(self):
        """The frame, the white list, the key of the roll."""
        record = conducted()
        place = f"frames['{NAME}']"

        assert codes(verify_record(record, {}, roll_key=ROLL_KEY)) == [
            ("frame-missing", place)
        ]
        assert codes(verify_record(record, {NAME: FRAME}, roll_key=ROLL_KEY)) == [
            ("roll-digest", place),
            ("roll-size", place),
            ("roll-excluded", place),
            ("roll-root", place),
        ]
        assert verified(record, roll_key="0" * 32) == [
            ("roll-digest", place),
            ("roll-root", place),
        ]
        fewer = {NAME: plan_of(Frame(["S1"], ["A"]), {"A": 1}), "x": PLAN}
        told = codes(verify_record(record, fewer, roll_key=ROLL_KEY))
        assert ("frame-unannounced", "frames['x']") in told
        assert ("roll-strata", place) in told

    def test_of_another_announcement_is_told(self):
        """Whoever changed it afterwards has changed the key too."""
        record = conducted()

        assert verified(record, digest=record.announcement.digest) == []
        assert verified(record, digest="0" * 64) == [("not-announced", "announcement")]
        with pytest.raises(InvalidValueError, match="digest"):
            verified(record, digest="0")
        with pytest.raises(InvalidValueError, match="roll_key"):
            verified(record, roll_key="0")

    def test_with_a_closed_document_of_another_outcome_is_told(self):
        """The outcome was bound before anybody could be asked for a favour."""
        record = conducted(seal=SEAL)
        closed = record.closed().to_dict()

        assert verified(record, closed=record.closed()) == []
        closed["outcome"]["root"] = "0" * 64
        assert verified(record, closed=closed) == [
            ("value-differs", "closed.outcome.root")
        ]
        assert verified(record, closed={"format": "x"})[0] == (
            "format-unknown",
            "closed.format",
        )
        assert verified(conducted(), closed=record.closed())

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"secret": None}, "secret-missing"),
            ({"secret": "0" * 64}, "secret-other"),
            ({"entropy": "02.07.11.18.25.30./9./"}, "entropy-spelling"),
            ({"announcement": 5}, "argument-mapping"),
        ],
    )
    def test_that_cannot_be_recomputed_is_told(self, change, code):
        """Its other parts are looked at all the same."""
        document = conducted(seal=SEAL).to_dict() | change | {"more": 1}
        told = verified(document)
        assert code in [told_code for told_code, _ in told]
        assert ("key-unknown", "more") in told

    @pytest.mark.parametrize("document", [5, None, {}, [], {"announcement": {}}])
    def test_of_another_kind_is_told(self, document):
        """Nothing that a file can hold is an error of Python's."""
        assert verify_record(document, PLANS, roll_key=ROLL_KEY)

    def test_of_many_strata_takes_no_longer_for_it(self):
        """Quadratic in the number of strata, 12,500 took 32 seconds."""
        ids = [f"S{k:05}" for k in range(3_000)]
        frame = Frame(ids, ids)
        announcement = example(draws={NAME: (frame, dict.fromkeys(ids, 1))})
        given = {"roll_key": ROLL_KEY}
        record = conduct(announcement, {NAME: frame}, entropy=VALUES, **given)

        assert verify_record(record, {NAME: frame}, **given) == ()


class TestRoll:
    def test_lines_are_checked_without_the_states(self):
        """Order, uniqueness, size and root; who is not there is not on the roll."""
        roll = Roll.of(PLAN, name=NAME, key=ROLL_KEY)
        announced = example().draw(NAME)
        lines = roll.published.decode().splitlines(keepends=True)

        assert verify_roll(roll.published, announced) == ()
        assert "whitelist" not in roll.published.decode()
        swapped = "".join([lines[1], lines[0], *lines[2:]])
        assert codes(verify_roll(swapped, announced)) == [
            ("roll-root", "lines"),
            ("roll-order", "id"),
        ]
        doubled = "".join([lines[0], *lines])
        assert codes(verify_roll(doubled, announced)) == [
            ("roll-size", "lines"),
            ("roll-root", "lines"),
            ("roll-order", "id"),
        ]
        assert codes(verify_roll("S0\n", announced))[-1] == ("roll-line", "line")
        assert codes(verify_roll("", announced)) == [
            ("roll-size", "lines"),
            ("roll-root", "lines"),
        ]
        assert verify_roll(b"\xff", announced)

    def test_lines_of_many_blocks_and_of_none(self):
        """The root is the same however the leaves are cut."""
        ids = [f"S{k}" for k in range(1024)]
        for frame, quotas in (
            (Frame(ids, ["A"] * 1024), {"A": 1}),
            (Frame([], []), {}),
        ):
            roll = Roll.of(frame, name=NAME, key=ROLL_KEY)
            announced = example(draws={NAME: (frame, quotas)}).draw(NAME)

            assert verify_roll(roll.published, announced) == ()

    def test_lines_that_nobody_can_hash_are_told(self):
        """Half a character of JavaScript's."""
        announced = example().draws[0]

        told = codes(verify_roll("\ud800", announced))
        assert told == [("text-surrogate", "lines")]

    def test_needs_lines_and_an_announced_draw(self):
        """With what to write."""
        with pytest.raises(InvalidTypeError, match="AnnouncedDraw"):
            verify_roll(b"", None)
        with pytest.raises(InvalidTypeError, match="str"):
            verify_roll(5, example().draw(NAME))


class TestChain:
    KEYS = ("11" * 16, "22" * 16, "33" * 16)

    @pytest.fixture
    def chain(self):
        """Three announcements: superseded before its day, open, sealed."""
        key = iter(self.KEYS)
        later = [Entropy("x", dt.date(2026, month, 1), FACT.form) for month in (5, 6)]
        first = example(roll_key=next(key))
        second = example(
            roll_key=next(key),
            previous=first,
            announced_on=dt.date(2026, 3, 30),
            entropy=later[0],
            supersedes={"digest": first.digest, "reason": "名录有误"},
        )
        third = example(
            roll_key=next(key),
            previous=second,
            announced_on=dt.date(2026, 4, 2),
            entropy=later[1],
            seal=SEAL,
        )
        records = [
            conduct(second, PLANS, roll_key=self.KEYS[1], entropy=VALUES),
            conduct(third, PLANS, roll_key=self.KEYS[2], entropy=VALUES, secret=SECRET),
        ]
        return SimpleNamespace(
            announcements=[first, second, third],
            records=[records[0], records[1].closed(), records[1]],
        )

    def test_of_an_honest_issuer_is_whole(self, chain):
        """In any order, as values or documents."""
        documents = [one.to_dict() for one in chain.announcements[::-1]]
        records = [one.to_dict() for one in chain.records]

        assert verify_chain(chain.announcements, chain.records, on=TODAY) == ()
        assert verify_chain(documents, records, on=TODAY) == ()
        assert verify_chain([], [], on=TODAY) == ()

    def test_shows_a_draw_that_nobody_made(self, chain):
        """Five announcements prepared, one conducted: four are left over."""
        first, second, third = chain.announcements

        assert codes(verify_chain([first], [], on=TODAY)) == [
            ("chain-idle", "announcements[0]")
        ]
        assert codes(verify_chain([first], [], on=DAY)) == []
        assert codes(verify_chain([first, second, third], [], on=TODAY)) == [
            ("chain-idle", "announcements[1]"),
            ("chain-idle", "announcements[2]"),
            ("chain-unopened", "announcements[2]"),
        ]

    def test_shows_a_seal_that_was_not_opened(self, chain):
        """The closed document alone is not enough once its day is over."""
        records = chain.records[:2]

        assert codes(verify_chain(chain.announcements, records, on=TODAY)) == [
            ("chain-unopened", "announcements[2]")
        ]
        assert verify_chain(chain.announcements, records, on=SEAL.open_by) == ()

    def test_shows_two_of_one_number_and_gaps(self, chain):
        """Whoever publishes two under one number has two tries."""
        first, second, third = chain.announcements
        other = example(title="另一份", roll_key="44" * 16)
        given = {"records": chain.records, "on": TODAY}

        told = codes(verify_chain([first, other, second, third], **given))
        assert told == [("chain-number", "announcements[1].number")]
        told = codes(verify_chain([first, third], **given))
        assert told[0] == ("chain-gap", "announcements[1]")
        told = codes(verify_chain([other, second, third], **given))
        assert told[:2] == [
            ("chain-previous", "announcements[1].previous"),
            ("supersedes-unknown", "announcements[1].supersedes.digest"),
        ]

    def test_shows_days_out_of_order_and_other_issuers(self, chain):
        """What `announce` refuses, a document can still hold."""
        first, second, third = chain.announcements
        document = third.to_dict() | {"announced_on": "2026-03-26", "issuer": "另一局"}

        told = codes(verify_chain([first, second, document], chain.records[:1], on=DAY))
        assert told[:2] == [
            ("chain-issuer", "announcements[2].issuer"),
            ("chain-day", "announcements[2].announced_on"),
        ]

    def test_shows_a_redraw_that_hides_what_it_saw(self, chain):
        """On the day of the fact, or later."""
        first, second, _ = chain.announcements
        late = Entropy("x", dt.date(2027, 5, 1), FACT.form).to_dict()
        del late["format"]
        document = second.to_dict() | {"announced_on": "2026-04-01", "entropy": late}

        assert codes(verify_chain([first, document], [], on=TODAY)) == [
            ("supersedes-hidden", "announcements[1].supersedes.entropy")
        ]
        document["supersedes"] |= {"entropy": TEXT}
        assert codes(verify_chain([first, document], [], on=TODAY)) == []

    def test_shows_a_draw_that_was_made_in_spite_of_a_redraw(self, chain):
        """Who superseded it before its fact would have two draws to choose from."""
        first, second, _ = chain.announcements
        record = conduct(first, PLANS, roll_key=self.KEYS[0], entropy=VALUES)
        day = dt.date(2026, 4, 2)  # between their facts

        assert verify_chain([first, second], [], on=day) == ()
        (fault,) = verify_chain([first, second], [record], on=day)
        assert (fault.code, fault.column) == ("chain-superseded", "announcements[0]")
        assert fault.params["number"] == 2
        again = example(
            roll_key=self.KEYS[2], previous=second, announced_on=DAY,
            entropy=second.entropy, supersedes=second.supersedes,
        )  # fmt: skip
        told = verify_chain([first, second, again], [record], on=day)
        assert [f.params["number"] for f in told if f.code == "chain-superseded"] == [2]

    def test_shows_keys_that_were_used_twice(self):
        """Whoever knows them from the first draw reads the second."""
        first = example(seal=SEAL)
        again = Seal.of(SECRET, open_by=dt.date(2026, 8, 31))
        second = example(seal=again, previous=first)

        assert codes(verify_chain([first, second], [], on=DAY)) == [
            ("chain-secret", "announcements[1].seal"),
            ("chain-roll-key", "announcements[1].draws[0].roll.digest"),
        ]

    def test_shows_records_that_fit_nothing(self, chain):
        """Of an announcement that is kept back, early, or against each other."""
        announcements = chain.announcements
        stranger = conducted()
        closed = chain.records[1].to_dict()
        closed["entropy"] = "1.2.3.4.5.6./1./"
        closed["outcome"] |= {"size": 7}

        told = codes(verify_chain(announcements, [*chain.records, stranger], on=TODAY))
        assert told == [("chain-record", "records[3]")]
        told = codes(
            verify_chain(announcements, chain.records, on=dt.date(2026, 4, 30))
        )
        assert told == [("chain-early", f"records[{place}]") for place in range(3)]
        told = codes(verify_chain(announcements, [*chain.records, closed], on=TODAY))
        assert told == [
            ("value-differs", "records[3].outcome.size"),
            ("chain-two-facts", "records[3]"),
            ("value-differs", "records[3].entropy"),
        ]
        closed |= {"digest": announcements[1].digest, "entropy": "1"}
        told = codes(verify_chain(announcements, [chain.records[2], closed], on=TODAY))
        assert [code for code, _ in told] == [
            "entropy-spelling",
            "seal-none",
            "value-differs",
        ]

    def test_shows_two_texts_of_one_fact(self):
        """A redraw that shows another fact than was seen; two bulletins of one day."""
        first = example(seal=SEAL)
        other = "1.2.3.4.5.6./1./"
        shown = {"digest": first.digest, "reason": "有误", "secret": SECRET}
        late = {
            "announced_on": dt.date(2026, 4, 2),
            "entropy": Entropy("x", dt.date(2026, 5, 1), FACT.form),
            "roll_key": self.KEYS[0],
        }
        second = example(previous=first, supersedes={**shown, "entropy": other}, **late)
        closed = conducted(seal=SEAL).closed()
        early = dt.date(2026, 4, 3)

        told = codes(verify_chain([first, second], [closed], on=early))
        assert told == [("value-differs", "records[0].entropy")]
        second = example(previous=first, supersedes={**shown, "entropy": TEXT}, **late)
        assert codes(verify_chain([first, second], [closed], on=early)) == []
        first = example(roll_key=self.KEYS[0])
        second = example(previous=first, roll_key=self.KEYS[1])
        records = [
            conduct(first, PLANS, roll_key=self.KEYS[0], entropy=VALUES),
            conduct(second, PLANS, roll_key=self.KEYS[1], entropy=other),
        ]
        told = codes(verify_chain([first, second], records, on=TODAY))
        assert told == [("value-differs", "records[1].entropy")]

    def test_shows_two_records_of_one_announcement(self):
        """One for the public and one for a firm."""
        record = conducted()
        document = record.to_dict()
        selected = document["draws"][0]["strata"][0]["selected"]
        selected[0] = "S1"
        chain = [record.announcement]

        told = codes(verify_chain(chain, [record, document], on=TODAY))
        assert told == [("chain-two-facts", "records[1]")]
        assert codes(verify_chain(chain, [record, record.to_dict()], on=TODAY)) == []

    def test_reads_documents_and_tells_their_faults(self):
        """A file that is no announcement is a fault, not an error."""
        document = example().to_dict() | {"title": ""}

        assert codes(verify_chain([document], [{}], on=DAY)) == [
            ("text-empty", "announcements[0].title"),
            ("key-missing", "records[0].format"),
            ("key-missing", "records[0].announcement"),
            *[
                ("key-missing", f"records[0].{key}")
                for key in ("digest", "entropy", "secret", "key", "outcome", "draws")
            ],
            ("argument-mapping", "records[0].announcement"),
        ]

    @pytest.mark.parametrize(
        "args", [(5, []), ([5], []), ([], 5), ([], [5]), ("text", [])], ids=str
    )
    def test_takes_lists_of_documents(self, args):
        """With what to write."""
        with pytest.raises(InvalidTypeError, match="Write"):
            verify_chain(*args, on=DAY)
        with pytest.raises(InvalidTypeError, match="day"):
            verify_chain([], [], on=5)


def test_a_record_that_was_made_of_a_document_is_the_same():
    """What is stored is what was made."""
    record = conducted(seal=SEAL)

    assert DrawRecord.from_dict(json.loads(json.dumps(record.to_dict()))) == record
    assert record.announcement.draw(NAME).quotas == QUOTAS
