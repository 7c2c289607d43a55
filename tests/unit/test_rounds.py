"""From plan to draw: frames, numbers, announcement, checks, ledger."""

import copy
import datetime as dt
import json
import runpy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from drawing import ROLL_KEY, chance, fact

from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.draws import conduct
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import Method
from dsgk.joint import Window
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Frequency,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    PlannedItem,
    Raise,
)
from dsgk.rounds import Round, prepare_round, quarter_window
from dsgk.subjects import SubjectRegister
from dsgk.tiers import ExclusionReason, Ratio, TierPolicy, TierRule
from dsgk.verify import verify_record


YEAR = 2026
MARCH = dt.date(YEAR, 3, 25)
SPRING, AUTUMN = quarter_window(YEAR, 2), quarter_window(YEAR, 4)
HALVES = (
    Batch(SPRING.first, SPRING.last, Fraction(1, 2)),
    Batch(AUTUMN.first, AUTUMN.last, Fraction(1, 2)),
)
MARKET, POLICE = "市场监管局", "公安局"


def entry(**fields):
    given = {
        "id": "1",
        "items": ["卫生检查"],
        "ratio": Ratio.exactly("50%"),
        "batches": Batch(SPRING.first, SPRING.last),
        "lead": MARKET,
    }
    return PlanEntry(**{**given, **fields})


def plan(*entries, **fields):
    given = {"year": YEAR, "issuer": MARKET, "entries": entries or [entry()]}
    return Plan(**{**given, **fields})


def register(n=8, **columns):
    return SubjectRegister.from_columns(id=[f"S{k}" for k in range(n)], **columns)


def announced(made, **fields):
    given = {
        "title": "第二季度抽取",
        "issuer": "区联席会议",
        "announced_on": MARCH,
        **fact(MARCH),
    }
    return made.announce(**{**given, **fields})


def drawn(made, entropy="02-07-11"):
    return conduct(announced(made), made.draw_plans, **chance(entropy))


CREDIT = TierPolicy(
    [
        TierRule("D", ratio=Ratio.exactly("100%"), when={"credit": {"D"}}),
        TierRule("其他", ratio=Ratio.at_least("20%"), yearly_cap=1),
    ]
)


class TestQuarters:
    def test_the_four_quarters_of_a_year(self):
        days = [
            (w.first, w.last) for w in (quarter_window(2028, q) for q in (1, 2, 3, 4))
        ]

        assert days == [
            (dt.date(2028, 1, 1), dt.date(2028, 3, 31)),
            (dt.date(2028, 4, 1), dt.date(2028, 6, 30)),
            (dt.date(2028, 7, 1), dt.date(2028, 9, 30)),
            (dt.date(2028, 10, 1), dt.date(2028, 12, 31)),
        ]

    @pytest.mark.parametrize("quarter", [0, 5, True, "2"])
    def test_there_is_no_other(self, quarter):
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            quarter_window(YEAR, quarter)

        assert caught.value.code in {"count-range", "count-most", "count-type"}
        assert caught.value.params["name"] == "quarter"

    def test_draws_are_made_in_the_first_working_days(self):
        """Qingming lies among the first five of the second quarter."""
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)
        calendar = WorkCalendar.china()

        assert made.draw_days(calendar) == Window(SPRING.first, dt.date(YEAR, 4, 8))
        assert made.draw_days(calendar, workdays=1) == Window(
            SPRING.first, SPRING.first
        )

    @pytest.mark.parametrize(
        ("calendar", "workdays", "code"),
        [
            (None, 5, "argument-type"),
            (WorkCalendar.china(), 5.5, "count-form"),
            (WorkCalendar.china(), True, "count-type"),
            (WorkCalendar.china(), 0, "count-range"),
            (WorkCalendar.china(), -(10**5000), "count-range"),
        ],
        ids=["no calendar", "5.5", "yes", "0", "huge"],
    )
    def test_working_days_are_counted_by_a_calendar(self, calendar, workdays, code):
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)

        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            made.draw_days(calendar, workdays=workdays)

        assert caught.value.code == code

    def test_days_that_the_calendar_does_not_know_are_told(self):
        """The first day there is has none before it."""
        first = Round(
            window=quarter_window(1, 1), on=MARCH, parts={}, without_subjects=()
        )

        with pytest.raises(InvalidValueError) as caught:
            first.draw_days(WorkCalendar.china(), workdays=np.int64(1))

        assert caught.value.code != "count-range"


