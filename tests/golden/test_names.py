"""Every public name, with the arguments it takes and what can be asked of it."""

import enum
import functools
import importlib
import inspect
import pkgutil
import re

import golden.lines

import dsgk


LONGEST_DEFAULT = 60
RECORD = (golden.lines.FOLDER / "names.txt").read_text(encoding="utf-8").splitlines()


def rooms():
    """The face of each room, and the kernels, each a room of its own."""
    for found in pkgutil.walk_packages(dsgk.__path__, "dsgk."):
        _, room, *inner = found.name.split(".")
        if (
            not inner or (room == "kernels" and len(inner) == 1)
        ) and "._" not in found.name:
            yield importlib.import_module(found.name)


def arguments(value, recorded):
    """
    Names, kinds and defaults; mypy checks the types.

    Options that the recorded line lacks are left out: they may come.
    """
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "(…)"
    plain = []
    for one in signature.parameters.values():
        is_option = one.kind is one.KEYWORD_ONLY and one.default is not one.empty
        if recorded and is_option and not re.search(rf"\b{one.name}=", recorded):
            continue
        if len(repr(one.default)) > LONGEST_DEFAULT:
            one = one.replace(default=type(one.default))  # noqa: PLW2901
        plain.append(one.replace(annotation=inspect.Parameter.empty))
    return str(inspect.Signature(plain))


def members(name_of_class, cls, recorded):
    """Public methods, properties and fields of a class, its builtin bases aside."""
    own = {
        name: value
        for base in reversed(cls.__mro__)
        if base.__module__.startswith("dsgk")
        for name, value in vars(base).items()
    }
    for name, value in own.items():
        if name.startswith("_"):
            continue
        if isinstance(value, classmethod | staticmethod) or inspect.isfunction(value):
            line = recorded.get(f"{name_of_class}.{name}")
            yield name + arguments(getattr(cls, name), line)
        else:
            yield name


def told(name, value, recorded):
    """Lines of a public name."""
    inner = functools.partial(members, name, value, recorded)
    if isinstance(value, type) and issubclass(value, enum.Enum):
        yield f"{name}: enum"
        yield from (f"{name}.{one.name} = {one.value!r}" for one in value)
        yield from (f"{name}.{one}" for one in inner() if one not in value.__members__)
    elif isinstance(value, type):
        bases = [b.__name__ for b in value.__mro__[1:-1] if b.__module__ != "typing"]
        kind = f" is {', '.join(bases)}" if issubclass(value, Exception) else ""
        yield f"{name}{arguments(value, recorded.get(name))}{kind}"
        yield from (f"{name}.{one}" for one in inner())
    elif callable(value):
        yield f"{name}{arguments(value, recorded.get(name))}"
    else:
        plain = isinstance(value, str | int | float)
        yield f"{name} = {value!r}" if plain else f"{name}: {type(value).__name__}"


def test_every_public_name_is_as_recorded(request):
    """What vanishes needs a replacement that is told; names and options may come."""
    lines_before = [] if request.config.getoption("--golden-update") else RECORD
    recorded = {line.partition("(")[0]: line for line in lines_before}
    lines = [f"dsgk.{name}" for name in dsgk._HOME]
    for room in rooms():
        for name in getattr(room, "__all__", ()):
            lines += told(f"{room.__name__}.{name}", getattr(room, name), recorded)

    golden.lines.hold(request.config, "names.txt", sorted(set(lines)), more=True)
