"""
Working days, make-up days, periods and deadlines (工作日、期限).

A year's working days are settled by the notice of the State Council for that
year.  Days of a year whose notice is not out are known in part: the statutory
holidays are law, what a notice adds is not.  A deadline that depends on such
days says so, and says between which days it will lie.

What the bounds of a provisional deadline assume about a notice to come:

1. The statutory holidays stay as the law has them today, and are off.
2. A festival that falls on a weekend, or on another festival, is made up on
   weekdays.  Beside these, at most two more weekdays are off for it, and at
   most two weekend days are worked for it.
3. Such weekdays lie within two days of the festival, and such weekend days
   within a week; five days and two weeks for the festivals with long breaks
   (Spring Festival, Labour Day, National Day).
4. One decision out of the ordinary a year: at most two more weekdays off and
   one more weekend day worked, anywhere in the year.
5. Days of December are touched by the notice for the next year only where 1
   January is a Sunday, a Monday or a Tuesday, and none before the last
   Saturday of the year.

Every notice for 2004 to 2026 keeps within these, the extended holiday of
January 2020 and the two days off of September 2015 included.
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
