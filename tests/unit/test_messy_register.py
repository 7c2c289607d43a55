"""From a register as many hands have filled it in to one that can be drawn from."""

import random
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest

from dsgk.errors import FAULTS_KEPT, InvalidInput
from dsgk.subjects import Status, SubjectRegister


PAGE = Path(__file__).parents[2] / "docs/how-to/from-an-excel-register-to-a-draw.md"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
N = 30_000
HEADINGS = {
    "id": "统一社会信用代码",
    "kind": "主体类型",
    "area": "所属区域",
    "credit": "信用分类",
    "on_promise": "告知承诺",
    "status": "经营状态",
    "last_inspected_on": "上次检查日期",
    "visits_this_year": "本年检查次数",
}
RIGHT = {
    "kind": ["药店", "饭店", "超市"],
    "area": ["上仓镇", "下营镇"],
    "credit": ["A", "B", "C"],
    "on_promise": ["是", "否"],
    "status": ["存续", "注销"],
    "visits_this_year": ["0", "1", "2"],
}
CYRILLIC = str.maketrans("ABC", "\u0410\u0412\u0421")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

# By field, what hands do to a cell, and whether a program can undo it.
MESS = [
    ("id", lambda cell: f" {cell}", True),
    ("id", lambda cell: f"{cell}\u3164", True),
    ("id", lambda cell: f"{cell}\ufe0f", True),
    ("id", lambda cell: cell.translate(WIDE), True),
    ("id", lambda cell: cell.replace("M", "\u041c", 1), True),
    ("id", lambda _: "nan", False),
    ("id", lambda _: "#N/A", False),
    ("id", lambda _: None, False),
    ("id", lambda cell: cell[:-1] + ("1" if cell[-1] == "0" else "0"), False),
    ("kind", lambda cell: f"{cell} ", True),
    ("kind", lambda _: "<NA>", True),
    ("area", lambda cell: f"{cell}\u200b", True),
    ("area", lambda _: "无", True),
    ("credit", lambda cell: cell.translate(WIDE), True),
    ("credit", lambda cell: cell.translate(CYRILLIC), True),
    ("credit", lambda _: "NULL", True),
    ("on_promise", {"是": "√", "否": "N"}.get, True),
    ("status", lambda _: "不明", False),
    ("status", lambda _: "None", False),
    ("last_inspected_on", lambda _: "2025-02-30", False),
    ("last_inspected_on", lambda _: "-", True),
    ("visits_this_year", lambda cell: f"{cell}次", True),
    ("visits_this_year", lambda cell: cell.translate(WIDE), True),
]


def code_of(number):
    body = f"91120225MA{number:07d}"
    values = [ALPHABET.index(digit) * pow(3, k, 31) for k, digit in enumerate(body)]
    return body + ALPHABET[-sum(values) % 31]


def messy(n, chance):
    """
    A table of n rows, what it should have been, and the rows nobody can repair.

    Every kind of mess is in one row of a hundred; days come in three forms.
    """
    right = {
        name: [chance.choice(cells) for _ in range(n)] for name, cells in RIGHT.items()
    }
    right["id"] = [code_of(number) for number in range(n)]
    days = [f"202{chance.randrange(6)}-0{chance.randint(1, 9)}-1{chance.randrange(9)}"
            for _ in range(n)]  # fmt: skip
    forms = [
        day.replace("-", "/") if k % 3 == 1 else "{}年{}月{}日".format(*day.split("-"))
        if k % 3 == 2 else day for k, day in enumerate(days)
    ]  # fmt: skip
    table = {
        **{name: [*cells] for name, cells in right.items()},
        "last_inspected_on": forms,
    }
    right["last_inspected_on"] = days
    lost = set()
    rows = chance.sample(range(n), (len(MESS) + 2) * (n // 100))
    for field, spoil, can_be_undone in MESS:
        for row in (rows.pop() for _ in range(n // 100)):
            cell = right[field][row]
            spoilt = spoil(cell)
            table[field][row] = spoilt
            if not can_be_undone:
                lost.add(row)
            elif not isinstance(spoilt, str) or spoilt in {"<NA>", "无", "NULL", "-"}:
                right[field][row] = None
    for one, other in zip(rows[::2], rows[1::2], strict=True):
        table["id"][one] = right["id"][one] = right["id"][other]
        lost.add(max(one, other))  # one firm twice: the later row is told
    return {HEADINGS[name]: cells for name, cells in table.items()}, right, lost


def block_of(page):
    """The lines of the page from a table to a repaired register."""
    blocks = page.read_text(encoding="utf-8").split("```python\n")[1:]
    (block,) = (b for b in (b.split("```")[0] for b in blocks) if "error.rows" in b)
    return block


@pytest.fixture(scope="module")
def mess():
    return messy(N, random.Random(20250301))  # noqa: S311


def test_ten_lines_of_a_host_repair_thirty_thousand_rows(mess):
    """The lines of the how-to, imports included, on every kind of mess at once."""
    given, right, lost = mess
    block = block_of(PAGE)
    host = {"table": pd.DataFrame(given), "InvalidInput": InvalidInput,
            "SubjectRegister": SubjectRegister}  # fmt: skip

    exec(block, host)  # noqa: S102

    register = host["register"]
    assert len(block.splitlines()) + 2 <= 10
    assert set(host["returned"].index) == lost
    kept = [k for k in range(N) if k not in lost]
    expected = {name: [cells[k] for k in kept] for name, cells in right.items()}
    assert register == SubjectRegister.from_columns(**expected)


def test_all_faults_are_counted_and_the_first_told(mess):
    """Also of a column in which one cell is of another type."""
    given, _, lost = mess

    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_table(
            given,
            kind="主体类型",
            credit="信用分类",
            status="经营状态",
            check_codes=True,
        )

    error = caught.value
    assert len(error.faults) == FAULTS_KEPT
    assert lost <= set(error.rows)
    share = N // 100
    few = {"id-padded": 1, "id-character": 2, "id-form": 1, "id-lookalike": 1,
           "id-nothing": 2, "id-type": 1, "credit-code-check": 1, "id-duplicate": 1,
           "label-form": 3, "label-lookalike": 1, "cell-nothing": 4, "flag-form": 1,
           "status-unknown": 2, "count-form": 2}  # fmt: skip
    for code, kinds in few.items():
        assert error.counts[code] == kinds * share, code
    assert error.counts["day-form"] > N // 2


def test_a_million_bad_rows_take_bounded_memory():
    """Counts by code, the first thousand in full; here of ten thousand."""
    n = 10_000
    columns = {
        "id": [f"S{k} " for k in range(n)],
        "credit": [f"Ａ{k}" for k in range(n)],
    }
    tracemalloc.start()

    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_columns(**columns)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.counts == {"id-padded": n, "label-form": n}
    assert len(caught.value.rows) == n
    assert len(caught.value.faults) == FAULTS_KEPT
    assert peak < 10e6


def test_what_an_empty_status_means_is_no_repair():
    """Whoever wrote None did not say that the firm is active."""
    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_table(
            {"统一社会信用代码": ["S1"], "登记状态": ["None"]}, repair=True
        )

    assert caught.value.counts == {"status-unknown": 1}
    assert Status.ACTIVE.label == "存续"
