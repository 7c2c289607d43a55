"""
The catalogue of faults: what each code says, in English and in Chinese.

A line for each language, so that a translator reads it as a table.  The first
sentence says what must be and what came; after a bar stands what to do.
Where several remedies stand, the first is taken whose values are known.
Places in braces are filled as `dsgk.errors` says.
"""

from typing import Final, NamedTuple


__all__ = ["EVIDENCE", "MESSAGES", "TERMS", "Message"]


class Message(NamedTuple):
    """
    What a fault of one code says.

    Attributes:
        rule: What must be and what came.
        remedies: What to do, the most exact first.
        chinese: The rule in Chinese.
        chinese_remedies: What to do in Chinese, in the same order.
        provision: The provision that is broken, if the rule is law.
        is_type: Whether a value of a wrong type came.
        severity: ``"error"``, or ``"warning"`` where a person has to look.
    """

    rule: str
    remedies: tuple[str, ...]
    chinese: str
    chinese_remedies: tuple[str, ...]
    provision: str | None
    is_type: bool
    severity: str


def _say(
    english: str,
    chinese: str,
    /,
    *,
    article: str | int | None = None,
    is_type: bool = False,
    is_warning: bool = False,
) -> Message:
    """
    Take a message from its two lines.

    Args:
        english: Rule and remedies with bars between them.
        chinese: The same in Chinese.
        article: Article of the district's opinion, such as ``15`` or
            ``"28(2)"``; or another provision as text.
        is_type: See `Message`.
        is_warning: Whether a person has to look.
    """
    rule, *remedies = english.split(" | ")
    rule_zh, *remedies_zh = chinese.split(" | ")
    is_own = article is not None and str(article)[:1].isdigit()
    return Message(
        rule,
        tuple(remedies),
        rule_zh,
        tuple(remedies_zh),
        f"District Opinion, Art. {article}" if is_own else article,  # type: ignore[arg-type]
        is_type,
        "warning" if is_warning else "error",
    )


TERMS: Final[dict[str, str]] = {
    "staffing problem": "选派问题",
    "tasks of outings": "片区归并的任务",
    "request of a redraw": "补抽公告",
    "document of StatedChances": "公示概率文件",
    "document of Assignment": "选派结果文件",
    "document of AssignmentRecord": "选派记录文件",
    "a list": "列表",
    "a text": "文本",
    "a day as text": "文本形式的日期",
    "a whole number": "整数",
    "an object with keys": "含键的对象",
    "32 lower-case hex characters": "32位小写十六进制数",
    "64 lower-case hex characters": "64位小写十六进制数",
    "a record": "一份记录",
    "a date, such as date(2025, 3, 1)": "日期，如date(2025, 3, 1)",
    "the document, or what from_dict made of it": "该文件，或from_dict所得的值",
    "input": "输入",
    "value": "值",
    "table": "表",
    "ascending": "升序",
    "as-drawn": "按开出顺序",
    "announcement": "抽取公告",
    "draw": "抽取",
    "draw record": "抽取记录",
    "roll": "名册",
    "holiday notice": "节假日安排",
    "notices": "节假日安排",
    "working day": "个工作日",
    "working days": "个工作日",
    "day": "日",
    "days": "日",
    "month": "个月",
    "months": "个月",
    "year": "年",
    "years": "年",
    "item list": "随机抽查事项清单",
    "not known": "类别不明",
    "list of checks": "检查清单",
    "register of subjects": "检查对象名录库",
    "list of changes": "变更清单",
    "the register": "名录库",
    "the additions": "新增的对象",
    "tier policy": "分级规则",
    "whitelist": "白名单",
    "it is empty. Write a ratio such as 3%.": "内容为空。请写3%等比例。",
    "it has no number. Write a ratio such as 3%.": "没有数字。请写3%等比例。",
    "it has a number without a unit. Write 3% for a share, 3户 for a count.": "数字没有单位。比例请写3%，数量请写3户。",
    "its transcription is marked as doubtful. Look it up in the plan.": "录入存疑。请核对原计划。",
    "it speaks of levels of administration. Give this register's ratio.": "涉及行政层级。请只写本名录库的比例。",
    "it speaks of classes of subjects. Write a tier for each class.": "涉及对象类别。请为每类写一条分级规则。",
    "it counts batches. Give the number of subjects.": "以批次计。请写对象数量。",
    "it tells how often to draw. Keep that in the frequency of the plan.": "说的是抽查频次。请写入计划的频次。",
    "it is for another period than the year. Give the year's ratio.": "不是年度比例。请写年度比例。",
    "it is approximate. Write 不低于 or 不超过.": "是约数。请写不低于或不超过。",
    "it excludes the number itself. Write 不低于 or 不超过 to include it.": "不含本数。如含本数，请写不低于或不超过。",
    "it has several numbers. Write one ratio, and the others apart.": "有多个数字。请写一个比例，其余另写。",
    "it bounds one number in two ways. Write 不低于3% or 10%-20%.": "对一个数字作了两种限定。请写不低于3%或10%-20%。",
    "it counts officers in another way than 1:5. Write 1:5 or 不低于1:5.": "执法人员与对象之比应写作1:5（一名执法人员对五个对象）。请写1:5或不低于1:5。",
    "its words make no bound of a number. Write 不低于3% or 不超过5%.": "文字不构成对数字的限定。请写不低于3%或不超过5%。",
    "some of its words are not understood. Write the ratio without them.": "有未能理解的文字。请只写比例。",
    "it is longer than any ratio. Give the cell of the ratio alone.": "比任何比例都长。请只写比例一栏。",
    "it is not between 0% and 100%. Write 5% for five in a hundred.": "不在0%至100%之间。百分之五请写5%。",
    "it counts no subject for an officer. Write 1:5.": "每名执法人员没有对象。请写1:5。",
    "its lower bound is above the upper one. Write 10%-20%.": "下限高于上限。请写10%-20%。",
    "ledger": "检查台账",
    "exclusions": "不列入抽查范围的对象",
    "frame": "抽样框",
    "inspector register": "执法检查人员名录库",
    "changes of the inspector register": "执法检查人员名录库的变更",
    "list of leads": "线索清单",
    "key for leads": "线索密钥",
    "list of results": "检查结果清单",
    "list of rules": "结果运用规则清单",
    "does not let agencies take part": "不允许委托",
    "does not have it": "没有该事项",
    "coverage": "覆盖率",
    "violation rates": "违法率推断",
    "loads": "任务量",
    "plan of costs": "经费测算",
    "officer-days": "执法人力投入",
    "drawn": "已抽取",
    "inspected": "已检查",
    "series of draws": "一系列抽取",
    "series of picks": "一系列选派",
    "picture of chances": "概率图",
    "scenario": "情景",
    "movement": "类别变动",
    # Why a text is no period or no frequency, and what to do
    "it is empty": "内容为空",
    "it ends before it begins": "结束早于开始",
    "it names a day that does not exist": "日期不存在",
    "its words are no period that is known": "不是已知的时段写法",
    "it is counted over several years": "按多年计算",
    "it is approximate": "只是约数",
    "it excludes the number itself": "不含该数本身",
    "its words are no frequency that is known": "不是已知的频次写法",
    "Write 1次/年.": "请写1次/年。",
    "Keep that as the rest of a tier.": "请作为分层的间隔期。",
    "Write 不少于2次/年.": "请写不少于2次/年。",
    "Write 不少于 or 不超过 if it is included.": "如包含该数，请写不少于或不超过。",
    "Write 2次/年 or 每月.": "请写2次/年或每月。",
}
"""Names of inputs, as English sentences show them, in Chinese."""

