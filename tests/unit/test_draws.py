"""Announcement, draw, record: what a host calls and what it is told."""

import copy
import datetime as dt
import functools
import json
import pickle

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
    TEXTS,
    VALUES,
    VECTOR_NAMES,
    VECTORS,
    example,
    plan_of,
    plans_of,
)
from vectors import reference

from dsgk.documents import canonical_json
from dsgk.draws import (
    AnnouncedDraw,
    AnnouncedRoll,
    Announcement,
    ClosedDraw,
    Digits,
    DrawRecord,
    Entropy,
    Frame,
    Hex,
    Numbers,
    Order,
    Roll,
    Seal,
    Supersession,
    announce,
    conduct,
    draw_subjects,
    explain,
    key_of,
)
from dsgk.draws._announcements import supersession_faults
from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import faults_of as told_by


ROLL = Roll.of(PLAN, name=NAME, key=ROLL_KEY)


def faults_of(function, /, *args, **kwargs):
    """Code and place of everything that an error tells."""
    with pytest.raises(DsgkError) as caught:
        function(*args, **kwargs)
    for fault in told_by(caught.value):
        assert fault.message in str(caught.value)
        assert fault.chinese
    return [(fault.code, fault.column) for fault in told_by(caught.value)]


def drawn(announcement, plans, **given):
    arguments = {"roll_key": ROLL_KEY, "entropy": VALUES, **given}
    return conduct(announcement, plans, **arguments)


def sealed():
    return drawn(example(seal=SEAL), {NAME: PLAN}, secret=SECRET)


@pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
class TestVectors:
    def test_are_what_the_reference_makes(self, vector):
        """Nobody edits a golden vector by hand."""
        given = dict(vector)
        for made in ("canonical", "digest", "entropy", "key", "drawn", "outcome"):
            del given[made]
        given["receipts"] = {name: [*ids] for name, ids in given["receipts"].items()}

        assert vector == json.loads(json.dumps(reference.vector(given)))

    def test_are_announced_byte_for_byte(self, vector):
        """From the plans, as a host does it, and from the published text."""
        announcement = Announcement.from_dict(json.loads(vector["canonical"]))
        fields = dict(vector["announcement"])
        number, previous = fields.pop("number"), fields.pop("previous")
        made = announce(
            **{**fields, "announced_on": announcement.announced_on},
            draws=plans_of(vector),
            roll_key=vector["roll_key"],
        ).to_dict()
        again = Announcement.from_dict(made | {"number": number, "previous": previous})

        assert vector["canonical"] == announcement.canonical.decode()
        assert vector["digest"] == announcement.digest
        assert again == announcement

    def test_are_drawn_one_by_one(self, vector):
        """Key, who is drawn, reserves, cut, certain rows."""
        announcement = Announcement.from_dict(json.loads(vector["canonical"]))
        record = conduct(
            announcement,
            plans_of(vector),
            roll_key=vector["roll_key"],
            entropy=vector["values"],
            secret=vector["secret"],
        )
        document = record.to_dict()

        assert (record.key, record.entropy) == (vector["key"], vector["entropy"])
        for draw in document["draws"]:
            for stratum in draw["strata"]:
                expected = dict(vector["drawn"][draw["name"]][stratum["name"]])
                if "certain" not in stratum:
                    del expected["certain"], expected["certain_from"]
                assert expected == {key: stratum[key] for key in expected}
        assert DrawRecord.from_dict(json.loads(json.dumps(document))) == record
        if vector["secret"] is None:
            assert (record.outcome, document["secret"]) == (None, None)
        else:
            expected = {key: vector["outcome"][key] for key in ("root", "size")}
            assert document["outcome"] == expected


