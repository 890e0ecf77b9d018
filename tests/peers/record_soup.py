"""Answers a TLS hello with well-formed records of every kind in no order that means anything."""

from __future__ import annotations

import random


def soup(number):
    dice = random.Random(number)  # noqa: S311
    records = []
    for _ in range(20):
        body = dice.randbytes(dice.randint(1, 200))
        records.append(
            bytes([dice.choice((0x14, 0x16, 0x17, 0x18)), 3, dice.randint(0, 4)]) + len(body).to_bytes(2) + body
        )
    return b"\x16\x03\x03\x00\x04\x02\x00\xff\xff" + b"".join(records)


def peer(connection):
    if connection.receive().startswith(b"\x16\x03"):
        connection.send(soup(connection.number))
    connection.drain()
