"""Frozen records at a price that a 30 ms program can pay.

Importing dataclasses (with inspect and re behind it) costs twice the start of the interpreter itself, and
hb port must answer in four. So `record` gives the part of a frozen, slotted dataclass that the nouns need, and
type checkers are told (PEP 681) to treat it as exactly that. It refuses what it does not need: no inheritance
between records, no mutable defaults, no post-init, no ordering. docs/why/0001-records.md has the figures.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar, dataclass_transform

    Class = TypeVar("Class", bound=type)
    Instance = TypeVar("Instance")
else:

    def dataclass_transform(**_):
        return lambda function: function


@dataclass_transform(frozen_default=True)
def record(cls: Class) -> Class:
    """Make a class of annotated fields into a frozen, slotted, hashable value.

    Fields are the annotations in order; a class attribute of the same name is the default (keep it immutable).
    """
    fields = tuple(cls.__dict__.get("__annotations__", ()))
    body = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
    defaults = {name: body.pop(name) for name in fields if name in body}
    for value in defaults.values():
        if isinstance(value, (list, dict, set)):
            raise TypeError(f"{cls.__name__}: a mutable default would be shared: {value!r}")
    body.update(__slots__=fields, __init__=_first_init, __defaults=defaults, __match_args__=fields)
    for method in (__setattr__, __delattr__, __eq__, __hash__, __repr__, __reduce__):
        body.setdefault(method.__name__, method)
    return type(cls)(cls.__name__, cls.__bases__, body)


def fields_of(value: object) -> tuple[str, ...]:
    """The names of a record's fields, in order."""
    return type(value).__slots__  # type: ignore[attr-defined, no-any-return]


def replace(value: Instance, **changes: Any) -> Instance:
    """A copy of a record with some fields changed. Raises TypeError for a field that it does not have."""
    values = {name: getattr(value, name) for name in fields_of(value)}
    values.update(changes)
    return type(value)(*values.values()) if len(values) == len(fields_of(value)) else type(value)(**values)


def items(value: object) -> Iterator[tuple[str, Any]]:
    """The fields of a record with their values, in order."""
    for name in fields_of(value):
        yield name, getattr(value, name)


def _first_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """Stand in for __init__ until the first instance; most programs use few of the classes that they import."""
    cls = type(self)
    cls.__init__ = _compile_init(cls)
    cls.__init__(self, *args, **kwargs)


def _compile_init(cls: Any) -> Any:
    defaults = cls.__dict__["__defaults"]
    scope: dict[str, Any] = {f"set_{name}": cls.__dict__[name].__set__ for name in cls.__slots__}
    scope.update({f"default_{name}": value for name, value in defaults.items()})
    parameters = ", ".join(f"{n}=default_{n}" if n in defaults else n for n in cls.__slots__)
    body = "".join(f"\n    set_{n}(self, {n})" for n in cls.__slots__)
    exec(f"def __init__(self, {parameters}):{body or ' pass'}", scope)
    return scope["__init__"]


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__slots__])


def __setattr__(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set; use replace()")


def __delattr__(self: Any, name: str) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")


def __eq__(self: Any, other: Any) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def __hash__(self: Any) -> int:
    return hash((type(self).__name__, _values(self)))


def __repr__(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in items(self))})"


def __reduce__(self: Any) -> tuple[Any, ...]:
    return type(self), _values(self)
