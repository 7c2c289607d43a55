"""
Where a record of an assignment contradicts itself.

That needs the record alone; whether it is true is for `dsgk.verify` to say.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dsgk.assignments.stated import DrawMethod, key_of
from dsgk.documents import canonical_json, show, value_faults
from dsgk.draws.records import DrawRecord
from dsgk.errors import Fault
from dsgk.kernels.shake import Shake
from dsgk.sources import article


__all__ = [
    "basis_faults",
    "batch_of",
    "digest_of",
    "draw_faults",
    "redraw_faults",
    "task_faults",
]

_Task = Mapping[str, Any]


def digest_of(record: DrawRecord, /) -> str:
    """Lower-case hex SHA-256 of a draw record in its canonical form."""
    return hashlib.sha256(canonical_json(record.to_dict())).hexdigest()


def basis_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """
    Find where digest, key and basis of a record contradict each other.

    Args:
        document: Of the right shape.
    """
    digest = hashlib.sha256(canonical_json(document["statement"])).hexdigest()
    yield from value_faults(document["digest"], digest, "digest")
    if document["entropy"] is not None:
        key = key_of(document["digest"], document["entropy"])
        yield from value_faults(document["key"], key, "key")
    if (document["draw"] is None) == (document["reason"] is None):
        msg = (
            "a record must name either the draw of its subjects or the reason why "
            f"inspectors alone are drawn (got draw {show(document['draw'])} and reason "
            f"{show(document['reason'])}). Give one of them."
        )
        yield Fault.told(
            "record-basis",
            msg,
            column="reason",
            params={"draw": document["draw"], "reason": document["reason"]},
            provision=str(article(4)),
        )


def draw_faults(
    document: Mapping[str, Any], draw: DrawRecord | None
) -> Iterator[Fault]:
    """
    Find where a record is not that of a draw of subjects.

    Args:
        document: Of the right shape.
        draw: The record of that draw, if it is at hand.
    """
    if draw is None:
        return
    yield from value_faults(document["draw"], digest_of(draw), "draw")
    if document["entropy"] is None:
        yield from value_faults(document["key"], draw.key, "key")


def task_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """
    Find where the tasks of a record contradict each other or themselves.

    Args:
        document: Of the right shape.
    """
    tasks: list[_Task] = document["tasks"]
    yield from _order_faults(tasks)
    first_of_batch: dict[str, _Task] = {}
    for number, task in enumerate(tasks):
        path = f"tasks[{number}]"
        yield from _team_faults(task, path)
        if task["batch"] is not None:
            mate = first_of_batch.setdefault(task["batch"], task)
            for key in ("team", "lead", "method", "preset", "pools"):
                if task[key] != mate[key]:
                    at, got = f"{path}.{key}", task[key]
                    msg = (
                        f"{at!r} must be that of the other tasks of the batch "
                        f"{task['batch']!r} (got {show(got)})."
                    )
                    yield _fault("batch-differs", msg, at, got, mate[key])


def _order_faults(tasks: Iterable[_Task]) -> Iterator[Fault]:
    """Each task once, in the order of the ids."""
    number_of: dict[str, int] = {}
    last = ""
    for number, task in enumerate(tasks):
        name, path = task["id"], f"tasks[{number}].id"
        first = number_of.setdefault(name, number)
        if first != number:
            msg = (
                f"{path!r} must be another id than 'tasks[{first}]' has (got {name!r})."
            )
            yield _fault("id-duplicate", msg, path, name)
        elif name < last:
            msg = (
                f"{path!r} must stand before {last!r}, by id (got {name!r} behind it)."
            )
            yield _fault("tasks-order", msg, path, name)
        last = max(last, name)


def _team_faults(task: _Task, path: str) -> Iterator[Fault]:
    """Who is in a team, and what follows from it."""
    team, lead, pools = task["team"], task["lead"], task["pools"]
    if len(set(team)) < len(team):
        msg = f"'{path}.team' must hold everybody once (got {show(team)})."
        yield _fault("seated-twice", msg, f"{path}.team", team)
    drawn = [
        (f"{path}.pools[{place}].drawn", pool["drawn"])
        for place, pool in enumerate(pools)
        if pool["drawn"] != task["preset"]
    ]
    for at, one in [(f"{path}.lead", lead), *drawn]:
        if one not in team:
            msg = f"{at!r} must be one of the team {show(team)} (got {show(one)})."
            yield _fault("outside-team", msg, at, one, team)
    if (task["method"] == DrawMethod.FALLBACK.value) != bool(pools):
        msg = (
            f"'{path}.pools' must be told if, and only if, the method is 'fallback' "
            f"(got {show(pools)} and {show(task['method'])})."
        )
        yield _fault("pools-method", msg, f"{path}.pools", pools)


def _fault(
    code: str, message: str, path: str, got: object, expected: object = None
) -> Fault:
    params = {"path": path, "expected": expected, "got": got}
    return Fault.told(code, message, column=path, params=params)


def redraw_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """
    Find where the redraws of a record contradict it or themselves.

    Args:
        document: Of the right shape.
    """
    teams = {task["id"]: task["team"] for task in document["tasks"]}
    leads = {task["id"]: task["lead"] for task in document["tasks"]}
    for number, redraw in enumerate(document["redraws"]):
        path = f"redraws[{number}]"
        if redraw["key"] == document["key"]:
            msg = (
                f"'{path}.key' must be another one than that of the draw, which was "
                f"known by then (got {show(redraw['key'])})."
            )
            params = {"path": f"{path}.key", "expected": None, "got": redraw["key"]}
            yield Fault.told("redraw-key", msg, column=f"{path}.key", params=params)
        team = teams.get(redraw["task"])
        if team is None or redraw["before"] not in team:
            msg = (
                f"{path!r} must replace somebody who is in the team then (got "
                f"{show(redraw['before'])} of task {show(redraw['task'])})."
            )
            params = {"path": path, "expected": team, "got": redraw["before"]}
            yield Fault.told("redraw-of-nobody", msg, column=path, params=params)
            continue
        pool = redraw["pool"]
        if not pool or pool != sorted(set(pool) - set(team)):
            msg = (
                f"'{path}.pool' must name those outside the team in the order of "
                f"their ids (got {show(pool)})."
            )
            params = {"path": f"{path}.pool", "expected": None, "got": pool}
            yield Fault.told("redraw-pool", msg, column=f"{path}.pool", params=params)
            continue
        source = Shake(redraw["key"], f"redraw:{number}")
        after = pool[source.below(len(pool))]
        yield from value_faults(redraw["after"], after, f"{path}.after")
        in_place = [after if one == redraw["before"] else one for one in team]
        expected = sorted(in_place)
        if sorted(redraw["team"]) != expected:
            msg = (
                f"'{path}.team' must be the team before with the one who was drawn "
                f"(got {show(redraw['team'])})."
            )
            params = {
                "path": f"{path}.team",
                "expected": expected,
                "got": redraw["team"],
            }
            yield Fault.told("redraw-team", msg, column=f"{path}.team", params=params)
        lead = leads[redraw["task"]]
        # Whoever keeps their place stays in charge.
        stays = lead != redraw["before"] and redraw["team"] == in_place
        if redraw["lead"] not in ([lead] if stays else expected):
            msg = (
                f"'{path}.lead' must be {show(lead)}, who stays"
                if stays
                else f"'{path}.lead' must be in the team"
            ) + f" (got {show(redraw['lead'])})."
            params = {
                "path": f"{path}.lead",
                "expected": lead if stays else expected,
                "got": redraw["lead"],
            }
            yield Fault.told("redraw-lead", msg, column=f"{path}.lead", params=params)
        for task in batch_of(document["tasks"], redraw["task"]):
            teams[task], leads[task] = redraw["team"], redraw["lead"]


def batch_of(tasks: Iterable[_Task], task_id: str) -> list[str]:
    """
    Return the ids of all tasks of the batch of one.

    Args:
        tasks: As they stand in a record.
        task_id: One of them.
    """
    tasks = list(tasks)
    batch = next((t["batch"] for t in tasks if t["id"] == task_id), None)
    if batch is None:
        return [task_id]
    return [task["id"] for task in tasks if task["batch"] == batch]
