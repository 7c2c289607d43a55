"""Why no legal staffing exists: what is told, in values and in sentences."""

import json
import pickle

import pytest
from staffing import assign, kinship, officer, officers, seat, task, visit

from dsgk.assignments import Seat, Shortage, UnstaffableError
from dsgk.errors import InvalidInput, InvalidTypeError
from dsgk.inspectors import RecusalOrigin, RecusalReason


PEOPLE = [officer("P1"), officer("P2"), officer("X1", "消防"), officer("X2", "消防")]


def shortages(tasks, people, **fields):
    with pytest.raises(UnstaffableError) as caught:
        assign(tasks, people, **fields)
    return caught.value.shortages


def test_a_shortage_says_who_is_needed_where():
    """Everything that a district officer needs to solve it."""
    joint = Seat(department={"市场监管", "消防"}, skills={"电梯", "锅炉"})
    people = [officer("P1", skills={"电梯", "锅炉"}), officer("P2")]
    people.append(officer("X1", "消防"))

    (shortage,) = shortages([task(1, joint)], people)

    assert shortage.wanted == (("T1", joint),)
    assert shortage.tasks == ("T1",)
    assert shortage.departments == ("市场监管", "消防")
    assert shortage.skills == ("电梯", "锅炉")
    assert shortage.inspectors == ("P1",)
    assert (shortage.seats, shortage.capacity, shortage.missing) == (2, 1, 1)
    assert shortage.recusals == ()
    assert shortage.past_visits == ()


def test_a_shortage_is_told_in_plain_sentences():
    """In words that need no knowledge of graphs."""
    people = [officer("P1", capacity=1), officer("P2", capacity=1)]

    (shortage,) = shortages([task(1), task(2)], people)

    assert str(shortage) == (
        "2 of 4 seats for certified officers of '市场监管' in 2 tasks ('T1', 'T2') "
        "must stay empty. They are open to 'P1', 'P2', who can take 2 in all."
    )
    assert shortage.chinese == (
        "'T1', 'T2'共2项任务中，'市场监管'执法人员的4个席位有2个无人可派。"
        "可派'P1', 'P2'，共可承担2个。"
    )


def test_a_shortage_without_anybody_is_told_so():
    """Nobody has the skill: no capacity would help."""
    seat = Seat(department="市场监管", count=1, skills={"电梯"})

    (shortage,) = shortages([task(1, Seat(department="消防"), seat)], PEOPLE)

    assert str(shortage) == (
        "1 of 1 seat for certified officers of '市场监管' in 1 task ('T1') must stay "
        "empty. They ask for '电梯'. They are open to nobody."
    )


def test_people_without_capacity_can_take_none():
    """Somebody on leave is listed, and can take none."""
    people = [officer("P1", capacity=0)]

    (shortage,) = shortages([task(1)], people)

    assert "open to 'P1', who can take 0 in all." in str(shortage)


def test_a_shortage_names_what_keeps_people_away():
    """What stands against one person and one subject is told together."""
    people = [officer("P1"), officer("P2"), officer("P3"), officer("P4", capacity=0)]
    recusals = [
        kinship("P1", "S1"),
        kinship("P1", "S1"),
        kinship("P1", "S1", origin=RecusalOrigin.ORDERED),
        kinship("P2", "S1", reason=RecusalReason.OWN_INTEREST),
        kinship("P4", "S1"),
        kinship("P3", "S2"),
    ]

    (shortage,) = shortages([task(1)], people, recusals=recusals, history=[visit("P1")])

    assert shortage.ways == ((recusals[3],), (recusals[0], recusals[2], visit("P1")))
    assert shortage.recusals == (recusals[3], recusals[0], recusals[2])
    assert shortage.past_visits == (visit("P1"),)
    assert str(shortage).endswith(
        "One more could be filled if this did not hold: "
        "'P2' is recused from 'S1' ('涉及本人利害关系', '本人申请'). "
        "One more could be filled if this did not hold: "
        "'P1' is recused from 'S1' ('涉及亲属的利害关系', '本人申请'). "
        "'P1' is recused from 'S1' ('涉及亲属的利害关系', '机关决定'). "
        "'P1' was at 'S1' last time, on 2026-03-02."
    )
    assert shortage.chinese.endswith(
        "如无以下情形，可多派一个：'P2'对'S1'回避（'涉及本人利害关系'，'本人申请'）。"
        "如无以下情形，可多派一个：'P1'对'S1'回避（'涉及亲属的利害关系'，'本人申请'）。"
        "'P1'对'S1'回避（'涉及亲属的利害关系'，'机关决定'）。"
        "'P1'上次（2026-03-02）检查过'S1'。"
    )