class TestWhichEntries:
    def test_a_batch_belongs_to_the_round_in_which_it_begins(self):
        """A day before and a day after are other rounds."""
        day = dt.timedelta(1)
        first = [
            SPRING.first - day,
            SPRING.first,
            SPRING.last,
            SPRING.last + day,
        ]
        made = plan(
            *(
                entry(id=str(k), batches=Batch(d, AUTUMN.last))
                for k, d in enumerate(first)
            ),
            entry(id="undated", batches=()),
        )

        for quarter, ids in ((1, ["0"]), (2, ["1", "2"]), (3, ["3"]), (4, [])):
            parts = prepare_round(made, register(), quarter=quarter, on=MARCH).parts
            assert list(parts) == ids

    def test_any_window_will_do(self):
        window = Window(SPRING.first, SPRING.first)
        made = prepare_round(plan(), register(), window=window, on=MARCH)

        assert (made.window, list(made.parts)) == (window, ["1"])

    def test_several_plans_are_drawn_together(self):
        """One announcement, one key, as the city's rule wants it."""
        other = plan(entry(id="2", lead=POLICE), issuer=POLICE)
        made = prepare_round([plan(), other], register(), quarter=2, on=MARCH)
        announcement = announced(made)

        assert [draw.name for draw in announcement.draws] == ["1", "2"]
        assert drawn(made).draws["1"].selected == drawn(made).draws["2"].selected

    def test_checks_in_approval_are_of_nobody_on_the_register(self):
        made = plan(
            entry(mode=Mode.INSPECTORS_ONLY, mode_reason=ModeReason.APPROVAL),
            entry(id="2", mode=Mode.INSPECTORS_ONLY, mode_reason=ModeReason.CASE_LEAD),
        )
        prepared = prepare_round(made, register(), quarter=2, on=MARCH)

        assert [one.id for one in prepared.without_subjects] == ["1", "2"]
        assert prepared.parts == {}

    def test_a_round_without_draws_cannot_be_announced(self):
        with pytest.raises(InvalidInput) as caught:
            announced(prepare_round(plan(), register(), quarter=3, on=MARCH))

        assert caught.value.faults[0].code == "list-empty"

    def test_the_register_of_the_lead_is_read(self):
        made = plan(entry(), entry(id="2", lead=POLICE, subjects={"kind": {"旅店"}}))
        registers = {
            MARKET: register(4),
            POLICE: register(9, kind=["旅店", "药店", None] * 3),
        }
        prepared = prepare_round(made, registers, quarter=2, on=MARCH)

        assert {name: frame.ids for name, frame in prepared.frames.items()} == {
            "1": ("S0", "S1", "S2", "S3"),
            "2": ("S0", "S3", "S6"),
        }

    def test_amendments_up_to_the_day_apply(self):
        raised = plan().amend(
            Amendment(
                number=1,
                on=MARCH,
                reason=AmendmentReason.SUDDEN_RISK,
                grounds="食物中毒",
                raises=Raise(entry="1", ratio=Ratio.exactly("75%")),
            )
        )
        quotas = [
            prepare_round(raised, register(), quarter=2, on=day).quotas["1"]
            for day in (MARCH - dt.timedelta(1), MARCH)
        ]

        assert quotas == [{"全部": 4}, {"全部": 6}]


class TestTiers:
    def test_every_subject_is_in_the_frame_or_excluded(self):
        columns = {
            "credit": ["D", "A", "A", "A", "A", "A", "A", None],
            "visits_this_year": [0, 0, 1, 0, 0, 0, 0, 0],
            "status": ["存续"] * 7 + ["注销"],
        }
        made = prepare_round(
            plan(), register(8, **columns), quarter=2, on=MARCH,
            tiers={"1": CREDIT}, whitelist=["S3"],
        )  # fmt: skip
        part = made.parts["1"]

        assert part.quotas == {"D": 1, "其他": 2}
        assert [(e.id, e.reason) for e in made.exclusions["1"]] == [
            ("S2", ExclusionReason.YEARLY_CAP),
            ("S3", ExclusionReason.WHITELISTED),
            ("S7", ExclusionReason.STRUCK_OFF),
        ]
        assert sorted([*part.frame.ids, *(e.id for e in part.exclusions)]) == sorted(
            f"S{k}" for k in range(8)
        )
        assert part.shortfalls == {}

    def test_a_cap_binds_more_strongly_than_a_ratio(self):
        """What cannot be drawn is told, not made up for elsewhere."""
        columns = {"credit": ["A"] * 5, "visits_this_year": [1, 1, 1, 1, 1]}
        capped = prepare_round(
            plan(), register(5, **columns), quarter=2, on=MARCH, tiers={"1": CREDIT}
        ).parts["1"]

        assert (capped.quotas, capped.shortfalls) == ({}, {"其他": 1})

    @pytest.mark.parametrize(
        ("sizes", "quotas", "shortfalls"),
        [
            ((2, 8), {"D": 1, "其他": 4}, {}),
            ((0, 8), {"其他": 5}, {}),
            ((1, 2), {"D": 1, "其他": 2}, {}),
        ],
    )
    def test_a_number_of_subjects_is_divided_by_size(self, sizes, quotas, shortfalls):
        """Five firms of ten: one of two, four of eight."""
        d, others = sizes
        made = prepare_round(
            plan(entry(ratio=Ratio.count_between(5, 7))),
            register(d + others, credit=["D"] * d + ["A"] * others),
            quarter=2,
            on=MARCH,
            tiers={"1": CREDIT},
        ).parts["1"]

        assert (made.quotas, made.shortfalls) == (quotas, shortfalls)

    def test_what_one_tier_cannot_give_another_gives(self):
        """The plan says five; who is at the cap cannot make it four."""
        columns = {
            "credit": ["D"] * 4 + ["A"] * 4,
            "visits_this_year": [0] * 4 + [1, 1, 1, 0],
        }
        made = prepare_round(
            plan(entry(ratio=Ratio.count_between(5, 5))), register(8, **columns),
            quarter=2, on=MARCH, tiers={"1": CREDIT},
        ).parts["1"]  # fmt: skip

        assert (made.quotas, made.shortfalls) == ({"D": 4, "其他": 1}, {})

    def test_what_no_tier_can_give_is_told(self):
        columns = {
            "credit": ["D"] * 4 + ["A"] * 4,
            "visits_this_year": [0] * 4 + [1, 1, 1, 0],
        }
        made = prepare_round(
            plan(entry(ratio=Ratio.count_between(7, 7))), register(8, **columns),
            quarter=2, on=MARCH, tiers={"1": CREDIT},
        ).parts["1"]  # fmt: skip

        assert (made.quotas, made.shortfalls) == ({"D": 4, "其他": 1}, {"其他": 2})

    def test_a_ratio_by_officers_counts_those_of_the_lead(self):
        """1:2 with three officers are six firms; experts do not count."""
        people = InspectorRegister(
            [
                *(Inspector(id=str(k), department=MARKET) for k in range(3)),
                Inspector(id="E", department=MARKET, is_expert=True),
                Inspector(id="P", department=POLICE),
            ]
        )
        prepared = prepare_round(
            plan(entry(ratio=Ratio.per_officer(2))),
            register(), quarter=2, on=MARCH, inspectors=people,
        )  # fmt: skip

        assert prepared.quotas == {"1": {"全部": 6}}

    def test_a_ratio_by_officers_needs_officers_of_the_lead(self):
        """Nobody would be drawn, and nobody would notice."""
        people = InspectorRegister(
            [
                Inspector(id="P", department=POLICE),
                Inspector(id="E", department=MARKET, is_expert=True),
            ]
        )
        by_officer = TierPolicy([TierRule("甲", ratio=Ratio.per_officer(2))])
        made = plan(
            entry(ratio=Ratio.per_officer(2)),
            entry(id="2", ratio=Ratio.per_officer(2), lead=POLICE),
            entry(id="3"),
            entry(id="4"),
        )

        with pytest.raises(InvalidInput) as caught:
            prepare_round(
                made, register(), quarter=2, on=MARCH, inspectors=people,
                tiers={"4": by_officer},
            )  # fmt: skip

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("1", "officers-none"),
            ("4", "officers-none"),
        ]
        params = caught.value.faults[0].params
        assert (params["id"], params["department"]) == ("1", MARKET)

    def test_faults_of_entries_are_told_together_with_the_entry(self):
        made = plan(
            entry(ratio=Ratio.per_officer(2)),
            entry(id="2", ratio=Ratio.between("10%", "11%")),
            entry(id="3", subjects={"kind": {"药店"}}),
            entry(id="4", lead=POLICE),
        )

        with pytest.raises(InvalidInput) as caught:
            prepare_round(made, {MARKET: register()}, quarter=2, on=MARCH)

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("1: 全部", "ratio-officers"),
            ("2: 全部", "ratio-unmet"),
            ("3", "unknown-field"),
            ("4", "register-missing"),
        ]

    def test_faults_without_a_place_get_the_entry(self):
        policy = TierPolicy(
            [TierRule("D", ratio=Ratio.exactly("1%"), when={"credit": {"D"}})]
        )

        with pytest.raises(InvalidInput) as caught:
            prepare_round(
                plan(),
                register(2, credit=["D", "A"]),
                quarter=2,
                on=MARCH,
                tiers={"1": policy},
            )

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("1", "tier-unmatched")
        ]