_BASE = {
    "invalid-input": _say(
        "{what:t} has {count:fault}",
        "{what:t}有{count}处问题",
    ),
    # Types of arguments and fields
    "argument-type": _say(
        "{name} must be of type {type:s} (got {got} of type {got_type}). | Write {instead:t}. | Write {type:s}(…).",
        "{name}的类型应为{type:s}（实际为{got}，类型{got_type}）。 | 请写{instead:t}。 | 请写{type:s}(…)。",
        is_type=True,
    ),
    "argument-list": _say(
        "{name} must hold several values of type {type:s} (got {got} of type {got_type}). | Write {instead:s}. | Write [{type:s}(…), …].",
        "{name}应为若干个{type:s}（实际为{got}，类型{got_type}）。 | 请写{instead:s}。 | 请写[{type:s}(…), …]。",
        is_type=True,
    ),
    "list-empty": _say(
        "{name} must hold at least one value of type {type:s} (got {got}). | Write [{type:s}(…)].",
        "{name}至少应有一个{type:s}（实际为{got}）。 | 请写[{type:s}(…)]。",
    ),
    "row-length": _say(
        "{name} must hold {count} values in order (got {got}).",
        "{name}应依次有{count}个值（实际为{got}）。",
    ),
    "argument-mapping": _say(
        "{name} must be a mapping (got {got} of type {got_type}). | Write {instead:t}. | Write {{…: …}}.",
        "{name}应为映射（实际为{got}，类型{got_type}）。 | 请写{instead:t}。 | 请写{{…: …}}。",
        is_type=True,
    ),
    "argument-missing": _say(
        "{name} must be given to {kind:s} (got nothing). | Write {instead:s}. | Write {name:s}=….",
        "{kind:s}缺少参数{name}。 | 请写{instead:s}。 | 请写{name:s}=…。",
        is_type=True,
    ),
    "argument-unknown": _say(
        "{name} is no argument of {kind:s} (it has {known}). | Write one of these by its name.",
        "{kind:s}没有参数{name}（有：{known}）。 | 请按名称写其中之一。",
        is_type=True,
    ),
    # Ids and labels
    "id-type": _say(
        "{name} must be a text (got {got} of type {got_type}). | Write a text; convert numbers where their leading zeros are still known, for example when the table is read.",
        "{name}应为文本（实际为{got}，类型{got_type}）。 | 请在读表时按文本读取，以免丢失前导零。",
        is_type=True,
    ),
    "id-column": _say(
        "{name} must be text (got a column of {type:s}). | Numbers lose leading zeros and last digits: read the table with this column as text, in pandas with dtype=str.",
        "{name}应为文本列（实际为{type:s}列）。 | 数字会丢失前导零和末位：请按文本读取该列。",
        is_type=True,
    ),
    "id-empty": _say(
        "{name} must not be empty (got ''). | Write 1 to {most} characters.",
        "{name}不能为空。 | 请写1至{most}个字符。",
    ),
    "id-padded": _say(
        "{name} must not begin or end with white space (got {text}). | Write {instead} instead. | Give an id of its own.",
        "{name}首尾不能有空白（实际为{text}）。 | 请改为{instead}。 | 请另给一个标识。",
    ),
    "id-character": _say(
        "{name} must not contain the invisible character {character:s} (got {text}). | Write {instead} instead. | Give an id of its own.",
        "{name}不能含有不可见字符{character:s}（实际为{text}）。 | 请改为{instead}。 | 请另给一个标识。",
    ),
    "id-form": _say(
        "{name} must be in its NFKC form, without full-width or similar letters (got {text}). | Write {instead} instead. | Give an id of its own.",
        "{name}应为NFKC规范形式，不含全角等字符（实际为{text}）。 | 请改为{instead}。 | 请另给一个标识。",
    ),
    "id-lookalike": _say(
        "{name} must not have the letter {character:s} of another script in a credit code (got {text}). | Write {instead} instead.",
        "统一社会信用代码{name}不得含其他文字的字母{character:s}（实际为{text}）。 | 请改为{instead}。",
        article="GB 32100",
    ),
    "id-length": _say(
        "{name} must have 1 to {most} visible characters (got {text} with {length}). | Write {instead} instead. | Give an id of its own.",
        "{name}应有1至{most}个可见字符（实际为{text}，{length}个）。 | 请改为{instead}。 | 请另给一个标识。",
    ),
    "id-duplicate": _say(
        "{name} must be unique (got {text} here and in row {first}). | Keep one of the rows.",
        "{name}不能重复（{text}在此处和第{first}行）。 | 请只保留一行。",
    ),
    "label-type": _say(
        "{name} must be text (got {got} of type {got_type}). | Read the table with this column as text, in pandas with dtype=str.",
        "{name}应为文本（实际为{got}，类型{got_type}）。 | 请按文本读取该列。",
        is_type=True,
    ),
    "label-form": _say(
        "{name} must be a text without padding, invisible characters and full-width letters or digits (got {text}). | Write {instead} instead. | Write visible characters, or leave the cell empty.",
        "{name}不能有首尾空白、不可见字符、全角字母或数字（实际为{text}）。 | 请改为{instead}。 | 请写可见字符，或留空。",
    ),
    "credit-code-check": _say(
        "{name} must end in its check character {check} (got {text}). | Compare the code with the licence: one of its characters is wrong.",
        "{name}的校验码应为{check}（实际为{text}）。 | 请与营业执照核对：有一位写错。",
        article="GB 32100",
    ),
    "credit-code-form": _say(
        "{name} must be a unified social credit code of {length} digits and capital letters without I, O, S, V and Z, the third to the eighth digits (got {text}). | Leave the check of codes out for subjects that have none, such as equipment.",
        "{name}应为{length}位统一社会信用代码，由数字和除I、O、S、V、Z外的大写字母组成，第三至八位为数字（实际为{text}）。 | 设备等没有代码的对象请不作此项检查。",
        article="GB 32100",
    ),
    # Cells and fields
    "text-type": _say(
        "{name} must be a text (got {got} of type {got_type}). | Write it in quotes.",
        "{name}应为文本（实际为{got}，类型{got_type}）。 | 请加引号。",
        is_type=True,
    ),
    "text-empty": _say(
        "{name} must not be empty (got {got}). | Write what the public reads.",
        "{name}不能为空（实际为{got}）。 | 请写明内容。",
    ),
    "text-unseen": _say(
        "{name} must have no white space at its ends and no characters that nobody sees (got {got}). | Write {instead} instead. | Write visible characters.",
        "{name}首尾不得有空白，也不得有不可见字符（实际为{got}）。 | 请改为{instead}。 | 请写可见字符。",
    ),
    "text-surrogate": _say(
        "{name} must be Unicode text (got {got} with the lone surrogate {character:s}). | Read its source with the right encoding.",
        "{name}应为Unicode文本（实际为{got}，含孤立代理字符{character:s}）。 | 请按正确的编码读取。",
    ),
    "flag-form": _say(
        "{name} must be True or False, 1 or 0, '是' or '否' (got {got}). | Write one of these, or leave the cell empty where it is not known.",
        "{name}应为True或False、1或0、“是”或“否”（实际为{got}）。 | 请写其中之一；不知道时留空。",
    ),
    "count-type": _say(
        "{name} must be a whole number (got {got} of type {got_type}). | Write an int, such as 3.",
        "{name}应为整数（实际为{got}，类型{got_type}）。 | 请写整数，如3。",
        is_type=True,
    ),
    "count-form": _say(
        "{name} must be a whole number (got {got}). | Write digits alone, such as 3.",
        "{name}应为整数（实际为{got}）。 | 请只写数字，如3。",
    ),
    "count-range": _say(
        "{name} must be {least} or more (got {got}). | Compare it with the source.",
        "{name}不能小于{least}（实际为{got}）。 | 请与来源核对。",
    ),
    "count-most": _say(
        "{name} must be at most {most} (got {got}). | Compare it with the source.",
        "{name}不能大于{most}（实际为{got}）。 | 请与来源核对。",
    ),
    "number-type": _say(
        "{name} must be an exact number (got {got} of type {got_type}). | Write {instead} instead. | Write '3%', Fraction(3, 100) or Decimal('0.03').",
        "{name}应为精确的数（实际为{got}，类型{got_type}）。 | 请改为{instead}。 | 请写'3%'、Fraction(3, 100)或Decimal('0.03')。",
        is_type=True,
    ),
    "number-form": _say(
        "{name} must be a number such as '1/4' (got {got}). | Write it as a fraction or a decimal.",
        "{name}应为数，如'1/4'（实际为{got}）。 | 请写分数或小数。",
    ),
    "number-range": _say(
        "{name} must be from {least} to {most} (got {got}). | Correct the figure.",
        "{name}应在{least}至{most}之间（实际为{got}）。 | 请更正。",
    ),
    "day-type": _say(
        "{name} must be a day (got {got} of type {got_type}). | Write {instead:t}. | Write a date, such as date(2025, 3, 1), or the text '2025-03-01'.",
        "{name}应为日期（实际为{got}，类型{got_type}）。 | 请写{instead:t}。 | 请写date(2025, 3, 1)或'2025-03-01'。",
        is_type=True,
    ),
    "day-column": _say(
        "{name} must be a column of days (got a column of {type:s}). | Turn the numbers into dates when the table is read.",
        "{name}应为日期列（实际为{type:s}列）。 | 请在读表时转为日期。",
        is_type=True,
    ),
    "day-form": _say(
        "{name} must be a day as YYYY-MM-DD (got {text}). | Write {instead} instead. | Write a day that exists, such as '2025-03-01'.",
        "{name}应为YYYY-MM-DD形式的日期（实际为{text}）。 | 请改为{instead}。 | 请写存在的日期，如'2025-03-01'。",
    ),
    "day-time": _say(
        "{name} must be a day, or a point in time with its zone (got {value:s}). | Write the day alone.",
        "{name}应为日期，或带时区的时刻（实际为{value:s}）。 | 请只写日期。",
    ),
    "day-range": _say(
        "{name} must be a day of the years 1 to 9999 (got {value:s}). | Compare it with the source.",
        "{name}应为公元1年至9999年的日期（实际为{value:s}）。 | 请与来源核对。",
    ),
    "datetime-naive": _say(
        "{name} must be a date or an aware datetime (got the naive {got}). | Write its .date() where it is a day in China, or give it its time zone.",
        "{name}应为日期或带时区的时刻（实际为不带时区的{got}）。 | 若为中国日期请写其.date()，否则请给出时区。",
        is_type=True,
    ),
    "value-type": _say(
        "{name} must be text, a bool or an int (got {got} of type {got_type}). | Write the class that it stands for, such as 'A'.",
        "{name}应为文本、布尔或整数（实际为{got}，类型{got_type}）。 | 请写它所代表的类别，如'A'。",
        is_type=True,
    ),
    "value-range": _say(
        "{name} must be between -2**53 and 2**53 (got {got}). | Read long numbers, such as codes, as text.",
        "{name}应在-2**53与2**53之间（实际为{got}）。 | 代码等长数字请按文本读取。",
    ),
    "not-in-list": _say(
        "{name} must be one of a closed list (got {got}). | Write one of: {known:s}.",
        "{name}应为规定的取值之一（实际为{got}）。 | 请写其中之一：{known:s}。",
    ),
    "cell-empty": _say(
        "{name} must be filled (got an empty cell). | Write what is known; repeat the value of a merged cell in each of its rows.",
        "{name}不能为空。 | 请填写；合并单元格请在每行填写。",
    ),
    # Tables
    "table-type": _say(
        "{what} must have columns by name (got {type}). | Write {{'id': [...], ...}}, or give a DataFrame or an Arrow table; turn rows into columns by {{name: [row[name] for row in rows]}} and collect a lazy frame first.",
        "{what}应有按名称取用的列（实际为{type}）。 | 请写{{'id': [...], ...}}，或给出DataFrame、Arrow表。",
        is_type=True,
    ),
    "column-type": _say(
        "{name} must be a column of cells (got {type:s}). | Write {instead:s} for one row. | Write a list, a tuple, an array of one dimension or a column of a table; list(...) makes one of a generator, .decode() text of bytes.",
        "{name}应为一列单元格（实际为{type:s}）。 | 只有一行时请写{instead:s}。 | 请写列表、元组、一维数组或表的一列。",
        is_type=True,
    ),
    "column-duplicate": _say(
        "{name} must appear once in the table (got it {count} times). | Rename or drop the others.",
        "{name}在表中只能有一列（实际有{count}列）。 | 请改名或去掉多余的列。",
    ),
    "column-missing": _say(
        "{name} must be a column of the table. | Give the name that it has there: there are {columns}. | Give the name that it has there.",
        "表中应有{name}一列。 | 请写出该列在表中的名称，现有：{columns}。 | 请写出该列在表中的名称。",
    ),
    "column-length": _say(
        "{name} must have {expected} rows like the other columns (got {length}). | Give one cell for every row, None where it is empty.",
        "{name}应与其他列一样有{expected}行（实际为{length}行）。 | 请每行给一个单元格，空的写None。",
    ),
    # Documents
    "key-missing": _say(
        "{name} must be there (got nothing).",
        "缺少{name}。",
    ),
    "key-unknown": _say(
        "{name} must not be there (got {got}). | There can be {known}.",
        "不应有{name}（实际为{got}）。 | 可有：{known}。",
    ),
    "entry-missing": _say(
        "{name} must be there, with {expected} (got nothing).",
        "缺少{name}，应为{expected}。",
    ),
    "entry-unknown": _say(
        "{name} must not be there (got {got}).",
        "不应有{name}（实际为{got}）。",
    ),
    "value-differs": _say(
        "{name} must be {expected} (got {got}). | {hint:s}",
        "{name}应为{expected}（实际为{got}）。 | {hint:s}",
    ),
    "type-differs": _say(
        "{name} must be {expected:t} (got {got} of type {got_type}).",
        "{name}应为{expected:t}（实际为{got}，类型{got_type}）。",
    ),
    "text-form": _say(
        "{name} must be {expected:t} (got {got}).",
        "{name}应为{expected:t}（实际为{got}）。",
    ),
    "entropy-form": _say(
        "{name} must be what the source prints, without white space at its ends and invisible characters (got {got}). | Write {instead} instead. | Write the published fact.",
        "{name}应与来源所公布的一致，首尾无空白，无不可见字符（实际为{got}）。 | 请改为{instead}。 | 请写公布的内容。",
    ),
    "float-form": _say(
        "{name} must be the shortest decimal of a float, as text (got {got}).",
        "{name}应为浮点数的最短十进制文本（实际为{got}）。",
    ),
    "share-form": _say(
        "{name} must be a fraction in lowest terms, as text (got {got}).",
        "{name}应为最简分数文本（实际为{got}）。",
    ),
    "argument-position": _say(
        "{kind:s} takes its fields by name (got {got} without one). | Write {kind:s}(name=…) with one of {known}.",
        "{kind:s}的各项须按名称给出（实际给了没有名称的{got}）。 | 请写{kind:s}(名称=…)，名称为{known}之一。",
        is_type=True,
    ),
    "format-unknown": _say(
        "{name} must be {expected} (got {got}). | Read it with the version that wrote it.",
        "{name}应为{expected}（实际为{got}）。 | 请用写出它的版本读取。",
    ),
}

