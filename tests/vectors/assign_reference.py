"""
Independent reference of `dsgk-assign/2`: the standard library alone.

Written from ``docs/reference/assign-format.md`` in the plainest way.  Problems,
statements and records are dicts and lists, as they come out of JSON; a table is a
list of lines.
"""

import hashlib
import itertools
import json
from fractions import Fraction


U = 2**20
NEAR = 4  # units by which an entry may be off its factors


# -- sections 1 and 2: texts and chance -----------------------------------------


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def lines_digest(lines):
    return sha256("".join(f"{line}\n" for line in lines))


def stream(key, label):
    for block in itertools.count():
        squeezed = hashlib.shake_256(f"{key}:{label}:{block}".encode()).digest(8192)
        for at in range(0, 8192, 8):
            yield int.from_bytes(squeezed[at : at + 8], "big")


def below(words, n):
    if n == 1:
        return 0
    size = -(-(n - 1).bit_length() // 64)
    while True:
        x = 0
        for _ in range(size):
            x = x << 64 | next(words)
        if x < 2 ** (64 * size) // n * n:
            return x % n


# -- section 3: who is needed, who may come ---------------------------------------


def kind_of(seat):
    names = seat["department"]
    return (
        tuple([names] if isinstance(names, str) else sorted(names)),
        tuple(sorted(seat["skills"])),
        seat["certified"],
        seat["expert"],
    )


def kinds_of(task):
    """Pairs of a kind and its places, in the order of the kinds."""
    places = {}
    for seat in task["seats"]:
        places[kind_of(seat)] = places.get(kind_of(seat), 0) + seat["count"]
    return sorted(places.items())


def admits(kind, person):
    departments, skills, certified, expert = kind
    return (
        person["department"] in departments
        and set(skills) <= set(person["skills"])
        and person["is_expert"] == expert
        and (expert or person["certified"] or not certified)
    )


def units_of(problem):
    units = {}
    for task in sorted(problem["tasks"], key=lambda task: task["id"]):
        outing = task["outing"]
        key = ("task", task["id"]) if outing is None else ("outing", outing)
        units.setdefault(key, []).append(task)
    return list(units.values())


def people_of(problem):
    """By the id of whoever is drawn, an inspector or a team, who that is."""
    by_id = {person["id"]: person for person in problem["register"]["inspectors"]}
    if problem["teams"]:
        teams = {team["id"]: sorted(team["members"]) for team in problem["teams"]}
        return {name: [by_id[i] for i in teams[name]] for name in sorted(teams)}
    return {name: [by_id[name]] for name in sorted(by_id)}


def seated(people, places, held=()):
    """Positions of people by places; others move on the shortest way only."""
    if len(people) != len(places):
        return None
    holder = list(held) or [None] * len(places)
    for person in range(len(people)):
        if person in holder:
            continue
        came = {
            p: None for p in range(len(places)) if admits(places[p], people[person])
        }
        queue = list(came)
        for place in queue:
            if holder[place] is None:
                break
            for other in range(len(places)):
                if other not in came and admits(places[other], people[holder[place]]):
                    came[other] = place
                    queue.append(other)
        else:
            return None
        while came[place] is not None:
            holder[place] = holder[came[place]]
            place = came[place]
        holder[place] = person
    return holder


def barred(problem, unit):
    """Ids of the inspectors who keep away from a unit."""
    subjects = {task["subject_id"] for task in unit}
    by_id = {person["id"]: person for person in problem["register"]["inspectors"]}
    away = {
        r["inspector_id"] for r in problem["recusals"] if r["subject_id"] in subjects
    }
    visits = []
    for visit in problem["history"]:
        person = by_id.get(visit["inspector_id"])
        department = visit["department"] or (person and person["department"])
        officer = visit["department"] or (
            person and person["certified"] and not person["is_expert"]
        )
        if department and visit["subject_id"] in subjects:
            visits.append((visit, person, department, officer))
    for visit, person, department, _ in visits:
        since = any(
            later
            for other, _, of, later in visits
            if other["subject_id"] == visit["subject_id"]
            and of == department
            and other["on"] > visit["on"]
        )
        if person and not person["is_expert"] and not since:
            away.add(visit["inspector_id"])
    return away


def rows_of(problem):
    """Unit, number in the unit, places and the ids to whom each row is open."""
    units, drawn = units_of(problem), people_of(problem)
    for unit in units:
        away, area, kinds = barred(problem, unit), unit[0]["area"], kinds_of(unit[0])
        keep = problem["avoid_home_areas"]
        teams = bool(problem["teams"])
        for number, (kind, places) in enumerate([(None, 1)] if teams else kinds):
            wanted = [k for k, n in kinds for _ in range(n)] if teams else [kind]
            yield (
                unit,
                number,
                places,
                [
                    name
                    for name, people in drawn.items()
                    if seated(people, wanted) is not None
                    and room_of(problem, people, len(units)) > 0
                    and not any(person["id"] in away for person in people)
                    and not (keep and any(area in p["home_areas"] for p in people))
                ],
            )


def load_of(problem, people):
    return max(problem["current_loads"].get(person["id"], 0) for person in people)


def room_of(problem, people, n_units):
    loads = problem["current_loads"]
    return min(
        n_units
        if person["capacity"] is None
        else max(0, min(n_units, person["capacity"] - loads.get(person["id"], 0)))
        for person in people
    )


# -- section 4: the table -----------------------------------------------------------


def factor(text):
    number, exponent = map(int, text.split(":"))
    return Fraction(number) * Fraction(2) ** exponent


def read_table(lines):  # noqa: C901
    """Parts as dicts; a row has the officers to whom it is open, and their units."""
    parts = []
    for head, *cells in (line.split("\t") for line in lines):
        part = parts[-1] if parts else None
        if head == "part":
            assert int(cells[0]) == len(parts)
            parts.append({"how": cells[1], "officers": [], "open": [], "chances": []})
            parts[-1]["rows"] = []
        elif head == "officer":
            one = {"id": cells[0], "room": int(cells[1]), "had": int(cells[2])}
            if part["how"] == "listed":
                one["factor"] = factor(cells[3])
            part["officers"].append(one)
        elif head == "open":
            numbers = []
            for span in cells[0].split(" "):
                first, _, last = span.partition("-")
                numbers += range(int(first), int(last or first) + 1)
            part["open"].append(numbers)
        elif head == "chances":
            part["chances"].append([int(units) for units in cells[0].split(" ")])
        else:
            assert head == "row"
            row = {"task": cells[0], "number": int(cells[1]), "places": int(cells[2])}
            row["open"] = part["open"][int(cells[3])]
            if part["how"] == "listed":
                row["units"] = part["chances"][int(cells[4])]
                row["factor"] = factor(cells[5])
            part["rows"].append(row)
    for part in parts:
        if part["how"] == "equal":
            before = 0
            for row in part["rows"]:
                e = len(row["open"])
                base, left = divmod(row["places"] * U, e)
                row["units"] = [base + ((at - before) % e < left) for at in range(e)]
                before += left
    return parts


def entries_of(part):
    """[row, officer, units] in the order of the table."""
    return [
        (r, i, units)
        for r, row in enumerate(part["rows"])
        for i, units in zip(row["open"], row["units"], strict=True)
    ]


def unlawful(part, fairness):  # noqa: C901, PLR0912
    """Everything for which a part of a table is not lawful."""
    entries, rows, officers = entries_of(part), part["rows"], part["officers"]
    loads, places, weights = [0] * len(officers), {}, {}
    for r, i, units in entries:
        if not 0 <= units <= U:
            yield "an entry", r, i
        loads[i] += units
        at = rows[r]["task"], i
        places[at] = places.get(at, 0) + units
        if part["how"] == "listed":
            weights[at] = weights.get(at, 0) + rows[r]["factor"]
    for r, row in enumerate(rows):
        if sum(row["units"]) != row["places"] * U:
            yield "a row", r
    yield from (("a place", *at) for at, units in places.items() if units > U)
    for i, one in enumerate(officers):
        if loads[i] > one["room"] * U:
            yield "room", i
    if part["how"] == "equal":
        if fairness != "equal-chance":
            yield ("equal",)
        return
    for r, i, units in entries:
        f = officers[i]["factor"]
        share = rows[r]["factor"] * f / max(1, f * weights[rows[r]["task"], i])
        if abs(units - U * share) > NEAR:
            yield "a factor", r, i
    if fairness == "equal-chance":
        for i, one in enumerate(officers):
            if one["factor"] > 1 or (
                one["factor"] < 1 and loads[i] < one["room"] * U - len(rows)
            ):
                yield "a factor of", i
        return
    # Nobody may hand anything on, directly or through others, to one who has less.
    total = [load + one["had"] * U for load, one in zip(loads, officers, strict=True)]
    lowest = [
        total[i] if loads[i] < one["room"] * U else None
        for i, one in enumerate(officers)
    ]
    moved = True
    while moved:
        moved = False
        for row in rows:
            takers = [
                lowest[i]
                for i in row["open"]
                if lowest[i] is not None and places[row["task"], i] < U
            ]
            for i, units in zip(row["open"], row["units"], strict=True):
                if units and takers and (lowest[i] is None or min(takers) < lowest[i]):
                    lowest[i] = min(takers)
                    moved = True
    for i, least in enumerate(lowest):
        if least is not None and total[i] > least + len(officers):
            yield "a level", i


def check_table(problem, lines):
    """Hold a table against the problem: order, who is open to what, lawfulness."""
    parts = read_table(lines)
    units = units_of(problem)
    wanted = [(u[0]["id"], n, k, names) for u, n, k, names in rows_of(problem)]
    found = {}
    for part in parts:
        ids = [one["id"] for one in part["officers"]]
        assert ids == sorted(ids)
        for row in part["rows"]:
            names = [ids[i] for i in row["open"]]
            found[row["task"], row["number"]] = (row["places"], names)
        for one in part["officers"]:
            people = people_of(problem)[one["id"]]
            assert one["room"] == room_of(problem, people, len(units))
            assert one["had"] == load_of(problem, people)
        assert list(unlawful(part, problem["fairness"])) == []
    assert found == {(task, n): (k, names) for task, n, k, names in wanted}
    order = [(task, n) for task, n, _, _ in wanted]
    firsts = [
        order.index((p["rows"][0]["task"], p["rows"][0]["number"])) for p in parts
    ]
    assert firsts == sorted(firsts)


# -- section 5: statement and key ------------------------------------------------------


def register_digest(problem):
    people = sorted(problem["register"]["inspectors"], key=lambda one: one["id"])
    return lines_digest(canonical(person) for person in people)


def tasks_digest(problem):
    return lines_digest(
        "\t".join(
            (
                task["id"],
                task["subject_id"],
                task["area"] or "",
                task["outing"] or "",
                task["lead"] or "",
                compact(sorted(task["agencies"])),
                compact([[*kind, places] for kind, places in kinds_of(task)]),
            )
        )
        for task in sorted(problem["tasks"], key=lambda task: task["id"])
    )


def teams_digest(problem):
    teams = sorted(problem["teams"], key=lambda team: team["id"])
    return lines_digest("\t".join([t["id"], *sorted(t["members"])]) for t in teams)


def statement_of(problem, lines, basis):
    return {
        "format": "dsgk-assign/2",
        "fairness": problem["fairness"],
        "min_officers": problem["rules"]["min_officers"],
        "avoid_home_areas": problem["avoid_home_areas"],
        "register": register_digest(problem),
        "tasks": tasks_digest(problem),
        "teams": teams_digest(problem),
        "chances": lines_digest(lines),
        **basis,
    }


def key_of(document, entropy, secret=None):
    parts = [sha256(canonical(document)), entropy] + ([secret] if secret else [])
    return sha256(":".join(parts))[:32]


# -- section 6: the draw ---------------------------------------------------------------


def pairs(entries, group):
    """Neighbours of one group, and those who are left over, all in order."""
    waiting, mates = {}, []
    for entry in entries:
        other = waiting.pop(group(entry), None)
        if other is None:
            waiting[group(entry)] = entry
        else:
            mates.append((other, entry))
    left = set(waiting.values())
    return mates, [entry for entry in entries if entry in left]


def halve(part, number, key):
    """Pairs of a row and an officer that are drawn."""
    entries = entries_of(part)
    units = [entry[2] for entry in entries]
    task = [row["task"] for row in part["rows"]]
    for bit in range(20):
        words = stream(key, f"seats:{number}:{bit}")
        word = {e: next(words) for e, n in enumerate(units) if n >> bit & 1}
        order = sorted(word, key=lambda e: word[e] >> 1)
        across, left = pairs(order, lambda e: entries[e][0])
        assert not left
        places, left = pairs(order, lambda e: (task[entries[e][0]], entries[e][1]))
        loads, left = pairs(left, lambda e: entries[e][1])
        rest, left = pairs(left, lambda _: None)
        assert not left
        row_mate, mate = {}, {}
        for mates, found in ((row_mate, across), (mate, places + loads + rest)):
            for one, other in found:
                mates[one], mates[other] = other, one
        up = {}
        for first in order:
            entry, gains = first, bool(word[first] & 1)
            while entry not in up:
                up[entry], up[row_mate[entry]] = gains, not gains
                entry = mate[row_mate[entry]]
        for entry, gains in up.items():
            units[entry] += 2**bit if gains else -(2**bit)
    assert set(units) <= {0, U}
    return [entries[e][:2] for e, n in enumerate(units) if n]


def draw(problem, lines, key):
    """Tasks of the record."""
    drawn = {}
    for number, part in enumerate(read_table(lines)):
        for r, i in halve(part, number, key):
            row = part["rows"][r]
            at = row["task"], row["number"]
            drawn.setdefault(at, []).append(part["officers"][i]["id"])
    words = stream(key, "in-charge")
    tasks = {}
    for unit in units_of(problem):
        first = unit[0]
        kinds = [kind for kind, n in kinds_of(first) for _ in range(n)]
        rows = [
            names for (task, _), names in sorted(drawn.items()) if task == first["id"]
        ]
        team, preset = [name for names in rows for name in sorted(names)], None
        if problem["teams"]:
            (preset,) = team
            people = people_of(problem)[preset]
            team = in_order(kinds, [people[n]["id"] for n in seated(people, kinds)])
        leading = leading_of(first, kinds, team)
        in_charge = leading[below(words, len(leading))]
        for task in unit:
            tasks[task["id"]] = {
                "id": task["id"],
                "outing": task["outing"],
                "agencies": sorted(task["agencies"]),
                "preset": preset,
                "team": team,
                "in_charge": in_charge,
            }
    return [tasks[name] for name in sorted(tasks)]


def in_order(kinds, team):
    """Those on places of one kind in the order of their ids."""
    return [
        name
        for kind in dict.fromkeys(kinds)
        for name in sorted(n for k, n in zip(kinds, team, strict=True) if k == kind)
    ]


def leading_of(task, kinds, team):
    """Those among whom the officer in charge is drawn."""
    return [
        name
        for (departments, _, certified, expert), name in zip(kinds, team, strict=True)
        if certified
        and not expert
        and (task["lead"] is None or departments == (task["lead"],))
    ]


# -- section 7: redraws ---


def now_of(record):
    teams = {task["id"]: task["team"] for task in record["tasks"]}
    in_charge = {task["id"]: task["in_charge"] for task in record["tasks"]}
    for redraw in record["redraws"]:
        for name in unit_of(record, redraw["request"]["unit"]):
            teams[name], in_charge[name] = redraw["team"], redraw["in_charge"]
    return teams, in_charge


def unit_of(record, name):
    (outing,) = {task["outing"] for task in record["tasks"] if task["id"] == name}
    return [
        task["id"]
        for task in record["tasks"]
        if task["id"] == name or (outing and task["outing"] == outing)
    ]


def record_digest(record):
    return sha256(canonical({k: v for k, v in record.items() if k != "digest"}))


def redraw(record, problem, request, entropy):
    """The redraw of a request."""
    teams, in_charge = now_of(record)
    (unit,) = (u for u in units_of(problem) if u[0]["id"] == request["unit"])
    task, team = unit[0], teams[request["unit"]]
    kinds = [kind for kind, n in kinds_of(task) for _ in range(n)]
    by_id = {person["id"]: person for person in problem["register"]["inspectors"]}
    assert team[request["seat"]] == request["officer"]
    units = {unit_of(record, name)[0] for name in teams}
    loads = dict(problem["current_loads"])
    for name in itertools.chain(*(teams[name] for name in units)):
        loads[name] = loads.get(name, 0) + 1
    replaced = {
        r["request"]["officer"]
        for r in record["redraws"]
        if r["request"]["unit"] == request["unit"]
    }
    able = [
        person
        for person in by_id.values()
        if person["id"] not in {*team, *replaced, *barred(problem, unit)}
        and not (problem["avoid_home_areas"] and task["area"] in person["home_areas"])
        and (
            person["capacity"] is None
            or loads.get(person["id"], 0) < person["capacity"]
        )
    ]
    staying = [name for name in team if name != request["officer"]]
    held = [staying.index(name) if name in staying else None for name in team]

    def changed(person):
        if any(name not in by_id for name in staying):
            return None
        people = [*(by_id[name] for name in staying), person]
        holders = seated(people, kinds, held)
        return holders and [people[n]["id"] for n in holders]

    kind = kinds[request["seat"]]
    pool = [p for p in able if admits(kind, p)] or [p for p in able if changed(p)]
    if problem["fairness"] == "equal-load":
        least = min(loads.get(p["id"], 0) for p in pool)
        pool = [p for p in pool if loads.get(p["id"], 0) == least]
    assert request["pool"] == sorted(person["id"] for person in pool)
    assert request["record"] == record_digest(record)
    assert request["number"] == len(record["redraws"])
    key = key_of({"format": "dsgk-redraw/1", **request}, entropy)
    words = stream(key, "redraw")
    after = request["pool"][below(words, len(pool))]
    new = [after if name == request["officer"] else name for name in team]
    if not admits(kind, by_id[after]):
        new = changed(by_id[after])
    chief = in_charge[request["unit"]]
    leading = leading_of(task, kinds, new)
    if chief not in leading:
        chief = leading[below(words, len(leading))]
    return {
        "request": request,
        "entropy": entropy,
        "key": key,
        "after": after,
        "team": new,
        "in_charge": chief,
    }