def raise_to(ratio, on, **fields):
    given = {
        "number": 1,
        "on": on,
        "reason": AmendmentReason.GENERAL_PROBLEM,
        "grounds": "普遍未消毒",
        "raises": Raise(entry="1", ratio=Ratio.exactly(ratio)),
    }
    return Amendment(**{**given, **fields})


TWICE = plan(entry(batches=HALVES, frequency=Frequency.exactly(2)))


def spring(made=TWICE, **fields):
    prepared = prepare_round(made, register(9), quarter=2, on=MARCH, **fields)
    return prepared, prepared.ledger(drawn(prepared), drawn_on=SPRING.first)


class TestBatches:
    def test_two_batches_make_the_year(self):
        """Nine firms at 50 %: five, of which three in spring."""
        first, ledger = spring()
        second = prepare_round(
            TWICE, register(9), quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )
        before = set(drawn(first).draws["1"].selected)

        assert (first.quotas, second.quotas) == ({"1": {"全部": 3}}, {"1": {"全部": 2}})
        assert set(second.parts["1"].drawn_before) == before
        assert before.isdisjoint(second.frames["1"].ids)
        assert len(second.frames["1"]) == 6

    def test_a_register_that_grows_is_caught_up_with(self):
        """13 firms at 50 % are seven: three in spring, four in autumn."""
        _, ledger = spring()
        second = prepare_round(
            TWICE, register(13), quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )

        assert second.quotas["1"] == {"全部": 4}

    def test_a_raise_in_between_is_caught_up_with(self):
        _, ledger = spring()
        raised = TWICE.amend(raise_to("80%", on=dt.date(YEAR, 7, 1)))
        second = prepare_round(
            raised, register(9), quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )

        assert second.quotas["1"] == {"全部": 5}

    @pytest.mark.parametrize(
        ("batches", "quarter", "on", "quotas", "shortfalls"),
        [
            # The only batch runs: the next round draws what is missing.
            ([(SPRING.first, AUTUMN.last, 1)], 3, (7, 20), {"全部": 3}, {}),
            ([(SPRING.first, AUTUMN.last, 1)], 4, (9, 25), {"全部": 3}, {}),
            # Its own round is prepared anew: the same.
            ([(SPRING.first, AUTUMN.last, 1)], 2, (7, 20), {"全部": 3}, {}),
            ([(SPRING.first, SPRING.last, 1)], 2, (6, 30), {"全部": 3}, {}),
            # It is over: nobody can be inspected in it, and that is told.
            ([(SPRING.first, SPRING.last, 1)], 3, (6, 30), {"全部": 0}, {"全部": 3}),
            ([(SPRING.first, dt.date(YEAR, 7, 1), 1)], 3, (7, 1), {"全部": 3}, {}),
            (
                [(SPRING.first, dt.date(YEAR, 7, 1), 1)], 3, (7, 2), {"全部": 0},
                {"全部": 3},
            ),
        ],
    )  # fmt: skip
    def test_a_raise_after_the_last_draw_is_drawn_while_a_batch_runs(
        self, batches, quarter, on, quotas, shortfalls
    ):
        """Nine firms at 50 % are five; at 80 %, eight."""
        made = plan(entry(batches=[Batch(a, b, Fraction(c)) for a, b, c in batches]))
        first, ledger = spring(made)
        raised = made.amend(raise_to("80%", on=SPRING.last))
        part = prepare_round(
            raised, register(9), quarter=quarter, on=dt.date(YEAR, *on), ledger=ledger
        ).parts["1"]

        assert first.quotas["1"] == {"全部": 5}
        assert (part.quotas, part.shortfalls) == (quotas, shortfalls)
        assert part.batches == made.entry("1").batches
        assert set(part.drawn_before).isdisjoint(part.frame.ids)
        assert len(part.drawn_before) == 5

    def test_what_is_drawn_late_goes_into_the_batch_that_ends_last(self):
        """It leaves most time; its checks are due on its last day."""
        long, short = AUTUMN.last, dt.date(YEAR, 7, 15)
        made = plan(
            entry(
                batches=[
                    Batch(SPRING.first, long, Fraction(1, 3)),
                    Batch(dt.date(YEAR, 5, 1), short, Fraction(2, 3)),
                ]
            )
        )
        _, ledger = spring(made)
        raised = made.amend(raise_to("80%", on=dt.date(YEAR, 7, 1)))
        summer = prepare_round(
            raised, register(9), quarter=3, on=dt.date(YEAR, 7, 2), ledger=ledger
        )
        rows = summer.ledger(drawn(summer), drawn_on=dt.date(YEAR, 7, 3), prefix="夏")

        assert [row.due for row in rows] == [long] * 3
        done = ledger.extend(rows)
        later = {"on": dt.date(YEAR, 9, 25), "ledger": done}
        assert prepare_round(raised, register(9), quarter=4, **later).parts == {}

    def test_only_what_was_raised_is_drawn_once_more(self):
        """Others keep the number of their draw, however the register grows."""
        year = Batch(SPRING.first, AUTUMN.last)
        approval = {"mode": Mode.INSPECTORS_ONLY, "mode_reason": ModeReason.APPROVAL}
        made = plan(
            entry(batches=year),
            entry(id="2", batches=year),
            entry(id="3", batches=year, **approval),
            entry(id="4", batches=()),
            entry(id="5", batches=year, frequency=Frequency.exactly(1)),
        )
        _, ledger = spring(made)
        raises = [
            *(Raise(entry=i, ratio=Ratio.exactly("80%")) for i in "134"),
            Raise(entry="5", frequency=Frequency.exactly(2)),
        ]
        raised = made.amend(raise_to("80%", on=SPRING.last, raises=raises))
        summer = prepare_round(
            raised, register(20), quarter=3, on=dt.date(YEAR, 7, 20), ledger=ledger
        )

        assert summer.quotas == {"1": {"全部": 11}}
        assert summer.without_subjects == ()

    def test_a_late_draw_needs_the_ledger(self):
        raised = plan(entry(batches=Batch(SPRING.first, AUTUMN.last))).amend(
            raise_to("80%", on=SPRING.last)
        )

        with pytest.raises(InvalidInput) as caught:
            prepare_round(raised, register(9), quarter=3, on=dt.date(YEAR, 7, 20))

        assert [f.code for f in caught.value.faults] == ["ledger-missing"]
        before = {"quarter": 3, "on": SPRING.last - dt.timedelta(1)}
        assert prepare_round(raised, register(9), **before).parts == {}

    def test_a_register_that_shrinks_draws_nobody_too_many(self):
        """One of two firms is left, and was inspected."""
        first, ledger = spring()
        gone = drawn(first).draws["1"].selected
        left = SubjectRegister.from_columns(id=gone[:1])
        second = prepare_round(
            TWICE, left, quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )

        assert second.parts["1"].quotas == {}
        assert second.parts["1"].shortfalls == {}
        assert len(second.frames["1"]) == 0

    def test_a_substitute_leaves_the_base_and_does_not_count(self):
        first, ledger = spring()
        chosen = drawn(first).draws["1"].selected
        stand_in = next(i for i in first.frames["1"].ids if i not in chosen)
        ledger = ledger.extend(
            [
                LedgerRow(
                    task_id="X", subject_id=stand_in, item="卫生检查",
                    department=MARKET, entry="1", stratum="全部", replaces=chosen[0],
                    drawn_on=SPRING.first, due=SPRING.last,
                )
            ]
        )  # fmt: skip
        second = prepare_round(
            TWICE, register(9), quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )

        assert second.quotas["1"] == {"全部": 2}
        assert stand_in in second.parts["1"].drawn_before

    def test_case_leads_other_entries_and_other_years_do_not_count(self):
        given = {"item": "卫生检查", "department": MARKET}
        ledger = Ledger.of(
            [
                LedgerRow(
                    **given, task_id="A", subject_id="S1", origin=Origin.CASE_LEAD,
                    drawn_on=SPRING.first,
                ),
                LedgerRow(
                    **given, task_id="B", subject_id="S2", entry="2",
                    drawn_on=SPRING.first, due=SPRING.last,
                ),
                LedgerRow(
                    **given, task_id="C", subject_id="S3", entry="1",
                    drawn_on=dt.date(2025, 4, 1), due=dt.date(2025, 12, 31),
                ),
                LedgerRow(
                    **given, task_id="D", subject_id="S4", entry="1",
                    drawn_on=MARCH + dt.timedelta(1), due=SPRING.last,
                ),
                LedgerRow(
                    **given, task_id="E", subject_id="S5", entry="1",
                    drawn_on=MARCH, due=SPRING.last,
                ),
            ]
        )  # fmt: skip
        part = prepare_round(
            TWICE, register(9), quarter=2, on=MARCH, ledger=ledger
        ).parts["1"]

        assert part.drawn_before == ("S5",)
        assert part.quotas == {"全部": 2}

    def test_who_was_drawn_counts_in_the_tier_in_which_it_is_now(self):
        """S0 was drawn as A and is D now: the one D is inspected already."""
        ledger = Ledger.of(
            LedgerRow(
                task_id=f"T{k}", subject_id=subject, item="卫生检查", department=MARKET,
                entry="1", stratum=tier, drawn_on=MARCH, due=SPRING.last,
            )
            for k, (subject, tier) in enumerate(
                [("S0", "其他"), ("gone", "D"), ("lost", "旧")]
            )
        )  # fmt: skip
        made = prepare_round(
            TWICE,
            register(9, credit=["D", "D", "D", *["A"] * 6]),
            quarter=4,
            on=dt.date(YEAR, 9, 25),
            ledger=ledger,
            tiers={"1": CREDIT},
        ).parts["1"]

        assert made.quotas == {"D": 1, "其他": 2}

    def test_later_batches_need_the_ledger(self):
        with pytest.raises(InvalidInput) as caught:
            prepare_round(TWICE, register(), quarter=4, on=MARCH)

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("1", "ledger-missing")
        ]

    def test_batches_of_one_round_are_one_draw_in_its_order(self):
        """Monthly draws of a quarter: the lowest tickets go first."""
        months = Frequency.parse("每月").batches(SPRING.first, SPRING.last)
        made = prepare_round(
            plan(entry(batches=months, ratio=Ratio.exactly("100%"))),
            register(8),
            quarter=2,
            on=MARCH,
        )
        record = drawn(made)
        rows = list(made.parts["1"].parted(record))

        assert made.parts["1"].numbers == {"全部": (3, 3, 2)}
        assert [subject for subject, _, _ in rows] == list(record.draws["1"].selected)
        assert [batch for _, _, batch in rows] == [
            *[months[0]] * 3,
            *[months[1]] * 3,
            *[months[2]] * 2,
        ]

    def test_at_100_per_cent_the_draw_fixes_the_order_of_the_batches(self):
        """One draw, with the first batch; later rounds catch up with newcomers."""
        made = plan(entry(batches=HALVES, ratio=Ratio.at_least("100%")))
        first, ledger = spring(made)
        second = prepare_round(
            made, register(11), quarter=4, on=dt.date(YEAR, 9, 25), ledger=ledger
        )
        due = sorted(row.due for row in ledger)

        assert first.parts["1"].batches == HALVES
        assert first.parts["1"].numbers == {"全部": (5, 4)}
        assert due == [SPRING.last] * 5 + [AUTUMN.last] * 4
        assert second.frames["1"].ids == ("S9", "S10")
        assert second.quotas == {"1": {"全部": 2}}

    def test_nobody_is_announced_where_all_were_drawn(self):
        """Nor is what is missing passed over: a cap may have been reached."""
        made = plan(entry(batches=HALVES, ratio=Ratio.at_least("100%")))
        _, ledger = spring(made)
        later = {"quarter": 4, "on": dt.date(YEAR, 9, 25), "ledger": ledger}
        capped = TierPolicy([TierRule("甲", ratio=Ratio.exactly("100%"), yearly_cap=1)])
        visits = register(10, visits_this_year=[0] * 9 + [1])
        second = prepare_round(made, register(9), **later)
        third = prepare_round(made, visits, **later, tiers={"1": capped})

        assert second.parts == {}
        assert third.parts["1"].shortfalls == {"甲": 1}
        assert len(third.frames["1"]) == 0

    def test_few_subjects_are_inspected_without_a_draw(self):
        made = plan(
            entry(
                mode=Mode.INSPECTORS_ONLY,
                mode_reason=ModeReason.FEW_SUBJECTS,
                ratio=Ratio.parse("100%"),
                batches=HALVES,
            ),
            entry(id="2"),
        )
        columns = {"credit": ["D", "A", "A"], "visits_this_year": [0, 1, 0]}
        prepared = prepare_round(
            made, register(3, **columns), quarter=2, on=MARCH, tiers={"1": CREDIT}
        )
        record = drawn(prepared)

        assert list(prepared.frames) == list(prepared.quotas) == ["2"]
        assert prepared.parts["1"].selected(record) == {"D": ("S0",), "其他": ("S2",)}
        assert list(prepared.exclusions) == ["1", "2"]
        assert {c.subject_id for c in prepared.checks(record)} >= {"S0", "S2"}


