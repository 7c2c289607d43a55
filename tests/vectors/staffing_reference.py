"""
Independent reference of `dsgk-assign/1` from tables to teams and digests.

The standard library alone, written from ``docs/reference/assign-format.md`` in
the plainest way, for inputs small enough that nothing is drawn in parts.
People, tasks and bars are dicts and lists, as they would come out of JSON.
"""

import hashlib
import json

from vectors.assign_reference import (
    Row,
    below,
    bundles,
    deal,
    equal_chances,
    nearest_chances,
    stream,
)


UNIT = 2**30
FEW = 60_000


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def kind_of(seat):
    return (
        sorted(seat["departments"]),
        sorted(seat["skills"]),
        seat["certified"],
        seat["expert"],
    )


def kinds_of(task):
    """[kind, places] in order; kinds compare as lists do."""
    places = []
    for seat in sorted(task["seats"], key=kind_of):
        if places and places[-1][0] == kind_of(seat):
            places[-1][1] += seat["count"]
        else:
            places.append([kind_of(seat), seat["count"]])
    return places


def admits(kind, person):
    departments, skills, certified, expert = kind
    return (
        person["department"] in departments
        and set(skills) <= set(person["skills"])
        and person["is_expert"] == expert
        and (expert or person["certified"] or not certified)
    )


def units_of(tasks):
    units = {}
    for task in sorted(tasks, key=lambda task: task["id"]):
        key = ("batch", task["batch"]) if task["batch"] else ("task", task["id"])
        units.setdefault(key, []).append(task)
    return list(units.values())


def tasks_digest(tasks):
    lines = [
        "\t".join(
            (
                task["id"],
                task["subject_id"],
                task["area"] or "",
                task["batch"] or "",
                task["lead"] or "",
                compact(sorted(task["agencies"])),
                compact([[*kind, count] for kind, count in kinds_of(task)]),
            )
        )
        for task in sorted(tasks, key=lambda task: task["id"])
    ]
    return sha256("".join(f"{line}\n" for line in lines))


def register_digest(people):
    lines = []
    for person in sorted(people, key=lambda person: person["id"]):
        row = {k: sorted(v) if isinstance(v, list) else v for k, v in person.items()}
        lines.append(
            json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        )
    return sha256("".join(f"{line}\n" for line in lines))


def rows_of(case):
    """Unit, kind, area of the pool, and places of every row."""
    rows = []
    for unit, tasks in enumerate(units_of(case["tasks"])):
        for kind, n in kinds_of(tasks[0]):
            homes = {
                a for p in case["people"] if admits(kind, p) for a in p["home_areas"]
            }
            keep_away = case["avoid_home_areas"] and tasks[0]["area"] in homes
            rows.append((unit, (kind, tasks[0]["area"] if keep_away else ""), n))
    return rows


def capacity_of(person, n_units):
    capacity = n_units if person["capacity"] is None else person["capacity"]
    return min(n_units, max(0, capacity - person.get("load", 0)))


def parts_of(case):
    """
    Rows that share nobody with others, and the people they are open to.

    Yields the numbers of the rows, the ids of the people in the order of the
    digests of their ids, and the pools as places in that order.
    """
    rows = rows_of(case)
    n_units = len(units_of(case["tasks"]))
    pools = sorted({tuple(map(compact, key)) for _, key, _ in rows})
    open_to = {}
    for _, (kind, area), _ in rows:
        open_to[compact(kind), compact(area)] = {
            p["id"]
            for p in case["people"]
            if admits(kind, p)
            and area not in p["home_areas"]
            and capacity_of(p, n_units)
        }
    groups = []
    for pool in pools:
        near = [g for g in groups if any(open_to[p] & open_to[pool] for p in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(p for g in near for p in g), pool])
    order = []
    for r, (_, (kind, area), _) in enumerate(rows):
        mine = next(g for g in groups if (compact(kind), compact(area)) in g)
        if mine not in [g for g, _ in order]:
            order.append((mine, []))
        next(numbers for g, numbers in order if g == mine).append(r)
    for _, numbers in order:
        keys = [rows[r][1] for r in numbers]
        keys = sorted((key for n, key in enumerate(keys) if key not in keys[:n]))
        people = set().union(*(open_to[tuple(map(compact, key))] for key in keys))
        circle = sorted(people, key=lambda i: hashlib.sha256(i.encode()).digest())
        places = [
            [circle.index(i) for i in circle if i in open_to[tuple(map(compact, key))]]
            for key in keys
        ]
        yield numbers, circle, [keys.index(rows[r][1]) for r in numbers], places


