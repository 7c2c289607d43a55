"""
From chances to a random choice that has exactly these chances.

Dependent rounding (Gandhi, Khuller, Parthasarathy and Srinivasan, *Journal of
the ACM* 53, 2006), carried from bipartite graphs over to flows.  Amounts are
integers in a unit, such as 1/2**30 of a seat.

Why it is right: the amounts that are no whole number of units form arcs of
which no node has exactly one, so a walk along them closes a cycle.  Along a
cycle all amounts may move by +up or by -down until one of them is whole.
Moving up with chance ``down / (up + down)``, else down, leaves the expectation
of every amount where it was, and the balance of every node untouched.  Each
move makes one amount whole for good.  So, surely and not only on average,
every amount ends as its floor or its ceiling, and with it every sum that is
an arc of its own: a load, a team, the seats of one officer in one task.  The
same holds for any family of sets that do not cross, on either side.

Normative, so that another language can repeat every choice; *live* is an arc
whose amount is not a whole number of units:

- *Walk.*  Start at the node of the lowest number that has a live arc.  From a
  node, take its first live arc in the order of the arcs, but not the one just
  come by.  Repeat until a node is met again: the arcs since then are the
  cycle, in the direction walked.
- *Move.*  Arcs walked from tail to head gain what the others lose.  *Up* is
  the most that can be gained before an amount of the cycle is whole, *down*
  the most that can be lost; up if ``chance(down, up + down)`` says yes.
- Repeat both until no arc is live.
"""

import numpy as np
import numpy.typing as npt

from dsgk.kernels.shake import Shake


__all__ = ["round_flow", "round_table"]


def round_flow(
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    amount: npt.ArrayLike,
    *,
    unit: int,
    source: Shake,
) -> npt.NDArray[np.int64]:
    """
    Round every amount of a flow up or down, in balance and without bias.

    Args:
        tail: [(n,) integers >= 0] Node that each arc leaves.
        head: [(n,) integers >= 0] Node that each arc enters, not its tail.
        amount: [(n,) integers] What flows along each arc, in units of
            ``1/unit``; at every node, what comes in and what goes out differ
            by whole numbers.
        unit: [int >= 1] How many units make one.
        source: Asked for one chance per move.

    Returns:
        [(n,) int64] Whole amounts. Each is ``amount / unit`` rounded down or
        up and has that expectation; at every node the difference of in and
        out is what it was.

    Raises:
        ValueError: At some node the difference is no whole number.

    Examples:
        Two tasks that two officers share half and half, once each:

        >>> round_flow(
        ...     [0, 0, 1, 1],
        ...     [2, 3, 2, 3],
        ...     [1, 1, 1, 1],
        ...     unit=2,
        ...     source=Shake("k", "halves"),
        ... ).tolist()
        [1, 0, 0, 1]
    """
    tails, heads = np.asarray(tail, np.intp), np.asarray(head, np.intp)
    amounts = np.asarray(amount, np.int64)
    whole, part = np.divmod(amounts, unit)
    live = np.flatnonzero(part)
    if not live.size:
        return whole
    nodes, ends = np.unique(
        np.concatenate((tails[live], heads[live])), return_inverse=True
    )
    tails, heads = np.split(ends, 2)
    balance = np.zeros(len(nodes), np.int64)
    np.add.at(balance, tails, part[live])
    np.subtract.at(balance, heads, part[live])
    if (balance % unit).any():
        odd = int(nodes[np.flatnonzero(balance % unit)[0]])
        msg = (
            "'amount' must come in and go out at every node by a difference of "
            f"whole numbers (got a fraction at node {odd}). Add an arc for the rest."
        )
        raise ValueError(msg)
    parts = _round_parts(tails, heads, part[live], unit, source)
    whole[live] += np.array(parts, np.int64) // unit
    return whole


def _round_parts(
    tails: npt.NDArray[np.intp],
    heads: npt.NDArray[np.intp],
    part: npt.NDArray[np.int64],
    unit: int,
    source: Shake,
) -> list[int]:
    """Make every part 0 or *unit*; all are live, nodes numbered without gaps."""
    # One list of arcs per node, the first arc last, so that arcs which are no
    # longer live are dropped from the end at no cost.
    ends = np.concatenate((tails, heads))
    arc_at_end = np.tile(np.arange(len(tails)), 2)
    flat: list[int] = arc_at_end[np.lexsort((-arc_at_end, ends))].tolist()
    stops: list[int] = np.cumsum(np.bincount(ends)).tolist()
    arcs_of = [flat[a:b] for a, b in zip([0, *stops], stops, strict=False)]
    tail: list[int] = tails.tolist()
    left: list[int] = part.tolist()
    # The other end of an arc is this one's number xor the end at hand.
    both: list[int] = np.bitwise_xor(tails, heads).tolist()

    place = [-1] * len(stops)  # of a node on the walk
    for start in range(len(stops)):
        # What is kept of a walk after a move is what the next one, which the
        # definition starts anew, would walk again.
        visited, walk = [start], list[int]()
        place[start] = 0
        while (arc := _next_arc(arcs_of[visited[-1]], walk, left, unit)) >= 0:
            walk.append(arc)
            node = visited[-1] ^ both[arc]
            first = place[node]
            if first < 0:
                place[node] = len(visited)
                visited.append(node)
                continue
            cycle = walk[first:]
            ahead = [
                tail[a] == at for a, at in zip(cycle, visited[first:], strict=True)
            ]
            gone = first + _move(cycle, ahead, left, unit, source)
            for node in visited[gone + 1 :]:
                place[node] = -1
            del visited[gone + 1 :], walk[gone:]
        place[start] = -1
    return left