_DRAWS = {
    # Entropy and seal
    "entropy-bounds": _say(
        "{name} must be at least {least}, the least number (got {got}). | Compare it with the bulletin.",
        "{name}不得小于最小号码{least}（实际为{got}）。 | 请与公告核对。",
    ),
    "entropy-count": _say(
        "{name} must be at most {room}, as many numbers as there are (got {got}). | Compare it with the bulletin.",
        "{name}不得多于号码总数{room}（实际为{got}）。 | 请与公告核对。",
    ),
    "entropy-twice": _say(
        "{name} must differ from the names of the other groups (got {got} again). | Name each group as the bulletin does.",
        "{name}不得与其他各组重名（实际重复{got}）。 | 请按公告为各组命名。",
    ),
    "entropy-few": _say(
        "{name} must admit at least {least} texts (got {got}). | Take more numbers or digits, or a second source.",
        "{name}至少应有{least}种可能（实际为{got}种）。 | 请增加号码或位数，或增加一个来源。",
    ),
    "entropy-day": _say(
        "{name} must be after {announced_on}, the day of the announcement (got {got}). | Name a fact that is still to come.",
        "{name}应晚于公告之日{announced_on}（实际为{got}）。 | 请选用尚未发生的公开事实。",
    ),
    "entropy-groups": _say(
        "{name} must have the values of each of the groups {names} (got {got}). | Give a list for each group, in this order.",
        "{name}应依次给出各组{names}的值（实际为{got}）。 | 请按此顺序逐组给出。",
    ),
    "entropy-numbers": _say(
        "{name} must be {count} whole numbers from {least} to {most}, {order:t} (got {got}). | Copy them from the bulletin.",
        "{name}应为{count}个{least}至{most}的整数，排列为{order:t}（实际为{got}）。 | 请照公告填写。",
    ),
    "entropy-digits": _say(
        "{name} must be exactly {count} digits as text (got {got}). | Copy them from the bulletin, with leading zeros.",
        "{name}应为恰好{count}位数字的文本（实际为{got}）。 | 请照公告填写，保留前导零。",
    ),
    "entropy-hex": _say(
        "{name} must be exactly {count} hex digits as text (got {got}). | Copy them from the source, with leading zeros.",
        "{name}应为恰好{count}位十六进制数字的文本（实际为{got}）。 | 请照来源填写，保留前导零。",
    ),
    "entropy-spelling": _say(
        "{name} must be the text of the announced form (got {got}). | Give the values as the source prints them; the library writes the text.",
        "{name}应为公告所定格式的文本（实际为{got}）。 | 请按来源公布的数值给出，由本库写成该格式。",
    ),
    # Announcements, rolls and their chain
    "seal-day": _say(
        "{name} must not be before {on}, the day of the fact (got {got}). | Name the day on which the visits are over.",
        "{name}不得早于公开事实之日{on}（实际为{got}）。 | 请写检查结束之日。",
    ),
    "seal-none": _say(
        "{name} must be of a sealed draw (this one has no seal). | Use the record itself: it keeps nothing secret.",
        "{name}应属封存的抽取（本次未封存）。 | 请直接使用抽取记录。",
    ),
    "chain-first": _say(
        "{name} must be null for number 1 and for no other (got {got} with the number {number}). | Give the announcement before this one.",
        "仅第1号公告的{name}为空（第{number}号公告实际为{got}）。 | 请给出上一份公告。",
    ),
    "chain-issuer": _say(
        "{name} must be {expected}, who issued the announcement before (got {got}). | Each issuer counts its own announcements.",
        "{name}应为上一份公告的发布单位{expected}（实际为{got}）。 | 各单位的公告分别编号。",
    ),
    "chain-day": _say(
        "{name} must not be before {before}, when the announcement before was published (got {got}). | Give the day of this one.",
        "{name}不得早于上一份公告之日{before}（实际为{got}）。 | 请写本公告之日。",
    ),
    "draw-twice": _say(
        "{name} must differ from the names of the other draws (got {got} again, as draw {first}). | Say what each is drawn for.",
        "{name}不得与其他抽取重名（实际{got}已用于第{first}项）。 | 请分别写明抽取事项。",
    ),
    "names-order": _say(
        "{name} must be distinct and sorted by the UTF-8 bytes of their names (got {got}).",
        "{name}应互不相同，并按名称的UTF-8字节排序（实际为{got}）。",
    ),
    "roll-cover": _say(
        "{name} must be {total}, all strata and all who are left out (got {got}). | Correct the counts: each subject counts once.",
        "{name}应为各层与不列入者之和{total}（实际为{got}）。 | 不得遗漏或重复。",
    ),
    "roll-twice": _say(
        "{name} must have each subject once (got {ids} in the frame and left out as well). | Take each of them off one of the two lists.",
        "{name}中每个检查对象只能出现一次（{ids}既可抽取又不列入）。 | 请择一。",
    ),
    "roll-digest": _say(
        "{name} must make a roll with the digest {expected}, as announced (got {got}). | Take the roll key and the subjects that were announced; if the register has changed since, announce a redraw and say why.",
        "{name}的名册摘要应为公告的{expected}（实际为{got}）。 | 请用公告时的名册密钥和名册；名录已变动的，请公告重新抽取并说明理由。",
    ),
    "roll-root": _say(
        "{name} must make a roll with the root {expected}, as announced (got {got}). | Take the subjects that were announced.",
        "{name}的名册根应为公告的{expected}（实际为{got}）。 | 请用公告时的名册。",
    ),
    "roll-size": _say(
        "{name} must have {expected} subjects on the roll, as announced (got {got}). | Take the subjects that were announced.",
        "{name}的名册应有公告的{expected}户（实际为{got}户）。 | 请用公告时的名册。",
    ),
    "roll-strata": _say(
        "{name} must have the strata {expected}, as announced (got {got}). | Take the subjects that were announced.",
        "{name}的各层应为公告的{expected}（实际为{got}）。 | 请用公告时的名册。",
    ),
    "roll-excluded": _say(
        "{name} must leave out {expected}, as announced (got {got}). | Take the frame plan, which knows who is left out, not its frame.",
        "{name}的不列入户数应为公告的{expected}（实际为{got}）。 | 请使用含不列入名单的抽取方案。",
    ),
    "roll-line": _say(
        "{name} must be an id, a TAB and 64 lower-case hex characters (got {got}).",
        "{name}应为标识、制表符和64位小写十六进制数（实际为{got}）。",
    ),
    "roll-order": _say(
        "{name} must stand after {before} by the UTF-8 bytes of the ids (got {got}).",
        "{name}按标识的UTF-8字节应排在{before}之后（实际为{got}）。",
    ),
    "frame-missing": _say(
        "{name} must be given, it was announced (got nothing). | Give the frame plan of this draw.",
        "缺少公告中的{name}。 | 请给出该项抽取的方案。",
    ),
    "frame-unannounced": _say(
        "{name} must not be given, it was not announced. | Leave it out.",
        "{name}未经公告。 | 请去掉。",
    ),
    "supersedes-early": _say(
        "{name} must be null before {on}, the day of the superseded fact (the announcement is of {announced_on}). | Leave it out: nothing has been seen yet.",
        "在被替代公告的公开事实之日{on}以前，{name}应为空（公告日为{announced_on}）。 | 请去掉。",
    ),
    "supersedes-hidden": _say(
        "{name} must show the fact of {on}, which was there on {announced_on} (got nothing). | Give it, so that everybody sees what is thrown away; if it did not occur, show the notice of its source.",
        "{name}应写明{on}的公开事实，公告之日{announced_on}已可见（实际为空）。 | 请写明，以示被放弃的结果；未发生的，请附来源的说明。",
    ),
    "supersedes-unknown": _say(
        "{name} must be the digest of an earlier announcement (got {got}). | Give the announcement that is replaced.",
        "{name}应为先前公告的摘要（实际为{got}）。 | 请给出被替代的公告。",
    ),
    "chain-number": _say(
        "{name} must be unique (got number {number} for {got} as well). | An issuer announces once under each number.",
        "{name}不得重复（第{number}号另有公告{got}）。 | 每个编号只能公告一次。",
    ),
    "chain-gap": _say(
        "{name} must have every number from 1 (number {number} is missing). | Ask the issuer for it.",
        "{name}应自第1号起连续（缺第{number}号）。 | 请向发布单位索取。",
    ),
    "chain-previous": _say(
        "{name} must be {expected}, the digest of the announcement before (got {got}). | One of the two was changed or replaced.",
        "{name}应为上一份公告的摘要{expected}（实际为{got}）。 | 其中一份被改动或替换。",
    ),
    "chain-idle": _say(
        "{name} must be conducted or superseded, its day {on} is over (got neither). | Ask for the record, the closed document or the announcement that replaces it.",
        "{name}应已实施或被替代，其公开事实之日{on}已过（两者皆无）。 | 请索取抽取记录、封存公告或替代公告。",
    ),
    "chain-unopened": _say(
        "{name} must be opened by {open_by} (got no record with its secret). | Ask for the record.",
        "{name}应于{open_by}前启封（未见含密值的抽取记录）。 | 请索取抽取记录。",
    ),
    "chain-secret": _say(
        "{name} must seal a secret of its own (number {number} has sealed the same). | Make a new secret for each announcement.",
        "{name}应封存新的密值（与第{number}号相同）。 | 每份公告请另用密值。",
    ),
    "chain-roll-key": _say(
        "{name} must have a roll key of its own (number {number} has a roll of the same digest). | Make a new roll key for each announcement.",
        "{name}应使用新的名册密钥（与第{number}号的名册摘要相同）。 | 每份公告请另用密钥。",
    ),
    "chain-record": _say(
        "{name} must be of an announcement of the list (got one of {got}). | Ask for that announcement.",
        "{name}应属于所列公告（实际属于{got}）。 | 请索取该公告。",
    ),
    "chain-two-facts": _say(
        "{name} must have the outcome of the other documents of its announcement, {got}.",
        "{name}应与公告{got}的其他文件结果一致。",
    ),
    "chain-early": _say(
        "{name} must not exist before {on}, the day of its fact (today is {today}).",
        "在公开事实之日{on}以前不应有{name}（今天为{today}）。",
    ),
    "not-announced": _say(
        "{name} must have the digest {expected}, under which it was published (got {got}). | It was changed afterwards, or another one was published.",
        "{name}的摘要应为公布的{expected}（实际为{got}）。 | 公告事后被改动，或另有公告。",
    ),
    # Selection
    "chance-unequal": _say(
        "'chance' must be of a stratum without weights (got {stratum} with weights). | Use target_chance(weight); its documentation says what it promises.",
        "'chance'仅用于无权重的层（{stratum}有权重）。 | 请用target_chance(weight)。",
    ),
    "chance-equal": _say(
        "'target_chance' must be asked of a stratum with weights (got {stratum} without). | Use chance.",
        "'target_chance'仅用于有权重的层（{stratum}无权重）。 | 请用chance。",
    ),
    "weight-unknown": _say(
        "'weight' must be of a row of the stratum {stratum} (got {got}, which none of its rows has). | Look it up in the frame.",
        "'weight'应为层{stratum}中某一户的权重（没有权重为{got}者）。 | 请查抽样框。",
    ),
    "reserves-unpublished": _say(
        "'count' must be at most {published}, as many reserves as the record lists in {stratum} (got {got}). | Draw again from the frame: draw_subjects(frame, quotas, key=record.key) gives the same draw, with all reserves.",
        "'count'不得超过记录所列{stratum}的候补数{published}（实际为{got}）。 | 请用draw_subjects(frame, quotas, key=record.key)从抽样框重新抽取，结果相同并含全部候补。",
    ),
    "quota-missing": _say(
        "{name} must be given (got none). | Write 0 to draw nobody.",
        "缺少{name}。 | 不抽取的请写0。",
    ),
    "quota-type": _say(
        "{name} must be a whole number (got {got} of type {got_type}). | Take it from Ratio.quota(size).",
        "{name}应为整数（实际为{got}，类型{got_type}）。 | 请由Ratio.quota(size)得出。",
    ),
    "quota-range": _say(
        "{name} must be from 0 to {size}, the size of the stratum (got {got}). | Draw fewer, or correct the frame.",
        "{name}应在0至该层户数{size}之间（实际为{got}）。 | 请减少抽取数或更正抽样框。",
    ),
    "quota-extra": _say(
        "{name} must not be given, the frame has no such stratum (got {got}). | Leave it out, or correct the frame.",
        "不应有{name}，抽样框没有该层（实际为{got}）。 | 请去掉或更正抽样框。",
    ),
    # Slips and receipts
    "slip-nobody": _say(
        "{name} must be drawn, or a reserve of the draw {draw} (got {got}). | Write the id of one of these: nobody else gets a slip.",
        "{name}应为{draw}的抽中或候补对象（实际为{got}）。 | 请写其中之一的标识：其他对象没有凭条。",
    ),
    "slip-draw": _say(
        "{name} must be the draw of its state {state} (got {got}).",
        "{name}应与其状态{state}所指抽取一致（实际为{got}）。",
    ),
    "proof-id": _say(
        "{name} must be {expected}, the subject that asks (got {got}). | Ask for a receipt of your own.",
        "{name}应为查询者{expected}（实际为{got}）。 | 请索取本单位的凭据。",
    ),
    "proof-digest": _say(
        "{name} must be {expected}, the digest of what was published (got {got}). | It belongs to another announcement.",
        "{name}应为所公布的摘要{expected}（实际为{got}）。 | 它属于另一份公告。",
    ),
    "proof-root": _say(
        "{name} must lead to the published root {root} (it leads to another). | Ask for a new one: what this one shows is not part of what was published.",
        "{name}应通向所公布的根{root}（实际通向另一个）。 | 请重新索取：所示内容不在公布的内容之中。",
    ),
    "receipt-lacks": _say(
        "{name} must be there in a receipt of this kind (got nothing).",
        "此类回执应有{name}。",
    ),
    "receipt-extra": _say(
        "{name} must not be there in a receipt of this kind.",
        "此类回执不应有{name}。",
    ),
    "receipt-early": _say(
        "{name} must be checked against the record (got the announcement). | Give the record.",
        "{name}应以抽取记录核对（实际给出公告）。 | 请给出抽取记录。",
    ),
    "receipt-gap": _say(
        "{name} must show neighbours between which nobody stands (got places {got} of {size}).",
        "{name}应示以相邻两户，其间无他户（实际位置{got}，共{size}户）。",
    ),
    "receipt-listed": _say(
        "{name} must name the stratum {stratum}, where the record lists the subject. | One of the two is false.",
        "{name}应为层{stratum}，抽取记录在该层列有此对象。 | 两者必有一假。",
    ),
    "receipt-weight": _say(
        "{name} must have a weight if and only if the stratum {stratum} has weights.",
        "当且仅当层{stratum}有权重时，{name}应有权重。",
    ),
    "receipt-cut": _say(
        "{name} must follow from ticket {ticket} and cut {cut} (the record says {got}). | The record is false.",
        "{name}应由签号{ticket}与分界签号{cut}得出（抽取记录为{got}）。 | 抽取记录有误。",
    ),
    "secret-extra": _say(
        "{name} must not be given (the announcement has no seal). | Leave it out.",
        "不应给出{name}（公告未封存）。 | 请去掉。",
    ),
    "secret-missing": _say(
        "{name} must be given (the announcement is sealed by {digest}). | Give the secret that was sealed.",
        "应给出{name}（公告以{digest}封存）。 | 请给出所封存的密值。",
    ),
    "secret-other": _say(
        "{name} must open the seal {expected} (got one with the seal {got}). | Give the secret that was sealed.",
        "{name}应与封存摘要{expected}相符（实际对应{got}）。 | 请给出所封存的密值。",
    ),
}

_SUBJECTS = {
    "status-unknown": _say(
        "{name} must be a known status (got {got}). | Write one of these texts: {known}.",
        "{name}应为已知的登记状态（实际为{got}）。 | 请写其中之一：{known}。",
        article=24,
    ),
    "attribute-name": _say(
        "{name} must not be called like a field (got {got}). | Give {got} as the field that it is, or choose another name.",
        "{name}不能与字段同名（实际为{got}）。 | 请作为字段{got}给出，或改用其他名称。",
    ),
    "unknown-field": _say(
        "{name} must be a known field (there are {known}). | Correct the name, or give its column when the table is read.",
        "{name}应为已有的字段（现有：{known}）。 | 请更正名称，或在读表时给出该列。",
    ),
    "table-empty": _say(
        "{name} must have one row or more (got none). | Check how the table was read or filtered; {instead:s} takes none. | Check how the table was read or filtered.",
        "{name}至少应有一行（实际没有）。 | 请检查读表和筛选的方法；{instead:s}可以没有行。 | 请检查读表和筛选的方法。",
    ),
    "change-id": _say(
        "{name} must not be 'id': a subject with another id is another subject. | Strike the one off and add the other.",
        "{name}不能是'id'：换标识即换对象。 | 请注销原对象，新增另一对象。",
    ),
    "addition-twice": _say(
        "an addition must be of a subject that is not there yet (got {id}, which is among {where:t}). | Drop it, or change the status of a subject that came back.",
        "新增的对象不能已在册（{id}已在{where:t}中）。 | 请去掉该条；对象恢复的，请变更其状态。",
    ),
    "change-unknown": _say(
        "a change must be of a subject of the register (got {id}). | Add it first, or correct the id.",
        "变更的对象应在名录库中（实际为{id}）。 | 请先新增，或更正标识。",
    ),
    "change-early": _say(
        "a change must not come before its subject (got {on} for {id}, added on {added}). | Add the subject as it stands on that day.",
        "变更不能早于对象的新增（{id}于{added}新增，变更为{on}）。 | 请按当日情况新增该对象。",
    ),
    "change-conflict": _say(
        "a change must not contradict another (got {got} for {field} of {id} on {on}, and {other}). | Keep the one that holds.",
        "变更不能互相矛盾（{id}的{field}在{on}既为{got}又为{other}）。 | 请保留正确的一条。",
    ),
    "selection-field": _say(
        "{name} must be a field by which subjects are classed (got {got}). | Write a rest or a yearly cap for visits; select by id or day in the table.",
        "{name}应为可用于分类的字段（实际为{got}）。 | 检查间隔和次数请用rest或yearly_cap；按标识或日期筛选请在表中进行。",
    ),
    "selection-set": _say(
        "{name} must be a set of values (got {got}). | Write {instead:s} instead. | Write {{'A', 'B'}}.",
        "{name}应为一组取值（实际为{got}）。 | 请改为{instead:s}。 | 请写{{'A', 'B'}}。",
        is_type=True,
    ),
    "selection-empty": _say(
        "{name} must name at least one value (got none). | Leave the field out where every value is meant.",
        "{name}至少应有一个取值（实际没有）。 | 不限取值时请不写该字段。",
    ),
}

