"""Ids, labels and credit codes: which are taken, and what to write instead."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from stdnum.cn import uscc

from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.identifiers import (
    MAX_ID_LENGTH,
    check_credit_code,
    check_id,
    check_label,
    credit_code_faults,
    duplicates,
    id_faults,
    invisible,
    is_nothing,
    latin_grade,
    normal_id,
    plain,
)
from dsgk.sources import GB_32100


GOOD = ["91110000600037341L", "S1", "电梯-7", "a b", "（甲)"[1:], "x" * MAX_ID_LENGTH]
FAULTY = {
    " S1": ("id-padded", "S1"),
    "S1 ": ("id-padded", "S1"),
    "\tS1": ("id-padded", "S1"),
    "S1\n": ("id-padded", "S1"),
    "\u3000S1": ("id-padded", "S1"),
    "S1\xa0": ("id-padded", "S1"),
    "S\x001": ("id-character", "S1"),
    "S\x7f1": ("id-character", "S1"),
    "S\u200b1": ("id-character", "S1"),
    "S\ufeff1": ("id-character", "S1"),
    "S\ud8001": ("id-character", "S1"),
    "S\ue0001": ("id-character", "S1"),
    "S\u03781": ("id-character", "S1"),
    "S\u20281": ("id-character", "S1"),
    "S\u20291": ("id-character", "S1"),
    "Ｓ１": ("id-form", "S1"),
    "甲（乙）": ("id-form", "甲(乙)"),
    "e\u0301": ("id-form", "é"),
    "x" * (MAX_ID_LENGTH + 1): ("id-length", None),
    " " + "x" * (MAX_ID_LENGTH + 1): ("id-padded", None),
    "   ": ("id-padded", None),
    "\u200b": ("id-character", None),
}
REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
IGNORED = re.compile(  # and blanks
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
    "\u1680\u2800\U00013441\U00013442\U00016fe4\U0001d159]"
)

texts = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(" \t\n\x00\xa0\u200b\u3000\ufeff\u0301\u2028eSＳ１９é㎡Ⅷﬁ가가"),
    ),
    max_size=12,
)


def is_valid(text):
    """The rule of the draw format, written down once more."""
    return (
        1 <= len(text) <= MAX_ID_LENGTH
        and unicodedata.normalize("NFKC", text) == text
        and text.strip() == text
        and not any(unicodedata.category(c) in REFUSED for c in text)
        and not IGNORED.search(text)
    )


def outcome(function, text):
    """What comes of a text: a value or an error, the other None."""
    try:
        return function(text), None
    except InvalidValueError as error:
        return None, error


class TestCheckId:
    """One id."""

    @pytest.mark.parametrize("text", GOOD)
    def test_a_valid_id_is_returned_as_it_is(self, text):
        """Ids are hashed byte for byte."""
        assert check_id(text) is text

    @pytest.mark.parametrize("text", FAULTY, ids=ascii)
    def test_a_faulty_id_is_refused_with_the_id_to_write(self, text):
        """Full-width digits and trailing spaces are what real tables have."""
        code, instead = FAULTY[text]

        with pytest.raises(InvalidValueError, match="'subject' must") as info:
            check_id(text, name="subject")

        assert info.value.code == code
        assert (
            info.value.params.items()
            >= {
                "name": "subject",
                "text": text,
                "instead": instead,
            }.items()
        )
        advice = "Give an id" if instead is None else f"Write {instead!r} instead."
        assert advice in str(info.value)

    def test_an_empty_id_is_refused(self):
        """Nothing cannot be found again."""
        with pytest.raises(InvalidValueError, match="must not be empty") as info:
            check_id("")

        assert info.value.code == "id-empty"

    @pytest.mark.parametrize("value", [None, 911100006, 9.1e17, b"S1", float("nan")])
    def test_what_is_no_text_is_refused(self, value):
        """Numbers have lost their leading zeros already."""
        with pytest.raises(InvalidTypeError, match="leading zeros") as info:
            check_id(value)

        assert info.value.code == "id-type"

    def test_a_long_text_is_shown_in_part(self):
        """A whole page in an error message helps nobody."""
        with pytest.raises(InvalidValueError) as info:
            check_id("x" * 10_000)

        assert len(str(info.value)) < 300

    @given(texts)
    @example("\u1100\u1161")
    def test_the_rule_is_that_of_the_draw_format(self, text):
        """Anyone can check an id with a few lines of Python."""
        value, error = outcome(check_id, text)

        assert (value == text, error is None) == (is_valid(text), is_valid(text))


class TestNormalId:
    """The id to write instead."""

    @given(texts)
    @example("e\u200b\u0301")  # what is left composes
    @example("\xa8")  # becomes a space and a mark
    @example("\u200b")
    @example("x" * (MAX_ID_LENGTH + 1))
    def test_the_result_is_accepted_and_stays_as_it_is(self, text):
        """Advice that leads to the next error is worse than none."""
        normal, error = outcome(normal_id, text)

        if error is not None:
            assert error.code == "id-length"
            assert not 1 <= error.params["length"] <= MAX_ID_LENGTH
            return
        assert is_valid(normal)
        assert check_id(normal) == normal
        assert normal_id(normal) == normal

    @given(texts.filter(is_valid))
    def test_a_valid_id_is_its_own_normal_form(self, text):
        """Cleaning a clean register changes no draw."""
        assert normal_id(text) == text

    def test_nothing_left_is_refused_with_the_length(self):
        """A text of spaces is no id."""
        with pytest.raises(InvalidValueError, match="must have 1 to 128") as info:
            normal_id(" \u200b ")

        assert (info.value.params["text"], info.value.params["length"]) == (
            " \u200b ",
            0,
        )

    def test_what_is_no_text_is_refused(self):
        """As in `check_id`."""
        with pytest.raises(InvalidTypeError):
            normal_id(5)


class TestIdFaults:
    """Columns of ids."""

    @pytest.mark.parametrize("ids", [[], GOOD, np.array(GOOD), tuple(GOOD), ["a b"]])
    def test_valid_ids_have_no_faults(self, ids):
        """Also a space within, and also where others have none."""
        assert not id_faults(ids)

    def test_every_faulty_row_is_told_and_every_repeat(self):
        """One error for a whole table."""
        ids = ["S1", *FAULTY, "S1", "", "S1"]
        faults = id_faults(ids, name="代码")

        expected = [(row, code) for row, (code, _) in enumerate(FAULTY.values(), 1)]
        expected += [
            (len(FAULTY) + 1, "id-duplicate"),
            (len(FAULTY) + 2, "id-empty"),
            (len(FAULTY) + 3, "id-duplicate"),
        ]
        assert [(fault.row, fault.code) for fault in faults] == expected
        assert {fault.column for fault in faults} == {"代码"}
        repeats = [f.params for f in faults if f.code == "id-duplicate"]
        assert repeats[-1] == {"name": "代码", "text": "S1", "first": 0}

    def test_repeats_are_told_beside_cells_that_are_no_text(self):
        """Those may not even be comparable; nothing repeats an empty one."""
        faults = id_faults(["S1", None, "S1", ["x"], "nan", "nan", "", ""])

        assert [(f.row, f.code) for f in faults] == [
            (1, "id-type"), (2, "id-duplicate"), (3, "id-type"), (4, "id-nothing"),
            (5, "id-nothing"), (6, "id-empty"), (7, "id-empty"),
        ]  # fmt: skip
        assert [*faults][1].params["first"] == 0

    @pytest.mark.parametrize("other", [None, 5, b"S1", ["S1"]], ids=repr)
    @pytest.mark.parametrize("read", [plain, invisible, is_nothing, latin_grade])
    def test_what_is_no_text_is_refused(self, read, other):
        with pytest.raises(InvalidTypeError):
            read(other)

    @pytest.mark.parametrize("bad", [*FAULTY, "", None], ids=ascii)
    @pytest.mark.parametrize("filler", ["S", "店"])
    @pytest.mark.parametrize("row", range(9))
    def test_a_fault_is_found_in_every_row(self, bad, filler, row, monkeypatch):
        """Columns are looked at in parts, and no end of a part is skipped."""
        monkeypatch.setattr("dsgk.identifiers._CHUNK", 4)
        ids = [f"{filler}{k}" for k in range(9)]
        ids[row] = bad

        assert [fault.row for fault in id_faults(ids)] == [row]

    @given(st.lists(texts, max_size=6))
    @example(["a", "\u0301"])  # valid alone, and the join would not be
    @example(["a ", "b"])
    @example([" "])
    def test_a_column_has_the_faults_of_its_ids(self, ids):
        """The fast way over whole columns decides as the slow one does."""
        found = {f.row for f in id_faults(ids) if f.code != "id-duplicate"}

        assert found == {
            row
            for row, text in enumerate(ids)
            if not is_valid(text) or is_nothing(text)
        }


class TestDuplicates:
    """Repeats."""

    @given(st.lists(st.sampled_from("abcd")))
    def test_every_repeat_points_at_the_first_row(self, ids):
        """The clerk sees both rows."""
        expected = [(k, ids.index(t)) for k, t in enumerate(ids) if ids.index(t) != k]

        assert duplicates(ids) == expected

    def test_equal_hashes_are_not_equal_ids(self, monkeypatch):
        """Hashes only say where to look."""
        monkeypatch.setattr("dsgk.identifiers.hash", lambda _: 0, raising=False)

        assert duplicates(["a", "b", "a"]) == [(2, 0)]


class TestCheckLabel:
    """Texts that classes are made of."""

    @pytest.mark.parametrize(
        "text",
        ["A", "药店", "有限责任公司（国有独资）", "Ⅱ类", "①", "a b", "x" * 500, "A，B"],
    )
    def test_ordinary_chinese_is_a_label(self, text):
        """Full-width punctuation is not a mistake."""
        assert check_label(text) is text

    @pytest.mark.parametrize(
        ("text", "instead"),
        [
            ("Ａ", "A"),
            ("９级", "9级"),
            ("\uff5a", "z"),
            (" A", "A"),
            ("药店\u3000", "药店"),
            ("药\u200b店", "药店"),
            ("A\n", "A"),
            ("e\u0301", "é"),
            ("e\u200b\u0301", "é"),
            ("\uf900", "\u8c48"),  # a compatibility ideograph
            ("\ue000 A", "A"),
        ],
        ids=ascii,
    )
    def test_another_spelling_is_refused_with_the_one_to_write(self, text, instead):
        """Two spellings of one class would be two classes."""
        with pytest.raises(InvalidValueError, match=f"Write '{instead}'") as info:
            check_label(text, name="credit")

        assert info.value.code == "label-form"
        assert info.value.params == {"name": "credit", "text": text, "instead": instead}
        assert check_label(instead) == instead

    def test_a_text_of_marks_has_no_other_spelling(self):
        """Normalising tens of thousands of them would take minutes."""
        with pytest.raises(InvalidValueError) as info:
            check_label("a\u200b" + "\u0301" * 300)

        assert info.value.code == "label-form"
        assert info.value.params["instead"] is None

    @pytest.mark.parametrize("text", ["", " ", "\u3000\u200b"], ids=ascii)
    def test_a_text_without_anything_is_refused(self, text):
        """An empty cell says that nothing is known, a space says nothing."""
        with pytest.raises(InvalidValueError, match="leave the cell empty") as info:
            check_label(text)

        assert info.value.params["instead"] is None

    def test_what_is_no_text_is_refused(self):
        """As in `check_id`."""
        with pytest.raises(InvalidTypeError):
            check_label(3)

    @given(texts)
    def test_the_text_to_write_is_accepted(self, text):
        """Advice that leads to the next error is worse than none."""
        value, error = outcome(check_label, text)

        if error is None:
            assert value == text
        elif error.params["instead"] is not None:
            assert check_label(error.params["instead"]) != text


codes = st.builds(
    lambda head, district, rest: head + district + rest,
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)


class TestCreditCodes:
    """The check character of GB 32100."""

    @given(codes)
    def test_the_check_character_is_that_of_python_stdnum(self, head):
        """Another library, written from the standard."""
        code = head + uscc.calc_check_digit(head)

        assert check_credit_code(code) == code

    @given(codes, st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
    def test_any_other_check_character_is_refused_with_the_right_one(self, head, last):
        """The clerk compares the code with the licence."""
        right = uscc.calc_check_digit(head)
        faults = credit_code_faults([head + last], name="代码")

        if last == right:
            assert not faults
        else:
            (fault,) = faults
            assert fault.code == "credit-code-check"
            assert fault.params == {"name": "代码", "text": head + last, "check": right}
            assert fault.provision == str(GB_32100)
            assert fault.column == "代码"

    @given(codes, st.data())
    def test_one_wrong_character_is_always_found(self, head, data):
        """That is what the check character is for."""
        code = head + uscc.calc_check_digit(head)
        place = data.draw(st.integers(0, 17))
        digits = "0123456789" if 2 <= place < 8 else "0123456789ABCDEFGHJKLMNPQRTUWXY"
        wrong = data.draw(st.sampled_from(digits).filter(lambda c: c != code[place]))

        assert credit_code_faults([code[:place] + wrong + code[place + 1 :]])

    @pytest.mark.parametrize(
        "text",
        [
            "S1",
            "91110000600037341",
            "91110000600037341LL",
            "91110000600037341l",
            "9111000060003734IL",
            "91A10000600037341L",
            "9111000A600037341L",
            "91110000600037341店",
        ],
    )
    def test_what_has_not_the_form_of_a_code_is_refused(self, text):
        """Equipment has no code; a lower-case l is not an L."""
        with pytest.raises(InvalidValueError, match="such as equipment") as info:
            check_credit_code(text, name="代码")

        assert info.value.code == "credit-code-form"
        assert info.value.provision == str(GB_32100)

    def test_letters_may_stand_before_and_after_the_district(self):
        """Places 1, 2 and 9 on: other authorities use letters."""
        head = "N2110000A00037341"

        assert check_credit_code(head + uscc.calc_check_digit(head))

    def test_an_id_that_is_faulty_anyway_says_so_first(self):
        """Full-width digits are not a wrong check character."""
        with pytest.raises(InvalidValueError, match="'id' must not begin") as info:
            check_credit_code("91110000600037341L ")

        assert info.value.code == "id-padded"

    def test_faults_far_down_have_their_rows(self):
        """A million rows are looked at in parts."""
        ids = ["91110000600037341L"] * 70_000
        ids[3], ids[40_000], ids[69_999] = "S1", "91110000600037341M", "店"
        faults = credit_code_faults(ids)

        assert [(f.row, f.code) for f in faults] == [
            (3, "credit-code-form"),
            (40_000, "credit-code-check"),
            (69_999, "credit-code-form"),
        ]

    def test_no_codes_have_no_faults(self):
        """Zero rows are none too many."""
        assert not credit_code_faults([])
