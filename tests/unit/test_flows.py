"""Filling seats and explaining empty ones, on cases that can be done by hand."""

import pytest

from dsgk.kernels.flows import Staffing
from dsgk.kernels.shake import Shake


KEYS = [f"{number:032x}" for number in range(20)]


def filled(*columns, key=KEYS[0]):
    staffing = Staffing(*columns)
    staffing.fill(Shake(key, "test"))
    return staffing


def told(staffing):
    return [
        (s.seats.tolist(), s.officers.tolist(), s.missing)
        for s in staffing.shortfalls()
    ]


def test_no_tasks_need_nobody():
    """A month without tasks is no special case for the caller."""
    staffing = filled([], [], [[0]], [], [1])

    assert staffing.holders.tolist() == []
    assert staffing.missing == 0
    assert told(staffing) == []
    assert staffing.decisive_bars().tolist() == []


@pytest.mark.parametrize("key", KEYS)
def test_the_only_staffing_there_is_is_found_whatever_the_key(key):
    """A chain of pools in which each officer has one place where all are seated."""
    n = 12
    members = [[i, i + 1] for i in range(n - 1)] + [[0]]

    staffing = filled(range(n), range(n), members, [], [1] * n, key=key)

    assert staffing.holders.tolist() == [*range(1, n), 0]


@pytest.mark.parametrize("key", KEYS)
def test_somebody_changes_seats_within_a_task_though_their_room_is_used_up(key):
    """Moving from a general to a skilled seat of one team costs no capacity."""
    general, skilled = [0, 1], [0]

    staffing = filled([0, 0], [0, 1], [general, skilled], [], [1, 1], key=key)

    assert staffing.holders.tolist() == [1, 0]


@pytest.mark.parametrize("key", KEYS)
def test_an_officer_holds_one_seat_in_a_task_however_much_room_there_is(key):
    """A team of two is two people."""
    staffing = filled([0, 0], [0, 0], [[0]], [], [9], key=key)

    assert sorted(staffing.holders.tolist()) == [-1, 0]
    assert told(staffing) == [([0, 1], [0], 1)]


def test_many_who_are_barred_do_not_hide_the_few_who_are_not():
    """When lots keep falling on those who may not, the others are listed."""
    barred = [[0, officer] for officer in range(499)]

    staffing = filled([0], [0], [range(500)], barred, [1] * 500)

    assert staffing.holders.tolist() == [499]


def test_seats_that_are_held_already_stay_as_they_are():
    """Filling again changes nothing when everything is filled."""
    staffing = filled([0, 0, 1], [0, 0, 0], [range(4)], [], [9] * 4)
    before = staffing.holders.tolist()

    staffing.fill(Shake(KEYS[1], "again"))

    assert before == staffing.holders.tolist()


def test_seats_found_short_once_are_not_searched_again():
    """What is short stays short, and is told the same."""
    staffing = filled([0, 1], [0, 0], [[0]], [], [1])
    before = told(staffing)

    staffing.fill(Shake(KEYS[1], "again"))

    assert before == told(staffing) == [([0, 1], [0], 1)]


def test_shortfalls_without_a_common_scarce_officer_are_told_apart():
    """Two departments that lack people are two problems for two desks."""
    task = [0, 1, 2, 3, 4]
    pool = [0, 0, 1, 1, 2]
    members = [[0], [1], [2]]

    staffing = filled(task, pool, members, [], [1, 1, 1])

    assert told(staffing) == [([0, 1], [0], 1), ([2, 3], [1], 1)]


def test_a_scarce_officer_ties_seats_of_two_pools_together():
    """Who is wanted in two places at once makes them one problem."""
    staffing = filled([0, 1, 2], [0, 1, 2], [[0], [0], [1]], [], [1, 1])

    assert told(staffing) == [([0, 1], [0], 1)]


