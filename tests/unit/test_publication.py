"""Publication: exemptions, states, public records, documents."""

import copy
import datetime as dt
import json
import pickle

import numpy as np
import pytest
from drawing import chance, fact

from dsgk.calendars import HolidayNotice, Period, Unit, WorkCalendar
from dsgk.draws import announce, conduct
from dsgk.errors import (
    DsgkError,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.frames import Frame
from dsgk.ledger import Ledger, LedgerRow
from dsgk.publication import (
    Channel,
    Exemption,
    ExemptionReason,
    Publication,
    PublicationKind,
    PublicationState,
    PublicRecord,
    PublicRecords,
    check_publications,
    exempt,
    public_records,
    publish_by,
    schedule_publication,
)
from dsgk.sources import RuleProfile


CALENDAR = WorkCalendar.china()
SEVEN = RuleProfile(publication_workdays=7)
DRAWN, DONE = dt.date(2026, 3, 10), dt.date(2026, 4, 1)
DUE = dt.date(2026, 4, 30)
ONE = dt.timedelta(1)


def row(task="T1", subject="S1", **changes):
    fields = {
        "item": "价格检查",
        "department": "市场监管局",
        "entry": f"E{task}",
        "stratum": "A",
        "drawn_on": DRAWN,
        "due": dt.date(2026, 12, 31),
    }
    return LedgerRow(task_id=task, subject_id=subject, **{**fields, **changes})


def done(task="T1", subject="S1", on=DONE, *, results=("no-problem",), **changes):
    return row(task, subject, completed_on=on, results=results, **changes)


class TestExemptions:
    def test_reason_and_basis_go_through_the_ledger(self):
        """The reason is not lost: it stands in the cell with its law."""
        plain = Exemption("个人隐私")
        named = Exemption(ExemptionReason.FORBIDDEN, "《统计法》第二十八条")

        assert plain.basis == "《政府信息公开条例》第十五条"
        assert Exemption.read(plain.text) == plain
        assert Exemption.read(named.text) == named
        assert Exemption.read("商业秘密") == Exemption("trade-secret")
        assert [reason.basis[-4:] for reason in ExemptionReason] == [
            "第十四条", "第十四条", "第十四条", "第十五条", "第十五条", "第十六条",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "fields", [("不想公开",), ("商业秘密", " 法"), ("商业秘密", None), (None,)]
    )
    def test_what_is_no_reason_of_law_is_refused(self, fields):
        """Nobody may keep a result to themselves."""
        with pytest.raises(DsgkError):
            Exemption(*fields)

    @pytest.mark.parametrize("text", ["不想: 法", "", 3, None])
    def test_a_cell_without_a_reason_is_refused(self, text):
        """It would be withheld for nothing."""
        with pytest.raises(DsgkError):
            Exemption.read(text)
        with pytest.raises(InvalidTypeError):
            exempt(Ledger.of([done()]), [0], text)

    def test_a_result_is_exempt_once_and_for_one_reason(self):
        """And not after it is public."""
        ledger = exempt(Ledger.of([done(), done("T2")]), [1], Exemption("商业秘密"))

        assert [r.exemption for r in ledger] == [
            None, "trade-secret: 《政府信息公开条例》第十五条",
        ]  # fmt: skip
        with pytest.raises(InvalidInput):
            exempt(ledger, [1], Exemption("个人隐私"))
        public = ledger.record([0], entered_on=DONE, published_on=DONE)
        with pytest.raises(InvalidInput):
            exempt(public, [0], Exemption("个人隐私"))


class TestSchedule:
    def test_every_check_is_in_one_state(self):
        """What is owed, what is not, and why."""
        lead = {"origin": "case-lead", "entry": None, "stratum": None}
        ledger = Ledger.of([
            row(),
            done("T2", exemption=Exemption("商业秘密").text),
            done("T3"),
            done("T4", entered_on=DUE, published_on=DUE),
            done("T5", entered_on=DUE, published_on=DUE + ONE),
            done("X6", **lead),
            done("T7", origin="campaign", entry=None),
        ])  # fmt: skip
        schedule = schedule_publication(ledger, CALENDAR)

        def states(day):
            return [state.code for state in schedule.states(day).cells()]

        assert states(DONE - ONE) == ["not-completed"] * 5 + [
            "outside",
            "not-completed",
        ]
        assert states(DUE) == [
            "not-completed", "exempt", "open", "on-time", "open", "outside", "open",
        ]  # fmt: skip
        assert states(DUE + ONE) == [
            "not-completed", "exempt", "overdue", "on-time", "late", "outside",
            "overdue",
        ]  # fmt: skip
        assert np.flatnonzero(schedule.overdue(DUE + ONE)).tolist() == [2, 6]
        columns = schedule.to_columns()
        assert columns["due"] == [None, None, DUE, DUE, DUE, None, DUE]
        assert columns["provisional"] == [False] * 7
        assert {len(cells) for cells in columns.values()} == {7}

    def test_entering_comes_before_publishing(self):
        """Who entered in time may still be late with the public."""
        ledger = Ledger.of([done("T1", entered_on=DUE), done("T2")])
        schedule = schedule_publication(ledger, CALENDAR)

        assert schedule.not_entered(DUE + ONE).tolist() == [False, True]
        assert schedule.overdue(DUE + ONE).tolist() == [True, True]
        assert schedule.not_entered(DUE).tolist() == [False, False]

    def test_entered_a_day_too_late_was_missing_before(self):
        """On the day itself it is there."""
        late = Ledger.of([done("T1", entered_on=DUE + 2 * ONE)])
        missing = schedule_publication(late, CALENDAR).not_entered

        assert [bool(missing(DUE + n * ONE)[0]) for n in (0, 1, 2, 3)] == [
            False, True, False, False,
        ]  # fmt: skip

    def test_another_district_may_have_another_number(self):
        """The number of the law stands in one value."""
        rules = SEVEN
        expected = CALENDAR.deadline(DONE, Period(7, Unit.WORKING_DAY))
        schedule = schedule_publication(Ledger.of([done()]), CALENDAR, rules=rules)

        assert expected == publish_by(DONE, CALENDAR, rules=rules)
        assert schedule.due[0].item() == expected.date

    def test_days_of_a_year_to_come_are_provisional(self):
        """Overdue is only what is past beyond doubt."""
        last = CALENDAR.announced_through
        completed = last - 8 * ONE
        ledger = Ledger.of([
            done(on=completed, due=completed),
            done("T2", on=completed, due=completed,
                 entered_on=completed + 40 * ONE, published_on=completed + 40 * ONE),
        ])  # fmt: skip
        schedule = schedule_publication(ledger, CALENDAR)
        deadline = publish_by(completed, CALENDAR)

        assert deadline.provisional
        assert deadline.earliest < deadline.latest
        assert schedule.provisional.tolist() == [True, True]
        assert schedule.earliest[0].item() == deadline.earliest
        assert schedule.latest[0].item() == deadline.latest
        assert not schedule.overdue(deadline.latest)[0]
        assert schedule.overdue(deadline.latest + ONE)[0]
        late = schedule.states(completed + 40 * ONE).cells()[1]
        assert (late is PublicationState.LATE) == (
            completed + 40 * ONE > deadline.latest
        )

    def test_a_notice_settles_what_was_provisional(self):
        """The same ledger, a calendar that knows more."""
        last = CALENDAR.announced_through
        year = last.year + 1
        off = tuple(dt.date(year, 1, day) for day in range(1, 4))
        notice = HolidayNotice(
            year=year, days_off=off, make_up_days=(), source="国办发明电〔…〕1号"
        )
        settled = WorkCalendar.china(notices=[notice])
        completed = last - 8 * ONE
        ledger = Ledger.of([done(on=completed, due=completed)])

        assert not schedule_publication(ledger, settled).provisional[0]

    def test_days_that_no_calendar_knows_are_told_by_row(self):
        """With the rows of the ledger, not of the checks that owe a result."""
        ledger = Ledger.of([
            row(),
            done("T2", drawn_on=dt.date(1999, 1, 1), on=dt.date(1999, 1, 4)),
            done("T3"),
        ])  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            schedule_publication(ledger, CALENDAR)

        assert [(f.row, f.column) for f in caught.value.faults] == [(1, "completed_on")]
        with pytest.raises(InvalidTypeError):
            schedule_publication([row()], CALENDAR)

    def test_a_copy_is_equal_and_cannot_be_changed(self):
        """What is due does not depend on who was handed the schedule."""
        ledger = Ledger.of([done(), row("T2")])
        schedule = schedule_publication(ledger, CALENDAR)
        again = pickle.loads(pickle.dumps(schedule))  # noqa: S301
        other = schedule_publication(ledger, CALENDAR, rules=SEVEN)

        assert copy.copy(schedule) == schedule != other
        assert again.to_columns() == schedule.to_columns()
        for one in (schedule, copy.copy(schedule), again):
            with pytest.raises(ValueError, match="read-only"):
                one.due[0] = DONE

    def test_an_empty_ledger_owes_nothing(self):
        """A year begins with nothing."""
        schedule = schedule_publication(Ledger.of(), CALENDAR)

        assert schedule.states(DONE).cells() == []


class TestRecords:
    def test_results_gather_under_the_subject(self):
        """In the words of the closed list, by day."""
        ledger = Ledger.of([
            done("T2", on=DUE, results=("pending", "corrected"), item="广告检查"),
            done(),
            done("T3", "S0", origin="campaign", entry=None, results=("closed",)),
            row("T4", "S4"),
            done("T5", on=DUE + ONE),
        ])  # fmt: skip
        public = public_records(ledger, on=DUE, channels=["信用中国", Channel.CITY])

        assert public.withheld == ()
        assert [record.to_dict() for record in public.records] == [
            {
                "format": "dsgk-public-results/1",
                "subject_id": "S0",
                "channels": ["信用中国（天津）网站", "天津市市场主体信用信息公示系统"],
                "results": [
                    {
                        "item": "价格检查",
                        "department": "市场监管局",
                        "kind": "专项检查",
                        "inspected_on": "2026-04-01",
                        "results": ["已关闭停业或正在组织清算"],
                    }
                ],
            },
            {
                "format": "dsgk-public-results/1",
                "subject_id": "S1",
                "channels": ["信用中国（天津）网站", "天津市市场主体信用信息公示系统"],
                "results": [
                    {
                        "item": "价格检查",
                        "department": "市场监管局",
                        "kind": "随机抽查",
                        "inspected_on": "2026-04-01",
                        "results": ["未发现问题"],
                    },
                    {
                        "item": "广告检查",
                        "department": "市场监管局",
                        "kind": "随机抽查",
                        "inspected_on": "2026-04-30",
                        "results": ["发现问题已责令改正", "发现问题待后续处理"],
                    },
                ],
            },
        ]

    def test_what_is_withheld_is_told_by_reason(self):
        """In one order, whatever the rows'."""
        secret, private = Exemption("商业秘密"), Exemption("个人隐私")
        ledger = Ledger.of([
            done("T1", exemption=secret.text),
            done("T2", exemption=private.text),
            done("T3", exemption=secret.text),
        ])  # fmt: skip

        assert public_records(ledger, on=DONE).withheld == ((private, 1), (secret, 2))

    def test_a_record_goes_to_json_and_back(self):
        """A host stores it; another reads it."""
        ledger = Ledger.of([done(), done("T2", exemption=Exemption("商业秘密").text)])
        public = public_records(ledger, on=DONE)
        (record,) = public.records
        document = json.loads(json.dumps(record.to_dict()))
        everything = json.loads(json.dumps(public.to_dict()))
        exemption = Exemption("商业秘密", "《反不正当竞争法》第九条")

        assert PublicRecord.from_dict(document) == record
        assert PublicRecords.from_dict(everything) == public
        properties = PublicRecord.schema()["properties"]
        assert {*document["channels"]} <= {*properties["channels"]["items"]["enum"]}
        results = properties["results"]["items"]["properties"]
        assert document["results"][0]["kind"] in results["kind"]["enum"]
        assert (
            Publication.schema()["properties"]["digest"]["pattern"] == "^[0-9a-f]{64}$"
        )
        assert Exemption.from_dict(exemption.to_dict()) == exemption

    @pytest.mark.parametrize(
        ("change", "codes"),
        [
            ({"format": "dsgk-public-results/2"}, ["format-unknown"]),
            ({"inspector": "张三"}, ["key-unknown"]),
            ({"channels": ["微信群"]}, ["not-in-list"]),
            ({"channels": [], "subject_id": ""}, ["id-empty", "list-empty"]),
            ({"subject_id": 3}, ["id-type"]),
        ],
    )
    def test_a_document_of_another_form_is_refused(self, change, codes):
        """Above all one that says more than the law names."""
        (record,) = public_records(Ledger.of([done()]), on=DONE).records
        with pytest.raises(InvalidInput) as caught:
            PublicRecord.from_dict({**record.to_dict(), **change})

        assert [f.code for f in caught.value.faults] == codes

    def test_an_unknown_result_in_a_document_is_refused(self):
        """The public reads the words of one list."""
        (record,) = public_records(Ledger.of([done()]), on=DONE).records
        document = record.to_dict()
        document["results"][0]["results"] = ["还行"]
        with pytest.raises(InvalidInput) as caught:
            PublicRecord.from_dict(document)

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("results[0].results[0]", "not-in-list")
        ]

    def test_unknown_codes_and_reasons_are_told_with_their_rows(self):
        """None is published as it stands, none is dropped."""
        ledger = Ledger.of([
            done(results=("fine",)),
            done("T2", exemption="随便"),
            done("T3", exemption="privacy"),
            done("T4"),
        ])  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            public_records(ledger, on=DONE)

        assert [(f.row, f.code) for f in caught.value.faults] == [
            (0, "not-in-list"),
            (1, "not-in-list"),
        ]
        assert [f.column for f in caught.value.faults] == ["results", "exemption"]

    def test_the_number_of_an_identity_card_is_not_published(self):
        """A sole trader is a person: the credit code is public, the number not."""
        person, code = "11010519491231002X", "91110000600037341L"
        ledger = Ledger.of([done(subject=code), done("T2", person), row("T3", person)])
        with pytest.raises(InvalidInput) as caught:
            public_records(ledger, on=DONE)

        assert [(f.row, f.code) for f in caught.value.faults] == [
            (1, "identity-number")
        ]
        assert person not in str(caught.value)
        wrong = "110105194912310021"
        assert (
            len(public_records(Ledger.of([done(subject=wrong)]), on=DONE).records) == 1
        )