_TIERS = {
    "ratio-bounds": _say(
        "'low' and 'high' must be what a ratio of the kind {bound} has (got {low} and {high}). | Write Ratio.at_least(…), at_most(…), exactly(…), between(…) or count_between(…).",
        "'low'和'high'应与比例的类型{bound}相符（实际为{low}和{high}）。 | 请写Ratio.at_least(…)、at_most(…)、exactly(…)、between(…)或count_between(…)。",
    ),
    "ratio-crossed": _say(
        "'low' must not be above 'high' (got {low:s} and {high:s}). | Write them as {high:s}, {low:s} if they were exchanged.",
        "下限不能高于上限（实际为{low:s}和{high:s}）。 | 如写反了，请改为{high:s}、{low:s}。",
        article=12,
    ),
    "ratio-range": _say(
        "{name} must be between 0% and 100% (got {got:s}). | Write '5%' for five in a hundred.",
        "{name}应在0%至100%之间（实际为{got:s}）。 | 百分之五请写'5%'。",
        article=12,
    ),
    "ratio-count": _say(
        "{name} must count whole subjects, at least {least} (got {got}). | Write a share as '5%' instead.",
        "{name}应为检查对象的整数，不小于{least}（实际为{got}）。 | 比例请写'5%'。",
    ),
    "ratio-text": _say(
        "{name} must be a share such as '3%', '2‰', '0.03' or '1/3' (got {got}). | Write Ratio.parse(text) for the words of a plan.",
        "{name}应为'3%'、'2‰'、'0.03'或'1/3'形式的比例（实际为{got}）。 | 计划中的文字请用Ratio.parse(text)。",
        article=12,
    ),
    "ratio-ambiguous": _say(
        "{name} must say whether it is a share or a count (got {got:s}). | Write '{got:s}%' for {got:s} in a hundred, '100%' for all, or Ratio.count_between({count:s}, {count:s}) for {count:s} subjects. | Write '{got:s}%' for {got:s} in a hundred, '100%' for all.",
        "{name}应写明是比例还是数量（实际为{got:s}）。 | 百分之{got:s}请写'{got:s}%'，全部请写'100%'，{count:s}户请写Ratio.count_between({count:s}, {count:s})。 | 百分之{got:s}请写'{got:s}%'，全部请写'100%'。",
    ),
    "ratio-unreadable": _say(
        "{text} cannot be read as one ratio: {why:t} | The words are {words}.",
        "{text}不能读作一个比例：{why:t} | 涉及的文字：{words}。",
        article=12,
    ),
    "ratio-officers": _say(
        "{name} must be given for the ratio {ratio} (got None). | Write quota({size}, officers=8).",
        "比例{ratio}须给出{name}（实际为None）。 | 请写quota({size}, officers=8)。",
    ),
    "ratio-unmet": _say(
        "{ratio} of {size} subjects must be a whole number, but none lies between {low} and {high}. | Draw {fewer} or {more} by another ratio, or join the stratum to a larger one.",
        "{size}个对象的{ratio}应为整数，但{low}与{high}之间没有整数。 | 请改用其他比例抽取{fewer}个或{more}个，或并入较大的分级。",
        article=12,
    ),
    "tier-rest": _say(
        "{name} must be counted in days, months or years, up to a century (got {rest:s}). | Write Period(24, Unit.MONTH).",
        "{name}应以日、月或年计，不超过一百年（实际为{rest:s}）。 | 请写Period(24, Unit.MONTH)。",
    ),
    "tier-twice": _say(
        "a rule must have a name of its own (got {tier} again, as in row {first}). | Rename it, or join the two.",
        "规则不能重名（{tier}与第{first}行相同）。 | 请改名，或合并两条规则。",
    ),
    "tier-dead": _say(
        "{tier} can never match: {covered_by} before it match every subject that it could. | Move it up, or drop it.",
        "{tier}不可能适用：前面的{covered_by}已涵盖其全部对象。 | 请上移，或删去。",
        article=13,
    ),
    "tier-unmatched": _say(
        "every registered subject must match a rule (got {count} with {when:s}, the first of which is {first}). | Add a rule with when={when:s}, or a last rule without 'when'.",
        "每个在册对象都应有适用的规则（{when:s}的有{count}个，如{first}）。 | 请增加when={when:s}的规则，或在最后增加不带'when'的规则。",
        article=13,
    ),
    "inspected-later": _say(
        "{name} must not be after {on} (got {got:s} for {id}). | Correct the day, or give a later 'on'.",
        "{name}不能晚于{on}（{id}为{got:s}）。 | 请更正日期，或给出更晚的'on'。",
    ),
}

_LEDGER = {
    "due-missing": _say(
        "{name} must be given for what is no lead (got none, origin {origin}). | Write the last day of the window of the check.",
        "除线索外须给出{name}（实际没有，任务来源为{origin}）。 | 请写检查期限的最后一日。",
        article=15,
    ),
    "plan-entry-missing": _say(
        "{name} must be given for a random check (got none for {subject_id}). | Write the id of the plan entry; a check without one is a lead or a campaign.",
        "随机抽查须给出{name}（{subject_id}没有）。 | 请写计划条目的编号；没有条目的是线索核查或专项检查。",
        article=15,
    ),
    "lead-planned": _say(
        "{name} and 'stratum' must be empty for a lead, which is outside plan and draw (got {entry} and {stratum}). | Name the lead in 'basis'.",
        "线索不属于计划和抽取，{name}和'stratum'应为空（实际为{entry}和{stratum}）。 | 请在'basis'中写明线索。",
        article=16,
    ),
    "due-before-draw": _say(
        "{name} must not be before 'drawn_on' (got {due}, drawn on {drawn_on}). | Exchange the days if they were mixed up.",
        "{name}不能早于抽取日期（实际为{due}，抽取于{drawn_on}）。 | 如写反了，请对调。",
    ),
    "completed-before-draw": _say(
        "{name} must not be before 'drawn_on' (got {completed_on}, drawn on {drawn_on}). | Correct the day; a check made before the draw is not of this draw.",
        "{name}不能早于抽取日期（实际为{completed_on}，抽取于{drawn_on}）。 | 请更正日期；抽取前的检查不属于本次抽取。",
    ),
    "results-early": _say(
        "{name} must be empty until the check is completed (got {results}). | Give 'completed_on'.",
        "检查完成前{name}应为空（实际为{results}）。 | 请给出'completed_on'。",
        article=26,
    ),
    "entered-before-completed": _say(
        "{name} must not be before 'completed_on' (got {entered_on}, completed {completed_on}). | Correct the day, or give 'completed_on'.",
        "{name}不能早于检查完成日期（实际为{entered_on}，完成于{completed_on}）。 | 请更正日期，或给出'completed_on'。",
        article=26,
    ),
    "entered-nothing": _say(
        "{name} must be empty until there are results (got {entered_on}). | Give 'results'.",
        "没有结果时{name}应为空（实际为{entered_on}）。 | 请给出'results'。",
        article=26,
    ),
    "published-before-entered": _say(
        "{name} must not be before 'entered_on' (got {published_on}, entered {entered_on}). | Correct the day; where a platform publishes what is entered, give the same day for both.",
        "{name}不能早于录入日期（实际为{published_on}，录入于{entered_on}）。 | 请更正日期；录入即公示的，两者写同一日。",
        article=26,
    ),
    "published-exempt": _say(
        "{name} must be empty where the result is public (got {exemption}, published {published_on}). | Take the result down, or drop the exemption.",
        "结果已公示的{name}应为空（实际为{exemption}，公示于{published_on}）。 | 请撤下结果，或去掉不予公示的理由。",
        article=26,
    ),
    "replaces-undrawn": _say(
        "{name} must be empty where nobody was drawn (got {replaces}, origin {origin}). | Substitutes come from the reserves of a draw.",
        "未经抽取的{name}应为空（实际为{replaces}，任务来源为{origin}）。 | 替补对象来自抽取的备选。",
    ),
    "replaces-itself": _say(
        "{name} must be another subject (got {replaces} for itself). | Write the id of the subject that could not be inspected.",
        "{name}应为另一对象（{replaces}不能替补自身）。 | 请写未能检查的对象的标识。",
    ),
    "ledger-doubled": _say(
        "a check must stand in the ledger once (got {item} of {department} in the task {task_id} here and in row {first}). | Keep one of the rows.",
        "一项检查在台账中只能有一行（任务{task_id}中{department}的{item}在此处和第{first}行）。 | 请只保留一行。",
    ),
    "drawn-twice": _say(
        "a subject must be drawn once in a draw (got {subject_id} for {item} in {entry} on {drawn_on} here and in row {first}). | Keep one of the rows.",
        "一次抽取中一个对象只能抽取一次（{subject_id}在{drawn_on}为{entry}的{item}，在此处和第{first}行）。 | 请只保留一行。",
    ),
    "replaced-twice": _say(
        "a subject must be replaced once (got {replaces} for {item} in {entry} here and in row {first}). | Keep one substitute.",
        "一个对象只能替补一次（{replaces}为{entry}的{item}，在此处和第{first}行）。 | 请只保留一个替补对象。",
    ),
    "task-subjects": _say(
        "a task must be of one subject (got {subject_id} in the task {task_id}, which is of {other} in row {first}). | Give each visit a task id of its own.",
        "一个任务只能有一个对象（任务{task_id}此处为{subject_id}，第{first}行为{other}）。 | 请为每次检查另给任务编号。",
    ),
    "column-either": _say(
        "{name} must not stand beside {other}, which is the same field. | Say in 'names' which of the two it is.",
        "{name}与{other}是同一字段，不能并存。 | 请在'names'中写明是哪一列。",
    ),
    "rows-type": _say(
        "{name} must be numbers of rows (got {got}). | Write [0, 2].",
        "{name}应为行号（实际为{got}）。 | 请写[0, 2]。",
        is_type=True,
    ),
    "rows-range": _say(
        "{name} must be numbers below {rows}, each once (got {got}). | Take them from numpy.flatnonzero(ledger.matches(…)).",
        "{name}应为小于{rows}的行号，不得重复（实际为{got}）。 | 请由numpy.flatnonzero(ledger.matches(…))取得。",
    ),
    "rewritten": _say(
        "{name} must not be stated anew (row says {old} already). | Correct the table that the ledger was made of, with the reason on file.",
        "{name}不能另行记载（该行已记为{old}）。 | 请更正台账所依据的表，并留存理由。",
    ),
    "results-type": _say(
        "{name} must be codes of results (got {got}). | Write 'no-problem', or ('closed', 'unreachable').",
        "{name}应为结果代码（实际为{got}）。 | 请写'no-problem'或('closed', 'unreachable')。",
        is_type=True,
    ),
    "results-form": _say(
        "{name} must be codes of results in kebab-case (got {part} in {got}). | Read Chinese results with ResultCode.read(text).code.",
        "{name}应为以连字符连接的结果代码（实际为{got}中的{part}）。 | 中文结果请用ResultCode.read(text).code读取。",
    ),
    "results-none": _say(
        "{name} must name a result (got none). | Leave the cell empty (None) until there is one.",
        "{name}应写明结果（实际没有）。 | 尚无结果时请留空（None）。",
    ),
    "method-unclear": _say(
        "{name} must be one method (got {got}). | Write 实地核查, 书面检查 or 网络监测.",
        "{name}应为一种检查方式（实际为{got}）。 | 请写实地核查、书面检查或网络监测。",
    ),
}

_INSPECTORS = {
    "change-other-person": _say(
        "{name} must be the person {inspector_id} (got {got}). | A new id is one person leaving and another one coming.",
        "{name}应为{inspector_id}本人（实际为{got}）。 | 换标识即一人退出、另一人进入。",
    ),
    "change-twice": _say(
        "there must be one change of {id} on {on} (got another in row {first}). | Keep the one that is right.",
        "{id}在{on}只能有一条变更（另一条在第{first}行）。 | 请保留正确的一条。",
    ),
    "change-of-nobody": _say(
        "only a person in the register can leave it (got {id} on {on}). | Check the id.",
        "只有在册者才能退出（实际为{id}，{on}）。 | 请核对标识。",
    ),
    "condition-type": _say(
        "{name} must be a set of values (got {got}). | Write {{{got}}} for one.",
        "{name}应为一组取值（实际为{got}）。 | 只有一个时请写{{{got}}}。",
        is_type=True,
    ),
}

_LEADS = {
    "lead-due": _say(
        "{name} must not be before the day on which the lead came in (got {got}, received on {received_on}). | Leave it out if the lead only has to be checked at once.",
        "{name}不能早于收到线索之日（实际为{got}，收到日为{received_on}）。 | 只要求立即检查的，请不填。",
    ),
    "lead-known": _say(
        "{name} must not be a task of the ledger already (got {got}). | Record what happened to it with ledger.record.",
        "{name}已是台账中的任务（实际为{got}）。 | 后续情况请用ledger.record记入。",
    ),
    "seats-unknown": _say(
        "{name} must be of leads that are given (got {got}). | Leave them out, or add the lead.",
        "{name}应属于所给的线索（实际为{got}）。 | 请去掉，或补上该线索。",
    ),
}