def test_bars_that_must_fall_together_are_told_together():
    """Lifting one of the two helps nobody."""
    tasks = [task(n, area="A", outing="B") for n in (1, 2)]
    recusals = [kinship("P1", "S1"), kinship("P1", "S2"), kinship("P2", "S2")]

    (shortage,) = shortages(tasks, officers(4)[1:], recusals=recusals)

    assert shortage.ways == ((recusals[2],), (recusals[0], recusals[1]))
    assert shortage.recusals == (recusals[2], *recusals[:2])
    assert str(shortage).endswith(
        "hold: 'P1' is recused from 'S1' ('涉及亲属的利害关系', '本人申请'). "
        "'P1' is recused from 'S2' ('涉及亲属的利害关系', '本人申请')."
    )


def test_a_way_that_holds_another_is_not_told():
    """Whoever lifts the one recusal need not lift the second."""
    tasks = [task(n, area="A", outing="B") for n in (1, 2)]
    recusals = [kinship("P1", "S1"), kinship("P1", "S2")]

    people = officers(3, capacity=1)[1:]

    (shortage,) = shortages([*tasks, task(3, subject="S1")], people, recusals=recusals)

    assert shortage.ways == ((recusals[0],),)


def test_a_way_of_many_bars_is_cut_in_the_sentence_alone():
    """A half-day of seven visits that bar the same officer."""
    tasks = [task(n, area="A", outing="B") for n in range(7)]
    recusals = [kinship("P1", f"S{n}") for n in range(7)]

    (shortage,) = shortages(tasks, officers(3)[1:], recusals=recusals)

    assert shortage.ways == (tuple(recusals),)
    assert str(shortage).count("recused from") == 5
    assert str(shortage).endswith("'本人申请'). And 2 more.")


def test_long_lists_are_cut_in_the_sentence_alone():
    """A message of a thousand names is read by nobody; the values keep all."""
    people = [officer(f"P{n}", capacity=1) for n in range(8)]
    recusals = [kinship(person.id, "S7") for person in people[:7]]

    told = shortages([task(7)], people, recusals=recusals)
    many = shortages([task(n) for n in range(9)], people[:8])

    assert str(told[0]).count("recused from") == 5
    assert str(told[0]).endswith(" There are 2 ways more.")
    assert told[0].chinese.endswith("另有2种办法。")
    assert len(told[0].ways) == 7
    (five,) = shortages([task(7)], people[2:], recusals=recusals[2:])
    assert " more." not in str(five)
    assert len(many[0].tasks) == 9


def test_whoever_has_room_for_all_of_it_is_no_cause():
    """One visit with two kinds of seats is one task for one officer."""
    seats = (seat(count=1, skills={"电梯"}), seat())
    people = [officer("P1", capacity=2, skills={"电梯"}), officer("P2", capacity=1)]

    (shortage,) = shortages([task(1, *seats)], people, current_loads={"P1": 1, "P2": 1})

    assert shortage.tasks == ("T1",)
    assert (shortage.seats, shortage.missing) == (3, 2)
    assert shortage.busy == (("P2", 1, 1),)


def test_an_unstaffable_error_tells_every_shortage():
    """Each desk finds its own problem in one error."""
    people = [officer("P1"), officer("X1", "消防")]
    joint = (Seat(department="市场监管"), Seat(department="消防"))

    with pytest.raises(UnstaffableError) as caught:
        assign([task(1, *joint)], people)

    error = caught.value
    assert isinstance(error, ValueError)
    assert [s.departments for s in error.shortages] == [("市场监管",), ("消防",)]
    lines = str(error).split("\n")
    assert lines[0].startswith(
        "no legal staffing exists: at least 2 seats would stay empty. "
    )
    assert "District Opinion, Art. 4" in lines[0]
    assert lines[1:] == [f"  {shortage}" for shortage in error.shortages]
    lines = error.chinese.split("\n")
    assert lines[0].startswith("无法合法选派：至少缺2个席位的人员。")
    assert lines[1:] == [f"  {shortage.chinese}" for shortage in error.shortages]
    assert error.code == "unstaffable"
    assert error.params["missing"] == 2
    assert error.params["shortages"] == [s.to_dict() for s in error.shortages]


def test_one_missing_seat_is_told_in_the_singular():
    """Small things are read first."""
    with pytest.raises(UnstaffableError, match="at least 1 seat would stay empty"):
        assign([task(1)], [officer("P1")])


def test_many_shortages_are_cut_in_the_message_alone():
    """All are in the error."""
    tasks = [task(n) for n in range(25)]

    with pytest.raises(UnstaffableError, match="and 5 more, see") as caught:
        assign(tasks, [officer("P1")])

    assert len(caught.value.shortages) == 25
    assert caught.value.chinese.endswith("\n  ……另有5处")
    with pytest.raises(UnstaffableError) as all_told:
        assign(tasks[:20], [officer("P1")])
    assert "more, see" not in str(all_told.value)


def test_an_unstaffable_error_is_of_shortages():
    """A host that makes one by itself."""
    with pytest.raises(InvalidTypeError):
        UnstaffableError.of(None)
    with pytest.raises(InvalidInput):
        UnstaffableError.of([None])


