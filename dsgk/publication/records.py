"""What the public reads under the name of a subject (归集公示)."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import attrs
import numpy as np

from dsgk.documents import a_day, a_text, an_id, shape_faults, the_text
from dsgk.errors import Fault, InvalidInput
from dsgk.fields import check_day, check_type
from dsgk.identifiers import credit_code_faults
from dsgk.ledger import Ledger, Origin
from dsgk.publication.values import Channel, Exemption, read_channels
from dsgk.results import ResultCode
from dsgk.sources import article, cites


__all__ = ["PublicRecord", "PublicRecords", "PublicResult", "public_records"]

PUBLIC_FORMAT = "dsgk-public-results/1"
"""Name of the form of a public record."""

_SHAPE = {
    "format": the_text(PUBLIC_FORMAT),
    "subject_id": an_id,
    "channels": [a_text],
    "results": [
        {
            "item": a_text,
            "department": a_text,
            "kind": a_text,
            "inspected_on": a_day,
            "results": [a_text],
        }
    ],
}
_CHANNELS = (Channel.NATIONAL, Channel.CREDIT_CHINA, Channel.CITY)
_IDENTITY_NUMBER = re.compile(
    r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
)
_WEIGHTS = [pow(2, 17 - k, 11) for k in range(17)]


class PublicResult(NamedTuple):
    """
    One check as the public reads it.

    Attributes:
        item: What was inspected.
        department: Who inspected: the department, no person.
        kind: Random check or special campaign, in Chinese.
        inspected_on: Day on which the check was completed.
        results: The results, in the words of the closed list.
    """

    item: str
    department: str
    kind: str
    inspected_on: dt.date
    results: tuple[str, ...]


@cites(article(26))
@attrs.frozen(kw_only=True)
class PublicRecord:
    """
    The results of one subject, gathered under its name (归集到市场主体名下).

    It holds what the law names and nothing else: no inspector, no complaint,
    no class of risk or credit, no word of what was found beyond the result.

    Attributes:
        subject_id: The subject.
        results: By day, department and item.
        channels: Where it is public.

    Cites:
        District Opinion, Art. 26 (抽查检查结果归集到相关市场主体名下).
    """

    subject_id: str
    results: tuple[PublicResult, ...]
    channels: tuple[Channel, ...] = _CHANNELS

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "format": PUBLIC_FORMAT,
            "subject_id": self.subject_id,
            "channels": [channel.label for channel in self.channels],
            "results": [
                {
                    "item": result.item,
                    "department": result.department,
                    "kind": result.kind,
                    "inspected_on": result.inspected_on.isoformat(),
                    "results": list(result.results),
                }
                for result in self.results
            ],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, or faulty
                values: all at once.
        """
        faults = shape_faults(document, _SHAPE)
        if not faults:
            texts = [*document["channels"]]
            known = {channel.label for channel in Channel}
            faults = [
                _unknown("channel-unknown", "channels", t)
                for t in texts
                if t not in known
            ]
            labels = {code.label for code in ResultCode}
            faults += [
                _unknown("result-unknown", "results", text)
                for result in document["results"]
                for text in result["results"]
                if text not in labels
            ]
        if faults:
            what = "public record"
            raise InvalidInput.of(what, faults)
        return cls(
            subject_id=document["subject_id"],
            channels=tuple(Channel.read(text) for text in document["channels"]),
            results=tuple(
                PublicResult(
                    item=result["item"],
                    department=result["department"],
                    kind=result["kind"],
                    inspected_on=dt.date.fromisoformat(result["inspected_on"]),
                    results=tuple(result["results"]),
                )
                for result in document["results"]
            ),
        )


def _unknown(code: str, column: str, text: str) -> Fault:
    msg = f"{column!r} must be of the closed list (got {text!r})."
    return Fault.told(code, msg, column=column, params={"text": text})


@attrs.frozen(kw_only=True)
class PublicRecords:
    """
    Everything that a ledger makes public.

    Attributes:
        records: One for each subject, by id.
        withheld: How many results are not made public, by reason and basis.
    """

    records: tuple[PublicRecord, ...]
    withheld: tuple[tuple[Exemption, int], ...]