FRAME = Frame([f"S{n}" for n in range(6)], ["A"] * 6)


def conducted():
    announcement = announce(
        title="2026年第二季度抽取",
        issuer="区联席会议",
        announced_on=DRAWN,
        **fact(DRAWN),
        draws={"3": (FRAME, {"A": 2})},
    )
    return announcement, conduct(announcement, {"3": FRAME}, **chance("02-07"))


def published(kind, document, on=DRAWN):
    return Publication.of(
        kind,
        document,
        title="标题",
        published_on=on,
        channels=[Channel.GOVERNMENT_SITE],
    )


class TestDocuments:
    def test_an_announcement_is_known_by_its_own_digest(self):
        """One digest for one document, wherever it is written."""
        announcement, _ = conducted()
        publication = published("抽取公告", announcement.to_dict())

        assert publication.digest == announcement.digest
        assert publication.kind is PublicationKind.ANNOUNCEMENT
        assert publication.shows(announcement.to_dict())
        assert not publication.shows({})
        assert Publication.from_dict(publication.to_dict()) == publication

    @pytest.mark.parametrize(
        "changes",
        [
            {"kind": "通知"},
            {"title": ""},
            {"digest": "0"},
            {"published_on": "2026"},
            {"digest": 0},
            {"channels": []},
            {"channels": "政府网站"},
            {"channels": ["布告栏"]},
        ],
    )
    def test_a_faulty_publication_is_refused(self, changes):
        """It would show nothing."""
        fields = {
            "kind": "plan",
            "title": "标题",
            "digest": "0" * 64,
            "published_on": DRAWN,
            "channels": ["政府网站"],
        }

        assert Publication(**fields).channels == (Channel.GOVERNMENT_SITE,)
        with pytest.raises(DsgkError):
            Publication(**{**fields, **changes})

    def test_all_faults_of_a_publication_are_told_at_once(self):
        """Whoever fills in the form sees all of it."""
        with pytest.raises(InvalidInput) as caught:
            Publication(
                kind="通知", title=" ", digest="0", published_on=None,
                channels=["布告栏", "政府网站", 1],
            )  # fmt: skip

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("kind", "not-in-list"),
            ("title", "label-form"),
            ("digest", "text-form"),
            ("published_on", "day-type"),
            ("channels[0]", "not-in-list"),
            ("channels[2]", "not-in-list"),
        ]

    def test_a_document_of_another_form_is_refused(self):
        """Floats have no canonical form, and unknown keys no meaning."""
        nested = []
        for _ in range(5000):
            nested = [nested]
        for document in (
            {"ratio": 0.05},
            {"entries": [{"ratio": 0.05}]},
            {"比例": 1},
            {1: 1},
            [],
            3,
            {"number": 2**53},
            {"set": {1}},
            {"deep": nested},
        ):
            with pytest.raises(InvalidTypeError):
                published("plan", document)
        with pytest.raises(InvalidValueError):
            published("plan", {"title": "\ud800"})
        document = published("plan", {}).to_dict()
        with pytest.raises(InvalidInput):
            Publication.from_dict({**document, "author": "张三"})

    def test_what_is_not_public_is_told(self):
        """Plan and item list, and of every draw announcement and record."""
        announcement, record = conducted()
        plan = published("plan", {"year": 2026})
        items = published("item-list", {"items": []})
        early = published("announcement", announcement.to_dict())
        late = published("announcement", announcement.to_dict(), DRAWN + ONE)
        shown = published("draw-record", record.to_dict(), DRAWN + ONE)

        def told(*publications):
            faults = check_publications(publications, records=[record])
            return [f.code for f in faults]

        assert told(plan, items, early, shown) == []
        assert told(plan, items, late, early, shown) == []
        assert told(plan, items, late, shown) == ["announcement-late"]
        (fault,) = check_publications([plan, items, late, shown], records=[record])
        assert f"(got it on {DRAWN + ONE})" in fault.message
        assert fault.chinese == (
            "抽取公告'2026年第二季度抽取'应在其载明之日2026-03-10前、随机数产生前公开"
            "（实际为2026-03-11）。请另行公告重新抽取。"
        )
        assert told() == [
            "not-public", "not-public", "announcement-not-public", "record-not-public",
        ]  # fmt: skip
        assert [f.provision for f in check_publications([], records=[record])] == [
            f"District Opinion, Art. {number}" for number in (12, 10, 3, 3)
        ]  # fmt: skip
