"""
Documents: canonical JSON, digests, shapes, and what differs between two.

A *shape* says what a document must look like: a dict with exactly these keys, a
list whose entries have one shape, or a function from a value and its path to
faults.  A path reads like ``draws[0].strata[1].cut``.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any

import attrs

from dsgk.errors import Fault, Faults, invalid, shown_key
from dsgk.fields import MOST, Kind, text_fault
from dsgk.identifiers import check_id, invisible, plain


__all__ = [
    "Digest",
    "Key",
    "Printed",
    "Secret",
    "Shape",
    "Unknown",
    "a_count",
    "a_digest",
    "a_float",
    "a_key",
    "a_share",
    "a_text",
    "an_id",
    "canonical_json",
    "digest_of",
    "hash_of",
    "optional",
    "shape_faults",
    "the_text",
    "value_faults",
]

Shape = Any
"""A dict of shapes, a list of one shape, or a function (value, path) -> faults."""

_HEX = {32: "32 lower-case hex characters", 64: "64 lower-case hex characters"}
_LOWER_HEX = re.compile("[0-9a-f]*")
_SHARE = re.compile("[0-9]{1,40}(/0*[1-9][0-9]{0,40})?")


@attrs.frozen
class Hexadecimal(Kind):
    """Lower-case hex digits, *length* of them."""

    length: int

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        """Take the digits; reject any other spelling."""
        if (
            isinstance(given, str)
            and len(given) == self.length
            and _LOWER_HEX.fullmatch(given)
        ):
            return plain(given)
        raise invalid("text-form", name="value", expected=_HEX[self.length], got=given)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the digits."""
        return {"type": "string", "pattern": f"^[0-9a-f]{{{self.length}}}$"}


@attrs.frozen
class _Print(Kind):
    """A text that the public reads and hashes, so every character must be visible."""

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        fault = text_fault(given, name="value")
        if fault is not None:
            raise fault.error()
        if not given.strip():
            raise invalid("text-empty", name="value", got=given)
        visible = "".join(c for c in given if invisible(c) is None).strip()
        if visible != given:
            raise invalid(
                "text-unseen", name="value", got=given, instead=visible or None
            )
        return plain(given)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


Digest = Annotated[str, Hexadecimal(64)]
"""SHA-256 of something, in lower-case hex."""
Key = Annotated[str, Hexadecimal(32)]
"""The key of a draw or of a roll, or a salt: 32 lower-case hex digits."""
Secret = Annotated[str, Hexadecimal(64)]
"""What a seal commits to: 64 lower-case hex digits."""
Printed = Annotated[str, _Print()]
"""A text that is not blank, without padding and invisible characters."""


def canonical_json(document: Mapping[str, Any], /) -> bytes:
    r"""
    Write a document in the canonical form of RFC 8785.

    Args:
        document: Plain JSON values with ASCII keys, no floats, integers below
            2**53, texts without lone surrogates.  Within these limits the
            standard library writes that form: it escapes the same characters
            in the same way, and ASCII keys have one order.

    Examples:
        >>> canonical_json({"b": "\u20ac\n", "a": [1, None]}).decode()
        '{"a":[1,null],"b":"€\\n"}'
    """
    text = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def digest_of(document: Mapping[str, Any], /) -> str:
    """SHA-256 of a document in canonical form, in lower-case hex (摘要)."""
    return hash_of([canonical_json(document)])


def hash_of(pieces: Iterable[bytes | str], /) -> str:
    """SHA-256 of a text in pieces, encoded as UTF-8, in lower-case hex."""
    state = hashlib.sha256()
    for piece in pieces:
        state.update(piece.encode() if isinstance(piece, str) else piece)
    return state.hexdigest()


def shape_faults(value: object, shape: Shape, path: str = "") -> list[Fault]:
    """
    Tell where *value* does not have a shape.

    Args:
        value: Anything, such as JSON read from a file.
        shape: As explained in the module.
        path: Where the value stands in its document.

    Returns:
        Faults in the order of the shape, with the path as `Fault.column`.
    """
    if callable(shape):
        return list(shape(value, path))
    if isinstance(shape, Mapping):
        faults = _mapping_faults(value, shape, path)
        if not isinstance(value, Mapping):
            return faults
        for key, inner in shape.items():
            if key in value:
                faults += shape_faults(value[key], inner, _join(path, key))
        return faults
    if not isinstance(value, list):
        return [_type_fault(path, "a list", value)]
    return [
        fault
        for at, entry in enumerate(value)
        for fault in shape_faults(entry, shape[0], f"{path}[{at}]")
    ]


@attrs.frozen
class Unknown:
    """Stands in an expected document for a value of which only the shape is known."""

    shape: Shape


