"""Plans as plain JSON values, and back: exact, and nothing unknown is let in."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.fields import read_day
from dsgk.items import Method
from dsgk.plans.amendments import Amendment, AmendmentReason, Raise
from dsgk.plans.entries import (
    Mode,
    ModeReason,
    PlanEntry,
    PlannedItem,
    ProposalReason,
)
from dsgk.plans.frequencies import Frequency
from dsgk.plans.times import Batch
from dsgk.tiers import Ratio


__all__ = ["FORMAT", "Reader", "amendment_dict", "entry_dict", "iso"]

FORMAT = "dsgk-plan/1"

_T = TypeVar("_T")
_ERRORS = (InvalidTypeError, InvalidValueError)


# -- out ---------------------------------------------------------------------


def _batch_dict(batch: Batch) -> dict[str, str]:
    return {
        "first": batch.first.isoformat(),
        "last": batch.last.isoformat(),
        "part": str(batch.part),
    }


def _selection_dict(entry: PlanEntry) -> dict[str, list[Any]]:
    def plain(value: object) -> Any:  # noqa: ANN401
        return getattr(value, "value", value)

    return {
        field: sorted(map(plain, values), key=lambda v: (type(v).__name__, v))
        for field, values in sorted(entry.subjects.items())
    }


def entry_dict(entry: PlanEntry, /) -> dict[str, Any]:
    """
    Give an entry as plain JSON values.

    Args:
        entry: The entry.
    """
    return {
        "id": entry.id,
        "title": entry.title,
        "items": [attrs.asdict(item) for item in entry.items],
        "object": entry.object,
        "subjects": _selection_dict(entry),
        "ratio": str(entry.ratio),
        "frequency": entry.frequency and str(entry.frequency),
        "focus": entry.focus,
        "methods": sorted(method.value for method in entry.methods),
        "by_agency": entry.by_agency,
        "batches": [_batch_dict(batch) for batch in entry.batches],
        "level": entry.level,
        "mode": entry.mode.code,
        "mode_reason": entry.mode_reason and entry.mode_reason.code,
        "lead": entry.lead,
        "cooperating": list(entry.cooperating),
        "territories": {
            name: sorted(areas) for name, areas in sorted(entry.territories.items())
        },
        "proposed_for": sorted(reason.code for reason in entry.proposed_for),
        "note": entry.note,
    }


def amendment_dict(amendment: Amendment, /) -> dict[str, Any]:
    """
    Give an amendment as plain JSON values.

    Args:
        amendment: The amendment.
    """
    return {
        "number": amendment.number,
        "on": amendment.on.isoformat(),
        "reason": amendment.reason.code,
        "grounds": amendment.grounds,
        "raises": [
            {
                "entry": one.entry,
                "ratio": one.ratio and str(one.ratio),
                "frequency": one.frequency and str(one.frequency),
                "batches": [_batch_dict(batch) for batch in one.batches],
            }
            for one in amendment.raises
        ],
    }


# -- in ----------------------------------------------------------------------


class Reader:
    """
    Reads a document and keeps every fault with its path.

    A reading method returns what it read, or None after it has kept a fault;
    `finish` raises all of them.

    Args:
        what: What errors call the document.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.faults: list[Fault] = []

    def finish(self) -> None:
        """Raise what was found, if anything was."""
        if self.faults:
            raise InvalidInput.of(self.what, self.faults)

    def keep(self, message: str, *, code: str, path: str, got: object) -> None:
        """Keep one fault."""
        self.faults.append(
            Fault.told(
                code, message, column=path, params={"path": path, "got": shown(got)}
            )
        )

    def mapping(
        self, value: object, path: str, keys: tuple[str, ...]
    ) -> Mapping[str, Any] | None:
        """Read an object of exactly these keys."""
        if not isinstance(value, Mapping):
            msg = f"must be an object with keys (got {type(value).__name__!r})."
            self.keep(msg, code="type-differs", path=path, got=value)
            return None
        missing = [key for key in keys if key not in value]
        unknown = [key for key in value if key not in keys]
        for key in missing:
            msg = "must be there (got nothing)."
            self.keep(msg, code="key-missing", path=_join(path, key), got=None)
        for key in unknown:
            msg = "must not be there. It may be of another format."
            place = _join(path, str(key))
            self.keep(msg, code="key-unknown", path=place, got=value[key])
        return None if missing or unknown else value

    def each(self, value: object, path: str) -> Iterator[tuple[Any, str]]:
        """Go through a list with the path of each place."""
        if not isinstance(value, list):
            msg = f"must be a list (got {type(value).__name__!r})."
            self.keep(msg, code="type-differs", path=path, got=value)
            return
        for k, cell in enumerate(value):
            yield cell, f"{path}[{k}]"

    def made(self, path: str, make: Callable[[Any], _T], value: object) -> _T | None:
        """Make of *value* what has rules of its own, which may refuse it."""
        try:
            return make(value)
        except _ERRORS as error:
            self.faults.append(error.fault.at(column=path))
            return None

    def optional(
        self, path: str, make: Callable[[Any], _T], value: object
    ) -> _T | None:
        """Make a value that may be null."""
        return None if value is None else self.made(path, make, value)

    def several(self, path: str, make: Callable[[Any], _T], value: object) -> list[_T]:
        """Make a list of values, without those that were refused."""
        made = [self.made(place, make, cell) for cell, place in self.each(value, path)]
        return [one for one in made if one is not None]

    # -- parts of a plan -------------------------------------------------

    def objects(
        self,
        path: str,
        make: Callable[[Any], _T],
        value: object,
        keys: tuple[str, ...],
    ) -> list[_T]:
        """Make a list of objects of the same keys."""
        made = []
        for cell, place in self.each(value, path):
            named = self.mapping(cell, place, keys)
            if named is not None:
                made.append(self.made(place, make, named))
        return [one for one in made if one is not None]

    def entry(self, value: object, path: str) -> PlanEntry | None:
        """Read one entry."""
        told = len(self.faults)
        keys = self.mapping(value, path, _ENTRY)
        if keys is None:
            return None
        fields = dict(keys)
        for name, make, names in _OBJECTS:
            fields[name] = self.objects(f"{path}.{name}", make, keys[name], names)
        for name, read in _LISTS.items():
            fields[name] = self.several(f"{path}.{name}", read, keys[name])
        for name, read in _SINGLE.items():
            fields[name] = self.made(f"{path}.{name}", read, keys[name])
        for name, read in _OPTIONAL.items():
            fields[name] = self.optional(f"{path}.{name}", read, keys[name])
        if len(self.faults) > told:
            return None
        return self.made(path, _entry, fields)

    def amendment(self, value: object, path: str) -> Amendment | None:
        """Read one amendment."""
        told = len(self.faults)
        keys = self.mapping(value, path, _AMENDMENT)
        if keys is None:
            return None
        raises = []
        for cell, place in self.each(keys["raises"], f"{path}.raises"):
            named = self.mapping(cell, place, _RAISE)
            if named is None:
                continue
            fields = dict(named)
            fields["batches"] = self.objects(
                f"{place}.batches", _batch, named["batches"], _BATCH
            )
            for name in ("ratio", "frequency"):
                read = _READ[name]
                fields[name] = self.optional(f"{place}.{name}", read, named[name])
            if len(self.faults) == told:
                raises.append(self.made(place, _raise, fields))
        fields = dict(keys)
        fields["raises"] = raises
        fields["on"] = self.made(f"{path}.on", _day, keys["on"])
        fields["reason"] = self.made(
            f"{path}.reason", AmendmentReason.read, keys["reason"]
        )
        if len(self.faults) > told:
            return None
        return self.made(path, _amended, fields)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _day(cell: object) -> dt.date:
    return read_day(cell, name="day")