class TestChecks:
    def test_departments_check_at_all_drawn_subjects(self):
        made = prepare_round(
            plan(
                entry(
                    items=["卫生检查", PlannedItem("治安检查", department=POLICE)],
                    cooperating=[POLICE],
                    ratio=Ratio.parse("100%"),
                )
            ),
            register(1),
            quarter=2,
            on=MARCH,
        )
        checks = made.checks(drawn(made))

        assert [(c.item, c.department, c.initiates) for c in checks] == [
            ("卫生检查", MARKET, True),
            ("卫生检查", POLICE, False),
            ("治安检查", POLICE, False),
        ]
        assert {c.window for c in checks} == {SPRING}

    @pytest.mark.parametrize(
        ("methods", "method"),
        [
            ((), Method.ON_SITE),
            (Method, Method.ON_SITE),
            ({Method.WRITTEN, Method.ONLINE}, Method.WRITTEN),
            ({Method.ONLINE}, Method.ONLINE),
        ],
    )
    def test_a_visit_is_made_where_one_is_planned(self, methods, method):
        made = prepare_round(
            plan(entry(methods=methods)), register(2), quarter=2, on=MARCH
        )

        assert {c.method for c in made.checks(drawn(made))} == {method}

    def test_one_check_that_two_entries_ask_for_is_made_once(self):
        """The one who leads it in either entry initiates it."""
        given = {"ratio": Ratio.parse("100%")}
        made = prepare_round(
            plan(
                entry(**given, cooperating=[POLICE]),
                entry(**given, id="2", lead=POLICE),
                entry(**given, id="3", lead="税务局", cooperating=[MARKET]),
            ),
            register(1),
            quarter=2,
            on=MARCH,
        )
        record = drawn(made)

        assert [(c.department, c.initiates) for c in made.checks(record)] == [
            (MARKET, True),
            (POLICE, True),
            ("税务局", True),
        ]
        (visit,) = made.merge(record).visits
        assert visit.departments == tuple(sorted([MARKET, POLICE, "税务局"]))

    def test_the_ledger_has_a_row_for_every_entry(self):
        given = {"ratio": Ratio.parse("100%")}
        made = prepare_round(
            plan(
                entry(**given),
                entry(**given, id="2", cooperating=[POLICE]),
                entry(**given, id="3", items=["网上巡查"], methods={Method.ONLINE}),
            ),
            register(2),
            quarter=2,
            on=MARCH,
        )
        record = drawn(made)
        ledger = made.ledger(record, drawn_on=SPRING.first, prefix="2026Q2-")
        rows = {(row.entry, row.subject_id, row.department): row for row in ledger}

        assert len(ledger) == len(rows) == 8
        assert {row.basis for row in ledger} == {record.announcement.digest}
        assert rows["1", "S0", MARKET].task_id == rows["2", "S0", POLICE].task_id
        assert [rows["3", s, MARKET].task_id for s in ("S0", "S1")] == [
            "2026Q2-00003",
            "2026Q2-00004",
        ]
        assert rows["3", "S0", MARKET].method is Method.ONLINE
        assert rows["1", "S0", MARKET].due == SPRING.last
        assert rows["1", "S0", MARKET].stratum == "全部"

    def test_the_record_can_be_verified_with_the_frames(self):
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)

        assert verify_record(drawn(made), made.draw_plans, roll_key=ROLL_KEY) == ()

    def test_the_record_of_another_round_is_refused(self):
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)
        others = {
            "frame": prepare_round(plan(), register(9), quarter=2, on=MARCH),
            "quota": prepare_round(
                plan(entry(ratio=Ratio.exactly("25%"))), register(), quarter=2, on=MARCH
            ),
            "less": prepare_round(
                plan(entry(), entry(id="2")), register(), quarter=2, on=MARCH
            ),
        }

        for other in others.values():
            with pytest.raises(InvalidInput) as caught:
                made.checks(drawn(other))
            assert {f.code for f in caught.value.faults} == {"round-record"}
        with pytest.raises(InvalidInput) as caught:
            others["less"].checks(drawn(made))
        assert [f.column for f in caught.value.faults] == ["2"]
        with pytest.raises(InvalidTypeError):
            made.checks({})

    def test_the_record_of_another_draw_of_an_entry_is_refused(self):
        """Asked of one entry alone: its subjects would get batches at random."""
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)
        others = [
            prepare_round(plan(), register(9), quarter=2, on=MARCH),
            prepare_round(plan(entry(id="2")), register(), quarter=2, on=MARCH),
            prepare_round(
                plan(entry(ratio=Ratio.exactly("25%"))), register(), quarter=2, on=MARCH
            ),
        ]
        both = prepare_round(
            plan(entry(), entry(id="2")), register(), quarter=2, on=MARCH
        )

        for other in others:
            with pytest.raises(InvalidInput) as caught:
                list(made.parts["1"].parted(drawn(other)))
            assert [f.code for f in caught.value.faults] == ["round-record"]
        assert len(list(made.parts["1"].parted(drawn(both)))) == 4

    @pytest.mark.parametrize("record", [None, "1", {}], ids=str)
    def test_what_is_no_record_is_refused(self, record):
        part = prepare_round(plan(), register(), quarter=2, on=MARCH).parts["1"]

        with pytest.raises(InvalidTypeError) as caught:
            part.selected(record)

        assert caught.value.code == "argument-type"

    @pytest.mark.parametrize("prefix", [None, 3])
    def test_tasks_have_ids_that_begin_with_a_text(self, prefix):
        """None00001 would be the id of a task in every round."""
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)

        with pytest.raises(InvalidTypeError) as caught:
            made.ledger(drawn(made), drawn_on=SPRING.first, prefix=prefix)

        assert caught.value.code == "argument-type"

    @pytest.mark.parametrize("fields", [{}, {"territories": {MARKET: {"东"}}}])
    def test_departments_are_asked_of_subjects_of_the_entry(self, fields):
        part = prepare_round(
            plan(entry(**fields)), register(area=["东"] * 8), quarter=2, on=MARCH
        ).parts["1"]

        assert part.departments_at(["S1"]) == {"S1": (MARKET,)}
        for unknown in ("S9", 1, ["S1"]):
            with pytest.raises(InvalidValueError) as caught:
                part.departments_at(["S1", unknown])
            assert caught.value.code == "subject-unknown"
        for several in ("S1", None, np.array("S1")):
            with pytest.raises(InvalidTypeError):
                part.departments_at(several)

    def test_a_redraw_names_what_it_replaces(self):
        made = prepare_round(plan(), register(), quarter=2, on=MARCH)
        first = announced(made)
        about = {"digest": first.digest, "reason": "名录库有误"}
        again = announced(made, previous=first, supersedes=about)

        assert again.supersedes.digest == first.digest


