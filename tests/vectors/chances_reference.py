"""
Independent reference of chances that are not equal, of the standard library alone.

Written from ``docs/reference/assign-format.md``, section 5, in the plainest
way, for parts so small that all sets of their officers can be tried.
"""

import math
from fractions import Fraction
from itertools import pairwise

from vectors.assign_reference import bundles


UNIT = 2**30


def groups(rows):
    """Rows that are raked together, by their numbers."""
    result = {}
    for part in bundles(rows):
        for r in part:
            key = rows[r].kind if len(part) == 1 else r
            result.setdefault(key, []).append(r)
    return sorted(result.values())


def nearest_chances(rows, capacity):
    """The nearest table to equal that keeps the capacities, row by row."""
    return raked_chances(rows, capacity, None)


def even_chances(rows, capacity, had):
    """The nearest table to equal with the most equal loads, row by row."""
    return raked_chances(rows, capacity, had)


def raked_chances(rows, capacity, had):
    """Rake, settle and share out; *had* is None where loads need not be equal."""
    together = groups(rows)
    entries = []  # (group, officer, place)
    for k, group in enumerate(together):
        row = rows[group[0]]
        entries += [(k, i, (row.task, i)) for i in row.open]
    pools = [rows[group[0]].number for group in together]
    fill = [rows[group[0]].seats * len(group) for group in together]
    equal = [fill[k] / len(rows[g[0]].open) for k, g in enumerate(together)]
    most = {place: len(together[k]) for k, _, place in entries}
    if had is None:
        limit = [float(n) for n in capacity]
        room = [n * UNIT for n in capacity]
        full = is_full(entries, fill, capacity)
    else:
        loads = even_loads(entries, fill, most, had, capacity)
        limit = [float(x) for x in loads]
        room = [math.ceil(x * UNIT) for x in loads]
        full = dict.fromkeys(range(len(capacity)), True)
        for i, n in enumerate(had):
            if n:
                entries.append((len(fill), i, ("had", i)))
                pools.append(("had", i))
                fill.append(n)
                equal.append(float(n))
                most["had", i] = n
    problem = entries, equal, fill_units(fill), units_of_places(most), room, limit
    units = solve(*problem, full, pools, met=had is not None)
    table = [None] * len(rows)
    for k, group in enumerate(together):
        mine = [u for (g, _, _), u in zip(entries, units, strict=True) if g == k]
        for r, chance in zip(group, share_out(mine, len(group)), strict=True):
            table[r] = dict(zip(rows[r].open, chance, strict=True))
    return table


def fill_units(fill):
    return [n * UNIT for n in fill]


def units_of_places(most):
    return {place: n * UNIT for place, n in most.items()}


def solve(entries, equal, fill, most, room, limit, full, pools, *, met):  # noqa: PLR0917
    """Rake and settle; where something is forced, the rest once more."""
    shares, is_near = rake(entries, equal, fill, most, limit, full)
    units = settle(entries, shares, fill, most, room, pools)
    if is_near:
        return units
    free = changeable(entries, units, most, room, met=met)
    if all(free):
        return units
    fill, most, room, limit = fill.copy(), most.copy(), room.copy(), limit.copy()
    for (k, i, p), x, is_free in zip(entries, units, free, strict=True):
        if not is_free:
            fill[k] -= x
            most[p] -= x
            room[i] -= x
            limit[i] -= x / UNIT
    rest = [e for e, is_free in zip(entries, free, strict=True) if is_free]
    shares, _ = rake(rest, equal, fill, most, limit, full)
    again = iter(settle(rest, shares, fill, most, room, pools))
    return [
        next(again) if is_free else x for x, is_free in zip(units, free, strict=True)
    ]


def changeable(entries, units, most, room, *, met):
    """Which entries another table within the limits could change."""
    slack = len(room) if met else 0
    in_place, load = {}, {}
    for (_, i, p), x in zip(entries, units, strict=True):
        in_place[p] = in_place.get(p, 0) + x
        load[i] = load.get(i, 0) + x
    ways = {}
    for (k, i, p), x in zip(entries, units, strict=True):
        row, place, officer = ("row", k), ("place", p), ("officer", i)
        for start, end, is_open in (
            (row, place, True),
            (place, row, x > slack),
            (place, officer, in_place[p] < most[p] - slack),
            (officer, place, in_place[p] > slack),
            (officer, "others", not met and load[i] < room[i]),
            ("others", officer, not met and load[i] > 0),
        ):
            if is_open:
                ways.setdefault(start, set()).add(end)

    def leads(start, end):
        seen, front = {start}, [start]
        for node in front:
            front += ways.get(node, set()) - seen
            seen |= ways.get(node, set())
        return end in seen

    return [leads(("place", p), ("row", k)) for k, _, p in entries]