_RESULTS = {
    "agency-item": _say(
        "{name} must be one for which agencies may be entrusted (got {got}: the item list {state:t}). | Leave the conclusion out, or have the list changed.",
        "{name}应为可以委托专业机构的事项（实际为{got}，事项清单{state:t}）。 | 请去掉该结论，或请求修改清单。",
        article=21,
    ),
    "agency-officer": _say(
        "{name} must not be an officer (got {got}, who stands in the register as one). | An officer makes the check, an agency supports it: enter its people as experts.",
        "{name}不能是执法人员（{got}在名录库中为执法人员）。 | 检查由执法人员实施，机构提供支持：机构人员请登记为专家。",
        article=21,
    ),
    "finding-route": _say(
        "a finding without a violation must name neither competent departments nor a crime (got the result {got}). | Give the result that states the violation.",
        "未发现违法的结果不能注明管辖部门或涉嫌犯罪（实际结果为{got}）。 | 请给出认定违法的结果。",
        article=22,
    ),
    "findings-contradict": _say(
        "{name} must not contradict each other (got {got} beside {others}). | Leave out the one that does not hold.",
        "{name}不能互相矛盾（实际为{got}与{others}并存）。 | 请去掉不成立的一项。",
    ),
    "referral-day": _say(
        "{name} must not be before {since} or differ from the day stated earlier (got {got}, stated {stated}). | Correct the day.",
        "{name}不能早于{since}，也不能与已记载的不同（实际为{got}，已记载{stated}）。 | 请更正日期。",
    ),
    "result-unknown": _say(
        "a result must be of a check of the ledger (got {item} of {department} in the task {task_id}, of which there are {count}). | Correct the ids.",
        "结果应属于台账中的检查（实际为任务{task_id}中{department}的{item}，台账中有{count}项）。 | 请更正编号。",
    ),
    "result-unclear": _say(
        "a result must be of one check of the ledger (got {item} of {department} in the task {task_id}, of which there are {count}). | Give the plan entry.",
        "结果应属于台账中的一项检查（实际为任务{task_id}中{department}的{item}，台账中有{count}项）。 | 请注明计划条目。",
    ),
    "result-twice": _say(
        "a check must have one result (got a second for {item} of {department} in the task {task_id}). | Put all findings into one result.",
        "一项检查只能有一个结果（任务{task_id}中{department}的{item}已有结果）。 | 请把全部发现写入一个结果。",
    ),
    "rule-moves": _say(
        "{name} must lead each value to one other value (got {old} to {new}). | Leave out the values that stay.",
        "{name}应把每个值变为另一个值（实际为{old}变为{new}）。 | 不变的值请不写。",
    ),
}

_PUBLICATION = {
    "identity-number": _say(
        "{name} must not be the number of an identity card, which may not be public (got one). | Give the subject its credit code, or an id of its own.",
        "{name}不能是公民身份号码，该号码不得公开。 | 请改用统一社会信用代码，或另给一个标识。",
        article=26,
    ),
    "document-value": _say(
        "{name} must be a plain JSON value with ASCII keys and without floats (got {got}). | Give what to_dict() returns, and ratios as text.",
        "{name}应为普通JSON值，键为ASCII，不含浮点数（实际为{got}）。 | 请给出to_dict()的结果，比例写成文本。",
        is_type=True,
    ),
    "not-public": _say(
        "{kind} must be public (got no publication of it). | Publish it.",
        "{kind}应向社会公开（没有公示记录）。 | 请予公示。",
    ),
    "announcement-not-public": _say(
        "the announcement {title} must be public by {announced_on}, the day it names, before its entropy exists (got no publication of it). | Announce a redraw that supersedes it.",
        "抽取公告{title}应在其载明之日{announced_on}前、随机数产生前公开（没有公示记录）。 | 请另行公告重新抽取。",
        article=3,
    ),
    "announcement-late": _say(
        "the announcement {title} must be public by {announced_on}, the day it names, before its entropy exists (got it on {got}). | Announce a redraw that supersedes it.",
        "抽取公告{title}应在其载明之日{announced_on}前、随机数产生前公开（实际为{got}）。 | 请另行公告重新抽取。",
        article=3,
    ),
    "record-not-public": _say(
        "the draw record of {title} must be public (got no publication of it). | Publish record.to_dict() as JSON.",
        "{title}的抽取记录应向社会公开（没有公示记录）。 | 请将record.to_dict()以JSON公示。",
        article=3,
    ),
}

_STUDY = {
    "chance-type": _say(
        "{name} must be a number (got {got}). | Write it without quotes, such as 0.05 for 5 %.",
        "{name}应为数（实际为{got}）。 | 请不加引号，如5%写0.05。",
        is_type=True,
    ),
    "chance-range": _say(
        "{name} must be from 0 to 1 (got {got}). | Write 0.05 for 5 %.",
        "{name}应在0至1之间（实际为{got}）。 | 5%请写0.05。",
    ),
    "number-finite": _say(
        "{name} must be 0 or more, and finite (got {got}). | Correct the figure.",
        "{name}应为有限的非负数（实际为{got}）。 | 请更正。",
    ),
    "simulated-size": _say(
        "{name} must be few enough for a result of {most} numbers (got {got}). | Ask for fewer, in several calls.",
        "{name}过多，结果不能超过{most}个数（实际为{got}）。 | 请分几次计算。",
    ),
    "progress-type": _say(
        "{name} must be a function (got {got}). | Write progress=tqdm(total=100).update.",
        "{name}应为函数（实际为{got}）。 | 请写progress=tqdm(total=100).update。",
        is_type=True,
    ),
    "rng-type": _say(
        "{name} must be a seed or a generator of NumPy (got {got}). | Write rng=1.",
        "{name}应为种子或NumPy的随机数生成器（实际为{got}）。 | 请写rng=1。",
        is_type=True,
    ),
    "rng-range": _say(
        "{name} must not be negative (got {got}). | Write rng=1.",
        "{name}不能为负数（实际为{got}）。 | 请写rng=1。",
    ),
    "confidence-reach": _say(
        "{name} must be within reach (got {got:s} with a chance of {chance} in a round). | Ask for less, or raise the ratio.",
        "{name}应可达到（实际为{got:s}，每轮概率为{chance}）。 | 请降低要求，或提高抽查比例。",
    ),
    "chance-zero": _say(
        "{name} must be above 0 (got 0). | Give a chance above 0: with none, nobody is ever inspected.",
        "{name}应大于0（实际为0）。 | 请写大于0的概率，否则无人被检查。",
    ),
    "chances-lacking": _say(
        "{name} must have every class that the movement names (got none for {got}). | Add them.",
        "{name}应包含变动中的每个类别（缺少{got}）。 | 请补上。",
    ),
    "indicator-label": _say(
        "{name} must be a label of {indicator} (got {got}). | There are {known}.",
        "{name}应为{indicator}的标签（实际为{got}）。 | 可用：{known}。",
    ),
    "indicator-name": _say(
        "{name} must measure {wanted} as well (got {got}). | Take the same figures of both runs.",
        "{name}也应是{wanted}（实际为{got}）。 | 请取两次模拟的同一指标。",
    ),
    "indicator-unequal": _say(
        "{name} must have the same labels and replicates (got {own} and {got}). | Take both out of one what_if.",
        "{name}的标签和重复次数应相同（实际为{own}和{got}）。 | 请取自同一个what_if。",
    ),
    "capacity-programmes": _say(
        "{name} must have every programme and no other (got {got}). | Give it for {known}.",
        "{name}应恰好包含每个项目（实际为{got}）。 | 请给出{known}。",
    ),
    "workload-number": _say(
        "{name} must be above 0 (got {got}). | Write Fraction(1, 2).",
        "{name}应大于0（实际为{got}）。 | 请写Fraction(1, 2)。",
    ),
    "opening-like-nobody": _say(
        "{name} must have a registered subject to serve as a model for new ones (got none). | Leave out 'opening'.",
        "{name}中应有在册对象供新增对象仿照（实际没有）。 | 请不写'opening'。",
    ),
    "movement-class": _say(
        "a class of {name} must be one that somebody has or can come to (got {got}). | Write one of {known}.",
        "{name}的类别应为已有或可能变动到的类别（实际为{got}）。 | 请写其中之一：{known}。",
    ),
    "programme-tiers": _say(
        "{name} must have at most {most} tiers (got {got}). | Join some.",
        "{name}最多有{most}个等级（实际为{got}）。 | 请合并。",
    ),
    "programme-times": _say(
        "{name} must divide the months of a year (got {got}). | Write one of {known}.",
        "{name}应能整除一年的月数（实际为{got}）。 | 请写其中之一：{known}。",
    ),
    "programme-officers": _say(
        "{name} must be given for the ratio of {tiers}, which is counted by them (got none). | Write Programme({programme}, policy, officers=8).",
        "{tiers}的比例按人员计算，应给出{name}。 | 请写Programme({programme}, policy, officers=8)。",
    ),
    "programme-twice": _say(
        "a programme must have a name of its own (got {got} again). | Rename it.",
        "项目名称不能重复（{got}）。 | 请改名。",
    ),
    "programme-none": _say(
        "{name} must have at least one programme (got none). | Write Programme('…', policy).",
        "{name}至少应有一个项目。 | 请写Programme('…', policy)。",
    ),
    "moves-total": _say(
        "chances of {name} must add up to 1 if staying is among them, and to 1 at most if it is not (got {got}). | Leave out staying: it is what remains.",
        "{name}的概率之和应为1（含不变时）或不超过1（不含时）（实际为{got}）。 | 请不写不变的概率，它是余下部分。",
    ),
    "tier-unknown": _say(
        "{name} must be a tier of the scenario (got {got} in {programme}). | There are {known}.",
        "{name}应为情景中的等级（实际为{got}，项目{programme}）。 | 可用：{known}。",
    ),
    "tier-unreached": _say(
        "every subject must match a rule in every class that it can move to (got none for {got:s} in {name}). | Add a rule, or a last rule without 'when'.",
        "每个对象在可能变动到的每个类别中都应有规则（{name}中{got:s}没有）。 | 请添加规则，或在最后加一条不带'when'的规则。",
        article=13,
    ),
    "fairness-outcome": _say(
        "{name} must be draws or ids by stratum (got {got}). | Write [record.draws['…'] for record in records], or [{{'A': ['S1', 'S2']}}].",
        "{name}应为抽取结果或各层的标识（实际为{got}）。 | 请写[record.draws['…'] for record in records]或[{{'A': ['S1', 'S2']}}]。",
        is_type=True,
    ),
    "fairness-weights": _say(
        "{name} must have no weights (got some). | Leave weighted draws out: their chances are unequal on purpose, and this test asks whether they are equal.",
        "{name}不能带权重。 | 请去掉带权重的抽取：其概率有意不等，不能检验是否相等。",
    ),
    "fairness-empty": _say(
        "{name} must be at least one draw (got none). | Give the draws of a year.",
        "{name}至少应有一次抽取。 | 请给出一年的抽取结果。",
    ),
    "fairness-frames": _say(
        "{name} must be one for all draws or one for each of {count} (got {got}). | Give each draw its frame.",
        "{name}应为一个，或{count}次抽取各一个（实际为{got}个）。 | 请给出每次抽取的抽样框。",
    ),
    "fairness-stratum": _say(
        "a stratum must be one of the frame (got {got}, the frame has {known}). | Give the frame from which was drawn.",
        "层应在抽样框中（实际为{got}，抽样框有{known}）。 | 请给出抽取时的抽样框。",
    ),
    "fairness-stranger": _say(
        "those drawn in stratum {stratum} must be in it (got {got}). | Give the frame from which was drawn.",
        "层{stratum}中抽取的对象应在该层（实际为{got}）。 | 请给出抽取时的抽样框。",
    ),
    "fairness-twice": _say(
        "a subject must be drawn once in stratum {stratum} (got {got} again). | Give each id once.",
        "层{stratum}中每个对象只能抽中一次（{got}重复）。 | 每个标识请只写一次。",
    ),
    "fairness-pool": _say(
        "those chosen must come from a pool in which nobody stands twice (got {got} of {pool}). | Give the pool from which was drawn.",
        "选派的人应出自名单，名单中人员不得重复（实际为{got}，名单为{pool}）。 | 请给出抽取时的名单。",
    ),
    "fairness-chosen": _say(
        "nobody must be chosen twice for one seat (got {got} of {pool}). | Give each id once.",
        "同一席位不能选派同一人两次（实际为{got}，名单为{pool}）。 | 每个标识请只写一次。",
    ),
    "fairness-groups": _say(
        "{name} must map ids to groups (got {got}). | Write {{'S1': '东', 'S2': '西'}}.",
        "{name}应为标识到组别的映射（实际为{got}）。 | 请写{{'S1': '东', 'S2': '西'}}。",
        is_type=True,
    ),
    "plot-lengths": _say(
        "columns of a picture must have one length, 1 or more (got {got:s}). | Give each value its partner.",
        "同一图中各列的长度应一致且不为零（实际为{got:s}）。 | 请一一对应。",
    ),
    "plot-ids": _say(
        "{name} must have the ids of {key} (got {got}). | Write {{'消防': draw.selected}}.",
        "{name}中{key}应为标识（实际为{got}）。 | 请写{{'消防': draw.selected}}。",
        is_type=True,
    ),
    "plot-weights": _say(
        "{name} must have no weights (got some). | Plot draws without weights: with them, chances differ within a tier, and a picture by tier would hide it.",
        "{name}不能带权重。 | 请用无权重的抽取作图：有权重时同一层内概率不等，按层作图会掩盖这一点。",
    ),
    "plot-nobody": _say(
        "'before' and 'after' must have drawn subjects (got none). | Write {{'消防': draw.selected, …}}.",
        "'before'和'after'中应有抽中的对象。 | 请写{{'消防': draw.selected, …}}。",
    ),
    "plot-officers": _say(
        "'loads' and 'expected' must be of the same officers (got {got} in one of them). | Add those that are missing.",
        "'loads'与'expected'应为同一批人员（{got}只在其中之一）。 | 请补上。",
    ),
    "plot-coverage": _say(
        "{name} must be the share never inspected by programme, tier and year (got {got} by {labels}). | Take it from PolicyRun.coverage(), not from a difference.",
        "{name}应为各项目、等级、年份从未被检查的比例（实际为{got}，按{labels}）。 | 请取自PolicyRun.coverage()，不要取差值。",
    ),
    "plot-ratios": _say(
        "{name} must all be shares, or all be counts (got {got}). | Draw two pictures.",
        "{name}应全为比例或全为数量（实际为{got}）。 | 请分两图。",
    ),
    "plot-no-curve": _say(
        "{name} must have a curve (got none). | Write {{'2%': [detection_power(…)]}}.",
        "{name}中应有曲线。 | 请写{{'2%': [detection_power(…)]}}。",
    ),
    "plot-order": _say(
        "{name} must ascend (got {got}). | Sort them, and the powers with them.",
        "{name}应递增（实际为{got}）。 | 请排序，并使检出概率随之排列。",
    ),
}

