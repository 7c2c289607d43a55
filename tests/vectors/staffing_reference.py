"""
Independent reference of `dsgk-assign/1` from tables to teams and digests.

The standard library alone, written from ``docs/reference/assign-format.md`` in
the plainest way, for inputs small enough that nothing is drawn in parts.
People, tasks and bars are dicts and lists, as they would come out of JSON.
"""

import hashlib
import itertools
import json

from vectors.assign_reference import (
    Row,
    below,
    bundles,
    deal,
    equal_chances,
    look_ahead,
    stream,
)
from vectors.chances_reference import even_chances, nearest_chances


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


def drawn_of(case):
    """Whoever is drawn: people, or preset teams; id and people of each."""
    by_id = {person["id"]: person for person in case["people"]}
    if case.get("teams"):
        return {
            team["id"]: [by_id[i] for i in sorted(team["members"])]
            for team in case["teams"]
        }
    return {i: [person] for i, person in by_id.items()}


def fits_in(kind, people):
    """Whether a person is admitted, or a team fills all places, one each."""
    if not isinstance(kind, list):
        return admits(kind, people[0])
    places = [one for one, n in kind for _ in range(n)]
    return len(places) == len(people) and any(
        all(map(admits, places, order)) for order in itertools.permutations(people)
    )


def homes_of(people):
    return {area for person in people for area in person["home_areas"]}


def rows_of(case):
    """Unit, kind, area of the pool, and places of every row."""
    rows = []
    for unit, tasks in enumerate(units_of(case["tasks"])):
        kinds = kinds_of(tasks[0])
        for kind, n in [(kinds, 1)] if case.get("teams") else kinds:
            homes = set()
            for people in drawn_of(case).values():
                homes |= homes_of(people) if fits_in(kind, people) else set()
            keep_away = case["avoid_home_areas"] and tasks[0]["area"] in homes
            rows.append((unit, (kind, tasks[0]["area"] if keep_away else ""), n))
    return rows


def capacity_of(person, n_units):
    if person["capacity"] is None:
        return n_units
    return min(n_units, max(0, person["capacity"] - person.get("load", 0)))


def room_of(people, n_units):
    return min(capacity_of(person, n_units) for person in people)


def load_of(people):
    return max(person.get("load", 0) for person in people)


def named(key):
    """A pool's kind and area as a text."""
    return compact(key)


def parts_of(case):
    """
    Rows that share nobody with others, and whom they are open to.

    Yields the numbers of the rows, the ids of the drawn in the order of the
    digests of their ids, and the pools as places in that order.
    """
    rows = rows_of(case)
    n_units = len(units_of(case["tasks"]))
    open_to = {
        named(key): {
            i
            for i, people in drawn_of(case).items()
            if fits_in(key[0], people)
            and key[1] not in homes_of(people)
            and room_of(people, n_units)
        }
        for _, key, _ in rows
    }
    groups = []
    for pool, mine in open_to.items():
        near = [g for g in groups if any(open_to[p] & mine for p in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(p for g in near for p in g), pool])
    order = []
    for r, (_, key, _) in enumerate(rows):
        mine = next(g for g in groups if named(key) in g)
        if mine not in [g for g, _ in order]:
            order.append((mine, []))
        next(numbers for g, numbers in order if g == mine).append(r)
    for _, numbers in order:
        keys = [rows[r][1] for r in numbers]
        keys = sorted(key for n, key in enumerate(keys) if key not in keys[:n])
        ids = set().union(*(open_to[named(key)] for key in keys))
        circle = sorted(ids, key=lambda i: hashlib.sha256(i.encode()).digest())
        places = [
            [n for n, i in enumerate(circle) if i in open_to[named(key)]]
            for key in keys
        ]
        yield numbers, circle, [keys.index(rows[r][1]) for r in numbers], places


