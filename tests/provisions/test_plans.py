"""
Plans, article by article: a case before, on and after each date and limit.
"""

import datetime as dt
from fractions import Fraction

import attrs
import pytest
from drawing import chance, fact
from province import columns, entries_by_department, item_list

from dsgk.calendars import HolidayNotice, WorkCalendar
from dsgk.draws import conduct
from dsgk.errors import InvalidInput, InvalidValueError
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, ItemClass, ItemList, Method
from dsgk.ledger import Ledger, LedgerRow
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Campaign,
    Conference,
    Frequency,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    PlannedItem,
    ProposalReason,
    Raise,
    Severity,
    check_plan,
    joint_plan_due,
)
from dsgk.results import draw_substitutes
from dsgk.rounds import Round, prepare_round
from dsgk.sources import RuleProfile, article, provisions_of
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio


CALENDAR = WorkCalendar.china()
ONE_DAY = dt.timedelta(1)
YEAR = 2026
MARCH, JUNE = dt.date(YEAR, 3, 2), dt.date(YEAR, 6, 30)
MARKET, POLICE, HEALTH = "市场监管局", "公安局", "卫生健康委"


def entry(**fields):
    """An entry in which nothing is missing, in any plan."""
    given = {
        "id": "1",
        "items": ["宾馆卫生检查"],
        "object": "宾馆",
        "subjects": {"kind": {"宾馆"}},
        "ratio": Ratio.at_least("5%"),
        "frequency": Frequency.exactly(1),
        "focus": "布草",
        "methods": {Method.ON_SITE},
        "batches": Batch(MARCH, JUNE),
        "level": "区级",
        "lead": MARKET,
        "proposed_for": {ProposalReason.MEMBER},
    }
    return PlanEntry(**{**given, **fields})


def plan(*entries, **fields):
    given = {"year": YEAR, "issuer": MARKET, "entries": entries or [entry()]}
    return Plan(**{**given, **fields})


def joint(*entries, members=(MARKET, HEALTH), adopted_on=MARCH, year=YEAR):
    return plan(
        *(entries or [entry(cooperating=[HEALTH])]),
        issuer="联席会议",
        conference=Conference(convener=MARKET, members=members),
        adopted_on=adopted_on,
        year=year,
    )


def codes(made, **context):
    return [f.code for f in check_plan(made, calendar=CALENDAR, **context)]


def found(code, made, **context):
    findings = check_plan(made, calendar=CALENDAR, **context)
    return [f for f in findings if f.code == code]


def officers(*numbers):
    """Officers of the departments in turn."""
    return InspectorRegister(
        Inspector(id=f"{name}{k}", department=name)
        for name, n in zip((MARKET, HEALTH, POLICE), numbers, strict=False)
        for k in range(n)
    )


def hotels(n, area=None):
    return SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(n)], kind=["宾馆"] * n, area=area
    )


def test_a_plan_in_which_nothing_is_missing_is_clean():
    """Every other test changes one thing of these two."""
    assert codes(plan()) == []
    assert codes(joint()) == []


class TestArticle4:
    def test_a_one_sided_mode_needs_its_reason(self):
        """只进行检查对象或执法检查人员的随机抽取 has to be reasoned."""
        fitting = {
            (Mode.BOTH, None),
            (Mode.SUBJECTS_ONLY, ModeReason.FEW_INSPECTORS),
            (Mode.INSPECTORS_ONLY, ModeReason.FEW_SUBJECTS),
            (Mode.INSPECTORS_ONLY, ModeReason.APPROVAL),
            (Mode.INSPECTORS_ONLY, ModeReason.CASE_LEAD),
        }
        for mode in Mode:
            for reason in (None, *ModeReason):
                fields = {
                    "mode": mode,
                    "mode_reason": reason,
                    "ratio": Ratio.parse("100%"),
                }
                if (mode, reason) in fitting:
                    assert entry(**fields).mode_reason is reason
                else:
                    with pytest.raises(InvalidValueError) as caught:
                        entry(**fields)
                    assert caught.value.code == "mode-reason"
                    assert caught.value.provision == str(article(4))

    def test_where_no_subjects_are_drawn_all_are_taken(self):
        """Nobody may choose them: 99 % is refused, 100 % is not."""
        few = {"mode": Mode.INSPECTORS_ONLY, "mode_reason": ModeReason.FEW_SUBJECTS}

        assert entry(**few, ratio=Ratio.parse("100%")).takes_all
        with pytest.raises(InvalidValueError) as caught:
            entry(**few, ratio=Ratio.parse("99%"))
        assert caught.value.code == "mode-ratio"

    @pytest.mark.parametrize(
        ("first", "last", "beside"),
        [
            (MARCH - 9 * ONE_DAY, MARCH - ONE_DAY, False),
            (MARCH - 9 * ONE_DAY, MARCH, True),
            (JUNE, JUNE + ONE_DAY, True),
            (JUNE + ONE_DAY, JUNE + ONE_DAY, False),
        ],
        ids=["before", "first day", "last day", "after"],
    )
    def test_a_special_campaign_beside_the_draw_is_found(self, first, last, beside):
        """原则上不再部署专项检查: same item, same subjects, a day in common."""
        campaign = Campaign(
            name="春季专项",
            departments=MARKET,
            items="宾馆卫生检查",
            first=first,
            last=last,
        )

        assert [
            f.entries
            for f in found("campaign-beside-draw", plan(), campaigns=[campaign])
        ] == ([("1",)] if beside else [])

    @pytest.mark.parametrize(
        "change",
        [
            {"items": "宾馆消防检查"},
            {"departments": POLICE},
            {"subjects": {"kind": {"饭店"}}},
        ],
        ids=["item", "department", "subjects"],
    )
    def test_a_campaign_for_something_else_is_no_matter(self, change):
        given = {
            "name": "春季专项",
            "departments": MARKET,
            "items": "宾馆卫生检查",
            "first": MARCH,
            "last": JUNE,
        }

        assert codes(plan(), campaigns=[Campaign(**{**given, **change})]) == []

    @pytest.mark.parametrize(
        ("number", "mode", "expected"),
        [
            (1, Mode.BOTH, ["officers-too-few"]),
            (2, Mode.BOTH, ["officers-without-choice"]),
            (2, Mode.SUBJECTS_ONLY, []),
            (3, Mode.BOTH, []),
        ],
    )
    def test_one_team_leaves_nobody_to_draw(self, number, mode, expected):
        """因执法检查人员数量限制 draw the subjects alone."""
        reason = ModeReason.FEW_INSPECTORS if mode is Mode.SUBJECTS_ONLY else None
        made = plan(entry(mode=mode, mode_reason=reason))

        assert codes(made, inspectors=officers(number)) == expected

    def test_experts_and_uncertified_staff_are_no_officers(self):
        """A team of two needs two who may inspect."""
        people = InspectorRegister(
            [
                Inspector(id="1", department=MARKET),
                Inspector(id="2", department=MARKET, certified=False),
                Inspector(id="3", department=MARKET, is_expert=True),
            ]
        )

        assert codes(plan(), inspectors=people) == ["officers-too-few"]


