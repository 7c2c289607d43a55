"""
Merkle trees: one hash for a long list, and short proofs of what is in it.

The tree is that of RFC 9162, section 2.1, with SHA-256;
``docs/reference/draw-format.md`` says what is hashed.

A tree can be made in parts: divide the leaves into blocks of the same power of
two, of which only the last may be shorter, make the root of each block, and join
the roots.  That needs 32 bytes for each block.
"""

import hashlib
from binascii import hexlify
from collections.abc import Sequence


__all__ = [
    "BLOCK",
    "inner_of",
    "join",
    "leaf_of",
    "path_of",
    "root_by_path",
    "salt_of",
    "salted_leaves",
]

BLOCK = 1 << 10
"""Leaves to make at once: their hashes fit into one arena of Python's memory."""

_LEAF = b"\0"
_NODE = b"\1"
_SALT = 32  # hex characters


def leaf_of(text: str) -> bytes:
    """Hash one entry of a tree: SHA-256 of a zero byte and the UTF-8 text."""
    return hashlib.sha256(_LEAF + text.encode()).digest()


def salt_of(prefix: str, text: str) -> str:
    """Make the salt of one id: 32 hex characters of SHA-256 of *prefix* and id."""
    return hashlib.sha256(f"{prefix}{text}".encode()).hexdigest()[:_SALT]


def inner_of(salt: str, state: str) -> str:
    """Hide a state: SHA-256 of salt, colon and state, as hex."""
    return hashlib.sha256(f"{salt}:{state}".encode()).hexdigest()


def salted_leaves(
    ids: Sequence[bytes], states: Sequence[str], prefix: str
) -> list[bytes]:
    r"""
    Hash many ids with their states, each state hidden by a salt of its own.

    Args:
        ids: [n texts in UTF-8] The ids.
        states: [n strings] What is said of each id.
        prefix: Secret beginning of what is hashed into every salt.

    Returns:
        [n hashes of 32 bytes] ``leaf_of(f"{id}\t{inner}")``, where *inner* is
        `inner_of` the state and the `salt_of` the id.

    Examples:
        >>> inner = inner_of(salt_of("key\t", "S1"), "in\tA")
        >>> salted_leaves([b"S1"], ["in\tA"], "key\t") == [leaf_of(f"S1\t{inner}")]
        True
    """
    leaves: list[bytes] = []
    add = leaves.append
    # Copying a state is quicker than making one, and hashes take almost all of the
    # time.
    salted = hashlib.sha256(prefix.encode()).copy
    plain = hashlib.sha256().copy
    leaf = hashlib.sha256(_LEAF).copy
    tails = {state: f":{state}".encode() for state in set(states)}
    for text, tail in zip(ids, map(tails.__getitem__, states), strict=True):
        salt = salted()
        salt.update(text)
        inner = plain()
        inner.update(hexlify(salt.digest()[: _SALT // 2]))
        inner.update(tail)
        outer = leaf()
        outer.update(text)
        outer.update(b"\t" + hexlify(inner.digest()))
        add(outer.digest())
    return leaves


def _raise(nodes: Sequence[bytes]) -> list[bytes]:
    """Make the next level of a tree; a last node without a partner stays."""
    node = hashlib.sha256(_NODE).copy
    above: list[bytes] = []
    add = above.append
    pairs = iter(nodes)
    for left, right in zip(pairs, pairs, strict=False):
        state = node()
        state.update(left)
        state.update(right)
        add(state.digest())
    if len(nodes) % 2:
        add(nodes[-1])
    return above


def join(nodes: Sequence[bytes]) -> bytes:
    """
    Make the root of a tree, 32 bytes; of no nodes SHA-256 of nothing.

    Args:
        nodes: [n hashes] Leaves, or roots of blocks (see above).

    Examples:
        >>> leaves = [leaf_of(text) for text in "abcdefg"]
        >>> join(leaves) == join([join(leaves[:4]), join(leaves[4:])])
        True
    """
    if not nodes:
        return hashlib.sha256().digest()
    while len(nodes) > 1:
        nodes = _raise(nodes)
    return nodes[0]


def path_of(nodes: Sequence[bytes], index: int) -> list[bytes]:
    """
    Prove that a node stands at its place (RFC 9162, section 2.1.3.1).

    Args:
        nodes: [n hashes] As for `join`.
        index: [0 <= int < n] Which node.

    Returns:
        [about log2(n) hashes] Its siblings, from the leaves up.  The path of a
        leaf is its path in its block, then that of the block.

    Examples:
        >>> leaves = [leaf_of(text) for text in "abcdefg"]
        >>> roots = [join(leaves[:4]), join(leaves[4:])]
        >>> path_of(leaves, 5) == path_of(leaves[4:], 1) + path_of(roots, 1)
        True
    """
    path = []
    while len(nodes) > 1:
        sibling = index ^ 1
        if sibling < len(nodes):
            path.append(nodes[sibling])
        nodes = _raise(nodes)
        index >>= 1
    return path


def root_by_path(
    leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """
    Follow a path up to the root (RFC 9162, section 2.1.3.2).

    Args:
        leaf: [32 bytes] The leaf.
        index: [int] Its place.
        size: [int] Leaves of the tree.
        path: [hashes] As made by `path_of`.

    Returns:
        The root that the path leads to, to compare with the published one; None
        if the path of such a leaf has another length.

    Examples:
        >>> leaves = [leaf_of(text) for text in "abcdefg"]
        >>> root_by_path(leaves[5], 5, 7, path_of(leaves, 5)) == join(leaves)
        True
    """
    if not 0 <= index < size:
        return None
    last = size - 1
    root = leaf
    for sibling in path:
        if not last:
            return None
        if index & 1 or index == last:
            root = hashlib.sha256(_NODE + sibling + root).digest()
            while index and not index & 1:
                index >>= 1
                last >>= 1
        else:
            root = hashlib.sha256(_NODE + root + sibling).digest()
        index >>= 1
        last >>= 1
    return None if last else root