def _batch(keys: Mapping[str, Any]) -> Batch:
    return Batch(_day(keys["first"]), _day(keys["last"]), _part(keys["part"]))


def _part(cell: object) -> Fraction:
    """Read a fraction as `str` writes it, and in no other way."""
    if isinstance(cell, str) and _PART.fullmatch(cell) and str(Fraction(cell)) == cell:
        return Fraction(cell)
    msg = f"'part' must be a fraction in lowest terms, as text (got {shown(cell)})."
    raise InvalidValueError(msg, code="share-form", params={"got": shown(cell)})


def _item(keys: Mapping[str, Any]) -> PlannedItem:
    return PlannedItem(keys["name"], **{key: keys[key] for key in _ITEM[1:]})


def _entry(fields: Mapping[str, Any]) -> PlanEntry:
    return PlanEntry(**fields)


def _raise(fields: Mapping[str, Any]) -> Raise:
    return Raise(**fields)


def _amended(fields: Mapping[str, Any]) -> Amendment:
    return Amendment(**fields)


def _method(value: object) -> Method:
    try:
        return Method(value)
    except ValueError:
        msg = (
            f"'methods' must be 'on site', 'written' or 'online' (got {shown(value)}). "
            "Write one of these."
        )
        raise InvalidValueError(
            msg, code="method-unknown", params={"got": shown(value)}
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"must be a text (got {shown(value)}). Write the name of a department."
        raise InvalidTypeError(
            msg, code="plan-type", params={"type": type(value).__name__}
        )
    return value


_PART = re.compile("[0-9]{1,40}(/0*[1-9][0-9]{0,40})?")
_ENTRY = tuple(field.name for field in attrs.fields(PlanEntry))
_ITEM = tuple(field.name for field in attrs.fields(PlannedItem))
_BATCH = tuple(field.name for field in attrs.fields(Batch))
_RAISE = tuple(field.name for field in attrs.fields(Raise))
_AMENDMENT = tuple(field.name for field in attrs.fields(Amendment))
_OBJECTS: tuple[tuple[str, Callable[[Any], Any], tuple[str, ...]], ...] = (
    ("items", _item, _ITEM),
    ("batches", _batch, _BATCH),
)
_LISTS: dict[str, Callable[[Any], Any]] = {
    "methods": _method,
    "cooperating": _text,
    "proposed_for": ProposalReason.read,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "ratio": Ratio.parse,
    "frequency": Frequency.parse,
}
_SINGLE: dict[str, Callable[[Any], Any]] = {"ratio": Ratio.parse, "mode": Mode.read}
_OPTIONAL: dict[str, Callable[[Any], Any]] = {
    "frequency": Frequency.parse,
    "mode_reason": ModeReason.read,
}


def iso(day: dt.date | None, /) -> str | None:
    """Write a day that may not be known."""
    return None if day is None else day.isoformat()