def state(case):
    """Chances part by part, and everything that is needed to draw."""
    rows = rows_of(case)
    units = units_of(case["tasks"])
    by_id = {p["id"]: p for p in case["people"]}
    parts, lines = [], []
    for n, (numbers, circle, pool, places) in enumerate(parts_of(case)):
        mine = []
        for r, p in zip(numbers, pool, strict=True):
            subjects = {task["subject_id"] for task in units[rows[r][0]]}
            barred = {i for s, i in case["bars"] if s in subjects and i in circle}
            mine.append(
                Row(rows[r][0], p, places[p], rows[r][2], {*map(circle.index, barred)})
            )
        chances = equal_chances(mine, UNIT)
        capacity = [capacity_of(by_id[i], len(units)) for i in circle]
        lists = [None] * len(mine)
        if not fits(mine, chances, capacity):
            raked = case.get("table")
            table = raked[n] if raked else nearest_chances(mine, capacity)
            chances = [(of_row, []) for of_row in table]
            lists = [" ".join(map(str, of_row.values())) for of_row in table]
            single = {part[0] for part in bundles(mine) if len(part) == 1}
            for r, row in enumerate(mine):
                row.kind = (row.kind if r in single else r, lists[r])
        parts.append((numbers, circle, mine, chances))
        lines += ["\t".join(("pool", *(circle[i] for i in p))) for p in places]
        known = list(dict.fromkeys(text for text in lists if text is not None))
        lines += [f"chances\t{text}" for text in known]
        for row, text, span in zip(mine, lists, spans(mine), strict=True):
            how = "\t".join(map(str, span)) if text is None else known.index(text)
            barred = " ".join(str(row.pool.index(i)) for i in row.barred)
            name = units[row.task][0]["id"]
            lines.append(f"row\t{name}\t{row.number}\t{row.seats}\t{barred}\t{how}")
    statement = {
        "format": "dsgk-assign/1",
        "fairness": "equal-chance",
        "min_officers": case["min_officers"],
        "avoid_home_areas": case["avoid_home_areas"],
        "register": register_digest(
            [{k: v for k, v in p.items() if k != "load"} for p in case["people"]]
        ),
        "tasks": tasks_digest(case["tasks"]),
        "teams": sha256(""),
        "chances": sha256("".join(f"{line}\n" for line in lines)),
    }
    return statement, parts, lines


def spans(rows):
    """Units of everybody, where those left over begin, and how far they reach."""
    stands, known = {}, {}
    for row in rows:
        if row.kind not in known:
            base, left = divmod(row.seats * UNIT, len(row.open))
            first = at = stands.get(row.number, 0)
            reach = 0
            while left:
                left -= row.pool[at] in row.open
                at = (at + 1) % len(row.pool)
                reach += 1
            stands[row.number] = at
            known[row.kind] = base, first, reach
    return [known[row.kind] for row in rows]


def fits(rows, chances, capacity):
    loads, in_task = {}, {}
    for row, (of_row, _) in zip(rows, chances, strict=True):
        for i, c in of_row.items():
            loads[i] = loads.get(i, 0) + c
            in_task[row.task, i] = in_task.get((row.task, i), 0) + c
    return all(c <= capacity[i] * UNIT for i, c in loads.items()) and all(
        c <= UNIT for c in in_task.values()
    )


def is_leading(kind, task):
    departments, _, certified, expert = kind
    return (
        certified
        and not expert
        and task["lead"] in (None, *departments[:1])
        and (task["lead"] is None or len(departments) == 1)
    )


def draw(case, key):
    """Statement, lines of the table, and team by places and lead of each task."""
    statement, parts, lines = state(case)
    rows, units = rows_of(case), units_of(case["tasks"])
    teams = [[] for _ in rows]
    for n, (numbers, circle, mine, chances) in enumerate(parts):
        words = stream(key, f"seats:{n}")
        drawn = deal(mine, chances, len(circle), UNIT, FEW, words)
        for r, officers in zip(numbers, drawn, strict=True):
            teams[r] = sorted(circle[i] for i in officers)
    words = stream(key, "lead")
    outcome = {}
    for unit, tasks in enumerate(units):
        mine = [r for r, row in enumerate(rows) if row[0] == unit]
        leading = [
            i for r in mine if is_leading(rows[r][1][0], tasks[0]) for i in teams[r]
        ]
        lead = leading[below(words, len(leading))]
        for task in tasks:
            outcome[task["id"]] = [i for r in mine for i in teams[r]], lead
    digest = sha256(json.dumps(statement, separators=(",", ":"), sort_keys=True))
    return statement, digest, lines, dict(sorted(outcome.items()))
