"""The published lists of a province, as several tests read and plan them."""

import csv

from dsgk.items import ItemList, Method
from dsgk.plans import PlannedItem


def columns(path):
    """Columns of a file of the shared data."""
    with path.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in rows[0]}


def item_list(shared, **options):
    """388 printed rows that are 293 items of 16 departments."""
    return ItemList.from_table(
        columns(shared / "data/hainan_items_2020.csv"),
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
