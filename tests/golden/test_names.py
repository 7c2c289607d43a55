"""Every public name, with the arguments it takes and what can be asked of it."""

import enum
import importlib
import inspect
import pkgutil

import golden.lines

import dsgk


LONGEST_DEFAULT = 60


def rooms():
    """The face of each room, and the kernels, each a room of its own."""
    for found in pkgutil.walk_packages(dsgk.__path__, "dsgk."):
        _, room, *inner = found.name.split(".")
        if (
            not inner or (room == "kernels" and len(inner) == 1)
        ) and "._" not in found.name:
            yield importlib.import_module(found.name)


def arguments(value):
    """Names, kinds and defaults; mypy checks the types."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "(…)"
    plain = []
    for one in signature.parameters.values():
        if len(repr(one.default)) > LONGEST_DEFAULT:
            one = one.replace(default=type(one.default))  # noqa: PLW2901
        plain.append(one.replace(annotation=inspect.Parameter.empty))
    return str(inspect.Signature(plain))


def members(cls):
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
            yield name + arguments(getattr(cls, name))
        else:
            yield name


def told(name, value):
    """Lines of a public name."""
    if isinstance(value, type) and issubclass(value, enum.Enum):
        yield f"{name}: enum"
        yield from (f"{name}.{one.name} = {one.value!r}" for one in value)
        yield from (
            f"{name}.{one}" for one in members(value) if one not in value.__members__
        )
    elif isinstance(value, type):
        bases = [b.__name__ for b in value.__mro__[1:-1] if b.__module__ != "typing"]
        kind = f" is {', '.join(bases)}" if issubclass(value, Exception) else ""
        yield f"{name}{arguments(value)}{kind}"
        yield from (f"{name}.{one}" for one in members(value))
    elif callable(value):
        yield f"{name}{arguments(value)}"
    else:
        plain = isinstance(value, str | int | float)
        yield f"{name} = {value!r}" if plain else f"{name}: {type(value).__name__}"


def test_every_public_name_is_as_recorded(request):
    """A name that vanishes needs a replacement that is told; new ones may come."""
    lines = [f"dsgk.{name}" for name in dsgk._HOME]
    for room in rooms():
        for name in getattr(room, "__all__", ()):
            lines += told(f"{room.__name__}.{name}", getattr(room, name))

    golden.lines.hold(request.config, "names.txt", sorted(set(lines)), more=True)