class TestArguments:
    def test_ids_are_unique_among_plans_and_policies_are_of_entries(self):
        with pytest.raises(InvalidInput) as caught:
            prepare_round(
                [plan(), plan(issuer=POLICE)],
                register(),
                quarter=2,
                on=MARCH,
                tiers={"9": CREDIT},
            )

        assert [f.code for f in caught.value.faults] == [
            "entry-twice",
            "plan-entry-unknown",
        ]

    @pytest.mark.parametrize(
        ("plans", "when"),
        [
            ([], {"quarter": 2}),
            ([plan(), plan(year=2027, entries=[entry(id="2")])], {"quarter": 2}),
            ([plan()], {}),
            ([plan()], {"quarter": 2, "window": SPRING}),
        ],
        ids=["no plan", "two years", "no time", "two times"],
    )
    def test_one_year_and_one_time(self, plans, when):
        with pytest.raises(InvalidValueError) as caught:
            prepare_round(plans, register(), on=MARCH, **when)

        assert caught.value.code == "round-window"

    def test_other_types_are_refused(self):
        with pytest.raises(InvalidInput) as caught:
            prepare_round(["计划"], register(), on=MARCH, quarter=2)
        assert [f.code for f in caught.value.faults] == ["argument-type"]
        with pytest.raises(InvalidTypeError) as caught:
            prepare_round(plan(), register(), on=MARCH, window=HALVES[0])
        assert caught.value.code == "argument-type"
        with pytest.raises(InvalidTypeError):
            prepare_round(plan(), register(), on="2026-03-25", quarter=2)

    def test_a_rest_is_counted_from_the_day(self):
        policy = TierPolicy(
            [TierRule("甲", ratio=Ratio.parse("100%"), rest=Period(12, Unit.MONTH))]
        )
        subjects = register(
            2, last_inspected_on=[dt.date(2025, 3, 25), dt.date(2025, 3, 26)]
        )
        part = prepare_round(
            plan(), subjects, quarter=2, on=MARCH, tiers={"1": policy}
        ).parts["1"]

        assert part.frame.ids == ("S0",)
        assert part.frame_plan.registered == {"甲": 2}
        assert part.shortfalls == {"甲": 1}


