"""Joint inspection: checks of many departments in few visits."""

import datetime as dt
import pickle

import attrs
import pandas as pd
import pytest

from dsgk import items
from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.joint import Check, MergedChecks, Method, Visit, Window, merge_checks
from dsgk.sources import article, provisions_of


def day(number):
    return dt.date(2026, 3, number)


SPRING = Window(day(1), day(31))
LATE = Window(day(20), day(31))


def check(subject="S1", item="消防", department="消防救援", window=SPRING, **more):
    return Check(
        subject_id=subject, item=item, department=department, window=window, **more
    )


class TestWindow:
    def test_of_one_day_is_a_window(self):
        assert str(Window(day(1), day(1))) == "2026-03-01 to 2026-03-01"

    def test_that_ends_before_it_starts_is_refused(self):
        with pytest.raises(
            InvalidValueError, match=r"before 2026-03-02 \(got 2026-03-01"
        ) as e:
            Window(day(2), day(1))

        assert e.value.code == "days-reversed"

    def test_takes_the_day_in_china_of_an_aware_datetime(self):
        """20:00 in Greenwich is tomorrow in Beijing."""
        evening = dt.datetime(2026, 3, 1, 20, tzinfo=dt.UTC)

        assert Window(day(2), day(2)) == Window(evening, evening)

    @pytest.mark.parametrize(
        "wrong",
        [b"2026-03-01", dt.datetime(2026, 3, 1), None, 1],  # noqa: DTZ001
    )
    def test_of_something_that_is_no_day_is_refused(self, wrong):
        """A naive datetime may be a day earlier where it was written."""
        with pytest.raises(InvalidTypeError):
            Window(wrong, day(2))
        with pytest.raises(InvalidTypeError):
            Window(day(1), wrong)


class TestCheck:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"subject": 1}, "text-type"),
            ({"item": None}, "text-type"),
            ({"department": ["公安"]}, "text-type"),
            ({"window": (day(1), day(2))}, "argument-type"),
            ({"method": "占卜"}, "not-in-list"),
            ({"initiates": "公安"}, "flag-form"),
        ],
        ids=lambda value: "" if isinstance(value, str) else str(value),
    )
    def test_of_other_types_is_refused(self, fields, code):
        with pytest.raises(DsgkError) as caught:
            check(**fields)

        assert caught.value.code == code

    def test_tells_all_its_faults_at_once(self):
        with pytest.raises(InvalidInput) as caught:
            check(window={"first": "2026-03-01", "last": "三月"}, initiates=2)
        with pytest.raises(InvalidInput) as texts:
            check(subject=1, item=2)

        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("day-form", "window.last"),
            ("flag-form", "initiates"),
        ]
        assert [f.column for f in texts.value.faults] == ["subject_id", "item"]

    def test_is_stored_with_what_is_merged_of_it(self):
        """A host keeps the drawn lists and the visits made of them."""
        merged = merge_checks([check(), check(method="online")])

        assert Check.from_dict(check().to_dict()) == check()
        assert MergedChecks.from_dict(merged.to_dict()) == merged

    def test_is_on_site_unless_it_says_otherwise(self):
        assert check().method is Method.ON_SITE
        assert Method is items.Method

    def test_survives_pickling(self):
        assert check() == pickle.loads(pickle.dumps(check()))  # noqa: S301


class TestVisit:
    def test_is_on_the_days_that_all_its_checks_allow(self):
        visit = Visit(
            [check(), check(window=LATE), check(window=Window(day(1), day(25)))]
        )

        assert visit.window == Window(day(20), day(25))
        assert visit.subject_id == "S1"

    @pytest.mark.parametrize(
        ("checks", "lead"),
        [
            # the initiating department leads, though it has one check of three
            (
                [
                    check(item="a", department="公安"),
                    check(item="b", department="公安"),
                    check(department="教育", initiates=True),
                ],
                "教育",
            ),
            # none initiates: most checks
            (
                [
                    check(item="a", department="公安"),
                    check(item="a", department="教育"),
                    check(item="b", department="教育"),
                ],
                "教育",
            ),
            # as many each: first by name (公 is U+516C, 教 is U+6559)
            ([check(department="教育"), check(department="公安")], "公安"),
            # several initiate: most checks of these, whatever they initiate
            (
                [
                    check(item="a", department="公安", initiates=True),
                    check(item="a", department="教育", initiates=True),
                    check(item="b", department="教育"),
                    *[check(item=item, department="卫健") for item in "abc"],
                ],
                "教育",
            ),
            # several initiate with as many checks: first by name
            (
                [
                    check(department="教育", initiates=True),
                    check(department="公安", initiates=True),
                ],
                "公安",
            ),
        ],
        ids=["initiates", "most", "name", "most-initiating", "name-initiating"],
    )
    def test_is_led_by_a_stated_rule(self, checks, lead):
        """Nobody has to negotiate who leads."""
        assert lead == Visit(checks).lead
        assert lead == Visit(checks[::-1]).lead

    def test_counts_a_department_once(self):
        """Departments take part, not checks."""
        visit = Visit(
            [
                check(item="b", department="公安"),
                check(item="a", department="公安"),
                check(),
            ]
        )

        assert visit.departments == ("公安", "消防救援")

    @pytest.mark.parametrize(
        "checks",
        [
            [],
            [check(), check("S2")],
            [check(), check(method=Method.WRITTEN)],
            [check(window=Window(day(1), day(19))), check(window=LATE)],
        ],
        ids=["none", "two-subjects", "written", "apart"],
    )
    def test_that_cannot_be_made_is_refused(self, checks):
        with pytest.raises(InvalidValueError) as caught:
            Visit(checks)

        assert caught.value.code == "visit-impossible"
        assert caught.value.provision == str(article(19))