class TestEntropy:
    def test_has_one_spelling(self):
        """Ascending where the form says so, whatever the order on the screen."""
        assert FACT.text(VALUES) == FACT.read(VALUES) == FACT.read(TEXT) == TEXT
        assert FACT.text([[2, 30, 7, 11, 18, 25], (9,)]) == TEXT

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ([[30, 2, 7, 11, 18, 25]], "entropy-groups"),
            ([], "entropy-groups"),
            (5, "entropy-groups"),
            ([[30, 2, 7, 11, 18], [9]], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, 18], [9]], "entropy-numbers"),
            ([[0, 2, 7, 11, 18, 25], [9]], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, 25], [17]], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, "25"], [9]], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, 25.0], [9]], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, 25], 9], "entropy-numbers"),
            ([[30, 2, 7, 11, 18, 25], [True]], "entropy-numbers"),
            ("2.7.11.18.25.30./09./", "entropy-spelling"),
            ("2.7.11.18.30.25./9./", "entropy-spelling"),
            ("2.7.11.18.25.30./9.", "entropy-spelling"),
            ("2.7.11.18.25.30./9.//", "entropy-spelling"),
            ("2.7.11.18.25.30./9./9./", "entropy-spelling"),
            ("2.7.11.18.25.30." + "/" * 10**5, "entropy-spelling"),
            ("２.7.11.18.25.30./9./", "entropy-spelling"),
            ("", "entropy-spelling"),
        ],
        ids=lambda given: ascii(given)[:30],
    )
    def test_of_another_form_is_refused(self, values, code):
        """Every other spelling would be another draw."""
        assert {told for told, _ in faults_of(FACT.read, values)} == {code}
        with pytest.raises(DsgkError):
            example().key(values)

    @pytest.mark.parametrize(
        ("group", "given", "text"),
        [
            ({"digits": 5}, "00712", "00712."),
            ({"hex": 6}, "00aBcF", "00abcf."),
            (
                {"count": 3, "least": 0, "most": 9, "order": "as-drawn"},
                [9, 0, 0],
                "9.0.0.",
            ),
            ({"count": 2, "least": 0, "most": 9, "order": "升序"}, [9, 0], "0.9."),
        ],
    )
    def test_groups_write_their_values(self, group, given, text):
        """Leading zeros count where the width is fixed."""
        wide = {"name": "另一组", "hex": 64}
        fact = Entropy("x", DAY, [{"name": "组", **group}, wide])

        assert fact.text([given, "f" * 64]) == f"{text}/{'f' * 64}./"
        assert fact.read(fact.text([given, "F" * 64])) == f"{text}/{'f' * 64}./"
        assert Entropy.from_dict(fact.to_dict()) == fact

    @pytest.mark.parametrize(
        ("group", "given", "code"),
        [
            ({"digits": 5}, "0712", "entropy-digits"),
            ({"digits": 5}, "0071２", "entropy-digits"),
            ({"digits": 5}, 712, "entropy-digits"),
            ({"hex": 6}, "00abcg", "entropy-hex"),
            ({"hex": 6}, b"00abcf", "entropy-hex"),
        ],
    )
    def test_groups_refuse_other_digits(self, group, given, code):
        """Neither wide digits nor a number that has lost its zeros."""
        fact = Entropy("x", DAY, [{"name": "组", **group}, {"name": "乙", "hex": 64}])

        assert faults_of(fact.text, [given, "f" * 64]) == [(code, "entropy")]

    @pytest.mark.parametrize(
        ("form", "code"),
        [
            ([], "list-empty"),
            (
                [{"name": "球", "count": 1, "least": 1, "most": 16, "order": "升序"}],
                "entropy-few",
            ),
            ([{"name": "号", "digits": 7}], "entropy-few"),
            ([{"name": "号", "hex": 5}], "entropy-few"),
            (
                [{"name": "球", "count": 25, "least": 1, "most": 25, "order": "升序"}],
                "entropy-few",
            ),
            ([{"name": "a", "digits": 8}, {"name": "a", "digits": 8}], "entropy-twice"),
            (
                [{"name": "球", "count": 3, "least": 2, "most": 1, "order": "升序"}],
                "entropy-bounds",
            ),
            (
                [{"name": "球", "count": 3, "least": 1, "most": 2, "order": "升序"}],
                "entropy-count",
            ),
            ([{"name": "球\u200b", "digits": 8}], "text-unseen"),
            ([{"name": "球", "digits": 0}], "count-range"),
            ([{"name": "球", "digits": 8, "more": 1}], "key-unknown"),
            ([5], "argument-type"),
        ],
    )
    def test_form_is_one_that_leaves_no_choice(self, form, code):
        """With 16 texts a firm escapes every outcome at the second title tried."""
        assert [told for told, _ in faults_of(Entropy, "x", DAY, form)] == [code]

    @pytest.mark.parametrize(
        "form",
        [
            [Hex("号", 6)],  # 2**24 exactly
            [Digits("号", 2**50)],
            [Numbers("a", count=2**52, least=0, most=2**53 - 1)],
            [
                Numbers("a", count=2**53 - 1, least=0, most=2**53 - 1),
                Numbers("b", count=24, least=0, most=1, order=Order.AS_DRAWN),
            ],
        ],
        ids=["hex", "digits", "numbers", "two"],
    )
    def test_form_is_counted_without_large_numbers(self, form):
        """A count of 2**52 must not be computed with."""
        assert Entropy("x", DAY, form).form

    def test_schema_names_the_three_groups(self):
        """For a host that checks documents by itself."""
        (kinds,) = Entropy.schema()["properties"]["form"]["items"].values()

        assert [kind["title"] for kind in kinds] == ["Numbers", "Digits", "Hex"]


