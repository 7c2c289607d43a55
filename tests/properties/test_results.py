"""What registers learn from results, whenever somebody asks."""

import datetime as dt

from hypothesis import example, given, strategies as st

from dsgk.items import Method
from dsgk.ledger import Ledger, LedgerRow
from dsgk.results import ResultCode, inspection_changes
from dsgk.subjects import SubjectRegister


FIRST = dt.date(2025, 11, 1)
DAYS = st.integers(0, 800).map(lambda n: FIRST + dt.timedelta(n))
SUBJECTS = ("S1", "S2", "S3")
GONE = {code.code for code in ResultCode if code.prevents_inspection}


@st.composite
def checks(draw):
    """Checks of two years, one task each."""
    return [
        LedgerRow(
            task_id=f"T{n}",
            subject_id=draw(st.sampled_from(SUBJECTS)),
            item="价格检查",
            department="市场监管局",
            entry=f"E{n}",
            method=draw(st.sampled_from(Method)),
            drawn_on=day,
            due=day,
            completed_on=day,
            results=(draw(st.sampled_from(["no-problem", "unreachable"])),),
        )
        for n, day in enumerate(draw(st.lists(DAYS, max_size=8)))
    ]


@given(rows=checks(), days=st.lists(DAYS, min_size=1, max_size=8))
@example(rows=[], days=[FIRST])
def test_a_register_kept_by_the_ledger_says_what_the_ledger_says(rows, days):
    """
    However often somebody asks, and however many years pass in between.

    The visits are those of the running year, also where the last question was
    asked in another year, and the last inspection is the last one made.
    """
    ledger = Ledger.of(rows)
    register = SubjectRegister.from_columns(id=list(SUBJECTS))
    for day in sorted(days):
        changes = inspection_changes(ledger, register, on=day)
        register = register.apply(changes, on=day)
        known = [row for row in rows if row.completed_on <= day]

        for subject in register:
            own = [row for row in known if row.subject_id == subject.id]
            made = [row.completed_on for row in own if not GONE & {*row.results}]
            visits = [
                row
                for row in own
                if row.method is Method.ON_SITE and row.completed_on.year == day.year
            ]
            assert subject.last_inspected_on == max(made, default=None)
            assert subject.visits_this_year == len(visits)
        assert inspection_changes(ledger, register, on=day) == ()
