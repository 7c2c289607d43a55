"""
Independent reference of `dsgk-assign/1`, of the standard library alone.

Written from the definitions, in the plainest way, and slow: it is what the
kernels are held against, and what a reader in another language may follow.
"""

import hashlib
from fractions import Fraction
from itertools import count


def stream(key, label):
    """Words of the stream, one after another."""
    for b in count():
        block = hashlib.shake_256(f"{key}:{label}:{b}".encode()).digest(8192)
        for at in range(0, 8192, 8):
            yield int.from_bytes(block[at : at + 8], "big")


def below(words, n):
    """Draw one of 0, 1, …, n-1."""
    w = 0
    while 2 ** (64 * w) < n:
        w += 1
    while True:
        x = 0
        for _ in range(w):
            x = x * 2**64 + next(words)
        if x < 2 ** (64 * w) // n * n:
            return x % n


def permutation(words, n):
    """Draw an order of 0, 1, …, n-1."""
    while True:
        drawn = [next(words) for _ in range(n)]
        if len(set(drawn)) == n:
            return sorted(range(n), key=drawn.__getitem__)


def chance(words, k, n):
    """Say yes with chance k/n."""
    return below(words, n) < k


def round_flow(arcs, unit, words):
    """
    Round a flow, given as a list of (tail, head, amount), without bias.

    Written as the definition stands: every walk starts anew.
    """
    left = [amount % unit for _, _, amount in arcs]

    def live_arcs(node):
        return [a for a, arc in enumerate(arcs) if left[a] % unit and node in arc[:2]]

    while any(amount % unit for amount in left):
        node = min(min(arc[:2]) for a, arc in enumerate(arcs) if left[a] % unit)
        nodes, walked = [node], []
        while True:
            arc = next(a for a in live_arcs(node) if a not in walked[-1:])
            walked.append(arc)
            tail, head, _ = arcs[arc]
            node = head if node == tail else tail
            if node in nodes:
                break
            nodes.append(node)
        first = nodes.index(node)
        cycle = list(zip(walked[first:], nodes[first:], strict=True))
        gainers = [arc for arc, at in cycle if arcs[arc][0] == at]
        losers = [arc for arc, at in cycle if arcs[arc][0] != at]
        up = min([unit - left[a] for a in gainers] + [left[a] for a in losers])
        down = min([left[a] for a in gainers] + [unit - left[a] for a in losers])
        by = up if chance(words, down, up + down) else -down
        for a in gainers:
            left[a] += by
        for a in losers:
            left[a] -= by
    return [
        amount // unit + rest // unit
        for (_, _, amount), rest in zip(arcs, left, strict=True)
    ]


def round_table(entries, task, n_officers, unit, words):
    """How often each (row, officer) of (row, officer, chance) is chosen."""
    row_order = permutation(words, len(task))
    officer_order = permutation(words, n_officers)
    entries = sorted(
        entries, key=lambda e: (row_order.index(e[0]), officer_order.index(e[1]))
    )
    in_task, load = {}, dict.fromkeys(officer_order, 0)
    for r, i, c in entries:
        in_task.setdefault((task[r], i), []).append(c)
        load[i] += c
    # Nodes are numbered rows first; the others never start a walk.
    row_node = {r: n for n, r in enumerate(row_order)}
    other = {}

    def node(name):
        return other.setdefault(name, len(task) + len(other))

    arcs, places = [], []
    for r, i, c in entries:
        place = (task[r], i)
        if len(in_task[place]) == 1:
            arcs.append((row_node[r], node(i), c))
        else:
            arcs.append((row_node[r], node(place), c))
            if place not in places:
                places.append(place)
    arcs += [(node(p), node(p[1]), sum(in_task[p])) for p in places]
    arcs += [(node(i), node("all"), load[i]) for i in officer_order]
    amounts = round_flow(arcs, unit, words)
    return {(r, i): x for (r, i, _), x in zip(entries, amounts, strict=False)}