_AT = " ({item:s} of {department:s}, task {task_id:s})"
_AT_ZH = "（{department:s}的{item:s}，任务{task_id:s}）"

EVIDENCE: Final[dict[str, Message]] = {
    # Art. 28
    "evidence-not-carried-out": _say(
        "a check was due on {on} and is open" + _AT,
        "检查应于{on}前完成，尚未完成" + _AT_ZH,
        article="28(1)",
    ),
    "evidence-delayed": _say(
        "a check was due on {on} and completed on {completed_on}" + _AT,
        "检查应于{on}前完成，实际于{completed_on}完成" + _AT_ZH,
        article="28(1)",
    ),
    "evidence-lead-open": _say(
        "a check came in on {on} and is open" + _AT,
        "线索于{on}收到，尚未检查" + _AT_ZH,
        article="28(1)",
    ),
    "evidence-no-result": _say(
        "a check was completed on {on} without any result" + _AT,
        "检查于{on}完成，没有任何结果" + _AT_ZH,
        article="28(2)",
    ),
    "evidence-too-few-officers": _say(
        "{officers} certified officers inspected, the law asks for {least}; see Administrative Penalty Law, Art. 42"
        + _AT,
        "实施检查的持证执法人员{officers}名，法定不少于{least}名；见《行政处罚法》第四十二条"
        + _AT_ZH,
        article="28(3)",
    ),
    "evidence-recusal-ignored": _say(
        "{recused} of the team were recused from the subject; see Administrative Penalty Law, Art. 43"
        + _AT,
        "检查组中有{recused}人应当回避；见《行政处罚法》第四十三条" + _AT_ZH,
        article="28(3)",
    ),
    "evidence-item-not-listed": _say(
        "the item was not on the department's list on {on}" + _AT,
        "该事项于{on}不在该部门的抽查事项清单上" + _AT_ZH,
        article="28(4)",
    ),
    "evidence-not-drawn": _say(
        "{subject_id:s} was not drawn | in {draw:s}: its ticket {ticket:s} is above the cut {cut:s} | in the draw that the check names"
        + _AT,
        "{subject_id:s}未被抽中 | （{draw:s}）：其签号{ticket:s}大于截止签号{cut:s} | ，检查所依据的抽取中没有它"
        + _AT_ZH,
    ),
    "evidence-referral-open": _say(
        "{result:s}: {route:s} ({to:s}), found on {since}, open on {until} (task {task_id:s})",
        "{result:s}：{route:s}（{to:s}），发现于{since}，至{until}尚未办理（任务{task_id:s}）",
    ),
    "evidence-referral-late": _say(
        "{result:s}: {route:s} ({to:s}), found on {since}, done on {until} (task {task_id:s})",
        "{result:s}：{route:s}（{to:s}），发现于{since}，办理于{until}（任务{task_id:s}）",
    ),
    "evidence-not-published": _say(
        "a result was to be public by {due}" + _AT,
        "检查结果应于{due}前公示，尚未公示" + _AT_ZH,
        article="28(8)",
    ),
    "evidence-published-late": _say(
        "a result was to be public by {due} and was on {published_on}" + _AT,
        "检查结果应于{due}前公示，实际于{published_on}公示" + _AT_ZH,
        article="28(8)",
    ),
    # Art. 29
    "evidence-item-not-on-task": _say(
        "{item:s} was not among the items of the task {task_id:s}: {items:s}",
        "{item:s}不在任务{task_id:s}的事项之中：{items:s}",
        article="29(1)",
    ),
    "evidence-prevented": _say(
        "no inspection was possible on {on}: {words:s}" + _AT,
        "{on}无法实施检查：{words:s}" + _AT_ZH,
        article="29(2)",
    ),
    "evidence-correction-ordered": _say(
        "a correction was ordered on {on}" + _AT,
        "已于{on}责令改正" + _AT_ZH,
        article="29(5)",
    ),
    "evidence-penalised": _say(
        "the violation was penalised on {on}" + _AT,
        "违法行为已于{on}依法惩处" + _AT_ZH,
        article="29(5)",
    ),
    "evidence-agency-report": _say(
        "the check used {document:s} of {agency:s}" + _AT,
        "检查采用了{agency:s}的{document:s}" + _AT_ZH,
        article="29(6)",
    ),
    "evidence-reported": _say(
        "{words:s} ({document:s})",
        "{words:s}（{document:s}）",
    ),
    # What a ground asks for besides
    "missing-consequences": _say("harmful consequences (不良后果)", "不良后果"),
    "missing-object": _say(
        "which of several objects of the item was inspected (检查对象)",
        "检查的是该事项的哪一类检查对象",
    ),
    "missing-duty": _say(
        "that it did its duty: {late} of its checks were late",
        "已履行抽查职责：其检查有{late}项逾期",
    ),
    "missing-in-time": _say(
        "that it was within the time of the plan (抽查计划规定时间内)",
        "在抽查计划规定时间内",
    ),
    "missing-relapse": _say(
        "refusal to correct, or relapse (拒不改正或再次擅自启用)",
        "拒不改正或再次擅自启用",
    ),
    "missing-falsity": _say("falsity of the report (虚假报告)", "报告虚假"),
}
"""What evidence of Art. 28 and 29 says, and what it lacks."""

_ACCOUNTABILITY = {
    "report-provision": _say(
        "{name} must be an item of Art. 28 or 29 (got {got}). | Write article(28, 2).",
        "{name}应为第二十八条或第二十九条的一项（实际为{got}）。 | 请写article(28, 2)。",
    ),
    "calendar-missing": _say(
        "{name} must be given where 'within' sets periods (got None). | Write WorkCalendar.china().",
        "'within'规定了期限时必须给出{name}（实际为None）。 | 请写WorkCalendar.china()。",
        is_type=True,
    ),
    "inspectors-missing": _say(
        "{name} must be given where 'teams' are (got None). | Give the register.",
        "给出'teams'时必须给出{name}（实际为None）。 | 请给出名录库。",
        is_type=True,
    ),
    "receipt-unknown": _say(
        "{name} must be of one of the records (got one of the announcement {got}). | Give its record.",
        "{name}应属于所给的抽取记录（实际属于公告{got}）。 | 请给出其记录。",
    ),
    "receipt-other": _say(
        "{name} must be of the subject {id} (got one of {got}). | Leave it out.",
        "{name}应属于检查对象{id}（实际属于{got}）。 | 请去掉。",
    ),
    **EVIDENCE,
}