class TestArticle7:
    def test_the_district_leads_joint_inspection_by_its_plan(self):
        """The joint plan is the one that has a conference."""
        assert joint().is_joint
        assert not plan().is_joint
        assert article(7) in provisions_of(Plan)


class TestArticle8:
    def test_departments_of_the_joint_plan_are_members(self):
        """建立联席会议制度: who inspects jointly sits at the table."""
        made = joint(members=(MARKET,))

        assert [
            (f.entries, f.params["department"])
            for f in found("department-no-member", made)
        ] == [(("1",), HEALTH)]


class TestArticle9:
    def test_the_convener_is_a_member(self):
        """区市场监管局牵头组织区级联席会议."""
        with pytest.raises(InvalidValueError) as caught:
            Conference(convener=MARKET, members=(HEALTH,))

        assert caught.value.provision == str(article(9))

    def test_every_member_takes_part(self):
        """各监管相关部门参加区级部门联合抽查."""
        made = joint(members=(MARKET, HEALTH, POLICE))

        assert [f.params["department"] for f in found("member-idle", made)] == [POLICE]

    def test_a_department_takes_part_once(self):
        with pytest.raises(InvalidValueError) as caught:
            entry(cooperating=[MARKET])

        assert caught.value.code == "department-twice"


def item(name="宾馆卫生检查", **fields):
    return InspectionItem(department=MARKET, name=name, **fields)


class TestArticle10:
    def test_only_listed_items_are_planned(self):
        """区人民政府按照…随机抽查事项清单执行."""
        listed = ItemList([item(), item("宾馆价格检查")])
        made = plan(entry(items=["宾馆卫生检查", "宾馆价格检查", "宾馆装修检查"]))

        assert [
            (f.code, f.severity, f.params["got"])
            for f in check_plan(made, calendar=CALENDAR, items=listed)
        ] == [("item-not-listed", Severity.ERROR, "宾馆装修检查")]

    def test_the_item_of_another_department_is_not_ones_own(self):
        made = plan(entry(lead=POLICE), issuer=POLICE)

        assert codes(made, items=ItemList([item()])) == ["item-not-listed"]

    @pytest.mark.parametrize(
        ("ratio", "above"),
        [("9%", False), ("10%", False), ("≤10%", False), ("10.01%", True)],
    )
    def test_a_general_item_keeps_its_ceiling(self, ratio, above):
        listed = ItemList([item(item_class=ItemClass.GENERAL, ceiling=Fraction(1, 10))])
        made = plan(entry(ratio=Ratio.parse(ratio)))

        assert codes(made, items=listed) == ["item-above-ceiling"] * above

    @pytest.mark.parametrize(("number", "above"), [(4, False), (5, True)])
    def test_a_number_of_subjects_is_compared_by_its_share(self, number, above):
        """4 of 40 are 10 %; without the register it cannot be known."""
        listed = ItemList([item(item_class=ItemClass.GENERAL, ceiling=Fraction(1, 10))])
        made = plan(entry(ratio=Ratio.count_between(number, number)))

        assert codes(made, items=listed, subjects=hotels(40)) == (
            ["item-above-ceiling"] * above
        )
        assert codes(made, items=listed) == []

    def test_an_amendment_does_not_pass_the_ceiling(self):
        """普遍性问题 is no licence to draw more than the list lets."""
        listed = ItemList([item(item_class=ItemClass.GENERAL, ceiling=Fraction(1, 10))])
        made = plan().amend(
            Amendment(
                number=1,
                on=JUNE,
                reason=AmendmentReason.GENERAL_PROBLEM,
                grounds="普遍未消毒",
                raises=Raise(entry="1", ratio=Ratio.parse("11%")),
            )
        )

        assert codes(plan(), items=listed) == []
        assert codes(made, items=listed) == ["item-above-ceiling"]

    @pytest.mark.parametrize(
        ("dates", "out"),
        [
            ({"in_force_from": MARCH}, False),
            ({"in_force_from": MARCH + ONE_DAY}, True),
            ({"repealed_on": JUNE}, True),
            ({"repealed_on": JUNE + ONE_DAY}, False),
        ],
    )
    def test_an_item_is_in_force_from_the_first_day_to_the_last(self, dates, out):
        assert codes(plan(), items=ItemList([item(**dates)])) == (
            ["item-not-in-force"] * out
        )

    def test_an_item_of_a_later_day_is_no_matter_while_no_time_is_fixed(self):
        listed = ItemList([item(in_force_from=JUNE)])

        assert codes(plan(entry(batches=())), items=listed) == ["content-missing"]