class TestSeal:
    def test_commits_to_a_secret(self):
        """The digest tells nothing of it, and no other secret opens it."""
        digest = "1ea583391dbf9ecc20e9b976138c3137cebdd0dfd7851a824e09495defc68169"

        assert digest == SEAL.digest
        assert SECRET not in repr(sealed())

    @pytest.mark.parametrize("secret", ["F" * 64, "f" * 63, "", None, 5, b"f" * 64])
    def test_takes_64_lower_case_hex_digits(self, secret):
        """One form of secret, one seal."""
        code = "text-form"
        assert faults_of(Seal.of, secret, open_by=DAY) == [(code, "secret")]

    @pytest.mark.parametrize(
        ("secret", "code"),
        [(None, "secret-missing"), ("0" * 64, "secret-other"), ("f", "text-form")],
    )
    def test_is_opened_by_its_secret_alone(self, secret, code):
        """The organiser cannot choose it once the fact is there."""
        announcement = example(seal=SEAL)

        assert faults_of(drawn, announcement, {NAME: PLAN}, secret=secret) == [
            (code, "secret")
        ]

    def test_that_is_not_there_takes_no_secret(self):
        """A secret without a seal would be a second key to choose."""
        assert faults_of(drawn, example(), {NAME: PLAN}, secret=SECRET) == [
            ("secret-extra", "secret")
        ]

    def test_keeps_the_outcome_until_it_is_opened(self):
        """What is published at once names nobody, and binds everything."""
        record = sealed()
        closed = record.closed()
        text = json.dumps(closed.to_dict())

        assert ClosedDraw.from_dict(json.loads(text)) == closed
        assert not any(subject in text for subject in ("S1", "S4", record.key, SECRET))
        assert record.key != key_of(record.announcement.digest, TEXT)
        assert faults_of(drawn(example(), {NAME: PLAN}).closed) == [("seal-none", None)]


