"""
The roll: every registered subject, in a stratum or left out (名册).

Its root is announced, so that a receipt can show one line of it and nothing
about the other subjects (``docs/reference/draw-format.md``, section 4).
"""

import bisect
import functools
import itertools
import operator
from collections.abc import Iterator
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.documents import Key, hash_of
from dsgk.errors import invalid
from dsgk.fields import Id, check_count, check_type, kind_of, take
from dsgk.frames import Frame
from dsgk.kernels.merkle import BLOCK, inner_of, join, path_of, salt_of, salted_leaves
from dsgk.kernels.tickets import by_bytes
from dsgk.tiers import FramePlan


_KEY = kind_of(Key)
_NAME = kind_of(Id)
_CHUNK = 1 << 13


def frame_of(given: object, /, *, name: str) -> Frame:
    """Take the frame from a frame plan or a frame; reject anything else."""
    if isinstance(given, FramePlan):
        return given.frame
    if not isinstance(given, Frame):
        raise invalid(
            "argument-type",
            name=name,
            type="FramePlan",
            got=given,
            got_type=type(given).__name__,
            instead="policy.frame(register, on=…) or Frame(ids, strata)",
        )
    return given


def _lines_of(ids: list[bytes], states: list[str]) -> bytes:
    tails = {state: f"\t{state}\n".encode() for state in set(states)}
    return b"".join(map(operator.add, ids, map(tails.__getitem__, states)))