class TestArticle11:
    def test_departments_and_the_district_have_plans(self):
        assert (plan().issuer, joint().issuer) == (MARKET, "联席会议")
        assert article(11) in provisions_of(Plan)


class TestArticle12:
    @pytest.mark.parametrize(
        ("lacking", "content"),
        [
            ({"object": "", "subjects": {}}, "检查对象"),
            ({"frequency": None}, "频次"),
            ({"focus": ""}, "检查重点"),
            ({"methods": ()}, "检查方式"),
            ({"batches": ()}, "时间安排"),
        ],
        ids=["subjects", "frequency", "focus", "methods", "time"],
    )
    def test_an_entry_has_its_six_contents(self, lacking, content):
        """检查对象、抽查事项、抽查比例和频次、检查重点、检查方式和时间安排."""
        (finding,) = check_plan(plan(entry(**lacking)), calendar=CALENDAR)

        assert (finding.code, finding.params) == (
            "content-missing",
            {"content": content},
        )
        assert finding.provision == str(article(12))

    @pytest.mark.parametrize("kept", [{"object": ""}, {"subjects": {}}])
    def test_words_or_a_selection_say_who_is_inspected(self, kept):
        assert codes(plan(entry(**kept))) == []

    @pytest.mark.parametrize(
        ("first", "last", "outside"),
        [
            ((2025, 12, 31), (2026, 1, 31), True),
            ((2026, 1, 1), (2026, 12, 31), False),
            ((2026, 12, 1), (2027, 1, 1), True),
        ],
        ids=["before", "within", "after"],
    )
    def test_the_time_is_in_the_year_of_the_plan(self, first, last, outside):
        made = plan(entry(batches=Batch(dt.date(*first), dt.date(*last))))

        assert codes(made) == ["window-outside-year"] * outside

    def test_a_ratio_without_a_whole_number_is_found(self):
        """10 % to 12 % of five hotels is nobody."""
        made = plan(entry(ratio=Ratio.between("10%", "12%")))

        assert codes(made, subjects=hotels(5)) == ["ratio-unmet"]
        assert codes(made, subjects=hotels(10)) == []
        assert codes(made) == []

    def test_the_plan_can_be_published_whole(self):
        """年度抽查计划向社会公开."""
        assert Plan.from_dict(joint().to_dict()) == joint()


class TestArticle13:
    def test_a_department_covers_every_item_of_its_remit(self):
        """年度抽查计划包括职责范围内全部随机抽查事项."""
        listed = ItemList(
            [item(), item("宾馆价格检查"), item("宾馆价格检查", object="民宿")]
        )
        uncovered = found("item-uncovered", plan(), items=listed)

        assert [f.params["object"] for f in uncovered] == ["", "民宿"]
        assert {f.severity for f in uncovered} == {Severity.ERROR}
        assert (
            codes(plan(entry(items=["宾馆卫生检查", "宾馆价格检查"])), items=listed)
            == []
        )

    def test_the_joint_plan_covers_too(self):
        """An item that is inspected jointly needs no entry of its own."""
        listed = ItemList([item(), item("宾馆价格检查")])
        other = joint(entry(id="7", items=["宾馆价格检查"], cooperating=[HEALTH]))

        assert codes(plan(), items=listed, others=[other]) == []

    def test_items_of_other_departments_are_not_of_the_remit(self):
        listed = ItemList([item(), InspectionItem(department=POLICE, name="治安检查")])

        assert codes(plan(), items=listed) == []
        assert codes(joint(), items=listed) == []
        assert codes(joint(), items=listed, remit=[POLICE]) == ["item-uncovered"]

    @pytest.mark.parametrize(
        ("dates", "owed"),
        [
            ({"in_force_from": dt.date(2026, 12, 31)}, True),
            ({"in_force_from": dt.date(2027, 1, 1)}, False),
            ({"repealed_on": dt.date(2026, 1, 1)}, False),
            ({"repealed_on": dt.date(2026, 1, 2)}, True),
        ],
    )
    def test_an_item_of_one_day_of_the_year_is_of_the_year(self, dates, owed):
        listed = ItemList([item(), item("宾馆价格检查", **dates)])

        assert codes(plan(), items=listed) == ["item-uncovered"] * owed

    def test_a_whole_province_is_planned_department_by_department(self, facts):
        """388 printed rows, 293 items, 16 departments: every plan is clean."""
        listed = item_list(facts)
        plans = [
            plan(*(entry(**fields) for fields in entries), issuer=department)
            for department, entries in entries_by_department(listed).items()
        ]
        short = plan(*plans[0].entries[1:], issuer=plans[0].issuer)

        assert (len(listed), len(plans)) == (293, 16)
        assert sum(len(one.entries) for one in plans) == 293
        assert [f for one in plans for f in codes(one, items=listed)] == []
        assert codes(short, items=listed) == ["item-uncovered"]

    def test_the_joint_list_of_a_province_is_planned(self, facts):
        """83 joint items: each an entry, the plan clean, coverage too."""
        table = columns(facts / "province_joint_items.csv")
        listed = ItemList.from_table(
            table,
            department="initiating_dept",
            name="item",
            category="field",
            object="object",
            cooperating="cooperating_dept",
        )
        constant = {
            "抽查比例": "3%",
            "抽查频次": "1次/年",
            "检查时间": "3月—11月",
            "检查方式": "现场检查",
            "检查层级": "区级",
            "检查重点": "清单所列内容",
        }
        read = Plan.from_table(
            table | {name: [text] * 83 for name, text in constant.items()},
            year=YEAR,
            issuer="联席会议",
            names={
                "task": "field",
                "item": "item",
                "object": "object",
                "lead": "initiating_dept",
                "cooperating": "cooperating_dept",
            },
            conference=Conference(convener="市场监管部门", members=["市场监管部门"]),
            adopted_on=MARCH,
        )
        made = Plan.from_dict(
            read.to_dict()
            | {
                "conference": {
                    "convener": "市场监管部门",
                    "members": list(read.departments),
                },
                "entries": [
                    {**one, "proposed_for": ["member"]}
                    for one in read.to_dict()["entries"]
                ],
            }
        )
        own = ItemList(
            InspectionItem(
                department=one.department.split("、")[0],
                name=one.name,
                category=one.category,
                object=one.object,
            )
            for one in listed
        )

        assert (len(listed), len(made.entries)) == (83, 83)
        assert codes(made, items=own, remit={one.department for one in own}) == []