class TestMergeChecks:
    def test_one_visit_serves_all_whose_windows_meet(self):
        """District Opinion, Art. 19: lists that coincide are inspected jointly."""
        fire = check()
        police = check(item="治安", department="公安", window=LATE)
        early = check(item="卫生", department="卫健", window=Window(day(1), day(5)))
        merged = merge_checks([police, early, fire])

        assert merged == MergedChecks(
            visits=(Visit([early, fire]), Visit([police])), remote=()
        )

    def test_written_and_online_checks_need_no_visit(self):
        """District Opinion, Art. 21: they do not even widen or narrow one."""
        online = check(method=Method.ONLINE, window=LATE)
        written = check(method=Method.WRITTEN)
        merged = merge_checks([online, check(), written])

        assert merged.visits == (Visit([check()]),)
        assert merged.remote == (written, online)
        assert merge_checks([online]).visits == ()

    def test_subjects_are_visited_apart_and_in_order(self):
        merged = merge_checks([check("S10"), check("S2"), check("S1")])

        assert [v.subject_id for v in merged.visits] == ["S1", "S10", "S2"]

    def test_no_checks_make_no_visits(self):
        assert merge_checks([]) == MergedChecks(visits=(), remote=())
        assert merge_checks(iter([])).visits_saved == 0

    def test_what_is_saved_is_counted_against_departments_that_go_alone(self):
        """A department would merge its own checks in any case."""
        merged = merge_checks(
            [
                check(item="a"),
                check(item="b"),
                check(department="公安"),
                check(department="教育", window=LATE),
                check("S2", department="公安"),
                check("S2", department="卫健", method=Method.ONLINE),
            ]
        )

        assert len(merged.visits) == 2
        assert (merged.visits_apart, merged.visits_saved) == (4, 2)

    def test_goes_into_a_table(self):
        """One row per check; what needs no visit has no number."""
        merged = merge_checks(
            [
                check(department="公安", initiates=True),
                check(method=Method.ONLINE),
                check(),
                check("S0"),
            ]
        )
        table = merged.to_columns()

        assert list(table["visit"]) == [0, 1, 1, None]
        assert list(table["lead"]) == ["消防救援", "公安", "公安", None]
        assert list(table["subject_id"]) == ["S0", "S1", "S1", "S1"]
        assert list(table["department"]) == ["消防救援", "公安", "消防救援", "消防救援"]
        assert list(table["item"]) == ["消防"] * 4
        assert list(table["method"]) == ["on site"] * 3 + ["online"]
        assert list(table["first"]) == [day(1)] * 4
        assert list(table["last"]) == [day(31)] * 4
        assert list(table["initiates"]) == [False, True, False, False]
        assert len(pd.DataFrame(table)) == 4

    def test_a_check_that_stands_twice_is_refused_with_both_rows(self):
        """It is one check or a typing error; who knows which is not a program."""
        with pytest.raises(InvalidInput) as caught:
            merge_checks([check(), check("S2"), check(), check(initiates=True)])

        assert [(f.code, f.row, f.params["other"]) for f in caught.value.faults] == [
            ("check-doubled", 2, 0),
            ("check-doubled", 3, 0),
        ]
        assert caught.value.provision == str(article(17))

    @pytest.mark.parametrize(
        "change",
        [
            {"subject_id": "S2"},
            {"item": "卫生"},
            {"department": "公安"},
            {"window": LATE},
            {"window": Window(day(1), day(30))},
            {"method": Method.WRITTEN},
        ],
        ids=lambda change: next(iter(change)) + str(next(iter(change.values()))),
    )
    def test_checks_that_differ_in_anything_are_two_checks(self, change):
        """Two draws of a year are two checks, and one visit may serve both."""
        two = [check(), attrs.evolve(check(), **change)]
        merged = merge_checks(two)
        found = [c for visit in merged.visits for c in visit.checks] + [*merged.remote]

        assert len(found) == 2
        assert set(two) == set(found)

    def test_tells_all_faults_at_once_by_row(self):
        """Ids as they are hashed, names as they are counted."""
        with pytest.raises(InvalidInput) as caught:
            merge_checks(
                [
                    check("S1 "),
                    check(department="公安 "),
                    check(item="", department="公安 "),
                    check("９"),
                    check("９"),
                ]
            )

        assert [(f.row, f.column, f.code) for f in caught.value.faults] == [
            (0, "subject_id", "id-padded"),
            (1, "department", "label-form"),
            (2, "item", "cell-empty"),
            (2, "department", "label-form"),
            (3, "subject_id", "id-form"),
            (4, "subject_id", "id-form"),
            (4, None, "check-doubled"),
        ]

    def test_of_something_else_is_refused_with_its_row(self):
        with pytest.raises(InvalidInput) as caught:
            merge_checks([check(), Window(day(1), day(2)), check(item=""), None])

        assert [(f.code, f.row) for f in caught.value.faults] == [
            ("argument-type", 1),
            ("argument-type", 3),
        ]

    def test_that_is_no_list_is_refused(self):
        with pytest.raises(InvalidTypeError, match="Write") as caught:
            merge_checks(None)

        assert caught.value.code == "argument-list"

    def test_leaves_its_input_alone(self):
        checks = [check("S2"), check()]
        merge_checks(checks)

        assert checks == [check("S2"), check()]


def test_joint_inspection_cites_its_articles():
    """Articles 5, 17, 19 and 21 are carried out here."""
    assert provisions_of(merge_checks) == tuple(map(article, (5, 17, 19, 21)))
