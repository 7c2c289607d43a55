"""Ids and labels that nobody can tell apart, and texts that are slow to compare."""

import sys
import time
import unicodedata

import pytest

from dsgk.errors import InvalidValueError
from dsgk.identifiers import check_id, check_label, id_faults, invisible, normal_id


UNSEEN = [
    *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u1680\u2800\u3164\ufe00\ufe0f",
    *"\uffa0\U00013441\U00013442\U00016fe4\U0001d159\U000e0100\U000e01ef",
    *"\xad\u061c\u200b\u2065\ufff0\ufeff\ue000\u0378\U000e0001",
]
MARKS = "\u0301\u0327"


class TestUnseen:
    @pytest.mark.parametrize("character", UNSEEN, ids=ascii)
    def test_a_character_that_nobody_sees_is_refused(self, character):
        """One look would have many keys, and one firm two tickets."""
        assert invisible(f"企{character}业") == character
        for check in (check_id, check_label):
            with pytest.raises(InvalidValueError) as info:
                check(f"企{character}业")
            assert info.value.fault.instead == "企业"
        assert normal_id(f"企{character}业") == "企业"
        assert id_faults(["企业", f"企{character}业"]).counts == {"id-character": 1}

    def test_the_advice_is_visible(self):
        """`normal_id` once recommended another invisible id."""
        assert normal_id("企\u3164") == "企"
        with pytest.raises(InvalidValueError) as info:
            check_id("\u3164\uffa0")

        assert info.value.fault.instead is None

    def test_what_is_seen_stays(self):
        """Chinese of every plane, signs, letters and the space."""
        text = "设备 002（甲）é😀𠀀﨎"

        assert invisible(text) is None

    def test_all_ignorable_characters_that_python_knows_by_name_are_found(self):
        """Selectors and fillers are called so in the character database."""
        for point in range(sys.maxunicode + 1):
            name = unicodedata.name(chr(point), "")
            words = {"VARIATION SELECTOR", "HANGUL FILLER", "JUNGSEONG FILLER"}
            if any(word in name for word in words):
                assert invisible(chr(point)), name


class TestLookalikes:
    @pytest.mark.parametrize(
        ("text", "instead"),
        [
            ("9111000060003734\u0410L", "9111000060003734AL"),
            ("91110000600037341\u039c", "91110000600037341M"),
            ("9111000060003734\u041e\u0425", "91110000600037340X"),
        ],
        ids=ascii,
    )
    def test_letters_of_another_script_in_a_credit_code_are_told(self, text, instead):
        """A firm would stand in the register twice: another letter, another id."""
        with pytest.raises(InvalidValueError) as info:
            check_id(text)

        assert info.value.code == "id-lookalike"
        assert info.value.fault.instead == instead == normal_id(text)
        assert "其他文字的字母" in info.value.chinese
        assert id_faults([instead, text]).counts == {"id-lookalike": 1}

    @pytest.mark.parametrize(
        "text", ["Ω", "\u0410\u0412-7", "\u0391\u0393" * 9], ids=ascii
    )
    def test_an_id_in_another_script_is_an_id(self, text):
        """Only what would otherwise be a credit code is taken for a mistake."""
        assert check_id(text) == text
        assert not id_faults([text])


class TestSlowTexts:
    @pytest.mark.parametrize("check", [check_id, normal_id, check_label])
    @pytest.mark.parametrize(
        "text",
        [MARKS * 40_000, "x" * 200 + MARKS * 40_000, MARKS * 500 + "\ufe00" * 80_000],
        ids=["marks", "long", "invisible"],
    )
    def test_many_marks_are_refused_before_they_are_sorted(self, check, text):
        """Normal forms sort marks, which is quadratic: 80,000 took 25 seconds."""
        begun = time.process_time()
        with pytest.raises(InvalidValueError) as info:
            check(text)

        assert time.process_time() - begun < 5
        assert len(str(info.value)) < 400