def test_an_unstaffable_error_survives_pickling():
    """Workers hand errors back by pickle."""
    with pytest.raises(UnstaffableError) as caught:
        assign([task(1)], [officer("P1")])
    error = caught.value

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert copy.shortages == error.shortages
    assert (str(copy), copy.code, copy.params) == (
        str(error), error.code, error.params,
    )  # fmt: skip


def test_a_shortage_is_stored_and_read():
    """With all three kinds of bars, whoever raised it."""
    shortage = Shortage(
        wanted=[("T1", Seat(department="消防"))],
        inspectors=["X1"],
        capacity=1,
        ways=[[kinship("X2", "S1"), ("X2", "上仓镇")], [visit("X3")]],
        busy=[("X1", 3, 4)],
        uncertified=["U1"],
    )
    document = json.loads(json.dumps(shortage.to_dict()))

    assert Shortage.from_dict(document) == shortage
    assert shortage.home_areas == (("X2", "上仓镇"),)
    assert str(shortage).endswith("'X3' was at 'S1' last time, on 2026-03-02.")
    assert "'X2' has ties with '上仓镇'. One more" in str(shortage)
    with pytest.raises(InvalidInput) as caught:
        Shortage.from_dict({**document, "ways": [[{"on": "soon"}, ["X2"]]]})
    assert [fault.path for fault in caught.value.faults][-1] == "ways[0][1]"


@pytest.mark.parametrize(
    ("wanted", "people", "whom", "rest"),
    [
        (
            seat(),
            [officer(f"U{n}", certified=False) for n in (1, 2)],
            "2 of 2 seats for certified officers of '市场监管'",
            "nobody. With a certificate 'U1', 'U2' would be admitted.",
        ),
        (
            seat(skills={"电梯"}),
            [
                officer("U1", certified=False, skills={"电梯"}),
                officer("U2", certified=False),
                officer("U3", certified=False, skills={"电梯"}, home_areas={"下营镇"}),
                officer("U4", certified=False, skills={"电梯"}),
                officer("Z1", certified=False, skills={"电梯"}, is_expert=True),
            ],
            "2 of 2 seats for certified officers of '市场监管'",
            "nobody. With a certificate 'U1' would be admitted.",
        ),
        (
            seat(count=1, expert=True),
            [officer("P1"), officer("P2")],
            "1 of 1 seat for experts of '市场监管'",
            "nobody.",
        ),
        (
            seat(count=3, certified=False),
            [officer("U1", certified=False), officer("P2")],
            "1 of 3 seats for staff of '市场监管'",
            "'P2', 'U1', who can take 2 in all.",
        ),
    ],
    ids=["no certificate", "nearly", "expert", "staff"],
)
def test_a_sentence_says_whom_the_seats_are_for(wanted, people, whom, rest):
    """A district officer sees that a certificate is lacking, not a person."""
    others = [] if wanted.officers else [seat("消防")]

    (shortage,) = shortages(
        [task(1, wanted, *others, area="下营镇")],
        [*people, *officers(2, "消防", "X")],
        recusals=[kinship("U4", "S1")] if len(people) > 3 else [],
        avoid_home_areas=True,
    )

    asks = "They ask for '电梯'. " if wanted.skills else ""
    assert str(shortage) == (
        f"{whom} in 1 task ('T1') must stay empty. {asks}They are open to {rest}"
    )
    assert shortage.officers == wanted.officers
    assert shortage.experts == (1 if wanted.expert else 0)


def test_seats_for_officers_and_for_other_staff_are_told_together():
    """One officer too few for both: the certified may take either seat."""
    wanted = (seat(), seat(count=1, certified=False))

    (shortage,) = shortages([task(1, *wanted)], officers(2))

    assert str(shortage).startswith(
        "1 of 3 seats for certified officers and other staff of '市场监管' in 1 task"
    )
    assert (shortage.seats, shortage.officers) == (3, 2)


def test_tasks_that_people_have_already_are_told_as_a_cause():
    """Nobody wonders why an officer of capacity 3 can take none."""
    people = [officer("P1", capacity=3), officer("P2"), officer("P3", capacity=9)]
    loads = {"P1": 3, "P2": 5, "P3": 8}

    (shortage,) = shortages([task(1), task(2)], people, current_loads=loads)
    (enough,) = shortages([task(1)], people[:2], current_loads={"P1": 3, "P2": 1})
    seven = [officer(f"P{n}", capacity=1) for n in range(7)]
    (many,) = shortages([task(1)], seven, current_loads=dict.fromkeys(
        (p.id for p in seven), 1))  # fmt: skip

    assert shortage.busy == (("P1", 3, 3), ("P3", 8, 9))
    assert str(shortage).endswith(
        "who can take 3 in all. 'P1' has 3 of 3 tasks already. 'P3' has 8 of 9 tasks "
        "already."
    )
    assert [name for name, _, _ in enough.busy] == ["P1"]
    assert str(many).endswith("'P4' has 1 of 1 task already. And 2 more.")