class TestAnnouncement:
    def test_may_be_about_nobody(self):
        """That nobody was eligible is a fact that can be announced."""
        announcement = example(draws={NAME: (Frame([], []), {})})
        record = drawn(announcement, {NAME: Frame([], [])})

        assert record.draws[NAME].selected == ()
        assert DrawRecord.from_dict(record.to_dict()) == record

    def test_shows_who_is_left_out_and_why(self):
        """Nobody saw that before: the roll is strata and excluded together."""
        (draw,) = example().draws

        assert (draw.sizes, draw.quotas, draw.roll.size) == (
            {"A": 4, "B": 2},
            QUOTAS,
            8,
        )
        assert [(one.reason, one.size) for one in draw.excluded] == [
            ("struck-off", 1),
            ("whitelist", 1),
        ]

    def test_keeps_its_draws_in_the_given_order(self):
        """The order of the document is the organiser's, and hashed."""
        pair = (FRAME, QUOTAS)
        one = example(draws={"b": pair, "a": pair})
        other = example(draws={"a": pair, "b": pair})

        assert [draw.name for draw in one.draws] == ["b", "a"]
        assert one.digest != other.digest

    def test_faults_are_told_all_at_once(self):
        """Texts, day, fact, frames, quotas, key: one error, with places."""
        draws = {
            "a": (FRAME, {"A": 9}),
            "b": (FRAME, [1]),
            "c": FRAME,
            "d": (FRAME, QUOTAS, 1),
            "e": ("frame", QUOTAS),
            "f ": (FRAME, QUOTAS),
        }
        changes = {
            "title": "",
            "issuer": " 区局",
            "announced_on": 20260325,
            "entropy": "公开号码",
            "roll_key": "key",
        }

        told = faults_of(example, draws=draws, **changes)
        assert [*told] == [
            ("text-form", "roll_key"),
            ("quota-range", "draws['a'].quotas['A']"),
            ("quota-missing", "draws['a'].quotas['B']"),
            ("argument-mapping", "draws['b']"),
            ("quota-missing", "draws['c'].quotas['A']"),
            ("quota-missing", "draws['c'].quotas['B']"),
            ("argument-type", "draws['d']"),
            ("argument-type", "draws['e']"),
            ("id-padded", "draws['f '].name"),
            ("text-empty", "title"),
            ("text-unseen", "issuer"),
            ("day-type", "announced_on"),
            ("argument-type", "entropy"),
        ]

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"draws": {}}, [("list-empty", "draws")]),
            ({"announced_on": DAY}, [("entropy-day", "entropy.on")]),
            (
                {"seal": Seal.of(SECRET, open_by=dt.date(2026, 3, 31))},
                [("seal-day", "seal.open_by")],
            ),
            ({"seal": {"digest": "f", "open_by": DAY}}, [("text-form", "seal.digest")]),
            ({"title": "隐\u200b形"}, [("text-unseen", "title")]),
            ({"title": "\u202e反向"}, [("text-unseen", "title")]),
            ({"supersedes": "f" * 64}, [("argument-type", "supersedes")]),
        ],
        ids=["no draw", "late", "seal", "seal form", "unseen", "bidi", "supersedes"],
    )
    def test_rules_between_its_parts(self, changes, expected):
        """What could not be published, or would be no chance."""
        assert faults_of(example, **changes) == expected

    def test_takes_a_mapping_of_draws_and_an_announcement_before(self):
        """With what to write."""
        with pytest.raises(InvalidTypeError, match="Write"):
            example(draws=[FRAME])
        with pytest.raises(InvalidTypeError, match="Announcement"):
            example(previous="f" * 64)

    def test_takes_its_place_in_the_chain(self):
        """Numbers and digests follow from the one before."""
        first = example()
        second = example(previous=first)

        assert (second.number, second.previous) == (2, first.digest)
        assert faults_of(
            example,
            previous=second,
            issuer="另一单位",
            announced_on=dt.date(2026, 3, 1),
        ) == [("chain-issuer", "issuer"), ("chain-day", "announced_on")]

    def test_documents_tell_all_their_faults(self):
        """A published document may hold anything."""
        document = example().to_dict()
        (draw,) = document["draws"]
        draw["strata"] = [
            {"name": "B", "size": 2, "quota": 3},
            {"name": "A", "size": 4, "quota": 2},
        ]
        draw["excluded"].append({"reason": "struck-off", "size": 9})
        document["number"] = 2

        assert faults_of(Announcement.from_dict, document) == [
            ("names-order", "draws[0].excluded"),
            ("names-order", "draws[0].strata"),
            ("quota-range", "draws[0].strata[0].quota"),
            ("roll-cover", "draws[0].roll.size"),
        ]
        document = example().to_dict()
        document |= {"number": 2, "draws": document["draws"] * 2, "more": 1}
        assert faults_of(Announcement.from_dict, document) == [("key-unknown", "more")]
        del document["more"]
        assert faults_of(Announcement.from_dict, document) == [
            ("chain-first", "previous"),
            ("draw-twice", "draws[1].name"),
        ]

    def test_is_frozen_all_the_way_down(self):
        """A digest that is cached must not outlive its text."""
        strata = [{"name": "A", "size": 1, "quota": 1}]
        draw = AnnouncedDraw(
            name="x", roll=AnnouncedRoll("0" * 64, "0" * 64, 1), strata=strata
        )
        strata.append({})
        announcement = example()

        assert isinstance(draw.strata, tuple)
        assert copy.deepcopy(announcement) == announcement
        assert pickle.loads(pickle.dumps(announcement)) == announcement  # noqa: S301
        assert hash(announcement) == hash(example())

    def test_knows_its_draws(self):
        """A name that was not announced is told with those that were."""
        with pytest.raises(InvalidValueError, match=NAME):
            example().draw("别的")

    def test_escapes_texts_as_rfc_8785_does(self):
        """Two escapes of one text would be two digests."""
        title = "".join(map(chr, range(0x20))) + '"\\/\x7f\x80é\u2028\ufeff\U0001f600'
        expected = (
            '{"title":"'
            r"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e"
            r"\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a"
            r"\u001b\u001c\u001d\u001e\u001f"
            r"\"\\/"
            "\x7f\x80é\u2028\ufeff\U0001f600"
            '"}'
        )

        assert expected.encode() == canonical_json({"title": title})


