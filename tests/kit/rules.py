"""Messages of nf_tables, made by hand: rules as lists of expressions, in the form in which the kernel sends them."""

from __future__ import annotations

from struct import Struct

from hb_engine.wire import netlink

BE32, SIGNED = Struct("!I"), Struct("!i")


def attributes(**values):
    """Attributes by number (n1=..., n2=...): bytes as they are, numbers as be32, text with its NUL, lists nested."""
    return b"".join([netlink.attribute(int(name[1:]), payload(value)) for name, value in values.items()])


def payload(value):
    if isinstance(value, int):
        return BE32.pack(value)
    if isinstance(value, str):
        return value.encode() + b"\0"
    return value


def data(value):
    """A value as NFTA_DATA_VALUE."""
    return attributes(n1=value)


def verdict(code, chain=""):
    """A verdict as NFTA_DATA_VERDICT."""
    inside = netlink.attribute(1, SIGNED.pack(code)) + (attributes(n2=chain) if chain else b"")
    return netlink.attribute(2, inside)


def expression(name, **values):
    return netlink.attribute(1, attributes(n1=name, n2=attributes(**values)))


def message(family, **values):
    """The body of one message: struct nfgenmsg and attributes."""
    return Struct("=BBH").pack(family, 0, 0) + attributes(**values)


def proto(number, register=1):
    return expression("meta", n1=register, n2=16) + expression("cmp", n1=register, n2=0, n3=data(bytes((number,))))


def dport(register=1):
    return expression("payload", n1=register, n2=2, n3=2, n4=2)


def compare(value, operator=0, register=1):
    return expression("cmp", n1=register, n2=operator, n3=data(value))


def constant(value, register=1):
    return expression("immediate", n1=register, n2=data(value))


def go(code, chain=""):
    return expression("immediate", n1=0, n2=verdict(code, chain))


def port(number):
    return number.to_bytes(2, "big")


def redirect(to=0):
    return constant(port(to)) + expression("redir", n1=1) if to else expression("redir")
