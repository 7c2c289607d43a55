"""Digests, documents, draws, chances and seeded results are what they were."""

import datetime as dt
import hashlib
import json
from fractions import Fraction
from pathlib import Path

import attrs
import golden.lines
import numpy as np
import pytest
from drawing import plans_of

import dsgk
from dsgk import fairness, publication, simulate
from dsgk.assignments import PastVisit, RedrawReason
from dsgk.ledger import LedgerRow
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Conference,
    Frequency,
    Mode,
    ModeReason,
    PlannedItem,
    ProposalReason,
    Raise,
)


DAY = dt.date(2026, 3, 25)
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
VECTORS = Path(__file__).resolve().parents[1] / "vectors"
HALF = Fraction(1, 2)


def leaves(value, path=""):
    """Lines of a document: one for each value that holds no other."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield f"{path} = {plain(value)}"


def plain(value):
    """A value as text: exact numbers as they are, floats to twelve digits."""
    if isinstance(value, float | np.floating):
        return f"{value:.12g}"
    if isinstance(value, Fraction | dt.date):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def subjects(**changes):
    columns = {
        "id": ["91120225MA00000007", "S1", "S2", "河边夜市3号摊"],
        "kind": ["餐饮", None, "宾馆", "餐饮"],
        "area": ["上仓镇", "下营镇", None, "上仓镇"],
        "risk": ["高", "低", "低", None],
        "credit": ["A", "B", "D", None],
        "on_promise": [True, False, None, None],
        "status": ["存续", "注销", "在业", "歇业"],
        "last_inspected_on": ["2025-03-04", None, "2024-12-31", None],
        "visits_this_year": [0, 1, 2, None],
        "industry": ["食品", "食品", None, "零售"],
        "staff": [3, 5, None, 0],
        **changes,
    }
    return dsgk.SubjectRegister.from_columns(**columns)


def officers():
    return dsgk.InspectorRegister([
        dsgk.Inspector(id="P1", department="市场监管", skills={"食品"}, capacity=2),
        dsgk.Inspector(id="P2", department="市场监管", home_areas={"上仓镇"}),
        dsgk.Inspector(id="P3", department="市场监管", certified=False),
        dsgk.Inspector(id="P4", department="市场监管", capacity=4),
        dsgk.Inspector(id="P5", department="市场监管"),
        dsgk.Inspector(id="P6", department="消防"),
        dsgk.Inspector(id="P7", department="消防"),
        dsgk.Inspector(id="P8", department="消防", skills={"特种设备"}, is_expert=True),
    ])  # fmt: skip


def ledger():
    row = {"entry": "1", "drawn_on": DAY, "due": dt.date(2026, 6, 30)}
    row |= {"item": "价格检查", "department": "市场监管"}
    done = {**row, "completed_on": dt.date(2026, 4, 1), "stratum": "A"}
    secret = publication.Exemption("商业秘密").text
    rows = [
        {"subject_id": "S1", "results": ["no-problem"], **done},
        {"subject_id": "S1", **row, "entry": "2", "department": "消防"},
        {"subject_id": "S2", "results": ["corrected", "pending"], **done},
        {"subject_id": "S3", "results": ["no-problem"], "exemption": secret, **done},
    ]
    return dsgk.Ledger.of(
        LedgerRow(task_id=f"T{one['subject_id']}", **one) for one in rows
    )


def drawn_records():
    """The record of every vector of a draw."""
    for path in sorted(VECTORS.glob("draw-*.json")):
        vector = json.loads(path.read_text("utf-8"))
        plans = plans_of(vector)
        record = dsgk.conduct(
            dsgk.Announcement.from_dict(json.loads(vector["canonical"])),
            plans,
            roll_key=vector["roll_key"],
            entropy=vector["values"],
            secret=vector["secret"],
        )
        yield path.stem, record, {name: plan.frame for name, plan in plans.items()}


def staffing():
    """Tasks of every kind, and what keeps officers from them."""
    two = dsgk.Seat(department="市场监管", count=2)
    lift = dsgk.Seat(department="消防", count=1, skills={"特种设备"}, expert=True)
    tasks = [
        dsgk.StaffingTask(id="T1", subject_id="S1", seats=[two], area="上仓镇"),
        dsgk.StaffingTask(id="T2", subject_id="S2", seats=[two, lift], lead="市场监管"),
        dsgk.StaffingTask(
            id="T3", subject_id="S3", seats=[two, dsgk.Seat(department="消防", count=2)]
        ),
    ]
    kin = dsgk.RecusalReason.KINSHIP
    bars = {
        "recusals": [dsgk.Recusal(inspector_id="P4", subject_id="S1", reason=kin)],
        "history": [
            PastVisit(inspector_id="P5", subject_id="S3", on=dt.date(2025, 9, 1))
        ],
        "avoid_home_areas": True,
    }
    return tasks, bars


def assigned():
    tasks, bars = staffing()
    problem = dsgk.StaffingProblem(tasks, officers(), **bars)
    digits = [dsgk.Digits("号码", 8)]
    fact, later = (
        dsgk.Entropy("公开号码", DAY + dt.timedelta(week), digits) for week in (7, 14)
    )
    stated = problem.chances(fact, reason=ModeReason.APPROVAL)
    drawn = stated.draw(stated.key(["02071118"]))
    record = dsgk.AssignmentRecord.of(drawn, entropy=["02071118"])
    request = record.request_redraw(
        "T3",
        record.teams["T3"][0],
        problem=problem,
        reason=RedrawReason.UNAVAILABLE,
        announced_on=DAY + dt.timedelta(13),
        entropy=later,
    )
    return drawn, record.redraw(request, problem=problem, entropy=["30180511"])


def plan():
    market, fire = "市场监管局", "消防救援大队"
    spring = Batch(dt.date(2026, 3, 1), dt.date(2026, 6, 30), HALF)
    autumn = Batch(dt.date(2026, 9, 1), dt.date(2026, 11, 30), HALF)
    item = PlannedItem("甲检查", department=fire, category="类", object="店")
    entry = dsgk.PlanEntry(
        id="1",
        title="餐饮抽查",
        items=[item],
        object="餐饮服务单位",
        subjects={"kind": {"餐饮", None}, "on_promise": {True}, "size": {1, 2}},
        ratio=dsgk.Ratio.between("3%", "5%"),
        frequency=Frequency.at_least(2),
        batches=[spring, autumn],
        methods={dsgk.Method.ON_SITE},
        lead=market,
        cooperating=[fire],
        territories={fire: {"上仓镇", "下营镇"}},
        by_agency=True,
        level="区级",
        mode=Mode.SUBJECTS_ONLY,
        mode_reason=ModeReason.FEW_INSPECTORS,
        proposed_for={ProposalReason.RISK},
        note="备注",
    )
    more = {"items": ["乙检查"], "subjects": {"kind": {"宾馆"}}, "lead": fire}
    return dsgk.Plan(
        year=2026,
        issuer=market,
        entries=[
            entry,
            dsgk.PlanEntry(id="2", ratio=dsgk.Ratio.exactly("10%"), **more),
        ],
        conference=Conference(convener=market, members={market, fire}),
        adopted_on=dt.date(2026, 3, 2),
        amendments=[
            Amendment(
                number=1,
                on=dt.date(2026, 5, 6),
                reason=next(iter(AmendmentReason)),
                grounds="投诉集中",
                raises=[Raise(entry="2", ratio=dsgk.Ratio.at_least("20%"))],
            )
        ],
    )


def digests():
    for name in [
        "kind",
        "on_promise",
        "status",
        "last_inspected_on",
        "industry",
        "staff",
    ]:
        given = {name: ["x"] if name in {"kind", "industry"} else [None]}
        one = dsgk.SubjectRegister.from_columns(id=["S1"], **given)
        yield f"register with {name}", one.digest
    yield "register of nobody", dsgk.SubjectRegister.from_columns(id=[]).digest
    yield "register of ids", dsgk.SubjectRegister.from_columns(id=["S2", "S1"]).digest
    yield "register", subjects().digest
    yield "register, another value", subjects(staff=[3, 5, None, 1]).digest
    yield "inspectors", officers().digest
    yield "inspectors, none", dsgk.InspectorRegister([]).digest
    yield "ledger", ledger().digest
    yield "ledger, empty", dsgk.Ledger.of([]).digest
    yield "frame", dsgk.Frame(["S2", "S1"], ["A", "B"]).digest
    yield "frame with weights", dsgk.Frame(["S2", "S1"], ["A", "A"], [3, 1]).digest
    for name, record, frames in drawn_records():
        yield f"{name}, announcement", record.announcement.digest
        yield f"{name}, key", record.key
        yield from ((f"{name}, {frame}", one.digest) for frame, one in frames.items())
    drawn, _ = assigned()
    yield "stated chances", drawn.stated.digest
    yield "stated chances, key", drawn.key
    for path in sorted(VECTORS.glob("*.json")):
        content = json.dumps(json.loads(path.read_text("utf-8")), sort_keys=True)
        yield f"vectors of {path.stem}", hashlib.sha256(content.encode()).hexdigest()


def documents():
    _, changed = assigned()
    shown = {
        "title": "2026年度抽查计划",
        "published_on": DAY,
        "channels": ["政府网站"],
    }
    yield "plan", plan().to_dict()
    # Territories have Chinese keys, which the canonical form refuses today.
    document = attrs.evolve(plan(), entries=plan().entries[1:]).to_dict()
    published = publication.Publication.of("年度抽查计划", document, **shown)
    yield "publication", published.to_dict()
    for one in publication.public_records(ledger(), on=dt.date(2026, 5, 1)).records:
        yield f"public record of {one.subject_id}", one.to_dict()
    for name, record, _ in drawn_records():
        yield name, record.to_dict()
    yield "assignment record", changed.to_dict()
    yield "frame", dsgk.Frame(["S2", "S1"], ["A", "A"], [3, 1]).to_columns()
    yield "subjects", subjects().to_columns()
    yield "ledger", ledger().to_columns()


def draws():
    for vector, record, frames in drawn_records():
        for name, draw in record.draws.items():
            for stratum, part in draw.strata.items():
                place = f"{vector}, {name}, {stratum}"
                yield f"{place}: selected", ", ".join(part.selected)
                yield f"{place}: cut", part.cut
                if frames[name].weights is None:
                    yield f"{place}: chance", part.chance
                yield f"{place}: reserves", ", ".join(part.reserves(3))
    drawn, changed = assigned()
    for task, team in drawn.teams.items():
        yield f"{task}: team", ", ".join(seated.inspector_id for seated in team)
        for who, chance in sorted(drawn.chances(task).items()):
            yield f"{task}: chance of {who}", chance
    yield "loads", ", ".join(f"{k} {n}" for k, n in sorted(drawn.loads.items()))
    yield "redrawn", changed.redraws[0].after
    yield "redrawn out of", ", ".join(changed.redraws[0].request.pool)


def policy():
    rules = [("D", "100%"), ("C", "30%"), ("B", "10%"), ("A", "5%")]
    return dsgk.TierPolicy(
        dsgk.TierRule(name, ratio=dsgk.Ratio.exactly(ratio), when={"credit": {name}})
        for name, ratio in rules
    )


def simulated():
    firms = dsgk.SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(60)], credit=list("AAABBC" * 9 + "ABCDDA")
    )
    programmes = [
        simulate.Programme("消防", policy()),
        simulate.Programme("市场", policy(), times=2),
    ]
    moves = simulate.Movement("credit", {"A": {"B": 0.25}, "B": {"A": Fraction(1, 10)}})
    scenario = simulate.Scenario(
        programmes,
        movement=moves,
        turnover=simulate.Turnover(closing=HALF / 5, opening=4),
    )
    year = {"on": dt.date(2026, 1, 1), "years": 3, "replicates": 20, "rng": 7}
    run = simulate.simulate_policy(firms, scenario, **year)
    for name in [
        "coverage",
        "detection",
        "gaps",
        "visit_gaps",
        "burden",
        "visits",
        "workload",
    ]:
        columns = getattr(run, name)().to_columns()
        yield from ((f"run.{name}", line) for line in table(columns))
    yield from (("run", line) for line in table(run.to_columns()))
    frame = dsgk.Frame([f"S{k}" for k in range(12)], list("ABAB" * 3))
    many = simulate.draw_many(frame, {"A": 2, "B": 1}, draws=200, rng=3)
    yield "draw_many", " ".join(map(str, many.tolist()))
    rows = simulate.draw_rows(frame, {"A": 2, "B": 1}, draws=6, rng=3)
    yield "draw_rows", np.asarray(rows).tolist()
    fifth = Fraction(1, 5)
    yield "chance_never_inspected", simulate.chance_never_inspected(fifth, 3)
    yield "chance_seen", simulate.chance_seen(fifth, 5, sensitivity=HALF, rest=2)
    yield "rounds_to_see", simulate.rounds_to_see(fifth, confidence=Fraction(19, 20))
    yield "expected_gap", simulate.expected_gap(fifth, rest=2)
    yield "expected_visits", simulate.expected_visits([fifth, HALF], coordinated=True)
    yield (
        "expected_visits, apart",
        simulate.expected_visits([fifth, HALF], coordinated=False),
    )
    chances = {"A": fifth, "B": HALF}
    checks = simulate.expected_checks(chances, moves, 3)
    yield "expected_checks", checks


def table(columns):
    """A line for each row of plain columns."""
    for cells in zip(*columns.values(), strict=True):
        yield " ".join(plain(cell) for cell in cells)


def examined():
    frame = dsgk.Frame([f"S{n}" for n in range(12)], ["A"] * 8 + ["B"] * 4)
    outcomes = [
        dsgk.draw_subjects(frame, {"A": 2, "B": 1}, key=f"{n:032x}") for n in range(9)
    ]
    yield "draws", fairness.examine_draws(frame, outcomes, rng=1, repetitions=199)
    pool = [f"P{n}" for n in range(6)]
    picks = [
        fairness.Pick(
            subject_id=f"S{n}",
            pool=pool,
            chosen=[pool[n % 6], pool[n * n % 5]] if n % 6 != n * n % 5 else pool[:2],
        )
        for n in range(24)
    ]
    towns = {f"S{n}": "上仓镇" if n % 2 else "下营镇" for n in range(24)}
    yield "picks", fairness.examine_picks(picks, rng=1, groups=towns, repetitions=199)
    drawn, _ = assigned()
    recusals = staffing()[1]["recusals"]
    for pick in fairness.picks_of(drawn, officers(), recusals=recusals):
        yield f"pick {pick.subject_id}", [sorted(pick.pool), sorted(pick.chosen)]


CASES = {
    "digests": lambda: (f"{name} = {value}" for name, value in digests()),
    "documents": lambda: (
        f"{name}: {line}" for name, one in documents() for line in leaves(one)
    ),
    "draws": lambda: (f"{name} = {value}" for name, value in draws()),
}
SEEDED = {
    "simulate": lambda: (f"{name} = {plain(value)}" for name, value in simulated()),
    "fairness": lambda: (
        f"{name}: {line}"
        for name, report in examined()
        for line in leaves(attrs.asdict(report) if attrs.has(type(report)) else report)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_are_as_recorded(name, request):
    """Exact everywhere, so that they are the same everywhere."""
    lines = list(CASES[name]())
    more = name == "digests"
    golden.lines.hold(request.config, f"values/{name}.txt", lines, more=more)


@pytest.mark.parametrize("name", SEEDED)
def test_seeded_results_are_as_recorded(name, request):
    """NumPy promises a stream of random numbers for one version only."""
    golden.lines.hold(
        request.config,
        f"values/{name}.txt",
        list(SEEDED[name]()),
        version=np.__version__,
    )