class TestRedraw:
    BEFORE = dt.date(2026, 3, 30)

    def redraw(self, first, *, before=False, **shown):
        day = self.BEFORE if before else DAY
        later = Entropy("x", dt.date(2026, 5, 1), FACT.form)
        fields = {"announced_on": day, "entropy": later}
        about = {"digest": first.digest, "reason": "名录有误", **shown}
        return example(previous=first, supersedes=Supersession(**about), **fields)

    def test_shows_what_it_throws_away(self):
        """From the day of the fact on nobody can look and then try again."""
        first, closed = example(), example(seal=SEAL)

        assert self.redraw(first, before=True).supersedes.entropy is None
        assert self.redraw(first, entropy=TEXT).supersedes.entropy == TEXT
        assert self.redraw(closed, entropy=TEXT, secret=SECRET).number == 2

    @pytest.mark.parametrize(
        ("seal", "shown", "expected"),
        [
            (None, {}, [("supersedes-hidden", "supersedes.entropy")]),
            (
                None,
                {"entropy": "1.2.3./9./"},
                [("entropy-spelling", "supersedes.entropy")],
            ),
            (
                None,
                {"entropy": TEXT, "secret": SECRET},
                [("secret-extra", "supersedes.secret")],
            ),
            (SEAL, {"entropy": TEXT}, [("secret-missing", "supersedes.secret")]),
            (
                SEAL,
                {"entropy": TEXT, "secret": "0" * 64},
                [("secret-other", "supersedes.secret")],
            ),
            (
                None,
                {"before": True, "entropy": TEXT},
                [("supersedes-early", "supersedes.entropy")],
            ),
        ],
        ids=["hidden", "form", "no seal", "no secret", "secret", "early"],
    )
    def test_that_hides_what_it_saw_is_refused(self, seal, shown, expected):
        """Whoever lets the fact pass, looks and then supersedes has several tries."""
        assert faults_of(self.redraw, example(seal=seal), **shown) == expected

    def test_fields_are_told_with_all_other_faults(self):
        """What is replaced may be given as a document."""
        about = {"digest": "f", "reason": ""}

        assert faults_of(example, title="", supersedes=about) == [
            ("text-form", "supersedes.digest"),
            ("text-empty", "supersedes.reason"),
            ("text-empty", "title"),
        ]

    def test_that_replaces_nothing_hides_nothing(self):
        """An announcement of its own has nothing to show."""
        assert [*supersession_faults(example(), example())] == []

    def test_of_an_earlier_one_is_for_the_chain_to_check(self):
        """Only the announcement before is at hand."""
        first = example()
        second = example(previous=first)
        about = {"digest": first.digest, "reason": "名录有误"}

        assert (
            example(previous=second, supersedes=about).supersedes.reason == "名录有误"
        )


