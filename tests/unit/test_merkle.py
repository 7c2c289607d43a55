"""Merkle trees: the standard's own examples, paths, parts, salted leaves."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from dsgk.kernels.merkle import (
    BLOCK,
    inner_of,
    join,
    leaf_of,
    path_of,
    root_by_path,
    salt_of,
    salted_leaves,
)


VECTORS = Path(__file__).parents[1] / "vectors"
VECTOR = json.loads((VECTORS / "merkle-rfc6962.json").read_text("utf-8"))
LEAVES = [
    hashlib.sha256(b"\0" + bytes.fromhex(entry)).digest() for entry in VECTOR["leaves"]
]


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def defined_root(leaves):
    """RFC 9162, section 2.1.1, as it is written: recursive."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(defined_root(leaves[:half]), defined_root(leaves[half:]))


def defined_path(index, leaves):
    """RFC 9162, section 2.1.3.1, as it is written: recursive."""
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:half], leaves[half:]
    if index < half:
        return [*defined_path(index, left), defined_root(right)]
    return [*defined_path(index - half, right), defined_root(left)]


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


class TestStandard:
    @pytest.mark.parametrize("size", range(9))
    def test_roots_are_those_of_certificate_transparency(self, size):
        """Every implementation of the tree is held against these."""
        expected = VECTOR["roots_of_the_first_n"][size]

        assert expected == join(LEAVES[:size]).hex()

    @pytest.mark.parametrize(("index", "size", "path"), VECTOR["paths"])
    def test_paths_are_those_of_certificate_transparency(self, index, size, path):
        """The published audit paths, and where they lead."""
        raw = [bytes.fromhex(text) for text in path]

        assert raw == path_of(LEAVES[:size], index)
        assert join(LEAVES[:size]) == root_by_path(LEAVES[index], index, size, raw)

    def test_paths_of_the_tree_that_the_standard_draws(self):
        """RFC 9162, section 2.1.5: seven leaves, a to f and j, and four paths."""
        a, b, c, d, e, f, j = LEAVES[:7]
        g, h, i = node(a, b), node(c, d), node(e, f)
        k, m = node(g, h), node(i, j)

        assert join(LEAVES[:7]) == node(k, m)
        assert path_of(LEAVES[:7], 0) == [b, h, m]
        assert path_of(LEAVES[:7], 3) == [c, g, m]
        assert path_of(LEAVES[:7], 4) == [f, j, k]
        assert path_of(LEAVES[:7], 6) == [i, k]

    @given(hashes)
    def test_pairing_level_by_level_is_the_recursion_of_the_standard(self, leaves):
        """A last node without a partner rises unchanged: the same shape."""
        assert defined_root(leaves) == join(leaves)
        for index in range(len(leaves)):
            assert defined_path(index, leaves) == path_of(leaves, index)


class TestPaths:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33, 64])
    def test_prove_one_place_and_no_other(self, size):
        """A path is of its leaf, its index and its length alone."""
        leaves = [leaf_of(str(number)) for number in range(size)]
        root = join(leaves)
        for index, leaf in enumerate(leaves):
            path = path_of(leaves, index)

            assert root == root_by_path(leaf, index, size, path)
            assert root != root_by_path(leaf_of("x"), index, size, path)
            assert root_by_path(leaf, index, size, [*path, root]) is None
            assert not path or root_by_path(leaf, index, size, path[:-1]) != root
            for other in {*range(-1, size + 1)} - {index}:
                assert root != root_by_path(leaf, other, size, path)

    def test_a_node_is_no_leaf(self):
        """The first byte keeps them apart: no inner node can be sold as an entry."""
        leaves = [leaf_of(text) for text in "abcd"]
        inner = join(leaves[:2])
        path = [join(leaves[2:])]

        assert join(leaves) == root_by_path(inner, 0, 2, path)
        assert inner != hashlib.sha256(b"\0" + leaves[0] + leaves[1]).digest()


class TestParts:
    @given(hashes, st.integers(0, 4))
    def test_blocks_made_apart_and_joined_give_the_same_root(self, leaves, power):
        """An engine makes each block where its rows are."""
        width = 1 << power
        blocks = [leaves[at : at + width] for at in range(0, len(leaves), width)]
        roots = [join(block) for block in blocks]

        assert join(leaves) == join(roots)
        for index in range(len(leaves)):
            at, inside = divmod(index, width)
            path = path_of(blocks[at], inside) + path_of(roots, at)
            assert path == path_of(leaves, index)

    def test_the_blocks_of_the_library_are_aligned(self):
        """Only a power of two keeps the shape of the tree."""
        assert BLOCK.bit_count() == 1


class TestSaltedLeaves:
    def test_are_those_of_the_format(self):
        """Salt, inner and leaf, each by itself and many together."""
        salt = "6d183e594123dabeb7ae5b249217005f"
        prefix = "00112233445566778899aabbccddeeff\t示例事项\t"

        assert salt == salt_of(prefix, "S3")
        assert inner_of(salt, "in\tA") == (
            "101c108e0050479528826f39962eb0c7abdcabb4dbd930869c858bc541159fad"
        )
        leaf = leaf_of(f"S3\t{inner_of(salt, chr(9).join(['in', 'A']))}")
        assert [leaf] == salted_leaves([b"S3"], ["in\tA"], prefix)

    @given(
        st.dictionaries(
            st.text(st.characters(codec="utf-8")),
            st.text("aé\t"),
        ),
        st.text(st.characters(codec="utf-8")),
    )
    def test_together_are_what_each_is_alone(self, rows, prefix):
        """Encoding many texts at once leaves no trace."""
        expected = [
            leaf_of(f"{text}\t{inner_of(salt_of(prefix, text), state)}")
            for text, state in rows.items()
        ]

        ids = [text.encode() for text in rows]
        assert expected == salted_leaves(ids, list(rows.values()), prefix)
