"""Which nodes of a directed graph can reach each other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


__all__ = ["strong_components"]


def strong_components(
    tail: Sequence[int], head: Sequence[int], n_nodes: int
) -> npt.NDArray[np.intp]:
    """
    Number the nodes so that those on a common round have the same number.

    Args:
        tail: [one node per arc] Where it starts.
        head: [one node per arc] Where it ends.
        n_nodes: [int >= 0] How many nodes there are.

    Returns:
        [(n_nodes,) intp] Equal for two nodes if and only if each can be
        reached from the other (Tarjan's method).

    Examples:
        >>> strong_components([0, 1, 2, 2], [1, 0, 1, 3], 4).tolist()
        [0, 0, 2, 1]
    """
    order = np.argsort(np.asarray(tail, np.intp), kind="stable")
    heads: list[int] = np.asarray(head, np.intp)[order].tolist()
    counts = np.bincount(np.asarray(tail, np.intp), minlength=n_nodes)
    stops: list[int] = np.cumsum(counts).tolist()
    at = [0, *stops[:-1]]  # next arc to look at
    number = [-1] * n_nodes  # of the component
    met = [-1] * n_nodes  # when the node was first met
    low = [0] * n_nodes  # earliest open node known to be reachable
    time = found = 0
    open_: list[int] = []
    for start in range(n_nodes):
        path = [start] if met[start] < 0 else []
        while path:
            node = path[-1]
            if met[node] < 0:
                met[node] = low[node] = time
                time += 1
                open_.append(node)
            while at[node] < stops[node]:
                other = heads[at[node]]
                if met[other] < 0:
                    path.append(other)
                    break
                at[node] += 1
                if number[other] < 0:
                    low[node] = min(low[node], low[other])
            if path[-1] != node:
                continue
            path.pop()
            if low[node] == met[node]:
                while number[node] < 0:
                    number[open_.pop()] = found
                found += 1
    return np.array(number, np.intp)