class TestArticle14:
    @pytest.mark.parametrize(
        ("year", "due"),
        [
            (2023, (2023, 3, 31)),
            (2024, (2024, 4, 1)),
            (2026, (2026, 3, 31)),
            (2019, (2019, 4, 1)),
        ],
    )
    def test_the_joint_plan_is_due_by_the_end_of_march(self, year, due):
        """每年3月底前; a Sunday gives until the next working day."""
        last = dt.date(*due)
        batch = Batch(last, last)

        def of(day):
            made = entry(cooperating=[HEALTH], batches=batch)
            return codes(joint(made, adopted_on=day, year=year))

        assert joint_plan_due(year, calendar=CALENDAR) == last
        assert of(last - ONE_DAY) == []
        assert of(last) == []
        assert of(last + ONE_DAY) == ["joint-plan-late"]

    def test_a_make_up_day_is_a_working_day(self):
        """31 March 2024 was a Sunday; had it been worked, it would be the day."""
        notice = HolidayNotice(
            year=2024,
            days_off=CALENDAR.notices[2024 - CALENDAR.announced_from.year].days_off,
            make_up_days=[dt.date(2024, 3, 31)],
            source="示例",
        )
        calendar = WorkCalendar.china(notices=[notice])

        assert joint_plan_due(2024, calendar=calendar) == dt.date(2024, 3, 31)

    def test_a_draft_is_late_after_the_day(self):
        made = joint(adopted_on=None)
        due = dt.date(2026, 3, 31)

        assert codes(made) == []
        assert codes(made, on=due) == []
        assert codes(made, on=due + ONE_DAY) == ["joint-plan-late"]
        assert codes(joint(), on=due + ONE_DAY) == []

    def test_whether_the_day_is_settled_is_said(self):
        """A year whose holidays are not announced may move it."""
        late = [
            found("joint-plan-late", joint(adopted_on=dt.date(y, 4, 9), year=y))[0]
            for y in (2026, CALENDAR.announced_through.year + 1)
        ]

        assert [f.params["provisional"] for f in late] == [False, True]

    def test_another_district_has_another_day(self):
        rules = RuleProfile(joint_plan_month=2, joint_plan_day=27)
        made = joint(adopted_on=dt.date(2026, 2, 28))

        assert codes(made, rules=rules) == ["joint-plan-late"]

    def test_plans_of_departments_have_no_such_day(self):
        assert codes(plan(adopted_on=dt.date(2026, 4, 1))) == []

    def test_the_joint_plan_names_departments_level_and_reasons(self):
        """并确定检查对象、参与部门、检查层级和检查事项清单等."""
        made = joint(entry(level="", proposed_for=()), members=(MARKET,))

        assert codes(made) == ["content-missing", "entry-not-joint", "proposal-missing"]
        assert found("content-missing", made)[0].provision == str(article(14))
        assert codes(plan(entry(level="", proposed_for=()))) == []


