"""Half-days: tasks that lie near each other get one team."""

from collections.abc import Iterable, Mapping

import attrs

from dsgk.assignments.tasks import StaffingTask, kinds_of
from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.fields import of_type


__all__ = ["batch_tasks"]


def batch_tasks(
    tasks: Iterable[StaffingTask], *, size: int | Mapping[str, int]
) -> tuple[StaffingTask, ...]:
    """
    Put tasks of one area that need the same seats together (片区归并).

    What a team can visit on a half-day depends on the area: near each other in
    town, far apart in the hills.  Tasks of one batch get one team, who are
    barred if one of the subjects bars them, and count once towards capacities,
    which are then half-days.

    Args:
        tasks: In any order, each with an area and without a batch.
        size: [int >= 1] Most tasks of a half-day, of every area or by area.

    Returns:
        The tasks in the order of their ids, each with a batch.  In the order
        of their ids tasks fill one batch after another, which is named after
        its area and its first task, so that lists which are batched one by
        one may be joined.

    Raises:
        InvalidTypeError: *size* is no number or mapping of numbers, or
            *tasks* holds no tasks.
        InvalidValueError: A size is below 1.
        InvalidInput: Tasks without an area or of an area without a size, with
            a batch already, or something else than tasks; all at once.

    Examples:
        >>> from dsgk.assignments.tasks import Seat
        >>> tasks = [
        ...     StaffingTask(
        ...         id=f"T{n}",
        ...         subject_id=f"S{n}",
        ...         seats=[Seat(department="消防")],
        ...         area="上仓镇",
        ...     )
        ...     for n in range(5)
        ... ]
        >>> [task.batch for task in batch_tasks(tasks, size={"上仓镇": 2})]
        ['上仓镇 T0', '上仓镇 T0', '上仓镇 T2', '上仓镇 T2', '上仓镇 T4']
    """
    sizes = size.values() if isinstance(size, Mapping) else [size]
    for value in sizes:
        _check_size(value)
    given, faults = of_type(tasks, StaffingTask, name="tasks")
    for row, task in given.items():
        faults += _faults(task, row, size)
    if faults:
        what = "tasks to batch"
        raise InvalidInput.of(what, faults)
    batched = []
    open_batches: dict[object, tuple[str, int]] = {}
    for task in sorted(given.values(), key=lambda task: task.id):
        area = task.area or ""
        alike = (area, kinds_of(task.seats), task.lead)
        name, room = open_batches.get(alike, ("", 0))
        if not room:
            name = f"{area} {task.id}"
            room = size[area] if isinstance(size, Mapping) else size
        open_batches[alike] = (name, room - 1)
        batched.append(attrs.evolve(task, batch=name))
    return tuple(batched)


def _check_size(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        msg = (
            f"'size' must be an int, or an int for each area (got {shown(value)}). "
            "Write how many visits a team makes on a half-day."
        )
        raise InvalidTypeError(msg, code="batch-size-type")
    if value < 1:
        msg = (
            f"'size' must be at least 1 (got {shown(value)}). "
            "Leave tasks as they are where nothing is put together."
        )
        raise InvalidValueError(msg, code="batch-size", params={"size": value})


def _faults(
    task: StaffingTask, row: int, size: int | Mapping[str, int]
) -> Iterable[Fault]:
    params = {"task_id": task.id, "area": task.area, "batch": task.batch}
    if task.batch is not None:
        msg = (
            f"'batch' must not be given yet (task {task.id!r} is in {task.batch!r}). "
            "Leave the task out, or take its batch away."
        )
        yield Fault.told("batch-given", msg, row=row, column="batch", params=params)
    if task.area is None or (isinstance(size, Mapping) and task.area not in size):
        msg = (
            f"'area' must be one that has a size (task {task.id!r} has "
            f"{task.area!r}). Give the area, or its size."
        )
        yield Fault.told("batch-area", msg, row=row, column="area", params=params)
