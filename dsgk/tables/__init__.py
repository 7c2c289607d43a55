"""
Columns of tables: what comes in from dicts, NumPy, pandas, polars and Arrow.

A table is anything with ``table[name]``; none of those libraries is imported.
`columns` takes columns out of it, `cells` reads what stands in them: by their
distinct cells, so that a million rows cost a few passes in C and every fault
of every cell is still told with its row; `members` are closed lists,
`digests` stand for whole tables, and `arguments` refuses what is no table, or
not of its class, as a whole.  Nothing is guessed: what could mean
two things is refused with what to write.
"""

from dsgk.tables.cells import (
    Categorical,
    Days,
    check_day,
    is_empty,
    read_column,
    read_count,
    read_day,
    read_days,
    read_flag,
    read_id_column,
    read_ids,
    read_label,
    read_value,
    whole_number,
)
from dsgk.tables.columns import Column, Table, column_of, columns_of
from dsgk.tables.digests import digest_of_rows
from dsgk.tables.members import Coded


__all__ = [
    "Categorical",
    "Coded",
    "Column",
    "Days",
    "Table",
    "check_day",
    "column_of",
    "columns_of",
    "digest_of_rows",
    "is_empty",
    "read_column",
    "read_count",
    "read_day",
    "read_days",
    "read_flag",
    "read_id_column",
    "read_ids",
    "read_label",
    "read_value",
    "whole_number",
]