class TestArticle15:
    @pytest.mark.parametrize(
        ("text", "batches", "met"),
        [
            ("2次", 1, False),
            ("2次", 2, True),
            ("2次", 3, False),
            ("≥2次", 3, True),
            ("≤2次", 1, True),
            ("≤2次", 3, False),
        ],
    )
    def test_the_batches_are_as_many_as_the_frequency(self, text, batches, met):
        """按照规定的要求 carry out what the plan says."""
        made = plan(
            entry(
                frequency=Frequency.parse(text),
                batches=Frequency.exactly(batches).batches(MARCH, JUNE),
            )
        )

        assert codes(made) == ["frequency-unmet"] * (not met)

    def test_a_monthly_draw_is_counted_by_months(self):
        monthly = Frequency.parse("每月")
        three = monthly.batches(MARCH, dt.date(2026, 5, 31))

        assert codes(plan(entry(frequency=monthly, batches=three))) == []
        assert codes(plan(entry(frequency=monthly))) == ["frequency-unmet"]

    @pytest.mark.parametrize(
        ("first", "last", "worked"),
        [
            ((2026, 10, 1), (2026, 10, 7), False),
            ((2026, 9, 30), (2026, 10, 7), True),
            ((2026, 10, 1), (2026, 10, 8), True),
            ((2026, 10, 10), (2026, 10, 10), True),
        ],
        ids=["National Day", "a day before", "a day after", "make-up day"],
    )
    def test_visits_need_a_working_day(self, first, last, worked):
        batch = Batch(dt.date(*first), dt.date(*last))
        remote = {"methods": {Method.ONLINE}}

        assert codes(plan(entry(batches=batch))) == ["window-without-workday"] * (
            not worked
        )
        assert codes(plan(entry(batches=batch, **remote))) == []

    @pytest.mark.parametrize(
        ("visits", "expected"),
        [(10, []), (11, ["capacity-short"])],
        ids=["fits", "above"],
    )
    def test_the_officers_can_make_the_visits(self, visits, expected):
        """Five working days, two teams of two: ten visits and no more."""
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 8))
        made = plan(entry(batches=week, ratio=Ratio.count_between(visits, visits)))

        assert codes(made, inspectors=officers(5)) == expected
        assert codes(made, inspectors=officers(5), visits_per_day=2) == []

    def test_the_window_of_a_shortage_is_named(self):
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
        year = Batch(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        made = plan(
            entry(batches=week),
            entry(id="2", items=["宾馆价格检查"], batches=year),
            entry(id="3", items=["宾馆消防检查"], batches=(), methods={Method.WRITTEN}),
        )
        (short,) = found(
            "capacity-short", made, inspectors=officers(4), subjects=hotels(400)
        )

        assert short.entries == ("1",)
        assert short.params == {
            "department": MARKET,
            "teams": 2,
            "first": week.first,
            "last": week.last,
            "visits": 20,
            "possible": 10,
        }

    def test_every_department_of_an_entry_is_counted(self):
        """The second department has one team for the same visits."""
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
        made = plan(
            entry(batches=week, cooperating=[HEALTH], ratio=Ratio.count_between(8, 8))
        )
        short = found("capacity-short", made, inspectors=officers(4, 3))

        assert [f.params["department"] for f in short] == [HEALTH]

    def test_a_department_visits_its_territory_alone(self):
        """Half of the hotels stand where it has its ground."""
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
        area = ["上仓镇", "下营镇"] * 10
        fields = {"batches": week, "cooperating": [HEALTH], "ratio": Ratio.parse("50%")}
        inside = plan(entry(**fields, territories={HEALTH: {"上仓镇"}}))
        context = {"inspectors": officers(9, 3), "subjects": {MARKET: hotels(20, area)}}

        assert codes(inside, **context) == []
        assert codes(plan(entry(**fields)), **context) == ["capacity-short"]
        assert codes(inside, inspectors=officers(9, 3), subjects={}) == []
        assert codes(inside, inspectors=officers(9, 3), subjects=hotels(0, [])) == []

    def test_officers_count_where_the_ratio_counts_them(self):
        """1:5 with four officers are twenty visits."""
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
        made = plan(entry(batches=week, ratio=Ratio.per_officer(5)))
        (short,) = found("capacity-short", made, inspectors=officers(4))

        assert short.params["visits"] == 20
        assert codes(made) == []

    def test_a_ratio_by_officers_needs_some_of_the_lead(self):
        """Without a visit, too: nobody would be drawn, and nobody would notice."""
        remote = entry(ratio=Ratio.per_officer(5), methods={Method.ONLINE})
        others = InspectorRegister([Inspector(id="P", department=POLICE)])
        (told,) = check_plan(plan(remote), calendar=CALENDAR, inspectors=others)

        assert (told.code, told.severity) == ("officers-none", Severity.ERROR)
        assert (told.entries, told.provision) == (("1",), str(article(12)))
        assert codes(plan(remote), inspectors=officers(2)) == []

    def test_those_who_left_the_register_are_no_subjects(self):
        week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
        register = SubjectRegister.from_columns(
            id=[f"S{k}" for k in range(12)],
            kind=["宾馆"] * 12,
            status=["存续"] * 10 + ["注销", "迁出"],
        )
        made = plan(entry(batches=week, ratio=Ratio.parse("100%")))

        assert codes(made, inspectors=officers(4), subjects=register) == []

    def test_progress_tells_done_due_and_late(self):
        """按照规定的要求和时限完成年度抽查计划: late on the day after, not on it."""
        ledger = Ledger.of(
            [
                LedgerRow(
                    task_id="T1",
                    subject_id="S1",
                    item="宾馆卫生检查",
                    department=MARKET,
                    entry="1",
                    drawn_on=MARCH,
                    due=JUNE,
                )
            ]
        )
        late = [
            plan().progress(ledger, on=day).total.late
            for day in (JUNE - ONE_DAY, JUNE, JUNE + ONE_DAY)
        ]

        assert late == [0, 0, 1]


class TestArticle16:
    @pytest.mark.parametrize(
        ("ratio", "accepted"), [("≥4%", False), ("≥5%", False), ("≥6%", True)]
    )
    def test_a_plan_changes_only_upwards(self, ratio, accepted):
        """适当提高抽查比例和频次."""
        change = Amendment(
            number=1,
            on=JUNE,
            reason=AmendmentReason.SUDDEN_RISK,
            grounds="食品中毒事件",
            raises=Raise(entry="1", ratio=Ratio.parse(ratio)),
        )

        if accepted:
            assert plan().amend(change).entry("1").ratio == Ratio.at_least("6%")
        else:
            with pytest.raises(InvalidInput) as caught:
                plan().amend(change)
            assert caught.value.provision == str(article(16))

    def test_an_amendment_applies_from_its_day(self):
        made = plan().amend(
            Amendment(
                number=1,
                on=JUNE,
                reason=AmendmentReason.SUDDEN_RISK,
                grounds="食品中毒事件",
                raises=Raise(entry="1", ratio=Ratio.at_least("6%")),
            )
        )
        ratios = [
            made.on(day).entry("1").ratio
            for day in (JUNE - ONE_DAY, JUNE, JUNE + ONE_DAY)
        ]

        assert ratios == [Ratio.at_least("5%"), *[Ratio.at_least("6%")] * 2]

    @pytest.mark.parametrize(
        ("on", "raised", "told"),
        [
            (JUNE, {"ratio": Ratio.at_least("6%")}, False),
            (JUNE + ONE_DAY, {"ratio": Ratio.at_least("6%")}, True),
            (JUNE + ONE_DAY, {"frequency": Frequency.exactly(2)}, False),
            (
                JUNE + ONE_DAY,
                {
                    "ratio": Ratio.at_least("6%"),
                    "batches": (
                        Batch(MARCH, JUNE, Fraction(5, 6)),
                        Batch(JUNE + ONE_DAY, dt.date(YEAR, 9, 30), Fraction(1, 6)),
                    ),
                },
                False,
            ),
        ],
        ids=["last day", "day after", "frequency", "new batch"],
    )
    def test_what_is_raised_can_still_be_inspected(self, on, raised, told):
        """A raise after the last batch would raise nothing that is ever drawn."""
        change = Amendment(
            number=1,
            on=on,
            reason=AmendmentReason.GENERAL_PROBLEM,
            grounds="普遍未换布草",
            raises=Raise(entry="1", **raised),
        )
        other = entry(id="2", items=["宾馆消防检查"])
        findings = found("amendment-over", plan(entry(), other).amend(change))

        assert [(f.entries, f.params) for f in findings] == [
            (("1",), {"number": 1, "on": on, "last": JUNE})
        ] * told

    def test_entries_without_days_are_raised_on_any(self):
        change = Amendment(
            number=1,
            on=dt.date(YEAR, 12, 31),
            reason=AmendmentReason.GENERAL_PROBLEM,
            grounds="普遍未换布草",
            raises=Raise(entry="1", ratio=Ratio.at_least("6%")),
        )

        assert found("amendment-over", plan(entry(batches=())).amend(change)) == []

    def test_an_amendment_says_what_was_found(self):
        for grounds in ("", "  "):
            with pytest.raises(InvalidValueError) as caught:
                Amendment(
                    number=1,
                    on=JUNE,
                    reason=AmendmentReason.GENERAL_PROBLEM,
                    grounds=grounds,
                    raises=Raise(entry="1", ratio=Ratio.at_least("6%")),
                )
            assert caught.value.code == "amendment-grounds"


class TestArticle17:
    def test_an_item_is_not_planned_twice(self):
        """避免重复检查: the same item, subjects and days."""
        twice = plan(entry(), entry(id="2"))
        later = plan(
            entry(), entry(id="2", batches=Batch(JUNE + ONE_DAY, JUNE + 9 * ONE_DAY))
        )
        touching = plan(entry(), entry(id="2", batches=Batch(JUNE, JUNE + ONE_DAY)))
        others = plan(entry(), entry(id="2", subjects={"kind": {"饭店"}}))

        assert [f.entries for f in found("entries-repeat", twice)] == [("1", "2")]
        assert codes(touching) == ["entries-repeat"]
        many = plan(*(entry(id=str(k)) for k in range(1, 5)))
        (one,) = found("entries-repeat", many)
        assert one.entries == ("1", "2", "3", "4")
        assert codes(later) == []
        assert codes(others) == []

    def test_one_name_for_two_objects_is_two_items(self):
        one, other = (PlannedItem("卫生检查", object=name) for name in ("宾馆", "饭店"))
        any_of = PlannedItem("卫生检查")

        assert codes(plan(entry(items=one), entry(id="2", items=other))) == []
        assert codes(plan(entry(items=one), entry(id="2", items=any_of))) == [
            "entries-repeat"
        ]

    def test_one_name_of_two_departments_is_two_items(self):
        fields = {"cooperating": [HEALTH], "subjects": {}}
        one, other = (PlannedItem("检查", department=name) for name in (MARKET, HEALTH))

        assert (
            codes(
                plan(entry(**fields, items=one), entry(**fields, id="2", items=other))
            )
            == []
        )


class TestArticle18:
    def mechanism(self, **fields):
        given = {
            "name": "扫黄打非联合执法",
            "departments": [POLICE, MARKET],
            "items": "宾馆治安检查",
            "first": MARCH,
            "last": JUNE,
            "mechanism": "联合执法机制",
        }
        return Campaign(**{**given, **fields})

    def test_what_can_be_drawn_is_drawn(self):
        """可以实施“双随机、一公开”监管的，应当采取部门联合抽查形式."""
        listed = ItemList(
            [item(), InspectionItem(department=POLICE, name="宾馆治安检查")]
        )
        (finding,) = check_plan(
            plan(), calendar=CALENDAR, items=listed, campaigns=[self.mechanism()]
        )

        assert (finding.code, finding.severity) == ("mechanism-apart", Severity.ERROR)
        assert finding.provision == str(article(18))

    def test_what_stands_in_the_plan_can_be_drawn(self):
        assert codes(
            plan(entry(items="宾馆治安检查")), campaigns=[self.mechanism()]
        ) == [
            "mechanism-apart",
            "campaign-beside-draw",
        ]

    def test_what_cannot_be_drawn_or_has_no_mechanism_is_no_matter(self):
        assert codes(plan(), campaigns=[self.mechanism()]) == []
        assert (
            codes(
                plan(),
                items=ItemList([item()]),
                campaigns=[self.mechanism(mechanism="")],
            )
            == []
        )

    def test_something_else_is_no_campaign(self):
        with pytest.raises(InvalidInput) as caught:
            check_plan(plan(), calendar=CALENDAR, campaigns=["专项"])

        assert [f.code for f in caught.value.faults] == ["argument-type"]


class TestArticle19:
    def other(self, **fields):
        given = {"id": "8", "items": ["宾馆治安检查"], "lead": POLICE}
        return plan(entry(**{**given, **fields}), issuer=POLICE)

    @pytest.mark.parametrize(
        ("first", "last", "overlap"),
        [
            (MARCH - 9 * ONE_DAY, MARCH - ONE_DAY, False),
            (MARCH - 9 * ONE_DAY, MARCH, True),
            (JUNE, JUNE + ONE_DAY, True),
            (JUNE + ONE_DAY, JUNE + ONE_DAY, False),
        ],
        ids=["before", "first day", "last day", "after"],
    )
    def test_departments_that_meet_at_a_subject_go_together(self, first, last, overlap):
        """多部门检查对象名单有重合的，实施联合检查."""
        found_ = found(
            "entries-overlap", plan(), others=[self.other(batches=Batch(first, last))]
        )

        assert [f.entries for f in found_] == [("1", f"{POLICE}/8")] * overlap

    def test_the_joint_plan_is_where_they_go_together(self):
        made = joint(
            entry(cooperating=[HEALTH]),
            entry(id="2", lead=HEALTH, cooperating=[MARKET], items=["消毒检查"]),
        )

        assert codes(made) == []
        assert codes(made, others=[self.other()]) == ["entries-overlap"] * 2

    @pytest.mark.parametrize(
        "change",
        [
            {"subjects": {"kind": {"饭店"}}},
            {"methods": {Method.WRITTEN, Method.ONLINE}},
            {"lead": MARKET},
        ],
        ids=["other subjects", "no visit", "one department"],
    )
    def test_who_does_not_meet_need_not_go_together(self, change):
        assert codes(plan(), others=[self.other(**change)]) == []

    def test_entries_of_other_plans_are_not_compared_with_each_other(self):
        far = {"subjects": {"kind": {"饭店"}}}

        assert (
            codes(plan(), others=[self.other(**far), self.other(**far, lead=HEALTH)])
            == []
        )


class TestArticle20:
    def test_a_department_takes_part_by_its_territory(self):
        """不按行政区划设置的监管相关部门…按照职责分工和监管地域."""
        register = SubjectRegister.from_columns(
            id=["S1", "S2"], kind=["宾馆"] * 2, area=["上仓镇", "下营镇"]
        )
        made = plan(
            entry(
                cooperating=[HEALTH],
                territories={HEALTH: {"上仓镇"}},
                ratio=Ratio.parse("100%"),
            )
        )
        part = prepare_round(made, register, quarter=1, on=MARCH).parts["1"]

        assert part.departments_at(["S1", "S2"]) == {
            "S1": (MARKET, HEALTH),
            "S2": (MARKET,),
        }

    def test_a_lead_draws_in_its_territory_alone(self):
        register = hotels(4, ["上仓镇", "下营镇", "上仓镇", None])
        made = plan(entry(territories={MARKET: {"上仓镇"}}))
        spring = prepare_round(made, register, quarter=1, on=MARCH)

        assert spring.frames["1"].ids == ("S0", "S2")
        assert article(20) in provisions_of(prepare_round)

    @pytest.mark.parametrize(
        ("failed_in", "expected"),
        [
            (
                "下营镇",
                {("宾馆卫生检查", MARKET), ("宾馆卫生检查", HEALTH), ("水质", HEALTH)},
            ),
            ("上仓镇", {("宾馆卫生检查", MARKET)}),
        ],
    )
    def test_a_substitute_is_checked_by_the_departments_of_its_area(
        self, failed_in, expected
    ):
        """Whoever was in charge at the one replaced may not be in charge there."""
        areas = [failed_in, *[{"上仓镇": "下营镇", "下营镇": "上仓镇"}[failed_in]] * 9]
        made = plan(
            entry(
                items=["宾馆卫生检查", PlannedItem("水质", department=HEALTH)],
                cooperating=[HEALTH],
                territories={HEALTH: {"上仓镇"}},
                ratio=Ratio.count_between(1, 1),
            )
        )
        spring = prepare_round(made, hotels(10, areas), quarter=1, on=MARCH)
        announced = spring.announce(
            title="抽查", issuer=MARKET, announced_on=MARCH, **fact(MARCH)
        )
        record = next(
            record
            for number in range(100)
            for record in [conduct(announced, spring.draw_plans, **chance(f"{number}"))]
            if record.draws["1"].selected == ("S0",)
        )
        ledger = Ledger.of(
            attrs.evolve(row, results=("unreachable",), completed_on=JUNE)
            for row in spring.ledger(record, drawn_on=MARCH)
        )

        found = draw_substitutes(ledger, record.draws, on=JUNE, parts=spring.parts)

        (stratum,) = record.draws["1"].strata.values()
        (stand_in,) = stratum.reserves(1)
        assert {stand_in} == {row.subject_id for row in found.rows}
        assert expected == {(row.item, row.department) for row in found.rows}
        assert len(expected) == len(found.rows)
        assert len(ledger.extend(found.rows)) == len(ledger) + len(expected)
        assert article(20) in provisions_of(draw_substitutes)


def test_every_finding_names_its_provision():
    """A host shows the article beside the finding."""
    week = Batch(dt.date(2026, 3, 2), dt.date(2026, 3, 6))
    made = joint(
        entry(cooperating=[HEALTH], focus="", batches=week, ratio=Ratio.parse("100%")),
        entry(id="2", level="", proposed_for=(), frequency=Frequency.exactly(2)),
        entry(id="3", batches=Batch(dt.date(2027, 1, 1), dt.date(2027, 1, 3))),
        entry(
            id="4",
            lead="海关",
            batches=Batch(dt.date(2026, 10, 1), dt.date(2026, 10, 2)),
        ),
        entry(id="5", ratio=Ratio.between("10%", "11%"), batches=()),
        members=(MARKET, POLICE),
        adopted_on=dt.date(2026, 4, 1),
    )
    findings = check_plan(
        made,
        calendar=CALENDAR,
        items=ItemList(
            [
                item("宾馆价格检查"),
                InspectionItem(department="海关", name="宾馆卫生检查"),
            ]
        ),
        remit=[MARKET],
        others=[plan(entry(id="9", lead=POLICE, batches=week), issuer=POLICE)],
        campaigns=[
            Campaign(
                name="行动",
                departments=MARKET,
                items="宾馆卫生检查",
                first=MARCH,
                last=JUNE,
                mechanism="联合执法机制",
            )
        ],
        subjects=hotels(15),
        inspectors=officers(2, 0),
    )

    assert {
        (f.code, int(f.provision.rsplit(" ")[-1]), f.severity.value) for f in findings
    } == {
        ("campaign-beside-draw", 4, "warning"),
        ("capacity-short", 15, "warning"),
        ("content-missing", 12, "error"),
        ("content-missing", 14, "error"),
        ("department-no-member", 8, "warning"),
        ("entries-overlap", 19, "warning"),
        ("entries-repeat", 17, "warning"),
        ("entry-not-joint", 14, "warning"),
        ("frequency-unmet", 15, "error"),
        ("item-not-listed", 10, "error"),
        ("item-uncovered", 13, "error"),
        ("joint-plan-late", 14, "error"),
        ("mechanism-apart", 18, "error"),
        ("member-idle", 9, "warning"),
        ("officers-too-few", 42, "error"),
        ("officers-without-choice", 4, "warning"),
        ("proposal-missing", 14, "warning"),
        ("ratio-unmet", 12, "error"),
        ("window-outside-year", 12, "error"),
        ("window-without-workday", 15, "warning"),
    }
    assert [f.severity.value for f in findings] == sorted(
        f.severity.value for f in findings
    )


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (PlanEntry, {4, 9, 12, 14, 15, 20}),
        (Plan, {7, 11, 12, 14, 16}),
        (Plan.amend, {16}),
        (Plan.on, {16}),
        (Plan.progress, {15}),
        (Conference, {8, 9}),
        (Campaign, {4, 18}),
        (Amendment, {16}),
        (Raise, {16}),
        (Batch, {12, 15}),
        (Frequency, {12, 13}),
        (PlannedItem, {12}),
        (joint_plan_due, {14}),
        (check_plan, {4, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 42}),
        (prepare_round, {13, 15, 16, 19, 20}),
        (Round, {3, 15, 17, 19, 20}),
        (Round.announce, {3}),
        (Round.checks, {19, 20}),
        (Round.merge, {19}),
        (Round.ledger, {15}),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_what_carries_out_an_article_cites_it(function, numbers):
    assert {p.article for p in provisions_of(function)} == numbers


class TestArguments:
    @pytest.mark.parametrize(
        "change",
        [
            {"calendar": None},
            {"visits_per_day": "1"},
            {"visits_per_day": True},
            {"remit": "市场监管局"},
            {"others": Plan(year=2026, issuer="市场监管局", entries=[])},
            {"others": 2026},
            {"campaigns": 2026},
            {"items": ["检查"]},
            {"subjects": ["S1"]},
            {"inspectors": ["J1"]},
        ],
    )
    def test_other_types_are_refused(self, change):
        with pytest.raises(TypeError):
            check_plan(plan(), **{"calendar": CALENDAR, **change})

    @pytest.mark.parametrize(
        ("number", "code"), [(0, "count-range"), (-1, "count-range"), (1, None)]
    )
    def test_a_team_makes_a_visit_a_day_at_least(self, number, code):
        """With none, every plan would be too much for its officers."""
        found = None

        try:
            check_plan(
                Plan(year=2026, issuer="市场监管局", entries=[]),
                calendar=CALENDAR,
                visits_per_day=number,
            )
        except InvalidValueError as error:
            found = error.code

        assert found == code

    def test_something_else_is_no_plan(self):
        with pytest.raises(TypeError):
            check_plan([], calendar=CALENDAR)

    def test_a_register_that_lacks_a_field_is_refused(self):
        bare = SubjectRegister.from_columns(id=["S1"])

        with pytest.raises(InvalidValueError) as caught:
            check_plan(plan(), calendar=CALENDAR, subjects=bare)

        assert caught.value.code == "unknown-field"