def test_the_example_of_a_year_adds_up(capsys):
    """8 % of the restaurants in four draws, the raised number of pumps in two."""
    path = Path(__file__).resolve().parents[2] / "docs/examples/plan_to_draw.py"
    if not path.is_file():
        pytest.skip("the examples are not here")
    runpy.run_path(str(path))["main"]()
    told = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines()[-6:]}

    assert rows["3"] == ["203", "153", "50", "0"]
    assert rows["4"] == ["100", "100", "0", "0"]
    assert "row 5, column '抽查比例'" in told


class TestUnusualInput:
    @pytest.mark.parametrize("quarter", [2.5, [2], None])
    def test_a_quarter_is_a_whole_number(self, quarter):
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            quarter_window(YEAR, quarter)

        assert caught.value.code in {"count-form", "count-type"}

    def test_integers_of_numpy_are_whole_numbers(self):
        """Tables give them."""
        assert quarter_window(np.int64(YEAR), np.int64(2)) == SPRING

    @pytest.mark.parametrize(
        ("year", "code"),
        [
            ("2026", "count-type"),
            (2026.5, "count-form"),
            (True, "count-type"),
            (0, "count-range"),
            (10000, "count-most"),
        ],
    )
    def test_a_quarter_is_of_a_year_of_the_calendar(self, year, code):
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            quarter_window(year, 2)

        assert caught.value.code == code

    @pytest.mark.parametrize(
        "change",
        [
            {"whitelist": "S1"},
            {"ledger": []},
            {"inspectors": ()},
            {"tiers": {"1": Ratio.exactly("50%")}},
            {"tiers": [CREDIT]},
        ],
    )
    def test_other_types_are_refused(self, change):
        """A text taken as ids S and 1 would leave nobody in peace, unseen."""
        with pytest.raises(InvalidTypeError) as caught:
            prepare_round(plan(), register(), quarter=2, on=MARCH, **change)

        assert caught.value.code.startswith("argument-")

    @pytest.mark.parametrize("registers", [None, {MARKET: None}])
    def test_registers_are_registers(self, registers):
        with pytest.raises(InvalidTypeError) as caught:
            prepare_round(plan(), registers, quarter=2, on=MARCH)

        assert caught.value.code.startswith("argument-")

    def test_plans_are_several_or_one(self):
        with pytest.raises(InvalidTypeError) as caught:
            prepare_round(2026, register(), quarter=2, on=MARCH)

        assert caught.value.code.startswith("argument-")

    @pytest.mark.parametrize(
        "items",
        [
            [PlannedItem("检查", object="车"), PlannedItem("检查", object="船")],
            ["检查", PlannedItem("检查", department=MARKET)],
        ],
    )
    def test_one_name_for_two_objects_is_one_check(self, items):
        """Lists use one name for several; the ledger has each check once."""
        made = prepare_round(plan(entry(items=items)), register(), quarter=2, on=MARCH)

        rows = made.ledger(drawn(made), drawn_on=SPRING.first)

        assert [row.item for row in rows] == ["检查"] * 4

    @pytest.mark.parametrize(
        ("fields", "frame"),
        [
            ({"subjects": {"area": {"东"}}}, 4),
            ({"items": [PlannedItem("检查", department=POLICE), "消防"]}, 8),
            ({"territories": {}}, 8),
            ({"territories": {POLICE: {"东", "西"}}}, 8),
        ],
    )
    def test_who_is_drawn_is_checked_by_somebody(self, fields, frame):
        given = {
            "items": [PlannedItem("检查", department=POLICE)],
            "cooperating": [POLICE],
            "territories": {POLICE: {"东"}},
        }
        everybody = register(area=["东", "西"] * 4)

        made = prepare_round(
            plan(entry(**{**given, **fields})), everybody, quarter=2, on=MARCH
        )

        checked = {check.subject_id for check in made.checks(drawn(made))}
        assert len(made.frames["1"]) == frame
        assert len(checked) == frame // 2

    def test_whom_nobody_would_check_cannot_be_drawn(self):
        """Drawn, they would have no row in the ledger, and be lost."""
        one = entry(
            items=[PlannedItem("检查", department=POLICE)],
            cooperating=[POLICE],
            territories={POLICE: {"东"}},
        )

        with pytest.raises(InvalidInput) as caught:
            prepare_round(
                plan(one), register(area=["东", "西"] * 4), quarter=2, on=MARCH
            )

        (fault,) = caught.value.faults
        assert (fault.code, fault.params["subjects"]) == ("round-unreached", 4)

    @pytest.mark.parametrize(
        ("last", "refused"),
        [(dt.date(YEAR, 12, 31), False), (dt.date(YEAR + 1, 1, 1), True)],
    )
    def test_a_batch_ends_with_the_year(self, last, refused):
        """What is due in another year would not count as drawn in this one."""
        one = plan(entry(batches=Batch(AUTUMN.first, last)))
        codes = []

        try:
            prepare_round(one, register(), quarter=4, on=MARCH)
        except InvalidInput as error:
            codes = [fault.code for fault in error.faults]

        assert codes == ["window-outside-year"] * refused