def most_taken(entries, fill, most, room, officers):  # noqa: C901
    """The most seats that some officers can take, by augmenting paths."""
    flow = {}

    def left(start, end):
        kind, name = start
        capacity = {
            "row": lambda: most[end[1]],
            "place": lambda: most[name],
            "officer": lambda: room[name],
            "source": lambda: fill[end[1]],
        }[kind]()
        return capacity - flow.get((start, end), 0)

    ways = {}
    for k, i, p in entries:
        if i in officers:
            path = [
                ("source", 0),
                ("row", k),
                ("place", p),
                ("officer", i),
                ("sink", 0),
            ]
            for start, end in pairwise(path):
                ways.setdefault(start, {})[end] = True
                ways.setdefault(end, {}).setdefault(start, False)
    total = 0
    while True:
        came, front = {("source", 0): None}, [("source", 0)]
        for node in front:
            for end, is_forward in ways.get(node, {}).items():
                more = left(node, end) if is_forward else flow.get((end, node), 0)
                if end not in came and more:
                    came[end] = (node, more, is_forward)
                    front.append(end)
        if ("sink", 0) not in came:
            return total
        path, node = [], ("sink", 0)
        while came[node]:
            path.append((node, *came[node]))
            node = came[node][0]
        by = min(more for _, _, more, _ in path)
        for end, start, _, is_forward in path:
            step, change = ((start, end), by) if is_forward else ((end, start), -by)
            flow[step] = flow.get(step, 0) + change
        total += by


def even_loads(entries, fill, most, had, capacity):
    """
    The most equal loads, what is had included, by trying all sets of officers.

    What a set has to take is what the others cannot; the set that has to take
    most, by head, stands highest, and all that do stand there together.
    """
    everybody = range(len(capacity))
    total = sum(fill)
    assert most_taken(entries, fill, most, capacity, everybody) == total
    forced = {}
    for chosen in range(2 ** len(capacity)):
        others = [i for i in everybody if not chosen >> i & 1]
        forced[chosen] = total - most_taken(entries, fill, most, capacity, others)
    loads, done = [None] * len(capacity), 0
    while None in loads:
        best = None
        for chosen in range(1, 2 ** len(capacity)):
            if chosen & done:
                continue
            those = [i for i in everybody if chosen >> i & 1]
            must = forced[chosen | done] - forced[done] + sum(had[i] for i in those)
            height = Fraction(must, len(those)), len(those), those
            best = max(best or height, height)
        for i in best[2]:
            loads[i] = best[0]
            done |= 1 << i
    return loads


def is_full(entries, fill, capacity):
    """Whose capacities are all needed, with those of all whom they share rows with."""
    full = {}
    for officer in range(len(capacity)):
        officers, found = {officer}, set()
        while True:
            found = {k for k, i, _ in entries if i in officers}
            more = {i for k, i, _ in entries if k in found} | officers
            if more == officers:
                break
            officers = more
        full[officer] = sum(capacity[i] for i in officers) == sum(
            fill[k] for k in found
        )
    return full


def rake(entries, equal, fill, most, limit, full):  # noqa: PLR0917
    """Scale rows, places and loads in turn until all are right, or not."""
    u = [1.0] * len(fill)
    g = dict.fromkeys(most, 1.0)
    f = [1.0] * len(limit)

    def shares():
        return [equal[k] * u[k] * f[i] * g[p] for k, i, p in entries]

    def scale(factors, right, column, free):
        sums, off = {}, 0.0
        for entry, share in zip(entries, shares(), strict=True):
            sums[entry[column]] = sums.get(entry[column], 0.0) + share
        for name, total in sums.items():
            if total > 0:
                quotient = right(name) / total
                scaled = factors[name] * quotient
                scaled = scaled if free(name) else min(scaled, 1.0)
                if scaled != factors[name]:
                    factors[name] = scaled
                    off = max(off, abs(quotient - 1))
        return off

    for _ in range(1000):
        off = scale(u, lambda k: fill[k] / UNIT, 0, lambda _: True)
        off = max(off, scale(g, lambda p: most[p] / UNIT, 2, lambda _: False))
        off = max(off, scale(f, limit.__getitem__, 1, full.__getitem__))
        if off <= 2**-36:
            return shares(), True
    return shares(), False


