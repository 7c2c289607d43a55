"""
Working days, make-up days, periods and deadlines (工作日、期限).

Each year the State Council's notice settles the working days of the next.  Before
it is published they are known only in part: statutory holidays are law, but the
notice adds to them.  A deadline that depends on such days is provisional, and
comes with the earliest and the latest day on which it can lie.

These bounds assume of a notice to come:

1. The statutory holidays stay as they are today, and are off.
2. A festival on a weekend or on another festival is made up on weekdays.  At
   most two more weekdays are off for it, and at most two weekend days worked.
3. These weekdays lie within two days of the festival and the weekend days
   within a week; for the festivals with long breaks (Spring Festival, Labour
   Day, National Day) within five days and two weeks.
4. One exceptional decision a year takes at most two more weekdays off and makes
   one more weekend day worked, anywhere in the year.
5. The notice for the next year changes days of December only if 1 January is a
   Sunday, Monday or Tuesday, and none before the last Saturday of the year.

All notices for 2004 to 2026 fit, including the extended holiday of January 2020
and the two days off of September 2015.
"""

from dsgk.calendars._calendar import Deadline, Period, Unit, WorkCalendar
from dsgk.calendars._notices import (
    HolidayNotice,
    known_law as known_law,
    last_settled as last_settled,
    outlook as outlook,
    year_of_notice as year_of_notice,
)


__all__ = ["Deadline", "HolidayNotice", "Period", "Unit", "WorkCalendar"]