class TestStorage:
    """A host prepares a round, announces it, and draws days later."""

    def rounds(self):
        one = entry(
            items=[PlannedItem("检查", department=POLICE), "消防"],
            cooperating=[POLICE],
            territories={POLICE: {"东"}},
            batches=HALVES,
        )
        approval = entry(
            id="2", mode=Mode.INSPECTORS_ONLY, mode_reason=ModeReason.APPROVAL
        )
        subjects = register(area=["东", "西"] * 4)
        first = prepare_round(plan(one, approval), subjects, quarter=2, on=MARCH)
        ledger = first.ledger(drawn(first), drawn_on=SPRING.first)
        second = prepare_round(
            plan(one, approval), subjects, quarter=4, on=SPRING.last, ledger=ledger
        )
        return first, second

    def test_a_round_comes_back_as_it_was(self):
        for made in self.rounds():
            document = json.loads(json.dumps(made.to_dict()))
            read = Round.from_dict(document)

            assert read == made
            assert hash(read) == hash(made)
            assert read.to_dict() == made.to_dict()
            assert read.quotas == made.quotas
            assert read.frames == made.frames
            assert copy.deepcopy(made) == made

    def test_what_is_drawn_of_a_stored_round_is_the_same(self):
        """Frames, territories and batches are all that the checks need."""
        made, _ = self.rounds()
        record = drawn(made)
        read = Round.from_dict(made.to_dict())

        assert read.checks(record) == made.checks(record)
        assert read.parts["1"].drawn_before == ()

    def test_rounds_of_other_batches_or_registers_are_others(self):
        first, second = self.rounds()

        assert first != second
        assert len(second.parts["1"].drawn_before) == 2
        assert first.parts["1"].schema()["properties"]["reached"]

    def test_all_faults_of_a_document_are_told_with_their_paths(self):
        document = self.rounds()[0].to_dict()
        document["parts"]["1"] |= {"drawn_before": ["S1", " S2"], "is_drawn": "?"}
        document["on"] = "2026-3-1"

        with pytest.raises(InvalidInput) as caught:
            Round.from_dict(document)

        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("day-form", "on"),
            ("id-padded", "parts['1'].drawn_before[1]"),
            ("flag-form", "parts['1'].is_drawn"),
        ]

    def test_a_round_is_shown_in_a_line(self):
        assert repr(self.rounds()[0]) == (
            "<Round of 2026-04-01 to 2026-06-30, draws by entry {'1': 2}>"
        )


def test_a_subject_is_explained_before_the_draw():
    """On the roll or not, without ticket and result."""
    made = prepare_round(plan(), register(), quarter=2, on=MARCH)
    subject = next(iter(made.frames.values())).ids[0]

    told = made.explain(subject)

    assert len(told.draws) == len(made.frames)
    assert subject in str(told)
