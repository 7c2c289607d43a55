"""
Provisions that registers, tiers, draws, visits and deadlines carry out.

One class for each article, named after it; the others stand beside this file.
"""

import datetime as dt

import pytest
from drawing import ROLL_KEY, chance, fact

from dsgk import (
    Check,
    Frame,
    Inspector,
    InspectorRegister,
    InvalidInput,
    Method,
    Period,
    Ratio,
    Recusal,
    RecusalReason,
    RuleProfile,
    Seat,
    StaffingTask,
    Subject,
    SubjectRegister,
    TierPolicy,
    TierRule,
    Unit,
    UnstaffableError,
    Window,
    WorkCalendar,
    announce,
    assign_inspectors,
    conduct,
    merge_checks,
    verify_record,
)
from dsgk.assignments import PastVisit
from dsgk.errors import InvalidValueError
from dsgk.identifiers import check_credit_code
from dsgk.inspectors import RecusalOrigin
from dsgk.sources import DISTRICT_OPINION, PROVISIONS, article
from dsgk.subjects import Addition, Change
from dsgk.tiers import ExclusionReason


TODAY = dt.date(2026, 3, 17)
KEY = "0" * 32
WORKDAYS = Unit.WORKING_DAY


def check(department="市场监管局", item="卫生检查", days=(1, 31), **other):
    first, last = (dt.date(2026, 3, day) for day in days)
    window = Window(first, last)
    return Check(
        subject_id="S1", item=item, department=department, window=window, **other
    )


def officers(*ids, **other):
    return [Inspector(id=i, department="市场监管局", **other) for i in ids]


def assign(people, count=2, **other):
    seat = Seat(department="市场监管局", count=count)
    task = StaffingTask(id="T1", subject_id="S1", seats=[seat])
    assignment = assign_inspectors([task], InspectorRegister(people), key=KEY, **other)
    return {seated.inspector_id for seated in assignment.teams["T1"]}


class TestArticle1:
    def test_the_instrument_is_at_hand_as_data(self):
        """Purpose and basis: every rule can name where it comes from."""
        assert article(1).instrument is DISTRICT_OPINION
        assert dt.date(2020, 3, 17) == DISTRICT_OPINION.in_force


class TestArticle2:
    def test_the_instrument_names_its_district(self):
        """It holds in one district; another district is another rule profile."""
        assert "蓟州区" in DISTRICT_OPINION.title
        assert RuleProfile().name == DISTRICT_OPINION.title


class TestArticle6:
    def test_every_article_can_be_cited(self):
        """Lawful: no rule without a basis."""
        own = [p for p in PROVISIONS if p.instrument is DISTRICT_OPINION]

        assert {p.article for p in own} == set(range(1, 33))


class TestArticle3:
    def test_subjects_are_drawn_inspectors_are_drawn_and_the_record_is_public(self):
        """Two draws, and anyone can check the first with what is published."""
        frame = Frame(["S1", "S2", "S3"], ["A"] * 3)
        announcement = announce(
            title="抽查", issuer="市场监管局", announced_on=TODAY,
            **fact(TODAY), draws={"抽查": (frame, {"A": 1})},
        )  # fmt: skip
        record = conduct(announcement, {"抽查": frame}, **chance("02-07"))

        assert len(record.draws["抽查"].selected) == 1
        assert verify_record(record.to_dict(), {"抽查": frame}, roll_key=ROLL_KEY) == ()
        assert len(assign(officers("P1", "P2", "P3"))) == 2

    def test_another_public_number_is_another_draw(self):
        """Nothing but the announced fact decides."""
        frame = Frame([f"S{k}" for k in range(100)], ["A"] * 100)
        announcement = announce(
            title="抽查", issuer="市场监管局", announced_on=TODAY,
            **fact(TODAY), draws={"抽查": (frame, {"A": 10})},
        )  # fmt: skip
        drawn = {
            conduct(announcement, {"抽查": frame}, **chance(e)).draws["抽查"].selected
            for e in ("02-07", "02-08", "02-07")
        }

        assert len(drawn) == 2


class TestArticle5:
    def test_one_visit_serves_many_checks(self):
        """进一次门、查多项事."""
        merged = merge_checks([check(), check("公安局"), check("消防救援大队")])

        assert len(merged.visits) == 1
        assert len(merged.visits[0].checks) == 3

    @pytest.mark.parametrize(
        ("second", "visits"), [((9, 20), 1), ((10, 20), 1), ((11, 20), 2)], ids=str
    )
    def test_windows_that_share_one_day_are_one_visit(self, second, visits):
        """Before, on and after the last day of the other window."""
        merged = merge_checks([check(days=(1, 10)), check("公安局", days=second)])

        assert len(merged.visits) == visits