class Row:
    """One kind of seats of one task."""

    def __init__(self, task, number, pool, seats, barred):
        """*pool* is a circle of officers, *barred* those kept from the task."""
        self.task, self.number, self.pool, self.seats = task, number, pool, seats
        self.barred = [i for i in pool if i in barred]
        self.open = [i for i in pool if i not in barred]
        self.kind = (number, seats, tuple(self.barred))


def equal_chances(rows, unit):
    """Chance of every officer in every row, and who has a unit more, in turn."""
    stands, known = {}, {}
    for row in rows:
        if row.kind in known:
            continue
        base, left = divmod(row.seats * unit, len(row.open))
        at, more = stands.get(row.number, 0), []
        while len(more) < left:
            if row.pool[at] in row.open:
                more.append(row.pool[at])
            at = (at + 1) % len(row.pool)
        stands[row.number] = at
        known[row.kind] = {i: base + (i in more) for i in row.open}, more
    return [known[row.kind] for row in rows]


def bundles(rows):
    """Numbers of the rows of a task that share officers, task by task."""
    result = []
    for task in sorted({row.task for row in rows}):
        parts = []
        for r, row in enumerate(rows):
            if row.task == task:
                near = [
                    p
                    for p in parts
                    if any(set(rows[j].pool) & set(row.pool) for j in p)
                ]
                parts = [p for p in parts if p not in near]
                parts.append([*sorted(j for p in near for j in p), r])
        result += parts
    return result


