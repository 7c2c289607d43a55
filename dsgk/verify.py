"""
Verification: recompute a published record, report every difference (公开核验).

For anyone who has the record and what it was drawn from: a citizen, an auditor,
a court.  Slips and receipts need no list and are checked in `dsgk.draws`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from dsgk.assignments import (
    AssignmentRecord,
    StaffingProblem,
    Vacancy,
    problem_faults,
    staffed,
)
from dsgk.documents import Digest, Key, Unknown, a_digest, digest_of, value_faults
from dsgk.draws import (
    RECORD_FORMAT,
    RECORD_SHAPE,
    AnnouncedDraw,
    Announcement,
    ClosedDraw,
    Draw,
    DrawRecord,
    Entropy,
    Roll,
    draw_document,
    draw_subjects,
    outcome_of,
    read_published,
    roll_faults,
    rolls_of,
    supersession_faults,
    verify_receipt,
    verify_slip,
)
from dsgk.errors import DsgkError, Fault, Faults, invalid
from dsgk.fields import (
    check_day,
    check_type,
    faults_of,
    kind_of,
    plain_fields,
    several,
    take,
    text_fault,
    values_in,
)
from dsgk.frames import Frame
from dsgk.kernels.merkle import BLOCK, join, leaf_of
from dsgk.sources import article, cites
from dsgk.tiers import FramePlan


__all__ = [
    "Difference",
    "verify_assignment",
    "verify_chain",
    "verify_receipt",
    "verify_record",
    "verify_roll",
    "verify_slip",
]

Difference = Fault
"""What is wrong with a record; see `dsgk.errors.Fault`."""

_DIGEST = kind_of(Digest)
_KEY = kind_of(Key)
_HINTS = {
    "digest": "It is not the digest of the announcement in the record.",
    "key": "It is not the key of this announcement, this fact and this secret.",
    "name": "It is not what was announced.",
    "size": "It is not what was announced.",
    "quota": "It is not what was announced.",
    "cut": "It is not the ticket or rank of the last one drawn.",
    "selected": "Another subject was drawn at this place.",
    "reserves": "Another subject is the reserve at this place.",
    "certain": "Another number is drawn for certain.",
    "certain_from": "Another weight is the least that is certain.",
    "chance_per_weight": "The weights of the frame give another chance.",
    "root": "It does not bind these draws.",
}


@cites(article(3))
def verify_record(
    record: DrawRecord | Mapping[str, Any],
    frames: Mapping[str, FramePlan | Frame],
    *,
    roll_key: str,
    digest: str | None = None,
    closed: ClosedDraw | Mapping[str, Any] | None = None,
) -> tuple[Fault, ...]:
    """
    Recompute a record from its announcement, its fact, its secret and the frames.

    Args:
        record: A record, or the JSON document of one; whatever is wrong with
            a document is reported, not raised.
        frames: For each announced draw, by its name, the frame plan, or the
            frame where nobody was left out.
        roll_key: [32 hex digits] The key of the rolls.
        digest: [64 hex characters, or None] The digest of the announcement as
            it was published *before* the fact existed.  Without it a record
            is shown to be true to its announcement, and not that the
            announcement came first.
        closed: Of a sealed draw, the closed document as it was published.

    Returns:
        Every fault: of the frames, then of the record in the order of its
        format, then of the closed document; empty when all is right.

    Raises:
        InvalidTypeError: *frames* is no mapping, or *closed* no document.
        InvalidValueError: *digest* or *roll_key* is none.

    Examples:
        >>> import datetime as dt
        >>> from dsgk.draws import Digits, Entropy, announce, conduct
        >>> frames = {"示例事项": Frame(["S1", "S2", "S3"], ["A", "A", "A"])}
        >>> key = "00112233445566778899aabbccddeeff"
        >>> announcement = announce(
        ...     title="示例抽取", issuer="示例单位", announced_on=dt.date(2026, 3, 25),
        ...     entropy=Entropy("某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)]),
        ...     draws={"示例事项": (frames["示例事项"], {"A": 1})}, roll_key=key,
        ... )
        >>> document = conduct(
        ...     announcement, frames, roll_key=key, entropy=["02071118"]
        ... ).to_dict()
        >>> verify_record(document, frames, roll_key=key)
        ()
        >>> document["draws"][0]["strata"][0]["selected"][0] = "S4"
        >>> [fault.path for fault in verify_record(document, frames, roll_key=key)]
        ['draws[0].strata[0].selected[0]']
    """
    roll_key = take(roll_key, _KEY, name="roll_key")
    if digest is not None:
        digest = take(digest, _DIGEST, name="digest")
    document = record.to_dict() if isinstance(record, DrawRecord) else record
    faults = Faults()
    expected = _expected(document, frames, roll_key, digest, faults)
    faults += value_faults(document, expected, hints=_HINTS)
    if closed is not None:
        faults += _closed_faults(document, closed)
    return tuple(faults)


def _expected(
    document: object,
    frames: Mapping[str, FramePlan | Frame],
    roll_key: str,
    digest: str | None,
    faults: Faults,
) -> dict[str, Any]:
    """What a record must be, as far as its announcement and the frames tell."""
    given = document if isinstance(document, Mapping) else {}
    expected: dict[str, Any] = {
        **{key: Unknown(shape) for key, shape in RECORD_SHAPE.items()},
        "format": RECORD_FORMAT,
    }
    announced = given.get("announcement", {})
    if not isinstance(announced, Mapping):
        kind = type(announced).__name__
        faults.add(
            "argument-mapping", column="announcement", got=announced, got_type=kind
        )
        return expected
    announcement: Announcement | None = read_published(
        announced, (Announcement,), "announcement", faults
    )
    if announcement is None:
        return expected
    expected["digest"] = announcement.digest
    if digest is not None and digest != announcement.digest:
        faults.add(
            "not-announced",
            column="announcement",
            expected=digest,
            got=announcement.digest,
        )
    rolls, wrong = rolls_of(announcement, frames, roll_key)
    faults += wrong
    for draw in announcement.draws:
        if draw.name in rolls:
            faults += roll_faults(draw, rolls[draw.name], root=True)
    secret = given.get("secret")
    try:
        key = announcement.key(given.get("entropy"), secret)
    except DsgkError as error:
        faults += faults_of(error)
        return expected
    expected["entropy"] = announcement.entropy.read(given["entropy"])
    expected["secret"] = secret
    expected["key"] = key
    drawn = {
        draw.name: draw_subjects(rolls[draw.name].frame, draw.quotas, key=key)
        for draw in announcement.draws
        if draw.name in rolls and _fits(draw, rolls[draw.name])
    }
    expected["draws"] = [
        _draw_document(draw, drawn.get(draw.name)) for draw in announcement.draws
    ]
    if secret is None:
        expected["outcome"] = None
    elif len(drawn) == len(announcement.draws):
        outcome = outcome_of(drawn, secret)
        expected["outcome"] = {"root": outcome.root, "size": outcome.size}
    return expected


def _fits(announced: AnnouncedDraw, roll: Roll) -> bool:
    """Whether the announced quotas can be drawn from a roll."""
    return announced.sizes == roll.frame.sizes


def _draw_document(announced: AnnouncedDraw, draw: Draw | None) -> object:
    if draw is None:
        (shape,) = RECORD_SHAPE["draws"]
        return Unknown(shape)
    return draw_document(announced.name, draw)


def _closed_faults(document: object, closed: object) -> Iterator[Fault]:
    """Everything in which a closed document is of another outcome than the record."""
    faults = Faults()
    known: ClosedDraw | None = read_published(closed, (ClosedDraw,), "closed", faults)
    yield from faults
    if known is None:
        return
    given = document if isinstance(document, Mapping) else {}
    expected = {key: given.get(key) for key in ("digest", "entropy", "outcome")}
    stated = {key: entry for key, entry in known.to_dict().items() if key in expected}
    yield from value_faults(stated, expected, "closed")


def verify_roll(lines: bytes | str, announced: AnnouncedDraw, /) -> tuple[Fault, ...]:
    """
    Check the lines of a roll that an issuer has published (名册核验).

    Args:
        lines: `Roll.published`: id, TAB and inner hash on a line for each subject.
        announced: The draw of which it is the roll.

    Returns:
        Lines out of order or twice, another size, another root; empty when
        whoever is not in the lines is not on the roll.

    Examples:
        >>> from dsgk.draws import AnnouncedRoll
        >>> roll = Roll.of(Frame(["S1"], ["A"]), name="示例", key="0" * 32)
        >>> announced = AnnouncedDraw(
        ...     name="示例", roll=AnnouncedRoll(roll.root, roll.digest, 1),
        ...     strata=[{"name": "A", "size": 1, "quota": 1}],
        ... )
        >>> verify_roll(roll.published, announced)
        ()
    """
    check_type(
        announced, AnnouncedDraw, name="announced", instead="announcement.draws[0]"
    )
    if isinstance(lines, bytes):
        lines = lines.decode("utf-8", "replace")
    check_type(lines, str, name="lines", instead="roll.published")
    unwritten = text_fault(lines, name="lines")
    if unwritten is not None:
        return (unwritten.at(column="lines"),)
    faults = Faults()
    rows = lines.removesuffix("\n").split("\n") if lines else []
    before = ""
    leaves, roots = [], []
    for row, line in enumerate(rows):
        text, _, inner = line.partition("\t")
        if a_digest(inner, "") or not text:
            faults.add("roll-line", row=row, column="line", got=line)
        elif text <= before:
            faults.add("roll-order", row=row, column="id", before=before, got=text)
        before = text
        leaves.append(leaf_of(line))
        if len(leaves) == BLOCK:
            roots.append(join(leaves))
            leaves = []
    root = join([*roots, *([join(leaves)] if leaves else [])]).hex()
    found = {
        "roll-size": (announced.roll.size, len(rows)),
        "roll-root": (announced.roll.root, root),
    }
    for code, (expected, got) in found.items():
        if got != expected:
            faults.add(code, column="lines", expected=expected, got=got)
    return tuple(faults)


def verify_chain(
    announcements: Iterable[Announcement | Mapping[str, Any]],
    records: Iterable[DrawRecord | ClosedDraw | Mapping[str, Any]],
    *,
    on: dt.date,
) -> tuple[Fault, ...]:
    """
    Check that an issuer has hidden no draw (公告链核验).

    Told are two announcements of one number, a gap, a wrong `previous`, days
    out of order, one that is neither conducted nor superseded though its day is
    over, one that was conducted though superseded before its day, a redraw that
    hides what it threw away, a seal that was not opened by its day, a secret or a
    roll with its key used twice, and documents that contradict each other: two
    outcomes of one announcement, two texts of one fact (of the same source, day
    and form).  That something was published before its fact is shown by outside
    evidence, such as a gazette or a time stamp, never by a document.

    Args:
        announcements: All announcements of one issuer, in any order; values or
            JSON documents.
        records: The records and closed documents of their draws.
        on: The day as of which is checked.

    Returns:
        Every fault, with the place of the announcement or record in the list.

    Raises:
        InvalidTypeError: A list or *on* has another type, or an entry is no
            document.
    """
    day = check_day(on, name="on")
    faults = Faults()
    chain: dict[int, Announcement] = {}
    placed = _listed(announcements, (Announcement,), "announcements", faults)
    ordered = sorted(placed.items(), key=lambda item: (item[1].number, item[0]))
    places = {id(announcement): place for place, announcement in ordered}
    first: Announcement | None = None
    for place, announcement in ordered:
        column = f"announcements[{place}]"
        number = announcement.number
        if first is None:
            first = announcement
        if announcement.issuer != first.issuer:
            faults.add(
                "chain-issuer",
                column=f"{column}.issuer",
                expected=first.issuer,
                got=announcement.issuer,
            )
        if number in chain:
            faults.add(
                "chain-number",
                column=f"{column}.number",
                number=number,
                got=chain[number].digest,
            )
        else:
            chain[number] = announcement
    for announcement in chain.values():
        column = f"announcements[{places[id(announcement)]}]"
        faults += _link_faults(announcement, chain, column)
    faults += _repeated(chain, places)
    made = _made(records, chain, places, day, faults)
    faults += _open_ends(chain, made, places, day)
    return tuple(faults)


def _listed(
    given: object, kinds: tuple[Any, ...], name: str, faults: Faults
) -> dict[int, Any]:
    """Documents of a list by place; those that cannot be read are told."""
    entries = values_in(given)
    if entries is None:
        raise invalid(
            "argument-list",
            name=name,
            type=kinds[0].__name__,
            got=given,
            got_type=type(given).__name__,
        )
    found = {}
    for place, entry in enumerate(entries):
        read = read_published(entry, kinds, f"{name}[{place}]", faults)
        if read is not None:
            found[place] = read
    return found


def _link_faults(
    announcement: Announcement, chain: Mapping[int, Announcement], column: str
) -> Iterator[Fault]:
    """Everything in which an announcement does not follow those before it."""
    number = announcement.number
    before = chain.get(number - 1)
    if before is None and number > 1:
        yield Fault.of("chain-gap", column=column, number=number - 1)
    elif before is not None:
        if announcement.previous != before.digest:
            yield Fault.of(
                "chain-previous",
                column=f"{column}.previous",
                expected=before.digest,
                got=announcement.previous,
            )
        if announcement.announced_on < before.announced_on:
            yield Fault.of(
                "chain-day",
                column=f"{column}.announced_on",
                before=before.announced_on,
                got=announcement.announced_on,
            )
    shown = announcement.supersedes
    if shown is None:
        return
    for earlier in chain.values():
        if earlier.number < number and earlier.digest == shown.digest:
            for fault in supersession_faults(earlier, announcement):
                yield fault.at(column=f"{column}.{fault.column}")
            return
    yield Fault.of(
        "supersedes-unknown", column=f"{column}.supersedes.digest", got=shown.digest
    )


def _repeated(
    chain: Mapping[int, Announcement], places: Mapping[int, int]
) -> Iterator[Fault]:
    """Secrets and roll keys that were used before."""
    seals: dict[str, int] = {}
    rolls: dict[str, int] = {}
    for number, announcement in chain.items():
        column = f"announcements[{places[id(announcement)]}]"
        seal = announcement.seal
        if seal is not None and seals.setdefault(seal.digest, number) != number:
            first = seals[seal.digest]
            yield Fault.of("chain-secret", column=f"{column}.seal", number=first)
        for place, draw in enumerate(announcement.draws):
            first = rolls.setdefault(draw.roll.digest, number)
            if first != number:
                where = f"{column}.draws[{place}].roll.digest"
                yield Fault.of("chain-roll-key", column=where, number=first)


_Made = dict[str, tuple[object, object]]  # outcome, and if it is open the draws


def _made(
    records: object,
    chain: Mapping[int, Announcement],
    places: Mapping[int, int],
    day: dt.date,
    faults: Faults,
) -> _Made:
    """What was drawn, by the digest of the announcement."""
    known = {announcement.digest: announcement for announcement in chain.values()}
    made: _Made = {}
    facts = _thrown_away(chain, places)
    listed = _listed(records, (DrawRecord, ClosedDraw), "records", faults)
    for place, record in listed.items():
        column = f"records[{place}]"
        is_open = isinstance(record, DrawRecord)
        digest = record.announcement.digest if is_open else record.digest
        if digest not in known:
            faults.add("chain-record", column=column, got=digest)
            continue
        announcement = known[digest]
        if day < announcement.entropy.on:
            faults.add(
                "chain-early", column=column, on=announcement.entropy.on, today=day
            )
        if not is_open:
            faults += _closed_form(record, announcement, column)
        facts.append((f"{column}.entropy", announcement.entropy, record.entropy))
        drawn = record.draws if is_open else None
        outcome, others = made.get(digest, (record.outcome, None))
        if outcome != record.outcome or (drawn and others and drawn != others):
            faults.add("chain-two-facts", column=column, got=digest)
        made[digest] = outcome, others or drawn
    faults += _two_facts(facts)
    return made


_Facts = list[tuple[str, Entropy, str]]  # where it is told, of which fact, its text


def _thrown_away(
    chain: Mapping[int, Announcement], places: Mapping[int, int]
) -> _Facts:
    """Facts that redraws show of what they supersede."""
    known = {announcement.digest: announcement for announcement in chain.values()}
    return [
        (
            f"announcements[{places[id(announcement)]}].supersedes.entropy",
            known[shown.digest].entropy,
            shown.entropy,
        )
        for announcement in chain.values()
        if (shown := announcement.supersedes) is not None
        and shown.entropy is not None
        and shown.digest in known
    ]


def _two_facts(facts: _Facts) -> Iterator[Fault]:
    """One public fact of which documents tell two texts: somebody chose."""
    told: dict[Entropy, str] = {}
    for column, entropy, text in facts:
        if told.setdefault(entropy, text) != text:
            yield Fault.of(
                "value-differs", column=column, expected=told[entropy], got=text
            )


def _closed_form(
    closed: ClosedDraw, announcement: Announcement, column: str
) -> Iterator[Fault]:
    """Everything in which a closed document cannot be of an announcement."""
    try:
        announcement.entropy.read(closed.entropy)
    except DsgkError as error:
        yield from faults_of(error).at(column=f"{column}.entropy")
    if announcement.seal is None:
        yield Fault.of("seal-none", column=column)
    size = sum(
        stratum.quota + min(stratum.quota, stratum.size - stratum.quota)
        for draw in announcement.draws
        for stratum in draw.strata
    )
    yield from value_faults(closed.outcome.size, size, f"{column}.outcome.size")


def _open_ends(
    chain: Mapping[int, Announcement],
    made: _Made,
    places: Mapping[int, int],
    day: dt.date,
) -> Iterator[Fault]:
    """Draws that were forgotten or made in spite of a redraw, and unopened seals."""
    redraws = {
        announcement.supersedes.digest: announcement
        for announcement in reversed([*chain.values()])  # the first of several
        if announcement.supersedes is not None and announcement.announced_on <= day
    }
    for announcement in chain.values():
        column = f"announcements[{places[id(announcement)]}]"
        is_made = announcement.digest in made
        redraw = redraws.get(announcement.digest)
        if redraw is not None:
            if is_made and redraw.announced_on < announcement.entropy.on:
                yield Fault.of(
                    "chain-superseded",
                    column=column,
                    number=redraw.number,
                    announced_on=redraw.announced_on,
                    on=announcement.entropy.on,
                )
            continue
        if not is_made and announcement.entropy.on < day:
            yield Fault.of("chain-idle", column=column, on=announcement.entropy.on)
        is_open = is_made and made[announcement.digest][1] is not None
        seal = announcement.seal
        if seal is not None and seal.open_by < day and not is_open:
            yield Fault.of("chain-unopened", column=column, open_by=seal.open_by)


_STAFFING_HINTS = {
    "fairness": "The problem asks for another one.",
    "min_officers": "The problem has other rules.",
    "avoid_home_areas": "The problem says otherwise.",
    "register": "The register is another one than that of the draw.",
    "tasks": "The tasks are others than those of the draw.",
    "teams": "The preset teams are others than those of the draw.",
    "chances": "Recusals, past visits or capacities give other chances.",
    "draw": "It is the digest of another draw of subjects.",
    "team": "Others were drawn.",
    "in_charge": "Another one is in charge.",
    "pool": "By this problem the place was open to others; whoever narrows a pool "
    "decides who comes.",
    "after": "Another one was drawn.",
}


def verify_assignment(
    record: AssignmentRecord | Mapping[str, Any],
    problem: StaffingProblem,
    *,
    draw: DrawRecord | None = None,
    digest: str | None = None,
    problems: Sequence[StaffingProblem] = (),
) -> tuple[Fault, ...]:
    """
    Recompute a record from what was drawn from.

    Args:
        record: A record, or the JSON document of one; whatever is wrong with
            a document is reported, not raised.
        problem: What was drawn from.
        draw: The record of the draw whose subjects are inspected, if it is at
            hand; without it the link to it is not verified.
        digest: [64 hex characters, or None] The digest of the statement as it was
            published *before* the draw.  Without it a record is shown to be
            true to its statement, and not that the statement came first.
        problems: The problem as it was at each redraw, in turn; for redraws
            without one, all is taken to be as it was at the draw.

    Returns:
        Every difference in the order of the format; empty when all is right.

    Raises:
        InvalidTypeError: An argument is of another type.
        InvalidValueError: *digest* is no digest.

    Examples:
        >>> import datetime as dt
        >>> from dsgk.assignments import Seat, StaffingTask
        >>> from dsgk.draws import Digits, Entropy
        >>> from dsgk.inspectors import Inspector, InspectorRegister
        >>> from dsgk.plans import ModeReason
        >>> problem = StaffingProblem(
        ...     [StaffingTask(id="T1", subject_id="S1", seats=[Seat(department="消防")])],
        ...     InspectorRegister(
        ...         Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ...     ),
        ... )
        >>> fact = Entropy("某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
        >>> stated = problem.chances(fact, reason=ModeReason.APPROVAL)
        >>> drawn = stated.draw(stated.key(["02071118"]))
        >>> document = AssignmentRecord.of(drawn, entropy=["02071118"]).to_dict()
        >>> verify_assignment(document, problem, digest=stated.digest)
        ()
        >>> document["tasks"][0]["team"][1] = "XF9"
        >>> [fault.path for fault in verify_assignment(document, problem)]
        ['digest', 'tasks[0].team[1]']
    """  # noqa: E501
    check_type(problem, StaffingProblem, name="problem")
    if draw is not None:
        check_type(draw, DrawRecord, name="draw")
    if digest is not None:
        take(digest, kind_of(Digest), name="digest")
    later = several(problems, StaffingProblem, name="problems")
    faults = Faults()
    read = _read(record, faults)
    if read is None:
        return tuple(faults)
    published = read.statement.digest
    if digest not in {None, published}:
        faults.add("not-announced", column="statement", expected=digest, got=published)
    if draw is not None:
        expected = digest_of(draw.to_dict())
        got = read.statement.draw
        faults += value_faults(got, expected, "statement.draw", _STAFFING_HINTS)
    statement = read.statement
    try:
        stated = problem.chances(
            statement.entropy,
            statement.seal,
            draw=statement.draw,  # type: ignore[arg-type]  # its digest will do
            reason=statement.reason,
        )
    except DsgkError as error:
        faults += faults_of(error).at(column="problem")
        return tuple(faults)
    faults += value_faults(
        plain_fields(statement),
        plain_fields(stated.statement),
        "statement",
        _STAFFING_HINTS,
    )
    drawn = staffed(stated.draw(read.key))
    faults += value_faults(
        [plain_fields(task) for task in read.tasks],
        [plain_fields(task) for task in drawn],
        "tasks",
        _STAFFING_HINTS,
    )
    faults += _redraw_faults(read, problem, later)
    return tuple(faults)


def _read(record: object, faults: Faults) -> AssignmentRecord | None:
    """Read a document as far as it can be read, and tell what is wrong with it."""
    if isinstance(record, AssignmentRecord):
        return record
    try:
        return AssignmentRecord.from_dict(record)  # type: ignore[arg-type]
    except DsgkError as error:
        found = faults_of(error)
        faults += found
    if isinstance(record, Mapping) and [f.path for f in found] == ["digest"]:
        with_digest = {n: entry for n, entry in record.items() if n != "digest"}
        return super(AssignmentRecord, AssignmentRecord).from_dict(with_digest)
    return None


def _redraw_faults(
    record: AssignmentRecord,
    problem: StaffingProblem,
    problems: tuple[StaffingProblem, ...],
) -> Iterator[Fault]:
    """Draw again; where it is not known what held, as if it were the draw."""
    if len(problems) > len(record.redraws):
        yield Fault.of(
            "redraws-missing",
            column="redraws",
            got=len(record.redraws),
            expected=len(problems),
        )
    for number, redraw in enumerate(record.redraws):
        before = attrs.evolve(record, redraws=record.redraws[:number])
        request = redraw.request
        path = f"redraws[{number}]"
        held = problem
        if number < len(problems):
            held = problems[number]
            yield from problem_faults(record, held)
        try:
            vacancy = Vacancy(held, before.standing, request.unit, request.officer)
            pool = vacancy.pool()
        except DsgkError as error:
            yield from faults_of(error).at(column=f"{path}.request")
            continue
        if request.pool != pool:
            yield from value_faults(
                list(request.pool), list(pool), f"{path}.request.pool", _STAFFING_HINTS
            )
            continue
        expected = vacancy.draw(request, redraw.entropy)
        yield from value_faults(
            plain_fields(redraw), plain_fields(expected), path, _STAFFING_HINTS
        )
