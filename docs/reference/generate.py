"""
Make ``provisions.md`` and ``errors.md`` from the code, so that they stay true.

Run ``python docs/reference/generate.py`` after a citation or an error changes.
"""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import dsgk
from dsgk._messages import MESSAGES
from dsgk.sources import (
    DISTRICT_OPINION,
    INSTRUMENTS,
    NOT_FORMALISED,
    PLANNED,
    PROVISIONS,
    provisions_of,
)


HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "tests" / "provisions"

PROVISIONS_HEAD = """\
# Provisions (条款对照)

Which function carries out which provision, and which tests in `tests/provisions`
hold it to that, made from the citations in the code by
`docs/reference/generate.py`.
The instrument is: {title}, in force from {in_force}.
Articles 28 and 29 stand here with each of their items.
What each article says, and which of its sentences are carried out, stands in
[the articles, told whole](articles.md).

| provision | 条款 | in words | carried out by | tests |
| --- | --- | --- | --- | --- |
"""

ERRORS_HEAD = """\
# Errors (错误代码)

Every `code` that an error or a fault can carry, with its sentence in English
and in Chinese, made from `dsgk/_messages.py` by `docs/reference/generate.py`.
After the rule stands what to do; of several remedies, divided by `/`, a fault
tells the first whose values are known. Places in braces are filled from
`params`: `{x:s}` shows a text bare, `{n:row}` counts ("1 row", "2 rows"),
`{x:t}` is a term of the library. The last column holds the provision that is
broken, where the rule is law.

| code | English | 中文 | provision |
| --- | --- | --- | --- |
"""


def public_path(module, name):
    """Return the shortest path under which a name is public."""
    parts = module.split(".")
    for k in range(2, len(parts)):
        package = importlib.import_module(".".join(parts[:k]))
        if name in getattr(package, "__all__", ()):
            return ".".join([*parts[:k], name])
    return f"{module}.{name}"


@functools.cache
def tests_of():
    """Map the key of each provision to the files of its tests."""
    found = {}
    for path in sorted(TESTS.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            name = getattr(node, "name", "")
            keys = []
            if match := re.match(r"test_(\d+)((?:_\d+)*)_", name):
                own = f"District Opinion, Art. {match[1]}"
                items = [i for i in match[2].split("_") if i]
                keys = [f"{own}({i})" for i in items] or [own]
                keys += [own] * bool(items)
            elif match := re.match(r"TestArticle(\d+)$", name):
                keys = [f"District Opinion, Art. {match[1]}"]
            elif name.startswith("Test"):
                keys = [name]
            for key in keys:
                found.setdefault(key, set()).add(path.name)
    return found


def class_of(provision):
    """Return the name that a class of tests of a statute's article has."""
    return "Test" + re.sub(r"\W", "", str(provision).replace("Art. ", ""))


@functools.cache
def carried_out():
    """Map each provision to the sorted names of all that cite it."""
    found = {}
    for info in pkgutil.walk_packages(dsgk.__path__, "dsgk."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != info.name:
                continue
            path = public_path(info.name, name)
            members = [(path, value)]
            if inspect.isclass(value):
                members += [
                    (f"{path}.{n}", getattr(m, "__func__", m))
                    for n, m in vars(value).items()
                ]
            for where, member in members:
                if "__provisions__" in getattr(member, "__dict__", {}):
                    for provision in provisions_of(member):
                        found.setdefault(provision, set()).add(where)
    return {provision: sorted(names) for provision, names in found.items()}


def place(provision):
    """Order of the page: by instrument, then article, then item."""
    return (
        INSTRUMENTS.index(provision.instrument),
        provision.article,
        provision.item or 0,
    )


def provisions_page():
    """Return the text of ``provisions.md``."""
    cited, tested = carried_out(), tests_of()
    rows = []
    for provision in sorted(PROVISIONS, key=place):
        if provision in cited:
            where = ", ".join(f"`{name}`" for name in cited[provision])
        elif provision in PLANNED:
            where = f"planned: `dsgk.{PLANNED[provision]}`"
        else:
            where = f"not formalised: {NOT_FORMALISED[provision]}"
        files = tested.get(str(provision)) or tested.get(class_of(provision), ())
        tests = ", ".join(f"`{name}`" for name in sorted(files))
        number, words = provision.number, provision.words
        rows.append(f"| {provision} | {number} | {words} | {where} | {tests} |\n")
    head = PROVISIONS_HEAD.format(
        title=DISTRICT_OPINION.title, in_force=DISTRICT_OPINION.in_force
    )
    return head + "".join(rows)


def line(text):
    """Return a sentence as a cell of a table."""
    return text.replace("|", "\\|")


def errors_page():
    """Return the text of ``errors.md``."""
    rows = []
    for code, message in sorted(MESSAGES.items()):
        english = line(" / ".join([message.rule, *message.remedies]))
        chinese = line(" / ".join([message.chinese, *message.chinese_remedies]))
        provision = message.provision or ""
        rows.append(f"| `{code}` | {english} | {chinese} | {provision} |\n")
    return ERRORS_HEAD + "".join(rows)


PAGES = {"provisions.md": provisions_page, "errors.md": errors_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        print(name)