def reach(mine, rows, chances, unit, leaf):
    """By how much splitting may shift an officer's load, for every officer."""
    b = max(len(rows[r].barred) for r in mine) + 1
    pool = rows[mine[0]].pool
    share, largest, smallest = Fraction(0), len(pool), len(pool)
    while largest > leaf:
        half = max(smallest // 2, (leaf + 1) // 2)
        if half - b < 1:
            return None
        share += Fraction(1, half - b)
        largest, smallest = (largest + 1) // 2, smallest // 2
    every = [
        int(1 / p) for r in mine if (p := single_chance(rows[r], chances[r], unit))
    ]
    singles = -(-len(mine) // min(every)) if every else 0
    different = {tuple(rows[r].barred) for r in mine}
    seats = max(rows[r].seats for r in mine)
    return {
        i: seats
        * share
        * ((b + 1) * (b + 2) // 2 + sum(i in those for those in different) + singles)
        + singles
        + Fraction(3 * len(mine), unit)
        for i in pool
    }


def single_chance(row, chance, unit):
    """How likely somebody is singled out."""
    e, left = len(row.open), len(chance[1])
    return Fraction(left * (e - 1), unit * (e - row.seats)) if left else 0


def plan(rows, chances, unit, few):
    """Lots with the number of their bundles, and the rows to split."""
    parts = bundles(rows)
    single = [part[0] for part in parts if len(part) == 1]
    found = {}
    for part in parts:
        key = tuple(rows[r].kind for r in part)
        for lot, r in zip(found.setdefault(key, [[] for _ in part]), part, strict=True):
            lot.append(r)
    groups = {rows[r].kind: len(rows[r].open) for r in single}
    entries = sum(groups.values()) + sum(
        len(row.open) for r, row in enumerate(rows) if r not in single
    )
    splits = []
    for number in sorted({row.number for row in rows}):
        mine = [
            r
            for r in single
            if rows[r].number == number and 1 <= len(rows[r].barred) <= 4
        ]
        lots = [
            lots[0]
            for lots in found.values()
            if len(lots) == 1
            and rows[lots[0][0]].number == number
            and not rows[lots[0][0]].barred
        ]
        if entries <= few or not mine or not lots:
            continue
        widest = max(lots, key=len)
        chance = chances[widest[0]][0]
        leaf = 16
        while 2 * leaf < len(rows[mine[0]].pool):
            far = reach(mine, rows, chances, unit, leaf)
            if far and all(
                far[i] * unit < min(c, unit - c) * len(widest)
                for i, c in chance.items()
            ):
                splits.append((mine, leaf, widest))
                for r in mine:
                    found.pop((rows[r].kind,), None)
                break
            leaf *= 2
    lots = [(lot, b) for b, lots in enumerate(found.values()) for lot in lots]
    return sorted(lots), splits


def split(mine, rows, chances, unit, leaf, words):  # noqa: C901, PLR0917
    """Draw seats of barred rows to parts (rows, seats, officers)."""
    pool = rows[mine[0]].pool
    order = [pool[k] for k in permutation(words, len(pool))]
    out = []
    p = {r: single_chance(rows[r], chances[r], unit) for r in mine}
    if any(p.values()):
        every = min(int(1 / x) for x in p.values() if x)
        for j in range(below(words, every), len(mine), every):
            r = mine[j]
            x = p[r] * every * unit * (len(rows[r].open) - rows[r].seats)
            if x and chance(words, int(x), unit * (len(rows[r].open) - rows[r].seats)):
                more = chances[r][1]
                out.append((r, more[below(words, len(more))]))
    bars = {
        r: sorted(
            order.index(i) for i in rows[r].barred + [i for q, i in out if q == r]
        )
        for r in mine
    }
    todo = [
        (r, rows[r].seats - sum(q == r for q, _ in out), 0, len(order)) for r in mine
    ]
    parts = []
    while todo := [x for x in todo if x[1]]:

        def barred(x):
            return [b for b in bars[x[0]] if x[2] <= b < x[3]]

        whole = {}
        for r, y, lo, hi in sorted(
            (x for x in todo if not barred(x)), key=lambda x: (x[2], x[1], x[0])
        ):
            whole.setdefault((lo, y, hi), []).append(r)
        parts += [(rs, y, order[lo:hi]) for (lo, y, hi), rs in whole.items()]
        small = [x for x in todo if barred(x) and x[3] - x[2] <= leaf]
        for x in small:
            people = [order[k] for k in range(x[2], x[3]) if k not in bars[x[0]]]
            parts.append(([x[0]], x[1], people))
        groups = {}
        for x in todo:
            if barred(x) and x not in small:
                mid = (x[2] + x[3]) // 2
                e = x[3] - x[2] - len(barred(x))
                e1 = mid - x[2] - sum(b < mid for b in barred(x))
                groups.setdefault((x[2], x[1], e1, e, mid, x[3]), []).append(x[0])
        left, right = [], []
        for (lo, y, e1, e, mid, hi), together in sorted(groups.items()):
            u, a = below(words, e), y * e1 % e
            together.sort(key=lambda r: (bars[r], r))
            for j, r in enumerate(together):
                go = y * e1 // e + ((u + j * a) % e < a)
                left.append((r, go, lo, mid))
                right.append((r, y - go, mid, hi))
        todo = left + right
    return parts, out


def deal(rows, chances, n_officers, unit, few, words):  # noqa: C901, PLR0912, PLR0917
    """Draw officers for all seats; returns the officers of each row."""
    lots, splits = plan(rows, chances, unit, few)
    first = [lot[0] for lot, _ in lots]
    seats = [rows[r].seats for r in first]
    amounts = [
        {i: c * len(lot) for i, c in chances[lot[0]][0].items()} for lot, _ in lots
    ]
    team = {r: [] for r in range(len(rows))}
    for mine, leaf, widest in splits:
        parts, out = split(mine, rows, chances, unit, leaf, words)
        shift = dict.fromkeys(rows[mine[0]].pool, 0)
        for r in mine:
            for i, c in chances[r][0].items():
                shift[i] += c
        for r, i in out:
            team[r].append(i)
            shift[i] -= unit
        for here, y, people in parts:
            base, left = divmod(y * len(here) * unit, len(people))
            u = below(words, len(people))
            more = {people[(u + k) % len(people)] for k in range(left)}
            amounts.append({i: base + (i in more) for i in people})
            for i in people:
                shift[i] -= amounts[-1][i]
            lots.append((here, ("part", len(lots))))
            seats.append(y)
        for i in shift:
            amounts[first.index(widest[0])][i] += shift[i]
    entries = [(n, i, a) for n, lot in enumerate(amounts) for i, a in lot.items()]
    counts = round_table(entries, [b for _, b in lots], n_officers, unit, words)
    together = {}
    for n, (here, b) in enumerate(lots):
        if len(here) == 1:
            team[here[0]] += [i for i in amounts[n] if counts[n, i]]
        else:
            together.setdefault(b, []).append(n)
    for numbers in together.values():
        here = [lots[n][0] for n in numbers]
        cards = [{i: counts[n, i] for i in sorted(amounts[n])} for n in numbers]
        order = permutation(words, len(here[0]))
        sat = shuffle(cards, [seats[n] for n in numbers], words)
        for lot, places in zip(here, sat, strict=True):
            for position, r in enumerate(order):
                team[lot[r]] += places[position]
    return [sorted(team[r]) for r in range(len(rows))]


def shuffle(cards, seats, words):
    """Officers of every row of every lot, nobody twice in the rows of a bundle."""
    sat = []
    for lot, y in zip(cards, seats, strict=True):
        deck = [i for i, n in lot.items() for _ in range(n)]
        deck = [deck[k] for k in permutation(words, len(deck))]
        sat.append([deck[k : k + y] for k in range(0, len(deck), y)])
    n_rows = len(sat[0])

    def seated(t):
        return [i for lot in sat for i in lot[t]]

    for t in range(n_rows):
        for n, y in enumerate(seats):
            for k in range(y):
                before = seated(t)[: sum(seats[:n]) + k]
                if sat[n][t][k] not in before:
                    continue
                for _ in range(1000):
                    other, j = divmod(below(words, n_rows * y), y)
                    mine, theirs = sat[n][t][k], sat[n][other][j]
                    if theirs not in seated(t) and mine not in seated(other):
                        sat[n][t][k], sat[n][other][j] = theirs, mine
                        break
                else:
                    return round_rows(cards, n_rows, words)
    return sat


def round_rows(cards, n_rows, words):
    """Give the cards to rows by rounding, in units of one row."""
    entries = [
        (n * n_rows + t, i, times)
        for n, lot in enumerate(cards)
        for t in range(n_rows)
        for i, times in lot.items()
    ]
    task = [t for _ in cards for t in range(n_rows)]
    most = max(i for lot in cards for i in lot) + 1
    counts = round_table(entries, task, most, n_rows, words)
    return [
        [[i for i in lot if counts[n * n_rows + t, i]] for t in range(n_rows)]
        for n, lot in enumerate(cards)
    ]


def look_ahead(rows, holders, room, words, loads=None):  # noqa: C901
    """
    Draw place by place, beginning with a complete staffing.

    Returns who has each place, and the pool of each, in the order of the circle.
    """
    row_of = [r for r, row in enumerate(rows) for _ in range(rows[r].seats)]
    holders, drawn = list(holders), [False] * len(holders)
    pools = [None] * len(holders)

    def unit(place):
        return rows[row_of[place]].task

    def held(officer):
        return [p for p, one in enumerate(holders) if one == officer]

    def held_in(officer, task):
        return [p for p in held(officer) if unit(p) == task]

    def leaves(officer, holder):
        """Places elsewhere that the holder could take instead."""
        return [
            p
            for p in held(officer)
            if not drawn[p]
            and holder in rows[row_of[p]].open
            and not held_in(holder, unit(p))
        ]

    for place in permutation(words, len(holders)):
        row, holder, pool = rows[row_of[place]], holders[place], []
        for officer in row.open:
            mine = held_in(officer, row.task)
            if officer == holder:
                pool.append(officer)
            elif mine:
                (other,) = mine
                if not drawn[other] and holder in rows[row_of[other]].pool:
                    pool.append(officer)
            elif len(held(officer)) < room[officer] or leaves(officer, holder):
                pool.append(officer)
        if loads is not None:
            busy = {i: loads[i] + sum(drawn[p] for p in held(i)) for i in pool}
            pool = [i for i in pool if busy[i] == min(busy.values())]
        pools[place] = pool
        chosen = pool[below(words, len(pool))]
        if chosen != holder:
            mine = held_in(chosen, row.task)
            if not mine and len(held(chosen)) >= room[chosen]:
                mine = leaves(chosen, holder)[:1]
            for other in mine:
                holders[other] = holder
            holders[place] = chosen
        drawn[place] = True
    return holders, pools
