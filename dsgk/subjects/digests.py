"""The digest by which two registers are known to be the same."""

import hashlib
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.subjects.values import FIELDS
from dsgk.tables import Categorical, Days, Json, json_of_classes, json_of_days


__all__ = ["REGISTER_FORMAT", "Counts", "digest_of"]

REGISTER_FORMAT = "dsgk-register/1"
"""Name of the text that is hashed; another text would have another name."""

Counts = npt.NDArray[np.int64]
"""Numbers of visits."""

_CHUNK = 1 << 15


def digest_of(
    ids: tuple[str, ...],
    classes: Mapping[str, Categorical[Any]],
    last: Days,
    visits: Counts,
) -> str:
    r"""
    SHA-256 of a register as a set, in lower-case hex.

    The text that is hashed is UTF-8 with one JSON array per line, each ended
    by a line feed, without white space between tokens and with no escapes but
    those of the quotation mark and the backslash.  The first line holds
    ``dsgk-register/1`` and the names of the columns: id, kind, area, risk,
    credit, on_promise, status, last_inspected_on, visits_this_year, then, by
    name, every further attribute of which a value is known.  A line for each
    subject follows, sorted by the UTF-8 bytes of its id: texts as strings,
    the status as its Chinese word, days as ``YYYY-MM-DD``, numbers, true and
    false as such, null where nothing is known.

    Args:
        ids: [n strings] Valid ids, each once.
        classes: Columns of `CLASSES` and of further attributes.
        last: [n, datetime64[D]] Days of the last inspection.
        visits: [n, int64] Visits of this year.

    Examples:
        >>> none = np.array(["NaT"], "datetime64[D]")
        >>> digest_of(("S1",), {}, none, np.array([0]))[:8]
        'bd69933a'
        >>> text = (
        ...     '["dsgk-register/1","id","kind","area","risk","credit","on_promise",'
        ...     '"status","last_inspected_on","visits_this_year"]\n'
        ...     '["S1",null,null,null,null,null,null,null,0]\n'
        ... )
        >>> hashlib.sha256(text.encode()).hexdigest()[:8]
        'bd69933a'
    """
    names = [
        *FIELDS,
        *sorted(n for n, c in classes.items() if n not in FIELDS and c.categories),
    ]
    head = ",".join(map(encode_basestring, [REGISTER_FORMAT, "id", *names]))
    state = hashlib.sha256(f"[{head}]\n".encode())
    none: Categorical[Any] = Categorical(np.full(len(ids), -1, dtype=np.int32), ())
    columns = []
    for name in names:
        if name == "last_inspected_on":
            columns.append(json_of_days(last))
        elif name == "visits_this_year":
            columns.append(_json_of_counts(visits))
        else:
            columns.append(json_of_classes(classes.get(name, none)))
    # Texts sort by code point, which is the order of their UTF-8 bytes.
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.intp)
    for start in range(0, len(ids), _CHUNK):
        rows = order[start : start + _CHUNK]
        texts = map(encode_basestring, map(ids.__getitem__, rows.tolist()))
        cells = (table[at[rows]].tolist() for table, at in columns)
        lines = [f"[{','.join(line)}]\n" for line in zip(texts, *cells, strict=True)]
        state.update("".join(lines).encode())
    return state.hexdigest()


def _json_of_counts(counts: Counts) -> Json:
    distinct, at = np.unique(counts, return_inverse=True)
    return np.array([str(count) for count in distinct.tolist()], dtype=object), at
