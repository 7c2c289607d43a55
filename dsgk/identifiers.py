"""
Ids and names: which texts may be hashed, and what to write instead.

An id is hashed byte for byte into a ticket, so two spellings of one firm
would be two firms.  A faulty spelling is rejected, with the text to use
instead; it is never repaired silently (``docs/reference/draw-format.md``,
section 1).
"""

import re
import string
import unicodedata
from array import array
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from dsgk.errors import (
    Fault,
    Faults,
    InvalidTypeError,
    InvalidValueError,
    Later,
    invalid,
)
from dsgk.sources import GB_32100, cites


__all__ = [
    "MAX_ID_LENGTH",
    "check_credit_code",
    "check_id",
    "check_label",
    "credit_code_faults",
    "duplicates",
    "id_faults",
    "invisible",
    "is_nothing",
    "latin_grade",
    "normal_id",
    "plain",
]

MAX_ID_LENGTH = 128
MAX_LABEL_LENGTH = 10_000  # a published list has an item of 1272 characters
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What almost every id and label is made of: visible, and in every normal form.
_EVERYDAY = re.compile(f"[0-9A-Za-z\u4e00-\u9fef]{{1,{MAX_ID_LENGTH}}}")
_IGNORABLE = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
)  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode 17, beyond the refused categories."""
_BLANK = (0x1680, 0x2800, 0x13441, 0x13442, 0x16FE4, 0x1D159)
"""Letters, marks and symbols that fonts draw as nothing or as a gap."""
_UNSEEN = frozenset(
    map(chr, [*_BLANK, *(c for a, b in _IGNORABLE for c in range(a, b + 1))])
)
_LONGEST_READ = 8 * MAX_ID_LENGTH
_MOST_MARKS = 30  # in a row, as in the stream-safe texts of UAX 15
_CHUNK = 1 << 15
_FULL_WIDTH = {ord(c) + 0xFEE0: c for c in string.ascii_letters + string.digits}
_WIDE = re.compile(f"[{''.join(map(chr, _FULL_WIDTH))}]")

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOKALIKES = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0405\u0406\u0408\u0410\u0412\u0415\u0417\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425",
    "ABE2H1KMN0PTYX51JABE3KMH0PCTYX",
)
"""Greek and Cyrillic capitals, and what they look like in a credit code."""
_LETTERS = {
    ord(strange): letter
    for strange, letter in zip(
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
        "\u0405\u0406\u0408\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425",
        "ABEZHIKMNOPTYXSIJABEKMHOPCTX",
        strict=True,
    )
}
"""The same as letters, for the class of a subject."""
_LONGEST_GRADE = 6
_GRADE = re.compile(r"[A-Z]{1,3}[+-]?(?:[级类等]|[级类]别)?")
_WRITTEN_FOR_NOTHING = frozenset(
    {
        *("nan", "none", "null", "nil", "nat", "na", "n/a", "<na>", "#n/a", "#null!"),
        *("#ref!", "#value!", "#name?", "#num!", "#div/0!"),
        *("-", "--", "\u2013", "—", "——", "/", "\\"),
    }
)
"""What programs and clerks write into a cell that holds nothing, in lower case."""
_NO_IDS = frozenset({"id-type", "id-empty", "id-nothing"})
_WORDS_FOR_NOTHING = frozenset({"无", "暂无", "空", "(无)", "（无）"})
_LONGEST_NOTHING = max(map(len, _WRITTEN_FOR_NOTHING))
_STRANGE = frozenset(map(chr, _LOOKALIKES))
_CODE_LENGTH = 18
_CODE_MODULUS = 31
_CODE_DISTRICT = slice(2, 8)
_CODE_VALUES = np.full(128, -1, dtype=np.int32)
_CODE_VALUES[[ord(c) for c in _CODE_ALPHABET]] = np.arange(_CODE_MODULUS)
_CODE_POWERS = np.array(
    [pow(3, i, _CODE_MODULUS) for i in range(_CODE_LENGTH - 1)], dtype=np.int32
)


def is_nothing(text: str, /, *, words: bool = True) -> bool:
    """
    Whether a text only says that a cell holds nothing, such as nan, NULL or 无.

    Args:
        text: The text of a cell.
        words: Whether 无 counts; it is an answer where a cell says what
            somebody has.

    Examples:
        >>> is_nothing("#N/A"), is_nothing("无"), is_nothing("无", words=False)
        (True, True, False)
    """
    if not isinstance(text, str):
        raise invalid("id-type", name="text", got=text)
    if len(text) > _LONGEST_NOTHING:
        return False
    folded = text.casefold()
    return folded in _WRITTEN_FOR_NOTHING or (
        words is True and folded in _WORDS_FOR_NOTHING
    )


def invisible(text: str, /) -> str | None:
    """
    Find the first invisible character of a text, None if there is none.

    Invisible are control, format, surrogate, private-use and unassigned
    characters, line and paragraph separators, whatever else Unicode lets a font
    ignore (Default_Ignorable_Code_Point), and blanks other than the space.

    Examples:
        >>> invisible("S1\ufe0f"), invisible("设备 002")
        ('\ufe0f', None)
    """
    if not isinstance(text, str):
        raise invalid("id-type", name="text", got=text)
    if text.isascii() and text.isprintable():
        return None
    unseen = _unseen_in(text)
    return next((c for c in text if c in unseen), None) if unseen else None


def _unseen_in(text: str) -> set[str]:
    """The invisible characters of a text."""
    return {character for character in set(text) if _is_unseen(character)}


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character) in _REFUSED


def _seen(text: str) -> str:
    unseen = _unseen_in(text)
    return "".join(c for c in text if c not in unseen) if unseen else text


def _has_many_marks(text: str) -> bool:
    """Whether so many marks follow each other that normalising would be slow."""
    marks = {character for character in set(text) if unicodedata.combining(character)}
    run = 0
    for character in text if marks else "":
        run = run + 1 if character in marks else 0
        if run > _MOST_MARKS:
            return True
    return False


def normal_id(text: str, /) -> str:
    """
    Turn a text into a valid id, if it can be one.

    Brings it to normal form (NFKC), removes invisible characters and white
    space at both ends, and replaces letters of another script in a credit code
    by those that they look like.  For hosts that decide to repair their ids:
    the library itself never changes an id before it hashes it.

    Raises:
        InvalidValueError: Nothing is left, or more than 128 code points.

    Examples:
        >>> normal_id(" ９１110000600037341Ｌ")
        '91110000600037341L'
    """
    if not isinstance(text, str):
        raise invalid("id-type", name="id", got=text)
    before = None
    normal = text.strip()
    while normal != before:  # without a character its neighbours may compose
        before = normal
        normal = _seen(normal)
        if len(normal) > _LONGEST_READ:
            break  # normalising would be slow
        normal = unicodedata.normalize("NFKC", normal).strip()
    normal = _code_of(normal) or normal
    if not 1 <= len(normal) <= MAX_ID_LENGTH:
        raise invalid(
            "id-length", name="id", text=text, length=len(normal), most=MAX_ID_LENGTH
        )
    return normal


def check_id(text: str, /, *, name: str = "id") -> str:
    """
    Return *text* if it is a valid id (标识).

    A valid id has 1 to 128 code points, is in NFKC form, has no white space at
    its ends and no `invisible` character, and is no credit code with letters
    of another script.

    Args:
        text: The text.
        name: What the message calls it.

    Returns:
        The text; of a subclass of str, such as an enum of texts, its `plain`
        text.

    Raises:
        InvalidValueError: *text* is not valid; the message gives the text to
            use instead.

    Examples:
        >>> check_id("91110000600037341L")
        '91110000600037341L'
        >>> check_id("S1 ")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'id' must not begin or end with white space (got 'S1 '). Write 'S1' instead.
    """  # noqa: E501
    if type(text) is str and _EVERYDAY.fullmatch(text):
        return text
    error = _id_error(text, name)
    if error is not None:
        raise error
    return plain(text)


def _id_error(text: object, name: str) -> InvalidValueError | InvalidTypeError | None:
    code, params = _broken_rule(text)
    if not code:
        return None
    if isinstance(text, str):
        params |= {"text": text, "instead": Later(partial(_valid_id, text))}
    return invalid(code, name=name, **params)


def _valid_id(text: str) -> str | None:
    try:
        return normal_id(text)
    except InvalidValueError:
        return None


def plain(text: str, /) -> str:
    """
    Return the bare text of a subclass of str.

    ``str()`` and f-strings show a member of an enum of texts by its name.

    Examples:
        >>> import enum
        >>> Kind = enum.Enum("Kind", {"SHOP": "药店"}, type=str)
        >>> str(Kind.SHOP), plain(Kind.SHOP)
        ('Kind.SHOP', '药店')
    """
    if not isinstance(text, str):
        raise invalid("id-type", name="text", got=text)
    return str.__str__(text)


def _listed_rule(text: object, words: bool) -> str:  # noqa: FBT001
    """The code of the first rule that a text in a list of ids breaks."""
    if isinstance(text, str) and is_nothing(text, words=words):
        return "id-nothing"
    return _broken_rule(text)[0]


def _broken_rule(text: object) -> tuple[str, dict[str, object]]:  # noqa: PLR0911
    """The code of the first rule that a text breaks, and values of its sentence."""
    if not isinstance(text, str):
        return "id-type", {"got": text}
    if not text:
        return "id-empty", {"most": MAX_ID_LENGTH}
    if text != text.strip():
        return "id-padded", {}
    unseen = invisible(text)
    if unseen is not None:
        return "id-character", {"character": f"U+{ord(unseen):04X}"}
    if len(text) <= _LONGEST_READ and not unicodedata.is_normalized("NFKC", text):
        return "id-form", {}
    if len(text) > MAX_ID_LENGTH:
        return "id-length", {"length": len(text), "most": MAX_ID_LENGTH}
    if _code_of(text):
        strange = next(c for c in text if c in _STRANGE)
        return "id-lookalike", {"character": f"U+{ord(strange):04X}"}
    return "", {}


def _code_of(text: str) -> str | None:
    """The credit code that a text imitates with letters of another script."""
    if len(text) != _CODE_LENGTH or text.isascii():
        return None
    code = text.translate(_LOOKALIKES)
    return code if set(code) <= set(_CODE_ALPHABET) else None


def check_label(text: str, /, *, name: str = "label") -> str:
    """
    Return *text* if it can name a class, such as a kind or an area (分类标签).

    A valid label has 1 to 10,000 code points in NFC form, no white space at its
    ends, no invisible character and no full-width letter or digit: two spellings
    of one class would be two classes.  Full-width punctuation is ordinary
    Chinese and stays.

    Raises:
        InvalidValueError: *text* is not valid; the message gives the text to
            use instead.

    Examples:
        >>> check_label("有限责任公司（国有独资）")
        '有限责任公司（国有独资）'
        >>> check_label("Ａ级", name="credit")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'credit' must have no white space at its ends, no invisible characters and no full-width letters or digits (got 'Ａ级'). Write 'A级' instead.
    """  # noqa: E501
    if type(text) is str and _EVERYDAY.fullmatch(text):
        return text
    if not isinstance(text, str):
        raise invalid("id-type", name=name, got=text)
    if len(text) > MAX_LABEL_LENGTH:
        most, length = MAX_LABEL_LENGTH, len(text)
        raise invalid("label-length", name=name, text=text, length=length, most=most)
    if not _is_label(text):
        instead = Later(partial(_valid_label, text))
        raise invalid("label-form", name=name, text=text, instead=instead)
    return plain(text)


def _is_label(text: str) -> bool:
    return (
        text == text.strip() != ""
        and not _WIDE.search(text)
        and invisible(text) is None
        and not _has_many_marks(text)
        and unicodedata.is_normalized("NFC", text)
    )


def _valid_label(text: str) -> str | None:
    before = None
    while text != before:  # without a character its neighbours may compose
        before = text
        text = _seen(text).translate(_FULL_WIDTH)
        if _has_many_marks(text):
            return None
        text = unicodedata.normalize("NFC", text).strip()
    return text or None


def latin_grade(text: str, /) -> str | None:
    """
    The class of subjects that a text looks like, where letters are of another script.

    Examples:
        >>> latin_grade("\u0410级"), latin_grade("A级"), latin_grade("МИР")
        ('A级', None, None)
    """
    if not isinstance(text, str):
        raise invalid("id-type", name="text", got=text)
    if len(text) > _LONGEST_GRADE or text.isascii() or _STRANGE.isdisjoint(text):
        return None
    grade = text.translate(_LETTERS)
    return grade if _GRADE.fullmatch(grade) else None


def _check_column(ids: object, name: str) -> None:
    is_array = isinstance(ids, np.ndarray) and ids.ndim == 1
    if isinstance(ids, (str, bytes)) or not (is_array or isinstance(ids, Sequence)):
        raise invalid("column-type", name=name, type=type(ids).__name__)


def id_faults(ids: Sequence[str], /, *, name: str = "id", words: bool = True) -> Faults:
    """
    Every fault of a column of ids: invalid ones by row, then repeats.

    What only says that a cell holds nothing (`is_nothing`) is no id in a list:
    whoever made texts of a table's empty cells would have a firm called nan.
    Without *words* 无 is one, such as that of a stratum.
    """
    _check_column(ids, name)
    rows: dict[str, array[int]] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        if _all_valid(chunk, words):
            continue
        for row, text in enumerate(chunk, start):
            code = _listed_rule(text, words)
            if code:
                rows.setdefault(code, array("q")).append(row)

    def broken(row: int) -> Fault:
        error = _id_error(ids[row], name)
        if error is None:
            return Fault.of("id-nothing", row=row, column=name, text=ids[row])
        return error.fault.at(row=row, column=name)

    faults = Faults()
    for numbers in rows.values():
        faults.add_rows(np.frombuffer(numbers, np.int64), broken, column=name)
    repeats = _repeats(ids, rows)
    faults.add_rows(
        repeats,
        "id-duplicate",
        column=name,
        text=ids.__getitem__,
        first=repeats.__getitem__,
    )
    return faults


def _has_nothing(ids: Sequence[str], lengths: set[int], words: bool) -> bool:  # noqa: FBT001
    told = partial(is_nothing, words=words)
    return min(lengths) <= _LONGEST_NOTHING and any(map(told, ids))


def _repeats(ids: Sequence[str], faulty: dict[str, "array[int]"]) -> dict[int, int]:
    """The first row of each row that repeats an id, those that have none apart."""
    none = {row for code in _NO_IDS & faulty.keys() for row in faulty[code]}
    if not none:
        return dict(duplicates(ids))
    kept = [row for row in range(len(ids)) if row not in none]
    pairs = duplicates([ids[row] for row in kept])
    return {kept[row]: kept[first] for row, first in pairs}


def _all_valid(ids: Sequence[str], words: bool) -> bool:  # noqa: FBT001
    """Whether all ids of a chunk are valid, without checking them one by one."""
    try:
        joined = "".join(ids)
    except TypeError:
        return False
    lengths = set(map(len, ids))
    is_outside = min(lengths) < 1 or max(lengths) > MAX_ID_LENGTH
    if is_outside or _has_nothing(ids, lengths, words):
        return False
    if not joined.isascii():
        # A line feed composes with nothing: the joined text is in normal form
        # only if every id is.
        if not unicodedata.is_normalized("NFKC", "\n".join(ids)):
            return False
        letters = set(joined)
        if any(map(_is_unseen, letters)) or not _STRANGE.isdisjoint(letters):
            return False
    elif not joined.isprintable():
        return False
    return joined.split() == [joined] or all(text == text.strip() for text in ids)


def duplicates(ids: Sequence[str], /) -> list[tuple[int, int]]:
    """
    Find the rows that repeat an earlier id.

    Sorting hashes takes a fifth of the memory of a set of a million ids.

    Returns:
        Pairs of (row of the repeat, row of its first occurrence), by row.
    """
    _check_column(ids, "ids")
    hashes = np.fromiter(map(hash, ids), dtype=np.int64, count=len(ids))
    ordered = np.sort(hashes)
    suspects = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(suspects):
        return []
    first: dict[str, int] = {}
    repeats: list[tuple[int, int]] = []
    for row in np.flatnonzero(np.isin(hashes, suspects)).tolist():
        seen = first.setdefault(ids[row], row)
        if seen != row:
            repeats.append((row, seen))
    return repeats


@cites(GB_32100)
def check_credit_code(text: str, /, *, name: str = "id") -> str:
    """
    Return *text* if it is a unified social credit code (统一社会信用代码).

    A code has 18 digits and capital letters without I, O, S, V and Z.  The third
    to the eighth are digits, the number of the district that registered it.
    The last is a check character: the values, multiplied by the powers of 3
    modulo 31, add up to a multiple of 31 (section 5).

    Raises:
        InvalidValueError: *text* is no valid id, or no such code.

    Examples:
        >>> check_credit_code("91110000600037341L")
        '91110000600037341L'
    """
    code = check_id(text, name=name)
    credit_code_faults([code], name=name).raise_any()
    return code


@cites(GB_32100)
def credit_code_faults(ids: Sequence[str], /, *, name: str = "id") -> Faults:
    """Every fault of a column of texts that should be social credit codes."""
    _check_column(ids, name)
    fits = np.zeros(len(ids), dtype=bool)
    check = np.zeros(len(ids), dtype=np.int32)
    right = np.zeros(len(ids), dtype=bool)
    for start in range(0, len(ids), _CHUNK):
        rows = slice(start, start + _CHUNK)
        fits[rows], check[rows], right[rows] = _checked_codes(ids[rows])
    faults = Faults()
    text = ids.__getitem__
    wrong, wanted = np.flatnonzero(fits & ~right), lambda k: _CODE_ALPHABET[check[k]]
    faults.add_rows(wrong, "credit-code-check", column=name, text=text, check=wanted)
    wrong, length = np.flatnonzero(~fits), _CODE_LENGTH
    faults.add_rows(wrong, "credit-code-form", column=name, text=text, length=length)
    return faults


def _checked_codes(
    ids: Sequence[object],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Which ids have the form of a code, their check values, and which are codes."""
    texts = [
        text
        if isinstance(text, str) and len(text) == _CODE_LENGTH and text.isascii()
        else ""
        for text in ids
    ]
    none = "0" * _CODE_LENGTH
    joined = "".join(text or none for text in texts)
    digits = _CODE_VALUES[np.frombuffer(joined.encode(), np.uint8)]
    digits = digits.reshape(-1, _CODE_LENGTH)
    fits = np.array([*map(bool, texts)]) & (digits >= 0).all(axis=1)
    fits &= (digits[:, _CODE_DISTRICT] < len(string.digits)).all(axis=1)
    check: npt.NDArray[np.int32] = -(digits[:, :-1] @ _CODE_POWERS) % _CODE_MODULUS
    return fits, check, fits & (check == digits[:, -1])