def settle(entries, shares, fill, most, room, pools):  # noqa: PLR0917
    """Whole units that fill every row and pass no limit."""
    for column, right in ((2, most), (1, room), (0, fill)):
        sums = {}
        for entry, share in zip(entries, shares, strict=True):
            sums[entry[column]] = sums.get(entry[column], 0.0) + share
        down = {
            name: right[name] / UNIT / total if total > right[name] / UNIT else 1.0
            for name, total in sums.items()
        }
        shares = [
            share * down[e[column]] for e, share in zip(entries, shares, strict=True)
        ]
    units = [int(share * (UNIT * (1 - 2**-32))) for share in shares]
    lacks, room, place_room = fill.copy(), room.copy(), most.copy()
    for (k, i, p), x in zip(entries, units, strict=True):
        lacks[k] -= x
        room[i] -= x
        place_room[p] -= x
    stands = {}
    for k, pool in enumerate(pools):
        mine = [e for e, entry in enumerate(entries) if entry[0] == k]
        people = [entries[e][1] for e in mine]
        start = people.index(stands[pool]) + 1 if stands.get(pool) in people else 0
        turn = mine[start:] + mine[:start]
        while lacks[k]:
            free = [min(room[entries[e][1]], place_room[entries[e][2]]) for e in turn]
            if not any(free):
                break
            part = -(-lacks[k] // sum(x > 0 for x in free))
            for e, x in zip(turn, free, strict=True):
                given = min(x, part, lacks[k])
                if given:
                    units[e] += given
                    lacks[k] -= given
                    room[entries[e][1]] -= given
                    place_room[entries[e][2]] -= given
                    stands[pool] = entries[e][1]
    return carry(entries, units, lacks, room, most) if any(lacks) else units


def carry(entries, units, lacks, room, most):  # noqa: C901, PLR0912
    """Bring what rows lack to where there is room, along the fewest entries."""
    units, lacks, room, inside = units.copy(), lacks.copy(), room.copy(), {}
    for (_, _, p), x in zip(entries, units, strict=True):
        inside[p] = inside.get(p, 0) + x
    # Own rows of what somebody has stand behind the tasks.
    places = sorted(inside, key=lambda p: (p[0] == "had", p))
    officer_of = {p: i for _, i, p in entries}
    arcs = [(("row", k), ("place", p), e) for e, (k, _, p) in enumerate(entries)]
    arcs += [(("place", p), ("officer", officer_of[p]), p) for p in places]
    ways = {}
    for arc, (tail, head, _) in enumerate(arcs):
        ways.setdefault(tail, []).append((arc, 1, head))
        ways.setdefault(head, []).append((arc, -1, tail))

    def left(arc, way):
        tail, _, name = arcs[arc]
        if tail[0] == "row":
            now, limit = units[name], most[entries[name][2]]
        else:
            now, limit = inside[name], most[name]
        return limit - now if way > 0 else now

    while True:
        far = {("row", k): 0 for k, n in enumerate(lacks) if n}
        front = list(far)
        for node in front:
            for arc, way, end in ways[node]:
                if end not in far and left(arc, way):
                    far[end] = far[node] + 1
                    front.append(end)
        if not any(kind == "officer" and room[name] for kind, name in far):
            break
        passed_over = set()
        for k in range(len(lacks)):
            path, node = [], ("row", k)
            while lacks[k]:
                if node[0] == "officer" and room[node[1]]:
                    by = min(left(arc, way) for arc, way, _ in path)
                    by = min(by, lacks[k], room[node[1]])
                    for arc, way, _ in path:
                        _, _, name = arcs[arc]
                        of = units if arcs[arc][0][0] == "row" else inside
                        of[name] += way * by
                    lacks[k] -= by
                    room[node[1]] -= by
                    path, node = [], ("row", k)
                    continue
                step = next(
                    (
                        (arc, way, end)
                        for arc, way, end in ways[node]
                        if (arc, way) not in passed_over
                        and left(arc, way)
                        and far.get(end) == far[node] + 1
                    ),
                    None,
                )
                if step:
                    path.append(step)
                    node = step[2]
                elif path:
                    passed_over.add(path.pop()[:2])
                    node = path[-1][2] if path else ("row", k)
                else:
                    break
    assert not any(lacks)
    return units


def share_out(units, n):
    """What the rows of a group have, of what they have together."""
    each, over = [u // n for u in units], [u % n for u in units]
    first = sorted(range(len(units)), key=lambda e: (-over[e], e))
    first = [e for e in first if over[e] and each[e] >= n][: sum(over) // n]
    chance = [each[e] + (e in first) for e in range(len(units))]
    last = [u - (n - 1) * c for u, c in zip(units, chance, strict=True)]
    if n == 1 or (sum(chance) == sum(last) and min(last) >= 0 and max(last) <= UNIT):
        return [chance] * (n - 1) + [last]
    rows = [each.copy() for _ in range(n)]
    turn = 0
    for e, count_ in enumerate(over):
        for _ in range(count_):
            rows[turn % n][e] += 1
            turn += 1
    return rows