def _next_arc(arcs: list[int], walk: list[int], left: list[int], unit: int) -> int:
    """First live arc that is not the last one walked, -1 if no arc is live."""
    while arcs and not 0 < left[arcs[-1]] < unit:
        arcs.pop()
    if not arcs:
        # Only where a walk starts: a node that was entered by a live arc has
        # another one to leave by.
        return -1
    arc = arcs[-1]
    if walk and arc == walk[-1]:
        while not 0 < left[arcs[-2]] < unit:
            del arcs[-2]
        arc = arcs[-2]
    return arc


def _move(
    cycle: list[int], ahead: list[bool], left: list[int], unit: int, source: Shake
) -> int:
    """Move along a cycle and return the place of its first arc made whole."""
    room = [
        unit - left[arc] if gains else left[arc]
        for arc, gains in zip(cycle, ahead, strict=True)
    ]
    least, most = min(room), max(room)
    up, down = least, unit - most
    by, gone = (up, least) if source.chance(down, up + down) else (-down, most)
    for arc, gains in zip(cycle, ahead, strict=True):
        left[arc] += by if gains else -by
    return room.index(gone)


def round_table(
    row: npt.ArrayLike,
    officer: npt.ArrayLike,
    chance: npt.ArrayLike,
    *,
    task: npt.ArrayLike,
    n_officers: int,
    unit: int,
    source: Shake,
) -> npt.NDArray[np.int64]:
    """
    Choose officers for all seats at once, with the stated chances exactly.

    A row may also stand for several alike ones: its entries are then the sums
    of theirs, and what comes out says how many of them an officer gets.

    Rows and officers are first put into random orders, which settle the order
    of the arcs.  The chances do not depend on it, but who may meet whom does:
    no two officers are for ever neighbours of a walk.

    Normative: the order of the rows is a permutation of their number, the
    order of the officers is one of theirs, drawn in this turn.  Arcs are, in
    this order: every entry, by row and officer, from its row to its officer
    (or, where another row of the same task holds an entry of the officer, to
    the officer's place in the task); every such place, in the order of its
    first entry, to its officer; every officer's load, from the officer to a
    node that takes up all loads.  Rows are numbered first.

    Args:
        row: [(n,) integers, ascending from 0] Row of each entry; a row is a
            kind of seats of one task.
        officer: [(n,) integers, 0 <= officer < n_officers] Officer of each
            entry, once in a row.
        chance: [(n,) integers >= 0] In units of ``1/unit``; the sum of a row
            is a whole number of seats.
        task: [(rows,) integers] Task of each row.
        n_officers: [int >= 0] How many officers there are, chosen or not.
        unit: [int >= 1] How many units make certainty.
        source: Asked for two permutations and one chance per move.

    Returns:
        [(n,) int64] Who is chosen, 0 or 1 where chances are at most one.
        Every entry has its chance exactly, every row has exactly its seats,
        and what an officer gets in a task, and in all, is what is to be
        expected rounded down or up.

    Examples:
        >>> table = [0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2], [2, 2, 2, 2, 2, 2]
        >>> how = {"task": [0, 1], "n_officers": 3, "unit": 3}
        >>> round_table(*table, **how, source=Shake("k", "two tasks")).tolist()
        [1, 0, 1, 1, 1, 0]
    """
    rows, officers = np.asarray(row, np.intp), np.asarray(officer, np.intp)
    chances, tasks = np.asarray(chance, np.int64), np.asarray(task, np.intp)
    n_rows = len(tasks)
    row_rank, officer_rank = np.empty(n_rows, np.intp), np.empty(n_officers, np.intp)
    row_rank[source.permutation(n_rows)] = np.arange(n_rows)
    officer_rank[source.permutation(n_officers)] = np.arange(n_officers)
    order = np.lexsort((officer_rank[officers], row_rank[rows]))
    entry_row, entry_officer = row_rank[rows[order]], officer_rank[officers[order]]
    entry_chance = chances[order]

    # Officers with several entries in one task get a node for their place in it.
    place = tasks[rows[order]] * n_officers + entry_officer
    _, first, place_of, counts = np.unique(
        place, return_index=True, return_inverse=True, return_counts=True
    )
    shared = np.flatnonzero(counts > 1)
    shared = shared[np.argsort(first[shared])]
    node_of_place = np.full(len(counts), -1, np.intp)
    node_of_place[shared] = n_rows + n_officers + np.arange(len(shared))
    entry_head = node_of_place[place_of]
    entry_head = np.where(entry_head < 0, n_rows + entry_officer, entry_head)
    in_place = np.zeros(len(counts), np.int64)
    np.add.at(in_place, place_of, entry_chance)
    load = np.zeros(n_officers, np.int64)
    np.add.at(load, entry_officer, entry_chance)
    officer_nodes = n_rows + np.arange(n_officers)
    sink = n_rows + n_officers + len(shared)
    amounts = round_flow(
        np.concatenate((entry_row, node_of_place[shared], officer_nodes)),
        np.concatenate(
            (
                entry_head,
                n_rows + entry_officer[first[shared]],
                np.full(n_officers, sink),
            )
        ),
        np.concatenate((entry_chance, in_place[shared], load)),
        unit=unit,
        source=source,
    )
    chosen = np.empty(len(rows), np.int64)
    chosen[order] = amounts[: len(rows)]
    return chosen
