"""Digests of tables: one JSON array per row, the rows as a set."""

import hashlib
import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.tables.cells import Categorical, Days


__all__ = ["Json", "digest_of_rows", "json_of_classes", "json_of_days"]

Json = tuple[npt.NDArray[np.object_], npt.NDArray[np.integer[Any]]]
"""The distinct cells of a column as JSON texts, and each row's position."""


def digest_of_rows(
    form: str, names: Sequence[str], columns: Sequence[Categorical[Any] | Days], /
) -> str:
    r"""
    SHA-256 of a table whose rows have no order, in lower-case hex.

    The text that is hashed is UTF-8 with one JSON array per line, each ended
    by a line feed, without white space between tokens and with no escapes but
    those of the quotation mark and the backslash. The first line holds the
    name of the form and the names of the columns; a line for each row follows,
    lines sorted by their UTF-8 bytes. Days are ``YYYY-MM-DD``, members of
    closed lists their codes, empty cells null.

    Args:
        form: Name of the form; another text would have another name.
        names: [m strings] Names of the columns.
        columns: [m columns of n rows] Read columns.

    Examples:
        >>> from dsgk.tables.cells import read_column, read_label
        >>> column, _ = read_column(["乙", "甲"], read_label, name="kind")
        >>> digest_of_rows("form/1", ["kind"], [column])[:8]
        '69d9755d'
        >>> text = '["form/1","kind"]\n["乙"]\n["甲"]\n'
        >>> hashlib.sha256(text.encode()).hexdigest()[:8]
        '69d9755d'
    """
    head = ",".join(map(encode_basestring, [form, *names]))
    state = hashlib.sha256(f"[{head}]\n".encode())
    tables = [
        json_of_classes(column)
        if isinstance(column, Categorical)
        else json_of_days(column)
        for column in columns
    ]
    cells = (table[at].tolist() for table, at in tables)
    # Texts sort by code point, which is the order of their UTF-8 bytes.
    lines = sorted(f"[{','.join(row)}]\n" for row in zip(*cells, strict=True))
    state.update("".join(lines).encode())
    return state.hexdigest()


def json_of_days(days: Days, /) -> Json:
    """A column of days: ``"YYYY-MM-DD"``, null where a cell is empty."""
    distinct, at = np.unique(days, return_inverse=True)
    texts = ["null" if np.isnat(day) else f'"{day!s}"' for day in distinct]
    return np.array(texts, dtype=object), at


def json_of_classes(column: Categorical[Any], /) -> Json:
    """A column by its values: members of closed lists as theirs, empty cells null."""
    plain = [getattr(value, "value", value) for value in column.categories]
    texts = [
        json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in plain
    ]
    return np.array([*texts, "null"], dtype=object), column.codes  # -1 is the last