_PLANS = {
    # Batches, periods, frequencies
    "batch-crossed": _say(
        "{name} must not be before the first day (got {first} to {last}). | Exchange them if they were mixed up.",
        "{name}不能早于首日（实际为{first}至{last}）。 | 若写反请对调。",
        article=12,
    ),
    "batch-part": _say(
        "{name} must be above 0 and at most 1 (got {got}). | Leave a batch out in which nobody is drawn.",
        "{name}应大于0且不超过1（实际为{got}）。 | 无人抽取的批次请不写。",
        article=12,
    ),
    "batch-quota": _say(
        "{name} must add up to 1, and none be below 0 (got {got} of {quota}). | Compare them with the plan.",
        "{name}之和应为1，且均不小于0（实际为{quota}的{got}）。 | 请与计划核对。",
        article=15,
    ),
    "window-unreadable": _say(
        "{text} cannot be read as one period: {why:t}. | Write 3月—6月 or 2026-03-01~2026-06-30.",
        "{text}不是一个时段：{why:t}。 | 请写3月—6月或2026-03-01~2026-06-30。",
        article=12,
    ),
    "frequency-unreadable": _say(
        "{text} cannot be read as one frequency: {why:t}. | {hint:t}",
        "{text}不是一个频次：{why:t}。 | {hint:t}",
        article=12,
    ),
    "frequency-bounds": _say(
        "{name} or 'high' must be given, and {name} not be above 'high' (got {low} and {high}). | Exchange them if they were mixed up.",
        "{name}和'high'至少应给出一个，且{name}不大于'high'（实际为{low}和{high}）。 | 若写反请对调。",
        article=12,
    ),
    "frequency-span": _say(
        "a draw must have a day at least (got {frequency:s} from {first} to {last}). | Write a longer period, or a lower frequency.",
        "每次抽取至少要有一天（实际为{first}至{last}之间{frequency:s}）。 | 请延长时段或降低频次。",
        article=12,
    ),
    # Entries
    "entry-items": _say(
        "{name} must name an item (got none for {id}). | Write one.",
        "{name}至少应写一个抽查事项（{id}未写）。 | 请写明。",
        article=12,
    ),
    "mode-ratio": _say(
        "{name} must be 100% where no subjects are drawn (got {ratio:s} for {id}): nobody may choose them. | Draw them, or take all.",
        "不抽取检查对象时{name}应为100%（{id}为{ratio:s}）：对象不得由人挑选。 | 请随机抽取或全部检查。",
        article=4,
    ),
    "mode-reason": _say(
        "{name} must be a reason for {mode} (got {got} for {id}). | Write one of: {known}.",
        "{name}应为{mode}的理由（{id}为{got}）。 | 请写其中之一：{known}。",
        article=4,
    ),
    "department-twice": _say(
        "{name} must not name the lead (got {got} for {id}). | Name each department once.",
        "{name}不应再写牵头部门（{id}为{got}）。 | 每个部门只写一次。",
        article=9,
    ),
    "item-department": _say(
        "{name} must be of departments of the entry (got {department} for {item} in {id}). | Name it as lead or cooperating, or leave it out of the item.",
        "{name}应属于本条目的部门（{id}中{item}为{department}）。 | 请将其写为牵头或配合部门，或在事项中去掉。",
        article=9,
    ),
    "territory": _say(
        "{name} must give departments of the entry areas in which it has subjects (got {department} with {areas} in {id}). | Leave out departments that take part everywhere; compare the areas with those of the subjects.",
        "{name}应为本条目的部门列出有检查对象的区域（{id}中{department}有{areas}个）。 | 各区域都参加的部门请不写；请与检查对象的区域核对。",
        article=20,
    ),
    "batches-order": _say(
        "{name} must begin one after the other (got {got} for {id}). | Put them in order; join those of one day.",
        "{name}应依次开始（{id}为{got}）。 | 请按先后排列，同日的合并。",
        article=15,
    ),
    "batches-sum": _say(
        "{name} must have parts that add up to 1 (got {got} for {id}). | Write Fraction(1, {number}) for each.",
        "{name}各部分之和应为1（{id}为{got}）。 | 每批请写Fraction(1, {number})。",
        article=15,
    ),
    # Amendments
    "raise-nothing": _say(
        "{name} or 'frequency' must be raised (got neither for {entry}). | Leave the entry out of the amendment.",
        "应提高{name}或'frequency'（{entry}两者均无）。 | 请从调整中去掉该条目。",
        article=16,
    ),
    "amendment-grounds": _say(
        "{name} must say what was found (got {got}). | Write it for the public.",
        "{name}应写明发现的情况（实际为{got}）。 | 请写明，供公开。",
        article=16,
    ),
    "amendment-empty": _say(
        "{name} must raise an entry (got none). | Do not make the amendment.",
        "{name}至少应提高一个条目。 | 否则无需调整。",
        article=16,
    ),
    "amendment-twice": _say(
        "{name} must raise each entry once (got {got} {count} times). | Join them.",
        "{name}中每个条目只能出现一次（{got}有{count}次）。 | 请合并。",
        article=16,
    ),
    "amendment-unknown": _say(
        "{name} must be in the plan (got {got}). | An amendment only raises what is planned; inspect anything else as a lead.",
        "{name}应为计划中的条目（实际为{got}）。 | 调整只能提高已计划的；计划外的按线索检查。",
        article=16,
    ),
    "amendment-lowers": _say(
        "{name} of {entry} must be raised, and nothing in it lowered (got {new}, the plan says {old}). | Leave it as it is, or write more.",
        "{entry}的{name}只能提高，不能降低（实际为{new}，计划为{old}）。 | 请保持不变或写得更高。",
        article=16,
    ),
    "amendment-begun": _say(
        "{name} of {entry} must keep those that began before {on} and add none there (got {stays} of {begun}, or other days). | Write the days of the plan for them.",
        "{entry}的{name}应保留{on}前已开始的批次且不增加（实际为{begun}批中的{stays}批，或日期不同）。 | 这些批次请照计划写。",
        article=16,
    ),
    "amendment-measure": _say(
        "{name} of {entry} must stay where the ratio is counted in another way (got {new}, the plan says {old}). | Amend them in a second step.",
        "比例的计数方式改变时，{entry}的{name}不能同时改变（实际为{new}，计划为{old}）。 | 请分两步调整。",
        article=16,
    ),
    "amendment-later": _say(
        "{name} of {entry} must not put off what was planned (got {new} by {on}, the plan says {old}). | Give earlier batches more.",
        "{entry}的{name}不能推迟已计划的检查（到{on}为{new}，计划为{old}）。 | 请增加较早批次的份额。",
        article=16,
    ),
    "amendment-order": _say(
        "{name} must be numbered and dated in order (got number {number} of {on} after {before}). | Write number {expected}, and the day on which it took effect.",
        "{name}的编号和日期应依次递增（实际为第{number}号，{on}，其前为{before}）。 | 请写第{expected}号和生效日期。",
        article=16,
    ),
    # Plans
    "conference-convener": _say(
        "{name} must be one of the members (got {got}). | Add it to the members.",
        "{name}应为成员之一（实际为{got}）。 | 请将其列入成员。",
        article=9,
    ),
    "entry-twice": _say(
        "{name} must be unique in the plans (got {got} twice). | Row {first} has it: number the entries. | Number the entries of all plans that are drawn together.",
        "{name}在计划中不能重复（{got}出现两次）。 | 第{first}行已有，请为条目编号。 | 请为一起抽取的各计划的条目统一编号。",
    ),
    "plan-entry-unknown": _say(
        "{name} must be of an entry of the plan (got {got}). | There are {known}.",
        "{name}应为计划中的条目（实际为{got}）。 | 现有：{known}。",
    ),
    "officers-none": _say(
        "the lead must have officers for the ratio {ratio} (got none of {department} for {id}). | Add them to the register of inspectors, or plan a share of the subjects.",
        "按{ratio}抽取时牵头部门应有执法人员（{id}的{department}没有）。 | 请在名录库中补充，或改为对象的比例。",
        article=12,
    ),
    # What a check of a plan finds
    "campaign-empty": _say(
        "{name} must not be empty (got none for {campaign}). | Write who inspects, and what.",
        "{name}不能为空（{campaign}未写）。 | 请写明谁检查、检查什么。",
    ),
    "content-missing": _say(
        "an entry must say its {content:s} (got none). | Add it.",
        "条目应写明{content:s}。 | 请补充。",
        article=12,
    ),
    "window-outside-year": _say(
        "a batch must be in {year} (got {first} to {last}). | Correct the days, or put it into the plan of the other year.",
        "批次应在{year}年内（实际为{first}至{last}）。 | 请更正日期，或列入另一年的计划。",
        article=12,
    ),
    "window-without-workday": _say(
        "a batch must have a working day (got {first} to {last}). | Give it more days.",
        "批次内应有工作日（实际为{first}至{last}）。 | 请增加天数。",
        article=15,
        is_warning=True,
    ),
    "frequency-unmet": _say(
        "an entry must have as many batches as its frequency {frequency:s} asks for (got {batches} from {first} to {last}). | Divide it by Frequency.batches.",
        "条目的批次数应符合频次{frequency:s}（{first}至{last}实际有{batches}批）。 | 请用Frequency.batches划分。",
        article=15,
    ),
    "amendment-over": _say(
        "a raise must come while a batch can still be made (got the amendment {number} of {on}, all batches of the entry were over on {last}). | Name batches in the raise: those of the plan with smaller parts, and one more.",
        "提高比例应在批次结束之前（第{number}号调整于{on}，而全部批次已于{last}结束）。 | 请在调整中另加一批，并减小原批次的份额。",
        article=16,
    ),
    "joint-plan-late": _say(
        "the joint plan must be made by {due} (got {got}). | Adopt it at once, and say why it is late.",
        "联合抽查计划应在{due}前制定（实际为{got}）。 | 请尽快制定并说明迟延原因。",
        article=14,
    ),
    "department-no-member": _say(
        "a department of a joint entry must be a member of the joint conference (got {department}). | Invite it, or correct its name.",
        "联合抽查条目的部门应为联席会议成员（实际为{department}）。 | 请邀请其加入，或更正名称。",
        article=8,
        is_warning=True,
    ),
    "entry-not-joint": _say(
        "a joint entry must have departments that take part (got {department} alone). | Name them, or leave it to its own plan.",
        "联合抽查条目应有配合部门（只有{department}）。 | 请写明，或列入该部门自己的计划。",
        article=14,
        is_warning=True,
    ),
    "proposal-missing": _say(
        "a joint entry must say what it was proposed for (got none). | Write ProposalReason.MEMBER or another.",
        "联合抽查条目应写明提议依据。 | 请写“成员单位提议”等。",
        article=14,
        is_warning=True,
    ),
    "member-idle": _say(
        "a member of the joint conference must take part in joint inspection (got no entry of {department}). | Ask for its proposals.",
        "联席会议成员应参加联合抽查（没有{department}的条目）。 | 请征求其提议。",
        article=9,
        is_warning=True,
    ),
    "item-uncovered": _say(
        "a plan must cover every item of the remit (got no entry for {item} of {department}, category {category}, object {object}). | Add one.",
        "计划应涵盖职责内的全部事项（没有{department}的{item}，类别{category}，对象{object}）。 | 请补充。",
        article=13,
    ),
    "entries-repeat": _say(
        "an item must not be planned twice for the same subjects and days (got {items}). | Join the entries, or separate their subjects.",
        "同一时段对相同对象不应重复安排同一事项（实际为{items}）。 | 请合并条目或区分对象。",
        article=17,
        is_warning=True,
    ),
    "entries-overlap": _say(
        "departments that visit the same subjects at the same time must inspect them jointly (got {departments}). | Put both entries into the joint plan, or separate their subjects or days.",
        "各部门同一时段检查同一对象时应联合检查（实际为{departments}）。 | 请列入联合抽查计划，或区分对象或时段。",
        article=19,
        is_warning=True,
    ),
    "mechanism-apart": _say(
        "a joint mechanism must have its inspections drawn at random (got {campaign} of {mechanism} for {items}). | Plan it as a joint entry.",
        "联合机制的检查应随机抽取（{mechanism}的{campaign}，事项{items}）。 | 请列为联合抽查条目。",
        article=18,
    ),
    "campaign-beside-draw": _say(
        "a special campaign must not stand beside a random draw of the same item and days (got {campaign}, {first} to {last}). | Drop the campaign, or state its legal basis.",
        "同一事项、同一时段已随机抽查的，不应再部署专项检查（实际为{campaign}，{first}至{last}）。 | 请取消，或写明法律依据。",
        article=4,
        is_warning=True,
    ),
    "officers-too-few": _say(
        "a department must have {least} certified officers to inspect (got {officers} of {department}). | Train or borrow some.",
        "部门至少应有{least}名持证执法人员（{department}有{officers}名）。 | 请培训或借调。",
        article="Administrative Penalty Law, Art. 42",
    ),
    "officers-without-choice": _say(
        "to draw inspectors at random, a department needs more of them than one team (got {officers} officers of {department}). | Plan Mode.SUBJECTS_ONLY for few inspectors, or add officers.",
        "随机选派要求执法人员多于一组（{department}有{officers}名）。 | 人员少时请用“只随机抽取检查对象”，或增加人员。",
        article=4,
        is_warning=True,
    ),
    "capacity-short": _say(
        "a department must be able to make its visits (got {visits} of {department} from {first} to {last}, where {teams} teams can make {possible}). | Give them more time, or merge visits.",
        "部门应能完成其检查（{department}在{first}至{last}有{visits}次，{teams}组可完成{possible}次）。 | 请延长时段或合并检查。",
        article=15,
        is_warning=True,
    ),
}

_ROUNDS = {
    "round-window": _say(
        "a round must be of plans of one year, and of a quarter or a window (got years {years}, quarter {quarter}, window {window:s}). | Write quarter=2.",
        "一轮抽取应为同一年度的计划，并给出季度或时段之一（实际为年度{years}，季度{quarter}，时段{window:s}）。 | 请写quarter=2。",
    ),
    "round-record": _say(
        "a record must be of the draws of the round (got another draw of {name}, or none). | Give the round that was announced.",
        "抽取记录应为本轮的抽取（{name}不同或没有）。 | 请给出已公告的那一轮。",
    ),
    "register-missing": _say(
        "'registers' must have one of {department} (got none). | Give the register of its subjects.",
        "缺少{department}的检查对象名录库。 | 请给出其名录库。",
    ),
    "ledger-missing": _say(
        "'ledger' must be given for {id}, whose first batch was drawn before (got None). | Give the ledger of what was drawn.",
        "{id}的首批已抽取，应给出台账。 | 请给出已抽取内容的台账。",
        article=15,
    ),
    "round-unreached": _say(
        "'territories' must reach every subject of the frame (got {subjects} whom nobody would check in {id}). | Name the areas in 'subjects', or an item of the lead.",
        "抽样框中的对象都应有部门检查（{id}中有{subjects}个无人检查）。 | 请在检查对象中写明区域，或写明牵头部门的事项。",
        article=20,
    ),
    "subject-unknown": _say(
        "{name} must be subjects of {entry} in the register (got {got}). | Take them from `selected`.",
        "{name}应为{entry}在名录库中的检查对象（实际为{got}）。 | 请从selected中取得。",
    ),
}

_PERFORMANCE = {
    "tier-size": _say(
        "{name} must have every tier of the ledger and its subjects (got {got} for {tier}, of which {drawn} were {doing:t}). | Give the sizes of its frame.",
        "{name}应有台账中各层级及其对象数（{tier}为{got}，其中{doing:t}{drawn}户）。 | 请给出其抽样框的规模。",
    ),
    "load-of-nobody": _say(
        "{name} must be of people in the register (got {got}). | Give the register with which the tasks were assigned.",
        "{name}应属于名录库中的人员（实际为{got}）。 | 请给出选派时所用的名录库。",
    ),
    "confidence": _say(
        "{name} must be between 0 and 1 (got {got}). | Write 0.95 for 95 %.",
        "{name}应在0与1之间（实际为{got}）。 | 95%请写0.95。",
    ),
    "amount-range": _say(
        "{name} must be a number of 0 or more, of not more than {digits} digits (got {got}). | Write '0.5'.",
        "{name}应为不小于0、不超过{digits}位的数（实际为{got}）。 | 请写'0.5'。",
    ),
}

_CALENDARS = {
    "notice-empty": _say(
        "{name} must name a day (got none, and no day to be made up). | Write what the notice has.",
        "{name}不能为空（也没有调休上班日）。 | 请照通知填写。",
    ),
    "notice-day-repeated": _say(
        "{name} must name a day once (got {day} twice). | Take one out.",
        "{name}中每日只能写一次（{day}写了两次）。 | 请去掉一个。",
    ),
    "notice-day-both": _say(
        "{name} must not name a day that stands in 'days_off' (got {day}). | Take it out of one of them.",
        "{name}不能含有'days_off'中的日期（实际有{day}）。 | 请从其中之一去掉。",
    ),
    "notice-day-far": _say(
        "{name} must lie in {year} or in the last week before it (got {day}). | Write it in the notice for its own year.",
        "{name}应在{year}年内或其前一周（实际为{day}）。 | 请写入该日所属年份的通知。",
    ),
    "notice-make-up-weekday": _say(
        "{name} must name days that would be off (got {day}, a weekday that is worked anyway). | Write it in 'days_off', or take it out.",
        "{name}应为本来休息的日期（实际为{day}，本来就上班）。 | 请写入'days_off'，或去掉。",
    ),
    "notice-make-up-statutory": _say(
        "{name} must not name a statutory holiday (got {day}). | Compare it with the notice.",
        "{name}不能含有法定节假日（实际为{day}）。 | 请与通知核对。",
    ),
    "notice-year": _say(
        "{name} must be from {first} to {last} (got {got}). | For later years, update the package 'holidays'.",
        "{name}应在{first}至{last}之间（实际为{got}）。 | 更晚的年份请更新holidays包。",
    ),
    "notice-gap": _say(
        "{name} must follow a year that is announced (got {got} without {before}). | Add the notice for {before}.",
        "{name}应紧接已公布的年份（有{got}而无{before}）。 | 请补上{before}年的通知。",
    ),
    "notice-amends-nothing": _say(
        "a notice that amends must follow the notice for {year} (got none before it). | Give that one first.",
        "修改性通知之前应有{year}年的通知（实际没有）。 | 请先给出该通知。",
    ),
    "days-reversed": _say(
        "{name} must not be before {since} (got {got}). | Exchange the two days if they were mixed up.",
        "{name}不能早于{since}（实际为{got}）。 | 若两日写反请对调。",
    ),
    "day-outside": _say(
        "{name} must be a day from {first} to {last} (got {got}). | Days before are not kept; for days after, update the package 'holidays'.",
        "{name}应在{first}至{last}之间（实际为{got}）。 | 更早的日期未收录；更晚的请更新holidays包。",
    ),
    "answer-outside": _say(
        "{n} {unit:t} from {start} must lead to a day from {first} to {last} (got one outside). | Days before are not kept; for days after, update the package 'holidays'.",
        "自{start}起{n}{unit:t}的结果应在{first}至{last}之间。 | 更早的日期未收录；更晚的请更新holidays包。",
    ),
}