@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Roll:
    """
    Every registered subject of a draw, with its state (名册).

    Made by `of`.  It shows who is left out, so keep it like the register; its
    root, digest and size are published.

    Attributes:
        name: Name of the draw.
        key: [32 hex digits] The salt.
        frame: Who can be drawn.
    """

    name: str
    key: str
    frame: Frame
    _ids: tuple[str, ...]
    _codes: npt.NDArray[np.int32]
    _states: tuple[str, ...]
    _order: npt.NDArray[np.int32]
    _packed: npt.NDArray[np.bytes_] | None

    @classmethod
    def of(cls, plan: FramePlan | Frame, /, *, name: str, key: str) -> Self:
        r"""
        Make the roll of a draw.

        Args:
            plan: Frame and exclusions, or a frame if nobody is left out.
            name: Name of the draw.
            key: [32 lower-case hex digits] The host makes it at random for one
                announcement, whose draws share it: in Python
                ``secrets.token_hex(16)``.

        Raises:
            InvalidValueError: *name* or *key* is not valid.
            InvalidTypeError: *plan* is something else.
            InvalidInput: Subjects are both in the frame and left out.

        Examples:
            >>> roll = Roll.of(Frame(["S1"], ["A"]), name="示例", key="0" * 32)
            >>> len(roll), "S1" in roll, roll.state_of("S1")
            (1, True, 'in\tA')
        """
        frame = frame_of(plan, name="plan")
        codes, states = frame.codes, [f"in\t{name}" for name in frame.names]
        if isinstance(plan, FramePlan):
            ids, order, packed = plan.ordered
            reasons = plan.exclusions.to_columns()["reason"]
            place = {r: len(states) + k for k, r in enumerate(sorted(set(reasons)))}
            more = np.fromiter(map(place.__getitem__, reasons), np.int32, len(reasons))
            codes = np.concatenate([codes, more])
            states += [f"out\t{reason}" for reason in place]
        else:
            ids, (order, packed) = frame.ids, by_bytes(frame.ids)
        roll = cls.__new__(cls)
        roll.__attrs_init__(
            take(name, _NAME, name="name"),
            take(key, _KEY, name="roll_key"),
            frame,
            ids,
            codes,
            tuple(states),
            order,
            packed,
        )
        return roll

    def __len__(self) -> int:
        """Number of subjects."""
        return len(self._ids)

    def __contains__(self, subject_id: object) -> bool:
        """Whether a subject is on the roll."""
        return isinstance(subject_id, str) and self.row_of(subject_id) is not None

    def __eq__(self, other: object) -> bool:
        """Whether both have the same subjects, states, name and key."""
        if not isinstance(other, Roll):
            return NotImplemented
        return (self.name, self.digest) == (other.name, other.digest)

    def __hash__(self) -> int:
        """Equal rolls have equal hashes."""
        return hash((self.name, self.digest))

    def __repr__(self) -> str:
        """Sizes instead of rows, and no key."""
        return (
            f"<Roll of {self.name!r}, {len(self)} subjects, left out {self.excluded}>"
        )

    @property
    def excluded(self) -> dict[str, int]:
        """How many are left out, by the code of the reason, in its order."""
        first = len(self.frame.names)
        counts = np.bincount(self._codes, minlength=len(self._states))[first:].tolist()
        reasons = [state.split("\t")[1] for state in self._states[first:]]
        return dict(zip(reasons, counts, strict=True))

    @property
    def canonical(self) -> bytes:
        """The file ``roll.tsv``, sorted: a line for each subject, id TAB state."""
        return b"".join(self._lines())

    def _lines(self) -> Iterator[bytes]:
        for ids, states in self._rows(_CHUNK):
            yield _lines_of(ids, states)

    @property
    def published(self) -> bytes:
        """
        What the issuer may publish: one line for each subject, id TAB inner hash.

        `dsgk.verify_roll` compares them with an announcement; the states stay
        hidden.
        """
        prefix = self._prefix
        return b"".join(
            b"%b\t%b\n"
            % (text, inner_of(salt_of(prefix, text.decode()), state).encode())
            for ids, states in self._rows(_CHUNK)
            for text, state in zip(ids, states, strict=True)
        )

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of its key and its lines, for a shell (摘要)."""
        return hash_of(itertools.chain([self._head], self._lines()))

    @functools.cached_property
    def root(self) -> str:
        """Root of the tree of all subjects, in hex (根)."""
        return join(self._blocks).hex()

    @functools.cached_property
    def _blocks(self) -> list[bytes]:
        """Roots of blocks of leaves; of a million hashes only these are kept."""
        prefix = self._prefix
        roots = []

        def lines() -> Iterator[bytes | str]:
            yield self._head
            for ids, states in self._rows(BLOCK):
                roots.append(join(salted_leaves(ids, states, prefix)))
                yield _lines_of(ids, states)

        # Root and digest are needed together: the rows are fetched once.
        vars(self)["digest"] = hash_of(lines())
        return roots

    @property
    def _head(self) -> str:
        return f"dsgk-roll:{self.key}\n"

    @property
    def _prefix(self) -> str:
        return f"{self.key}\t{self.name}\t"

    def _rows(self, size: int) -> Iterator[tuple[list[bytes], list[str]]]:
        """Ids and states in pieces, in the order of the leaves."""
        for start in range(0, len(self), size):
            yield self._piece(start, start + size)

    def _piece(self, start: int, end: int) -> tuple[list[bytes], list[str]]:
        rows = self._order[start:end]
        ids: list[bytes] = (
            [self._ids[row].encode() for row in rows.tolist()]
            if self._packed is None
            else self._packed[start:end].tolist()
        )
        states = list(map(self._states.__getitem__, self._codes[rows].tolist()))
        if self.frame.weights is not None:
            weights = self.frame.weights
            states = [
                f"{state}\t{weights[row]}" if row < len(weights) else state
                for state, row in zip(states, rows.tolist(), strict=True)
            ]
        return ids, states

    def place_of(self, subject_id: str, /) -> int:
        """How many subjects come before an id: its index, if it is on the roll."""
        check_type(subject_id, str, name="id")
        return bisect.bisect_left(
            range(len(self)), subject_id, key=lambda at: self._ids[self._order[at]]
        )

    def row_of(self, subject_id: str, /) -> int | None:
        """Index of a subject; None if it is not on the roll."""
        index = self.place_of(subject_id)
        is_here = index < len(self) and self._ids[self._order[index]] == subject_id
        return index if is_here else None

    def state_of(self, subject_id: str, /) -> str | None:
        """State of a subject, such as ``in TAB A``; None if it is not on the roll."""
        index = self.row_of(subject_id)
        return None if index is None else self._piece(index, index + 1)[1][0]

    def leaf_at(self, index: int, /) -> tuple[str, str, str]:
        """Id, state and salt of the leaf at an index."""
        index = check_count(index, name="index", most=len(self) - 1)
        _, (state,) = self._piece(index, index + 1)
        text = self._ids[self._order[index]]
        return text, state, salt_of(self._prefix, text)

    def path_at(self, index: int, /) -> tuple[str, ...]:
        """Path from the leaf at an index to the root, in hex."""
        index = check_count(index, name="index", most=len(self) - 1)
        block, inside = divmod(index, BLOCK)
        start = index - inside
        leaves = salted_leaves(*self._piece(start, start + BLOCK), self._prefix)
        path = path_of(leaves, inside) + path_of(self._blocks, block)
        return tuple(node.hex() for node in path)