def test_an_officer_with_room_for_all_ties_nothing_together():
    """Two tasks lack a second person each; that both share the first is no tie."""
    staffing = filled([0, 0, 1, 1], [0, 0, 0, 0], [[0]], [], [9])

    assert told(staffing) == [([0, 1], [0], 1), ([2, 3], [0], 1)]


def test_an_officer_without_any_capacity_ties_nothing_together():
    """Nobody competes for somebody on leave."""
    staffing = filled([0, 1], [0, 0], [[0]], [], [0])

    assert told(staffing) == [([0], [0], 1), ([1], [0], 1)]


def test_seats_of_one_task_are_tied_by_whoever_could_take_either():
    """In a team the expert seat and the general one compete for one person."""
    staffing = filled([0, 0], [0, 1], [[0], [0]], [], [9])

    assert told(staffing) == [([0, 1], [0], 1)]


def test_seats_of_one_task_are_not_tied_by_somebody_barred_from_it():
    """A recused officer competes for nothing."""
    staffing = filled([0, 0], [0, 1], [[0], [0]], [[0, 0]], [9])

    assert told(staffing) == [([0], [], 1), ([1], [], 1)]


def test_tasks_with_bars_are_tied_through_the_officers_left():
    """
    0 and 1 are scarce in one pool: the first task meets 0, the second meets 1,
    and only the third ties them, being open to both.
    """
    barred = [[0, 1], [1, 0], [3, 1], [4, 0]]

    staffing = filled(range(5), [0] * 5, [[0, 1]], barred, [1, 1])

    assert told(staffing) == [([0, 1, 2, 3, 4], [0, 1], 3)]


def test_tasks_whose_bars_leave_nothing_in_common_are_told_apart():
    """The same department can have two problems that do not touch."""
    barred = [[0, 1], [1, 1], [2, 0], [3, 0]]

    staffing = filled(range(4), [0] * 4, [[0, 1]], barred, [1, 1])

    assert told(staffing) == [([0, 1], [0], 1), ([2, 3], [1], 1)]


def test_somebody_barred_from_every_short_task_is_not_among_the_officers():
    """The explanation lists the people open to the seats, and no others."""
    barred = [[0, 1], [1, 1]]

    staffing = filled([0, 1], [0, 0], [[0, 1]], barred, [1, 1])

    assert told(staffing) == [([0, 1], [0], 1)]
    assert staffing.decisive_bars().tolist() == [[0, 1], [1, 1]]


def test_a_bar_is_decisive_also_when_others_must_move_first():
    """
    Officer 1 is full, but 2 has room for what 1 holds: lifting the bar of 1
    from task 0 fills its seat.
    """
    members = [[0, 1], [1, 2]]

    staffing = filled([0, 0, 1], [0, 0, 1], members, [[0, 1]], [1, 1, 0])
    assert staffing.decisive_bars().tolist() == []

    with_room = filled([0, 0, 1], [0, 0, 1], members, [[0, 1]], [1, 1, 1])
    assert with_room.decisive_bars().tolist() == [[0, 1], [1, 1]]


def test_a_bar_of_somebody_without_room_is_not_decisive():
    """Lifting a recusal of an officer on leave would help nobody."""
    staffing = filled([0], [0], [[0, 1]], [[0, 0], [0, 1]], [0, 1])

    assert staffing.decisive_bars().tolist() == [[0, 1]]


def test_a_bar_is_decisive_through_a_change_of_seats_within_a_team():
    """
    1 holds the general seat of task 1 and could take its skilled one, whose
    holder 2 would then be free for task 0, were 2 not barred from it.
    """
    general, skilled, wanted = [0, 1], [1, 2], [2]
    members = [general, skilled, wanted]

    staffing = filled([0, 1, 1], [2, 0, 1], members, [[0, 2]], [1, 1, 1])

    assert told(staffing) == [([0], [], 1)]
    assert staffing.decisive_bars().tolist() == [[0, 2]]
