"""
Independent reference of `dsgk-assign/1`, of the standard library alone.

Written from the definitions, in the plainest way, and slow: it is what the
kernels are held against, and what a reader in another language may follow.
"""

import hashlib
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
    """Choose from (row, officer, chance); returns the chosen (row, officer)."""
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
    return {(r, i) for (r, i, _), x in zip(entries, amounts, strict=False) if x}
