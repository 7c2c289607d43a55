"""Why a subject was drawn or not, in a short Chinese table (抽取说明)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from dsgk.draws._rolls import frame_of
from dsgk.draws._selection import Draw, read_quotas
from dsgk.errors import invalid
from dsgk.fields import check_type
from dsgk.frames import Frame
from dsgk.identifiers import check_id
from dsgk.kernels.tickets import ticket_of
from dsgk.tiers import ExclusionReason, FramePlan


_HEAD = ("抽取事项", "名册", "抽中概率", "签号", "分界签号", "结果")
_SHORT = 8


@attrs.frozen(kw_only=True)
class Explanation:
    """
    Where one subject stood in one draw (抽取说明).

    Attributes:
        draw: Name of the draw.
        id: The subject.
        stratum: Its stratum; None if it could not be drawn.
        reasons: Why it was left out, if it was.
        weight: Its weight, in a draw with weights.
        chance: Its chance of being drawn; with weights, the one that the draw
            aims at; None if it could not be drawn.
        ticket: [64 hex digits] Its ticket, once there is a key.
        cut: The cut of its stratum; None if none was drawn by order.
        drawn: Whether it was drawn; None before the draw or if it could not be.
        place: [int >= 1] Its place among those drawn.
        reserve: [int >= 1] Its place among the reserves.
    """

    draw: str
    id: str
    stratum: str | None = None
    reasons: tuple[ExclusionReason, ...] = ()
    weight: int | None = None
    chance: Fraction | None = None
    ticket: str | None = None
    cut: str | None = None
    drawn: bool | None = None
    place: int | None = None
    reserve: int | None = None

    @property
    def registered(self) -> bool:
        """Whether the subject is on the roll."""
        return self.stratum is not None or bool(self.reasons)

    @property
    def cells(self) -> tuple[str, ...]:
        """Draw, roll, chance, ticket, cut and result, as a table shows them."""
        if self.reasons:
            told = "、".join(f"{r.label}（{r.provision.number}）" for r in self.reasons)
            return (self.draw, f"不列入：{told}", "—", "—", "—", "不能抽中")
        if self.stratum is None:
            return (self.draw, "不在名册", "—", "—", "—", "不能抽中")
        result = "尚未抽取"
        if self.drawn is not None:
            result = f"抽中，第{self.place}位" if self.drawn else "未抽中"
            if self.reserve is not None:
                result = f"候补第{self.reserve}位"
        return (
            self.draw,
            self.stratum,
            str(self.chance),
            _cut(self.ticket),
            _cut(self.cut),
            result,
        )

    def __str__(self) -> str:
        """Return the table of this draw alone."""
        return str(Explanations(id=self.id, draws=(self,)))


def _cut(text: str | None) -> str:
    if text is None:
        return "—"
    return text if len(text) <= 2 * _SHORT else f"{text[:_SHORT]}…"


@attrs.frozen(kw_only=True)
class Explanations:
    """
    Where one subject stood in the draws of a round.

    Attributes:
        id: The subject.
        draws: One explanation for each draw, in their order.
    """

    id: str
    draws: tuple[Explanation, ...]

    def __str__(self) -> str:
        """Return a short table in Chinese."""
        rows = [_HEAD, *(one.cells for one in self.draws)]
        return "\n".join([f"检查对象 {self.id}", *(" | ".join(row) for row in rows)])


def explain(
    subject_id: str,
    /,
    plan: FramePlan | Frame,
    *,
    name: str,
    quotas: Mapping[str, int] | None = None,
    draw: Draw | None = None,
) -> Explanation:
    """
    Explain why a subject was drawn or not (抽取说明).

    Args:
        subject_id: The subject, registered or not.
        plan: Who could be drawn, and who was left out.
        name: Name of the draw.
        quotas: Quotas of the strata; by default those of the plan or the draw.
        draw: The draw, once it was made.

    Examples:
        >>> from dsgk.draws import draw_subjects
        >>> frame = Frame(["S1", "S2", "S3"], ["A", "A", "B"])
        >>> draw = draw_subjects(frame, {"A": 1, "B": 1}, key="0" * 32)
        >>> print(explain("S1", frame, name="示例事项", draw=draw))
        检查对象 S1
        抽取事项 | 名册 | 抽中概率 | 签号 | 分界签号 | 结果
        示例事项 | A | 1/2 | d31465f4… | d31465f4… | 抽中，第1位
    """
    text = check_id(subject_id)
    name = check_id(name, name="name")
    frame = frame_of(plan, name="plan")
    about = Explanation(draw=name, id=text)
    if text not in frame.ids:
        reasons: Iterable[ExclusionReason] = ()
        if isinstance(plan, FramePlan) and text in plan.exclusions.ids:
            reasons = plan.exclusions[plan.exclusions.ids.index(text)].reasons
        return attrs.evolve(about, reasons=tuple(reasons))
    row = frame.ids.index(text)
    stratum = frame.names[frame.codes[row]]
    weight = None if frame.weights is None else int(frame.weights[row])
    about = attrs.evolve(about, stratum=stratum, weight=weight)
    if draw is None:
        if quotas is None and isinstance(plan, FramePlan):
            quotas = plan.quotas
        if quotas is None or weight is not None:
            return about
        numbers, faults = read_quotas(frame.sizes, quotas)
        faults.raise_any("quotas")
        return attrs.evolve(
            about, chance=Fraction(numbers[stratum], frame.sizes[stratum])
        )
    check_type(draw, Draw, name="draw")
    if stratum not in draw.strata:
        known = ", ".join(draw.strata)
        raise invalid("not-in-list", name="draw", got=stratum, known=known)
    drawn = draw.strata[stratum]
    spare = drawn.published_reserves
    is_drawn = text in drawn.selected
    return attrs.evolve(
        about,
        chance=drawn.chance if weight is None else drawn.target_chance(weight),
        ticket=ticket_of(text, draw.key),
        cut=drawn.cut,
        drawn=is_drawn,
        place=drawn.selected.index(text) + 1 if is_drawn else None,
        reserve=spare.index(text) + 1 if text in spare else None,
    )