class TestConduct:
    def test_refuses_what_was_not_announced(self):
        """Another list, another key, another name: each told, with what to do."""
        announcement = example(draws={"a": PLAN, "b": PLAN, "c": PLAN, "d": PLAN})
        fewer = plan_of(Frame(["S1"], ["A"]), {"A": 1})
        plans = {"a": fewer, "b": FRAME, "c": "frame", "e": PLAN}

        assert faults_of(drawn, announcement, plans) == [
            ("argument-type", "frames['c']"),
            ("frame-missing", "frames['d']"),
            ("frame-unannounced", "frames['e']"),
            ("roll-digest", "frames['a']"),
            ("roll-size", "frames['a']"),
            ("roll-strata", "frames['a']"),
            ("roll-excluded", "frames['a']"),
            ("roll-digest", "frames['b']"),
            ("roll-size", "frames['b']"),
            ("roll-excluded", "frames['b']"),
        ]

    def test_takes_the_key_of_the_rolls(self):
        """Another key makes another roll, and a key has one form."""
        other, short = {"roll_key": "0" * 32}, {"roll_key": "0"}

        assert faults_of(drawn, example(), {NAME: PLAN}, **other) == [
            ("roll-digest", f"frames['{NAME}']")
        ]
        assert faults_of(drawn, example(), {NAME: PLAN}, **short) == [
            ("text-form", "roll_key")
        ]

    @pytest.mark.parametrize("args", [({}, {}), (example(), [FRAME])])
    def test_takes_an_announcement_and_frames(self, args):
        """With what to write."""
        with pytest.raises(InvalidTypeError, match="Write"):
            drawn(*args)

    def test_gives_one_subject_one_ticket_in_all_draws(self):
        """Departments with overlapping lists draw the same subjects (协同抽取)."""
        ids = [f"S{i}" for i in range(100)]
        frames = {
            "食品": Frame(ids, ["A"] * 100),
            "消防": Frame(ids[:60], ["A"] * 60),
        }
        pairs = {name: (frame, {"A": 20}) for name, frame in frames.items()}
        record = drawn(example(draws=pairs), frames)
        fire, food = (set(record.draws[name].selected) for name in ("消防", "食品"))

        assert food & set(ids[:60]) <= fire


class TestRecord:
    def test_documents_tell_all_their_faults(self):
        """Whatever a file holds."""
        document = drawn(example(), {NAME: PLAN}).to_dict()
        document |= {"key": "k", "entropy": "9", "extra": 1, "outcome": {"root": 5}}
        document["draws"][0]["strata"][0] |= {"cut": 5, "selected": ["S1 "]}
        del document["digest"]

        assert faults_of(DrawRecord.from_dict, document) == [
            ("key-missing", "digest"),
            ("key-unknown", "extra"),
            ("text-form", "key"),
            ("key-missing", "outcome.size"),
            ("text-form", "outcome.root"),
            ("text-form", "draws[0].strata[0].cut"),
            ("id-padded", "draws[0].strata[0].selected[0]"),
            ("entropy-spelling", "entropy"),
        ]

    def test_documents_follow_from_their_announcement(self):
        """Digest, key, names, sizes, quotas, outcome and each written value."""
        document = sealed().to_dict()
        other = json.loads(json.dumps(document))
        other |= {"digest": "0" * 64, "key": "0" * 32}
        other["announcement"]["number"] = 1.0
        other["draws"][0]["strata"][0]["quota"] = 1

        assert faults_of(DrawRecord.from_dict, other) == [
            ("value-differs", "announcement.number"),
            ("value-differs", "digest"),
            ("value-differs", "key"),
            ("value-differs", "draws[0].strata[0].quota"),
        ]
        other = json.loads(json.dumps(document))
        other["draws"][0]["strata"][0]["selected"].reverse()
        assert faults_of(DrawRecord.from_dict, other) == [
            ("value-differs", "outcome.root")
        ]
        other["draws"] = []
        assert faults_of(DrawRecord.from_dict, other) == [("entry-missing", "draws[0]")]

    @pytest.mark.parametrize(
        "given", [5, {}, {"announcement": 5}, {"announcement": {}}]
    )
    def test_documents_of_another_kind_are_refused(self, given):
        """Nothing is read halfway."""
        with pytest.raises((InvalidInput, InvalidTypeError)):
            DrawRecord.from_dict(given)

    @pytest.mark.parametrize("cut", ["1e3", "nan", "01.5", 1.5])
    def test_documents_write_ranks_in_one_way(self, cut):
        """As with a digest, two spellings would be two documents."""
        frame = Frame(["S1", "S2", "S3"], ["A"] * 3, [3, 2, 2])
        record = drawn(example(draws={NAME: (frame, {"A": 1})}), {NAME: frame})
        document = record.to_dict()
        document["draws"][0]["strata"][0]["cut"] = cut

        assert faults_of(DrawRecord.from_dict, document) == [
            ("float-form", "draws[0].strata[0].cut")
        ]

    def test_gives_a_shell_line_that_is_safe_for_every_id(self):
        """A firm copies it into a terminal."""
        record = drawn(example(), {NAME: PLAN})

        assert record.command("S4") == f"printf '%s:%s' {record.key} S4 | sha256sum"
        assert "'a; rm'" in record.command("a; rm")

    def test_can_be_of_a_plan_or_not(self):
        """A host that has stored both holds them together."""
        record = drawn(example(), {NAME: PLAN})
        moved = Frame(FRAME.ids, ["A", "B", "A", "B", "A", "A"])

        assert record.is_of(NAME, PLAN)
        assert not record.is_of("别的", PLAN)
        assert not record.is_of(NAME, plan_of(FRAME, QUOTAS))
        assert not record.is_of(
            NAME, plan_of(moved, QUOTAS, [("S0", "whitelist"), ("S7", "struck-off")])
        )