class TestArticle10:
    def test_a_ratio_is_drawn_from_the_frame_alone(self):
        """What is not on the list is in no frame and so in no draw."""
        with pytest.raises(InvalidInput):
            announce(
                title="抽查", issuer="市场监管局", announced_on=TODAY,
                **fact(TODAY),
                draws={"抽查": (Frame(["S1"], ["A"]), {"B": 1})},
            )  # fmt: skip


def part(when, *, rest=None, cap=None, **columns):
    register = SubjectRegister.from_columns(id=["S1"], **columns)
    rule = TierRule(
        "甲", ratio=Ratio.parse("10%"), when=when, rest=rest, yearly_cap=cap
    )
    plan = TierPolicy([rule]).frame(register, on=TODAY)
    return [exclusion.reason for exclusion in plan.exclusions]


class TestArticle13:
    @pytest.mark.parametrize(
        "column",
        [{"risk": "高"}, {"credit": "D"}, {"on_promise": True}],
        ids=["risk", "credit", "promise"],
    )
    def test_supervision_follows_risk_credit_and_promise(self, column):
        """A subject that no rule is for is an error, not a silent zero."""
        ((field, value),) = column.items()
        columns = {field: [value]}

        assert part({field: {value}}, **columns) == []
        with pytest.raises(InvalidInput):
            part({field: {not value if value is True else "其他"}}, **columns)

    @pytest.mark.parametrize(
        ("last", "excluded"),
        [
            (dt.date(2024, 3, 16), False),
            (dt.date(2024, 3, 17), False),
            (dt.date(2024, 3, 18), True),
        ],
        ids=str,
    )
    def test_a_rest_is_over_on_the_same_day_of_the_month(self, last, excluded):
        """Two years of rest, the day before, on and after."""
        reasons = part({}, rest=Period(24, Unit.MONTH), last_inspected_on=[last])

        assert reasons == [ExclusionReason.INSIDE_REST] * excluded


class TestArticle17:
    def test_the_number_of_visits_is_the_least_possible(self):
        """Three windows that two days meet: two visits, not three."""
        days = [(1, 10), (5, 15), (12, 20)]
        checks = [check(f"部门{k}", days=d) for k, d in enumerate(days)]

        assert len(merge_checks(checks).visits) == 2


class TestArticle19:
    def test_drawn_lists_that_coincide_are_inspected_jointly(self):
        """The department that initiates leads."""
        (visit,) = merge_checks(
            [check("公安局"), check("卫生健康委", initiates=True)]
        ).visits

        assert visit.departments == ("公安局", "卫生健康委")
        assert visit.lead == "卫生健康委"


class TestArticle21:
    @pytest.mark.parametrize("method", [Method.WRITTEN, Method.ONLINE], ids=str)
    def test_what_is_checked_from_afar_needs_no_visit(self, method):
        """Written and online checks stand apart and none is lost."""
        merged = merge_checks([check(), check("公安局", method=method)])

        assert len(merged.visits) == 1
        assert [c.department for c in merged.remote] == ["公安局"]


class TestArticle24:
    @pytest.mark.parametrize(
        ("on", "reasons"),
        [
            (dt.date(2026, 3, 16), []),
            (dt.date(2026, 3, 17), [ExclusionReason.STRUCK_OFF]),
            (dt.date(2026, 3, 18), [ExclusionReason.STRUCK_OFF]),
        ],
        ids=str,
    )
    def test_who_was_struck_off_is_not_drawn_from_that_day_on(self, on, reasons):
        """Registers are kept current by dated changes."""
        register = SubjectRegister.from_columns(id=["S1"])
        change = Change.struck_off("S1", on=TODAY, reason="注销登记")
        policy = TierPolicy([TierRule("甲", ratio=Ratio.parse("10%"))])
        plan = policy.frame(register.apply([change], on=on), on=on)

        assert [exclusion.reason for exclusion in plan.exclusions] == reasons

    def test_who_is_added_can_be_drawn(self):
        """A new firm stands in the register from its day on."""
        register = SubjectRegister.from_columns(id=["S1"])
        new = Addition(subject=Subject(id="S2"), on=TODAY, reason="设立登记")

        assert "S2" in register.apply([new], on=TODAY)
        assert "S2" not in register.apply([new], on=TODAY - dt.timedelta(1))


class TestArticle25:
    def test_equipment_and_projects_are_subjects_too(self):
        """Not only firms and sole traders."""
        register = SubjectRegister.from_columns(
            id=["91110000600037341L", "电梯-0001"], kind=["企业", "设备"]
        )

        assert register.where(kind={"设备"}).ids == ("电梯-0001",)

    def test_an_expert_never_fills_the_seat_of_an_officer(self):
        """Experts assist."""
        with pytest.raises(UnstaffableError):
            assign([*officers("P1"), *officers("E1", is_expert=True)])


