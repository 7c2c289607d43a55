"""The published lists of a province, as several tests read and plan them."""

import csv
from itertools import accumulate

from dsgk.items import ItemList, Method
from dsgk.plans import PlannedItem


def columns(path, *, merged=False):
    """Columns of a file of tests/data; an empty cell of *merged* ones is as above."""
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    read = {name: [row[name] for row in rows] for name in rows[0]}
    for column in read.values() if merged else ():
        column[:] = accumulate(column, lambda above, cell: cell or above)
    return read


def item_list(facts, **options):
    """388 printed rows that are 293 items of 16 departments."""
    return ItemList.from_table(
        columns(facts / "province_items.csv", merged=True),
        department="department",
        name="item",
        category="category",
        object="object",
        item_class="item_class",
        methods="method",
        body="inspecting_body",
        legal_basis="legal_basis",
        **options,
    )


def entries_by_department(listed):
    """What an entry for each item is made of, by department."""
    entries = {}
    for k, one in enumerate(listed):
        item = PlannedItem(
            one.name,
            department=one.department,
            category=one.category,
            object=one.object,
        )
        entries.setdefault(one.department, []).append(
            {
                "id": f"{one.department}{k}",
                "items": item,
                "object": one.object,
                "subjects": {"kind": {one.object}},
                "methods": one.methods or {Method.ON_SITE},
                "lead": one.department,
            }
        )
    return entries
