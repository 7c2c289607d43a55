"""
Independent reference of the digests of registers and ledgers.

Written from ``docs/reference/digests.md`` with the standard library alone.
"""

import hashlib
import json


def line(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def digest(form, keys, defaults, columns):
    """SHA-256 of columns of plain JSON values, None for an empty cell."""
    size = len(columns[keys[0]])
    columns = {key: [None] * size for key in keys} | columns
    blocks, numbers = {}, {}
    for name, cells in columns.items():
        empty = {line(None), line(defaults.get(name))}
        texts = [line(cell) for cell in cells]
        distinct = sorted(set(texts) - empty)
        place = {text: number for number, text in enumerate(distinct, 1)}
        numbers[name] = [place.get(text, 0) for text in texts]
        blocks[name] = line([name, len(distinct)]) + b"".join(distinct)
    rows = sorted(range(size), key=lambda row: [numbers[key][row] for key in keys])
    state = hashlib.sha256(line([form, size]))
    for name in [*keys, *sorted(set(columns) - set(keys))]:
        if any(numbers[name]):
            state.update(blocks[name])
            for row in rows:
                state.update(numbers[name][row].to_bytes(4, "big"))
    return state.hexdigest()