class TestCivilCode201:
    def test_the_first_day_is_not_counted(self):
        """One working day from Monday ends on Tuesday."""
        calendar = WorkCalendar.china()
        monday = dt.date(2026, 3, 16)

        assert calendar.deadline(monday, Period(1, WORKDAYS)).date == dt.date(
            2026, 3, 17
        )


class TestCivilCode202:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (dt.date(2025, 4, 29), dt.date(2025, 5, 29)),
            (dt.date(2025, 4, 30), dt.date(2025, 5, 30)),
            (dt.date(2025, 3, 31), dt.date(2025, 4, 30)),
        ],
        ids=str,
    )
    def test_a_month_without_the_day_ends_on_its_last(self, start, end):
        """31 March and a month is 30 April."""
        deadline = WorkCalendar.china().deadline(start, Period(1, Unit.MONTH))

        assert deadline.date == end


class TestCivilCode203:
    @pytest.mark.parametrize(
        ("days", "end"),
        [
            (29, dt.date(2025, 9, 30)),
            (30, dt.date(2025, 10, 9)),
            (38, dt.date(2025, 10, 9)),
            (39, dt.date(2025, 10, 10)),
        ],
        ids=str,
    )
    def test_a_period_that_ends_on_a_day_off_ends_after_it(self, days, end):
        """The long holiday of 2025, 1 to 8 October: before, in and after it."""
        start = dt.date(2025, 9, 1)

        assert WorkCalendar.china().deadline(start, Period(days, Unit.DAY)).date == end


class TestAdministrativePenaltyLaw42:
    def test_two_certified_officers_make_an_inspection(self):
        """One is too few, and so are two of whom one has no certificate."""
        assert assign(officers("P1", "P2")) == {"P1", "P2"}
        with pytest.raises(UnstaffableError):
            assign([*officers("P1"), *officers("P2", certified=False)])
        with pytest.raises(InvalidInput) as caught:
            assign(officers("P1", "P2"), count=1)

        assert "42" in caught.value.faults[0].provision

    def test_another_number_is_another_rule_profile(self):
        """The number stands once, in the profile."""
        rules = RuleProfile(min_officers=1)

        assert assign(officers("P1"), count=1, rules=rules) == {"P1"}


class TestAdministrativePenaltyLaw43:
    def test_a_recused_officer_is_not_sent(self):
        """Whatever the key."""
        recusal = Recusal(
            inspector_id="P1", subject_id="S1", reason=RecusalReason.OWN_INTEREST
        )

        assert assign(officers("P1", "P2", "P3"), recusals=[recusal]) == {"P2", "P3"}

    def test_nobody_is_sent_twice_in_a_row(self):
        """Rotation keeps familiarity from growing."""
        past = PastVisit(inspector_id="P1", subject_id="S1", on=dt.date(2025, 3, 17))

        assert assign(officers("P1", "P2", "P3"), history=[past]) == {"P2", "P3"}


class TestAdministrativePenaltyLaw85:
    def test_a_period_carries_its_unit(self):
        """Seven days and seven working days are different periods."""
        calendar, start = WorkCalendar.china(), dt.date(2026, 3, 16)

        assert calendar.deadline(start, Period(7, Unit.DAY)).date == dt.date(
            2026, 3, 23
        )
        assert calendar.deadline(start, Period(7, WORKDAYS)).date == dt.date(
            2026, 3, 25
        )


class TestCivilServantLaw76:
    def test_the_grounds_of_recusal_are_a_closed_list(self):
        """Own interest, kinship, any other relation that may affect fairness."""
        assert [reason.name for reason in RecusalReason] == [
            "OWN_INTEREST",
            "KINSHIP",
            "OTHER_RELATION",
        ]


class TestCivilServantLaw77:
    def test_a_recusal_is_declared_requested_or_ordered(self):
        """Whoever brings it up, it binds."""
        for origin in RecusalOrigin:
            recusal = Recusal(
                inspector_id="P1", subject_id="S1",
                reason=RecusalReason.KINSHIP, origin=origin,
            )  # fmt: skip

            assert assign(officers("P1", "P2", "P3"), recusals=[recusal]) == {
                "P2",
                "P3",
            }
        assert [o.name for o in RecusalOrigin] == ["DECLARED", "REQUESTED", "ORDERED"]


class TestStateCouncilOffice202454:
    @pytest.mark.parametrize(
        ("visits", "excluded"), [(1, False), (2, True), (3, True)], ids=str
    )
    def test_a_cap_counts_the_visits_of_all_departments(self, visits, excluded):
        """Two visits a year: one before, at and above the cap."""
        reasons = part({}, cap=2, visits_this_year=[visits])

        assert reasons == [ExclusionReason.YEARLY_CAP] * excluded


class TestGB32100:
    def test_a_code_ends_in_its_check_character(self):
        """One wrong character is found."""
        assert check_credit_code("91110000600037341L") == "91110000600037341L"
        with pytest.raises(InvalidValueError, match="check character 'L'"):
            check_credit_code("91110000600037341M")