def test_a_number_of_a_bulletin_may_come_from_numpy():
    """Values come from an array as well."""
    numpy = pytest.importorskip("numpy")
    group = Numbers("球", count=3, least=1, most=40)

    assert group.text(numpy.array([3, 40, 1])) == "1.3.40."
    assert TEXTS["title"] == example().title


class TestArguments:
    """Whatever comes is told as an error of the library, with its place."""

    LONG = 10**5000
    DEEP = functools.reduce(lambda inner, _: (inner,), range(10_000), ())

    @pytest.mark.parametrize(
        "key", [LONG, DEEP, "x" * 10_000], ids=["int", "deep", "x"]
    )
    @pytest.mark.parametrize(
        "take",
        [
            lambda key: example(draws={key: PLAN}),
            lambda key: example(draws={NAME: (FRAME, {**QUOTAS, key: 1})}),
            lambda key: example(supersedes={key: 1}),
            lambda key: drawn(example(), {NAME: PLAN, key: PLAN}),
            lambda key: Announcement.from_dict({**example().to_dict(), key: 1}),
            lambda key: DrawRecord.from_dict({**sealed().to_dict(), key: 1}),
        ],
        ids=["name", "quotas", "supersedes", "frames", "announcement", "record"],
    )
    def test_keys_are_told_short(self, take, key):
        """Python writes neither all numbers nor all nesting."""
        with pytest.raises(DsgkError) as caught:
            take(key)
        for text in (str(caught.value), repr(caught.value), caught.value.chinese):
            assert len(text) < 3_000

    @pytest.mark.parametrize(
        "take",
        [
            Seal.digest_of,
            FACT.form[0].values_of,
            Digits("a", 8).values_of,
            lambda given: key_of(given, TEXT),
            lambda given: key_of("0" * 64, given),
            lambda given: key_of("0" * 64, TEXT, given),
            lambda given: sealed().slip(NAME, given),
            lambda given: sealed().command(given),
            lambda given: sealed().is_of(given, PLAN),
            lambda given: sealed().is_of(NAME, given),
            ROLL.state_of,
            ROLL.leaf_at,
            ROLL.path_at,
            lambda given: explain(given, PLAN, name=NAME),
            lambda given: explain("S1", PLAN, name=given),
            lambda given: explain("S1", PLAN, name=NAME, draw=given),
            lambda given: explain("S1", FRAME, name=NAME, quotas=given),
            lambda given: explain("S1", FRAME, name=NAME, quotas={"A": given, "B": 1}),
        ],
        ids=[
            *("seal", "numbers", "digits", "digest", "entropy", "secret", "slip"),
            *("command", "name", "plan", "state", "leaf", "path", "id"),
            *("draw-name", "draw", "quotas", "quota"),
        ],
    )
    def test_of_another_type_are_refused(self, take):
        """Not by whatever Python stumbles over inside."""
        with pytest.raises(DsgkError):
            take([b""])

    def test_that_nobody_can_hash_or_find_are_refused(self):
        """Lone surrogates, places outside the roll, a draw of other strata."""
        other = draw_subjects(Frame(["S1"], ["C"]), {"C": 1}, key="0" * 32)
        with pytest.raises(InvalidValueError):
            Seal.digest_of("\ud800" * 64)
        with pytest.raises(InvalidValueError):
            key_of("0" * 64, "\ud800")
        for index in (-1, len(ROLL)):
            with pytest.raises(InvalidValueError):
                ROLL.leaf_at(index)
            with pytest.raises(InvalidValueError):
                ROLL.path_at(index)
        with pytest.raises(InvalidValueError, match="C"):
            explain("S1", FRAME, name=NAME, draw=other)
