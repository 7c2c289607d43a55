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

| provision | 条款 | in words | carried out by | tests |
| --- | --- | --- | --- | --- |
"""

ERRORS_HEAD = """\
# Errors (错误代码)

Every `code` that an error or a fault can carry, made from the code by
`docs/reference/generate.py`.
A host that shows messages in another language looks up the code and fills the
places from `params`; the English template stands here for orientation.

| code | raised in | message |
| --- | --- | --- |
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


def template(node):
    """Return a message as it stands in the code, with its places in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return "{" + ast.unparse(node.value) + "}"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return template(node.left) + template(node.right)
    return "{" + ast.unparse(node) + "}"


def codes_of(function):
    """Yield (code, template) of one function, in the order of the lines."""
    messages = {}
    for node in sorted(
        (n for n in ast.walk(function) if hasattr(n, "lineno")),
        key=lambda n: (n.lineno, n.col_offset),
    ):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            messages[node.targets[0].id] = template(node.value)
        if not isinstance(node, ast.Call):
            continue
        if getattr(node.func, "id", "").endswith("Evidence"):
            continue  # the code of a fact in a list, not of a fault
        code = next(
            (
                k.value.value
                for k in node.keywords
                if k.arg == "code" and isinstance(k.value, ast.Constant)
            ),
            None,
        )
        args = list(node.args)
        name = getattr(node.func, "id", "")
        if (
            code is None
            and len(args) > 1
            and isinstance(args[0], ast.Constant)
            and isinstance(args[0].value, str)
            and name.lower().endswith("fault")
        ):
            code, args = args[0].value, args[1:]
        if code is None:
            continue
        text = ""
        if args:
            message = args[0]
            text = (
                messages.get(message.id, "")
                if isinstance(message, ast.Name)
                else template(message)
            )
        yield code, text


def codes():
    """Map each code to the modules that raise it and one template."""
    found = {}
    root = Path(dsgk.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        module = ".".join(p for p in parts if p != "__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            for code, text in codes_of(node):
                entry = found.setdefault(code, [set(), ""])
                entry[0].add(module)
                entry[1] = entry[1] or text
    return found


def errors_page():
    """Return the text of ``errors.md``."""
    rows = []
    for code, (modules, text) in sorted(codes().items()):
        where = ", ".join(f"`{m}`" for m in sorted(modules))
        line = " ".join(text.split()).replace("|", "\\|")
        rows.append(f"| `{code}` | {where} | {line} |\n")
    return ERRORS_HEAD + "".join(rows)


PAGES = {"provisions.md": provisions_page, "errors.md": errors_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        print(name)
