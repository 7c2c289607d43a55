"""Preset teams that are drawn as units, and how people fill the seats of a task."""

from collections.abc import Iterable, Sequence

import attrs

from dsgk.assignments.arguments import check_labels, valid_id
from dsgk.assignments.tasks import Seat
from dsgk.errors import InvalidValueError
from dsgk.identifiers import check_id
from dsgk.inspectors import Inspector


__all__ = ["PresetTeam", "seating"]


def _members(value: Iterable[str]) -> tuple[str, ...]:
    members = check_labels(value, name="members")
    return tuple(sorted(check_id(text, name="members") for text in members))


@attrs.frozen(kw_only=True)
class PresetTeam:
    """
    Inspectors who always go together (检查组).

    A team can be drawn for a task if its members fill the places of the task,
    one each, with nobody left over, and nothing keeps any of them away.  It
    can take as many tasks as the member of the least capacity.

    Attributes:
        id: Unique among the teams, valid by `check_id`.
        members: Ids of the inspectors, one or more.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: An id is not valid, or there are no members.

    Examples:
        >>> PresetTeam(id="检查一组", members={"SJ002", "SJ001"}).members
        ('SJ001', 'SJ002')
    """

    id: str = attrs.field(validator=valid_id)
    members: tuple[str, ...] = attrs.field(converter=_members)

    @members.validator
    def _somebody(self, _: object, members: tuple[str, ...]) -> None:
        if not members:
            msg = (
                f"'members' must name at least one inspector (team {self.id!r} has "
                "none). Leave the team out."
            )
            raise InvalidValueError(
                msg, code="team-without-members", params={"id": self.id}
            )


def seating(
    people: Sequence[Inspector], places: Sequence[Seat], held: Sequence[int] = ()
) -> list[int] | None:
    """
    Seat all *people* on all *places*, one each.

    Args:
        people: As many as there are places.
        places: One seat for each place.
        held: [one person's position for each place, or -1] Who sits where
            already. They move only if it cannot be helped, and then as few as
            possible for each of the others in turn.

    Returns:
        [one person's position for each place] The same for the same order of
        arguments; None if it cannot be done.

    Examples:
        >>> general, skilled = Seat(department="消防"), Seat(department="消防", skills={"a"})
        >>> one = Inspector(id="1", department="消防", skills={"a"})
        >>> two = Inspector(id="2", department="消防")
        >>> seating([one, two], [general, skilled])
        [1, 0]
        >>> seating([two, two], [general, skilled]) is None
        True
    """  # noqa: E501
    if len(people) != len(places):
        return None
    holder = list(held) or [-1] * len(places)
    for person in sorted(set(range(len(people))) - set(holder)):
        # Breadth first: the way to an empty place that moves the fewest.
        came_from = {
            place: -1
            for place, seat in enumerate(places)
            if seat.admits(people[person])
        }
        queue = list(came_from)
        end = -1
        for place in queue:  # grows while it is walked
            if holder[place] < 0:
                end = place
                break
            for other, seat in enumerate(places):
                if other not in came_from and seat.admits(people[holder[place]]):
                    came_from[other] = place
                    queue.append(other)
        if end < 0:
            return None
        while came_from[end] >= 0:
            holder[end] = holder[came_from[end]]
            end = came_from[end]
        holder[end] = person
    return holder