@cites(article(3), article(26))
def public_records(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    channels: Iterable[Channel | str] = _CHANNELS,
) -> PublicRecords:
    """
    Gather what is to be public under each subject (检查结果公示).

    Results of checks that were completed by a day, of draws and campaigns;
    what leads found is handled by law and is not part of it (Art. 16).

    Args:
        ledger: The ledger.
        on: The day.
        channels: Where it will be public.

    Returns:
        The records, and how many results are withheld for which reason.

    Raises:
        InvalidTypeError: *on* is no date, *ledger* none, or *channels* none.
        InvalidInput: A result or an exemption is of no closed list, or the
            id of a subject is the number of an identity card: all faults at
            once, with their rows.

    Cites:
        District Opinion, Art. 3 (检查结果向社会公开) and 26.
    """
    check_type(ledger, Ledger, name="ledger")
    where = read_channels(channels)
    day = np.datetime64(check_day(on, name="on"), "D")
    rows = np.flatnonzero(
        (ledger.days["completed_on"] <= day)
        & (ledger.classes["results"].codes >= 0)
        & ~ledger.matches(origin={Origin.LEAD})
    )
    labels, faults = _labels(ledger, rows.tolist())
    withheld: Counter[Exemption] = Counter()
    subjects: dict[str, list[PublicResult]] = {}
    for row in rows.tolist():
        check = ledger[row]
        if check.exemption is not None:
            try:
                withheld[Exemption.read(check.exemption)] += 1
            except ValueError as error:
                faults.append(Fault.told("exemption-unknown", str(error), row=row))
            continue
        subjects.setdefault(check.subject_id, []).append(
            PublicResult(
                item=check.item,
                department=check.department,
                kind=check.origin.label,
                inspected_on=check.completed_on or on,
                results=tuple(labels.get(code, code) for code in check.results),
            )
        )
    faults += _personal_faults(ledger, rows.tolist(), list(subjects))
    if faults:
        what = "ledger"
        raise InvalidInput.of(what, sorted(faults, key=lambda f: f.row or 0))
    return PublicRecords(
        records=tuple(
            PublicRecord(
                subject_id=subject_id,
                results=tuple(sorted(subjects[subject_id], key=_order)),
                channels=where,
            )
            for subject_id in sorted(subjects)
        ),
        withheld=tuple(sorted(withheld.items(), key=lambda pair: pair[0].text)),
    )


def _order(result: PublicResult) -> tuple[Any, ...]:
    return result.inspected_on, result.department, result.item, result.results


def _labels(ledger: Ledger, rows: Sequence[int]) -> tuple[dict[str, str], list[Fault]]:
    """Chinese words of the results, and faults for rows with unknown ones."""
    labels = {code.code: code.label for code in ResultCode}
    column = ledger.classes["results"]
    faults = []
    for row in rows:
        unknown = [code for code in column.cell(row) or () if code not in labels]
        if unknown:
            msg = (
                f"'results' must be of the closed list (got {unknown!r}). "
                "Write codes of ResultCode."
            )
            faults.append(
                Fault.told(
                    "result-unknown",
                    msg,
                    row=row,
                    column="results",
                    params={"codes": unknown},
                )
            )
    return labels, faults


def _personal_faults(
    ledger: Ledger, rows: Sequence[int], subjects: Sequence[str]
) -> list[Fault]:
    """Rows whose subject would be public by the number of an identity card."""
    personal = {text for text in subjects if _is_identity_number(text)}
    if not personal:
        return []
    column = ledger.classes["subject_id"]
    msg = (
        "'subject_id' must not be the number of an identity card, which may not be "
        "public (got one). Give the subject its credit code, or an id of its own."
    )
    return [
        Fault.told(
            "identity-number", msg, row=row, column="subject_id", provision=_ART_26
        )
        for row in rows
        if column.cell(row) in personal
    ]


_ART_26 = str(article(26))


def _is_identity_number(text: str) -> bool:
    """Whether a text is the number of an identity card and no credit code."""
    if not _IDENTITY_NUMBER.fullmatch(text):
        return False
    total = sum(int(c) * w for c, w in zip(text, _WEIGHTS, strict=False))
    return text[-1] == "10X98765432"[total % 11] and bool(credit_code_faults([text]))