def state(case):
    """Chances part by part, and everything that is needed to draw."""
    rows = rows_of(case)
    units = units_of(case["tasks"])
    drawn = drawn_of(case)
    even = case.get("fairness") == "equal-load"
    parts, lines = [], []
    for n, (numbers, circle, pool, places) in enumerate(parts_of(case)):
        mine = []
        for r, p in zip(numbers, pool, strict=True):
            subjects = {task["subject_id"] for task in units[rows[r][0]]}
            away = {i for s, i in case["bars"] if s in subjects}
            barred = {
                k for k, i in enumerate(circle) if away & {q["id"] for q in drawn[i]}
            }
            mine.append(Row(rows[r][0], p, places[p], rows[r][2], barred))
        capacity = [room_of(drawn[i], len(units)) for i in circle]
        had = [load_of(drawn[i]) for i in circle]
        lines += ["\t".join(("pool", *(circle[i] for i in p))) for p in places]
        chances = equal_chances(mine, UNIT)
        hows = ["\t".join(map(str, span)) for span in spans(mine)]
        if case.get("witness"):  # as it was stated with the table
            chances = None
            hows = ["\t".join(sorted(case["witness"][r])) for r in numbers]
            lines.append("\t".join(("room", *map(str, capacity))))
            if even:
                lines.append("\t".join(("load", *map(str, had))))
        elif even or not fits(mine, chances, capacity):
            if case.get("table"):
                table = case["table"][n]
            elif even:
                table = even_chances(mine, capacity, had)
            else:
                table = nearest_chances(mine, capacity)
            chances = [(of_row, []) for of_row in table]
            lists = [" ".join(map(str, of_row.values())) for of_row in table]
            single = {part[0] for part in bundles(mine) if len(part) == 1}
            for r, row in enumerate(mine):
                row.kind = (row.kind if r in single else r, lists[r])
            known = list(dict.fromkeys(lists))
            lines += [f"chances\t{text}" for text in known]
            hows = [str(known.index(text)) for text in lists]
        parts.append((numbers, circle, mine, chances, capacity, had))
        for row, how in zip(mine, hows, strict=True):
            barred = " ".join(str(row.pool.index(i)) for i in row.barred)
            name = units[row.task][0]["id"]
            lines.append(f"row\t{name}\t{row.number}\t{row.seats}\t{barred}\t{how}")
    statement = {
        "format": "dsgk-assign/1",
        "fairness": case.get("fairness", "equal-chance"),
        "min_officers": case["min_officers"],
        "avoid_home_areas": case["avoid_home_areas"],
        "register": register_digest(
            [{k: v for k, v in p.items() if k != "load"} for p in case["people"]]
        ),
        "tasks": tasks_digest(case["tasks"]),
        "teams": teams_digest(case.get("teams", [])),
        "chances": sha256("".join(f"{line}\n" for line in lines)),
    }
    return statement, parts, lines


def teams_digest(teams):
    lines = [
        "\t".join((team["id"], *sorted(team["members"])))
        for team in sorted(teams, key=lambda team: team["id"])
    ]
    return sha256("".join(f"{line}\n" for line in lines))


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


def places_of(task):
    """The kind of every place."""
    return [kind for kind, n in kinds_of(task) for _ in range(n)]


def seated(task, people):
    """The ids of a team by places."""
    places = places_of(task)
    holder = [None] * len(places)
    for person in people:
        came = {p: None for p, kind in enumerate(places) if admits(kind, person)}
        queue = list(came)
        for place in queue:
            if holder[place] is None:
                break
            for other, kind in enumerate(places):
                if other not in came and admits(kind, holder[place]):
                    came[other] = place
                    queue.append(other)
        while came[place] is not None:
            holder[place] = holder[came[place]]
            place = came[place]
        holder[place] = person
    by_kind = zip(places, (person["id"] for person in holder), strict=True)
    return [i for _, i in sorted(by_kind)]


def draw(case, key):
    """Statement, digest, lines of the table, and what each task got."""
    statement, parts, lines = state(case)
    rows, units, drawn = rows_of(case), units_of(case["tasks"]), drawn_of(case)
    even = case.get("fairness") == "equal-load"
    teams = [[] for _ in rows]
    pools = [[] for _ in rows]
    for n, (numbers, circle, mine, chances, capacity, had) in enumerate(parts):
        words = stream(key, f"seats:{n}")
        if chances is None:
            held = [
                circle.index(i) for r in numbers for i in sorted(case["witness"][r])
            ]
            loads = had if even else None
            holders, told = look_ahead(mine, held, capacity, words, loads)
            row_of = [
                r
                for r, row in zip(numbers, mine, strict=True)
                for _ in range(row.seats)
            ]
            for r, holder, pool in zip(row_of, holders, told, strict=True):
                row = mine[numbers.index(r)]
                bits = "".join(str(int(i in pool)) for i in row.pool)
                bits += "0" * (-len(bits) % 8)
                size = len(bits) // 4
                teams[r].append(circle[holder])
                pools[r].append((circle[holder], f"{int(bits, 2):0{size}x}"))
        else:
            result = deal(mine, chances, len(circle), UNIT, FEW, words)
            for r, officers in zip(numbers, result, strict=True):
                teams[r] = [circle[i] for i in officers]
    words = stream(key, "lead")
    outcome = {}
    for unit, tasks in enumerate(units):
        mine = [r for r, row in enumerate(rows) if row[0] == unit]
        team = [i for r in mine for i in sorted(teams[r])]
        preset = None
        if case.get("teams"):
            (preset,) = team
            team = seated(tasks[0], drawn[preset])
        kinds = places_of(tasks[0])
        leading = [
            i for i, k in zip(team, kinds, strict=True) if is_leading(k, tasks[0])
        ]
        lead = leading[below(words, len(leading))]
        told = [
            {"row": n, "drawn": one, "pool": bits}
            for n, r in enumerate(mine)
            for one, bits in pools[r]
        ]
        for task in tasks:
            outcome[task["id"]] = {
                "team": team,
                "lead": lead,
                "preset": preset,
                "pools": told,
            }
    digest = sha256(json.dumps(statement, separators=(",", ":"), sort_keys=True))
    return statement, digest, lines, dict(sorted(outcome.items()))