def value_faults(
    value: object,
    expected: object,
    path: str = "",
    hints: Mapping[str, str] | None = None,
) -> Iterator[Fault]:
    """
    Tell where *value* differs from the *expected* document.

    Args:
        value: Anything.
        expected: Plain JSON values, and `Unknown`.
        path: Where the value stands in its document.
        hints: What a wrong value means, by its key.

    Yields:
        Faults in the order of the expected document.
    """
    if isinstance(expected, Unknown):
        yield from shape_faults(value, expected.shape, path)
    elif isinstance(expected, Mapping):
        yield from _mapping_faults(value, expected, path)
        if isinstance(value, Mapping):
            for key, inner in expected.items():
                if key in value:
                    yield from value_faults(value[key], inner, _join(path, key), hints)
    elif isinstance(expected, list):
        yield from _list_faults(value, expected, path, hints)
    elif type(value) is not type(expected) or value != expected:
        name = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
        hint = (hints or {}).get(name, "")
        yield _fault("value-differs", path, expected, value, hint=hint or None)


def _list_faults(
    value: object, expected: list[Any], path: str, hints: Mapping[str, str] | None
) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield _type_fault(path, "a list", value)
        return
    for at, (entry, inner) in enumerate(zip(value, expected, strict=False)):
        yield from value_faults(entry, inner, f"{path}[{at}]", hints)
    for at in range(len(value), len(expected)):
        yield _fault("entry-missing", f"{path}[{at}]", expected[at], None)
    for at in range(len(expected), len(value)):
        yield _fault("entry-unknown", f"{path}[{at}]", None, value[at])


def _mapping_faults(
    value: object, expected: Mapping[str, Any], path: str
) -> list[Fault]:
    if not isinstance(value, Mapping):
        return [_type_fault(path, "an object with keys", value)]
    faults = [
        _fault("key-missing", _join(path, key), key, None)
        for key in expected
        if key not in value
    ]
    for key in value:
        if key not in expected:
            place = _join(path, shown_key(key))
            faults.append(_fault("key-unknown", place, None, value[key]))
    return faults


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _fault(
    code: str,
    path: str,
    expected: object,
    got: object,
    **more: Any,  # noqa: ANN401
) -> Fault:
    name, place = path or "the document", path or None
    return Fault.of(code, column=place, name=name, expected=expected, got=got, **more)


def _type_fault(path: str, expected: str, got: object) -> Fault:
    return _fault("type-differs", path, expected, got)


# -- shapes of single values -------------------------------------------------


def optional(shape: Shape, /) -> Shape:
    """Make a shape that null has as well."""
    return lambda value, path: [] if value is None else shape_faults(value, shape, path)


def the_text(expected: str, /) -> Shape:
    """Make the shape of a single text."""
    return lambda value, path: list(value_faults(value, expected, path))


def _read_by(read: Callable[[Any], Any]) -> Shape:
    """Make the shape of what a function reads without an error."""

    def check(value: object, path: str) -> Faults:
        """Tell what keeps the value from being read."""
        faults = Faults()
        with faults.catch(path):
            read(value)
        return faults

    return check


a_digest = _read_by(Hexadecimal(64).convert)
a_key = _read_by(Hexadecimal(32).convert)
an_id = _read_by(check_id)
"""The shape of an id or of the name of a stratum."""


def anything(value: object, path: str) -> list[Fault]:  # noqa: ARG001
    """Let pass what is read by its own class."""
    return []


def a_text(value: object, path: str) -> list[Fault]:
    """Check that *value* is a text that is not blank and can be hashed."""
    if not isinstance(value, str):
        return [_type_fault(path, "a text", value)]
    if not value.strip():
        return [Fault.of("text-empty", column=path, got=value)]
    fault = text_fault(value, name=path)
    return [] if fault is None else [fault.at(column=path)]


def a_count(value: object, path: str) -> list[Fault]:
    """Check that *value* is a whole number that every reader of JSON keeps exactly."""
    if isinstance(value, bool) or not isinstance(value, int):
        return [_type_fault(path, "a whole number", value)]
    if not 0 <= value <= MOST:
        code = "count-range" if value < 0 else "count-most"
        return [Fault.of(code, column=path, got=value, least=0, most=MOST)]
    return []


def a_float(value: object, path: str) -> list[Fault]:
    """Check that *value* is the shortest decimal of a binary64 number."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, str) and math.isfinite(number) and value == repr(number):
        return []
    return [_fault("float-form", path, "a decimal", value)]


def a_share(value: object, path: str) -> list[Fault]:
    """Check that *value* is a fraction in lowest terms, such as ``"2/37"``."""
    if (
        isinstance(value, str)
        and _SHARE.fullmatch(value)
        and value == str(Fraction(value))
    ):
        return []
    return [_fault("share-form", path, "a fraction", value)]