_ITEMS = {
    "item-method": _say(
        "{name} must be made of methods such as 现场检查, 书面检查, 网络检查 and 专业机构核查 (got {got} in {text}). | Leave the part out if it does not say how a check is made.",
        "{name}应由现场检查、书面检查、网络检查、专业机构核查等方式组成（{text}中有{got}）。 | 该部分若不说明检查方式请删去。",
        article=21,
    ),
    "item-ceiling": _say(
        "{name} must be of a general item (got {got} for {item}, {item_class:t}). | Leave it out, or write item_class=ItemClass.GENERAL.",
        "只有一般检查事项有{name}（{item}为{item_class:t}，实际为{got}）。 | 请去掉，或写item_class=ItemClass.GENERAL。",
        article=10,
    ),
    "item-dates": _say(
        "{name} must be after 'in_force_from' (got {got}, from {since} on). | Exchange them if they were mixed up.",
        "{name}应晚于'in_force_from'（实际为{got}，自{since}起施行）。 | 若写反请对调。",
    ),
    "item-repeated": _say(
        "an item must stand in the list once on any day (got {got} of {department} here and in row {other}). | Keep one of the rows, or give them dates that do not overlap.",
        "同一事项在任何一日只能列一次（{department}的{got}在此处和第{other}行）。 | 请只保留一行，或使日期不重叠。",
        article=10,
    ),
    "item-contradiction": _say(
        "{name} must be the same in all rows of one item (it is not the same here as in row {other}). | Write the same in every row, or tell the items apart by their objects.",
        "同一事项各行的{name}应相同（此处与第{other}行不同）。 | 请写成一致，或以检查对象区分事项。",
    ),
    "item-not-listed": _say(
        "{name} must be on the list {list} (got {got}). | Only items of the list may be drawn: add it to the list first.",
        "{name}应在清单{list}内（实际为{got}）。 | 只能抽查清单内的事项：请先列入清单。",
        article=10,
    ),
    "item-not-in-force": _say(
        "{name} must be in force from {first} to {last} (got {got} of {department}, which is not on {on}). | Draw it while it is in force, or leave it out.",
        "{name}在{first}至{last}应有效（{department}的{got}在{on}无效）。 | 请在有效期内抽查，或不抽查。",
        article=10,
    ),
    "item-above-ceiling": _say(
        "{name} must not be above the ceiling {ceiling} of the general item {item} of {department} (got {got}). | Lower the ratio, or have the item made a key item.",
        "{name}不能超过{department}一般检查事项{item}的上限{ceiling}（实际为{got}）。 | 请降低比例，或将其列为重点检查事项。",
        article=10,
    ),
}

_JOINT = {
    "visit-impossible": _say(
        "{name} must be on-site checks of one subject with a day in common (got {count} that are not). | Write merge_checks(checks).",
        "{name}应为同一对象、有共同日期的实地核查（实际给出的{count}项不是）。 | 请写merge_checks(checks)。",
        article=19,
    ),
    "check-doubled": _say(
        "a check must be listed once (got {item} of {department} at {subject_id}, {window:s}, here and in row {other}). | Keep one of the rows.",
        "同一检查只能列一次（{subject_id}的{department}{item}，{window:s}，在此处和第{other}行）。 | 请只保留一行。",
        article=17,
    ),
}

_SOURCES = {
    "no-provision": _say(
        "'cites' must be given provisions (got {got}). | Write @cites(article(26)) or @cites(CIVIL_CODE_201).",
        "'cites'应给出条款（实际为{got}）。 | 请写@cites(article(26))或@cites(CIVIL_CODE_201)。",
        is_type=True,
    ),
    "no-such-provision": _say(
        "{instrument} must be cited by an article of 1 to 32, with an item for Art. 28 (1 to 9) and Art. 29 (1 to 7) alone (got article {number}, item {item}). | Look it up in docs/reference/provisions.md.",
        "{instrument}有第一至三十二条，只有第二十八条（一至九项）、第二十九条（一至七项）分项（实际为第{number}条第{item}项）。 | 请查docs/reference/provisions.md。",
    ),
    "rule-day": _say(
        "'joint_plan_month' and 'joint_plan_day' must be a day of every year (got {month} and {day}). | Write 3 and 31 for 31 March.",
        "'joint_plan_month'和'joint_plan_day'应为每年都有的日期（实际为{month}和{day}）。 | 3月31日请写3和31。",
    ),
}

_FRAMES = {
    "frame-codes": _say(
        "{name} must be a column of integers (got an array of {got:s} with {dimensions:dimension}). | Give each row the position of its stratum in 'names', or use Frame(ids, strata).",
        "{name}应为一列整数（实际为{got:s}的{dimensions}维数组）。 | 请给出每行所属层在'names'中的位置，或用Frame(ids, strata)。",
        is_type=True,
    ),
    "stratum-code": _say(
        "{name} must be in 0..{last} (got {got}). | Add the missing name.",
        "{name}应在0至{last}之间（实际为{got}）。 | 请补上缺少的名称。",
    ),
    "weight-range": _say(
        "{name} must be at least 1 and below 2**53 (got {got}). | Leave out subjects that cannot be drawn; where weights are too large, count in larger units.",
        "{name}应不小于1且小于2**53（实际为{got}）。 | 不能被抽取的请去掉；权重过大的请改用较大的单位。",
    ),
}

_ASSIGNMENTS = {
    # The staffing problem
    "department-unknown": _say(
        "{name} must ask for departments of the register (task {task_id} asks for {department}, there are {known}). | Write the name as the register does, or add its inspectors.",
        "{name}所要的部门应在名录库中（任务{task_id}需要{department}，现有：{known}）。 | 请按名录库的名称写，或补充其人员。",
    ),
    "team-too-small": _say(
        "{name} must give a team of at least {least:certified officer} (task {task_id} has {officers}; experts and seats for uncertified staff do not count). | Raise a count, or give other rules where the law allows it.",
        "{name}应使检查组至少有{least}名持证执法人员（任务{task_id}只有{officers}名，专家和无证人员席位不计）。 | 请增加席位，或在法律允许时另给规则参数。",
        article="Administrative Penalty Law, Art. 42",
    ),
    "lead-without-seat": _say(
        "{name} must be a department with officers' seats of its own (task {task_id} names {lead}). | Give the department a seat of its own, or leave the lead out to draw among all officers of the team.",
        "{name}应为有自己执法人员席位的部门（任务{task_id}写的是{lead}）。 | 请给该部门单独的席位，或不写牵头部门，在全组执法人员中抽取主检。",
    ),
    "outing-differs": _say(
        "{name} must hold tasks that one team can make (in {outing} tasks {first} and {task_id} differ in {fields}). | Put them into separate outings.",
        "{name}应为同一检查组可完成的任务（{outing}中任务{first}与{task_id}的{fields}不同）。 | 请分为不同的半天。",
    ),
    "outing-given": _say(
        "{name} must not be given yet (task {task_id} is in {got}). | Leave the task out, or take its outing away.",
        "{name}应尚未确定（任务{task_id}已在{got}）。 | 请去掉该任务，或去掉其半天。",
    ),
    "outing-area": _say(
        "{name} must be one that has a size (task {task_id} has {got}). | Give the area, or its size.",
        "{name}应为规定了数量的区域（任务{task_id}为{got}）。 | 请给出区域或其数量。",
    ),
    "member-unknown": _say(
        "{name} must stand in the register (team {team_id} names {inspector_id}). | Correct the id, or leave the member out.",
        "{name}应在名录库中（检查组{team_id}写有{inspector_id}）。 | 请更正编号，或去掉该成员。",
    ),
    "member-of-two-teams": _say(
        "{name} must be in one team only ({inspector_id} is in {other} and in {team_id}). | Take the member out of one team, or draw single inspectors: teams that share somebody use up each other.",
        "{name}只能在一个检查组（{inspector_id}在{other}和{team_id}中）。 | 请从其中一组去掉，或改为抽取个人。",
    ),
    "recusal-of-nobody": _say(
        "{name} must stand in the register (got {inspector_id}). | Correct the id, or leave the recusal out if the person has left.",
        "{name}应在名录库中（实际为{inspector_id}）。 | 请更正编号；已离开的请去掉该回避。",
        article="Administrative Penalty Law, Art. 43",
    ),
    "officer-twice": _say(
        "{name} must hold each visit of an inspector to a subject on a day once (got {inspector_id} at {subject_id} on {on} here and in row {first}). | Keep one of the rows.",
        "{name}中同一人同一天检查同一对象只写一次（{inspector_id}于{on}检查{subject_id}，在此处和第{first}行）。 | 请只保留一行。",
    ),
    "staffing-size": _say(
        "{name} that share officers must have at most {most} pairs of a seat and an officer (got {got}: {tasks:task} from {first} on and {officers:officer}). | Draw by department, by area or by outings, so that fewer officers are open to each task.",
        "{name}中共用人员的任务，席位与人员的组合不得超过{most}个（实际为{got}：自{first}起{tasks}项任务，{officers}人）。 | 请按部门、区域或半天分别抽取。",
    ),
    "unstaffable": _say(
        "no legal staffing exists: at least {missing:seat} would stay empty. | Raise capacities or add inspectors; where numbers do not suffice, District Opinion, Art. 4 lets subjects alone be drawn.",
        "无法合法选派：至少缺{missing}个席位的人员。 | 请提高任务上限或增加人员；人员数量不足的，可依意见第四条只抽取检查对象。",
    ),
    # Statement, record, redraw
    "statement-trial": _say(
        "{name} must be of a statement that announced it (got a trial). | State the chances with the entropy to come: problem.chances(Entropy(…)).",
        "{name}应为公告中写明的公开随机数（实际为试算）。 | 请在公示概率时写明将来的公开随机数：problem.chances(Entropy(…))。",
    ),
    "seal-of-trial": _say(
        "{name} must come with an entropy (got none). | Give both, or leave both out.",
        "{name}应与公开随机数一同给出。 | 请一并给出，或都不给。",
    ),
    "record-basis": _say(
        "{name} must be given if, and only if, there is no draw of subjects (got {reason} and the draw {draw}). | Give draw=record of the draw, or reason=ModeReason.… where inspectors alone are drawn.",
        "{name}仅在没有抽取检查对象时给出（实际为{reason}，抽取记录{draw}）。 | 请给出draw=抽取记录，或在只抽取人员时给出reason=ModeReason.…。",
        article=4,
    ),
    "record-reason": _say(
        "{name} must be one for drawing inspectors alone (got {got}). | Write few-subjects, approval or case-lead.",
        "{name}应为只抽取人员的理由（实际为{got}）。 | 请写few-subjects、approval或case-lead。",
        article=4,
    ),
    "table-differs": _say(
        "{name} must be the table of the problem and the statement (got another one). | Take the lines as they were published.",
        "{name}应为该问题和公告的概率表（实际为另一个）。 | 请按公布的内容逐行写。",
    ),
    "tasks-order": _say(
        "{name} must come after {before}: each task once, sorted by id (got {got}).",
        "{name}应按编号排在{before}之后，每项任务一次（实际为{got}）。",
    ),
    "seated-twice": _say(
        "{name} must hold everybody once (got {got}).",
        "{name}中每人只能有一个席位（实际为{got}）。",
    ),
    "outside-team": _say(
        "{name} must be one of {team} (got {got}).",
        "{name}应为{team}之一（实际为{got}）。",
    ),
    "outing-team": _say(
        "{name} must be that of the other tasks of the outing {outing}, {expected} (got {got}).",
        "{name}应与半天{outing}的其他任务相同，即{expected}（实际为{got}）。",
    ),
    "no-such-task": _say(
        "{name} must be a task of the record and the problem (got {got}). | Take it from the tasks.",
        "{name}应为记录和问题中的任务（实际为{got}）。 | 请取自任务列表。",
    ),
    "not-in-team": _say(
        "{name} must be in the team of {task_id} at this place (got {got}, the team is {team}). | Take it from the record as it stands now.",
        "{name}应在任务{task_id}的检查组中（实际为{got}，检查组为{team}）。 | 请取自现有的记录。",
    ),
    "redraw-pool": _say(
        "{name} must hold the ids of those outside the team among whom is drawn, each once and in order (got {got}).",
        "{name}应依次列出可补抽的组外人员，每人一次（实际为{got}）。",
    ),
    "redraw-day": _say(
        "{name} must be later than the request of {announced_on} (got {got}). | Take a fact to come.",
        "{name}应晚于补抽公告日{announced_on}（实际为{got}）。 | 请用将来的公开随机数。",
    ),
    "redraw-team": _say(
        "{name} must be the team before with the one who was drawn, {expected} (got {got}).",
        "{name}应为原检查组换上补抽的人，即{expected}（实际为{got}）。",
    ),
    "redraws-missing": _say(
        "{name} must hold one for each of the problems of redraws, {expected} (got {got}). | Redraws were left out of the record, or the problems are of another one.",
        "{name}应与补抽时的问题一一对应，共{expected}次（实际为{got}次）。 | 记录中漏了补抽，或问题不属于此记录。",
    ),
}

MESSAGES: Final[dict[str, Message]] = {
    **_BASE,
    **_SOURCES,
    **_SUBJECTS,
    **_TIERS,
    **_LEDGER,
    **_JOINT,
    **_ITEMS,
    **_CALENDARS,
    **_FRAMES,
    **_DRAWS,
    **_INSPECTORS,
    **_LEADS,
    **_RESULTS,
    **_PUBLICATION,
    **_STUDY,
    **_ACCOUNTABILITY,
    **_PLANS,
    **_ROUNDS,
    **_PERFORMANCE,
    **_ASSIGNMENTS,
}
