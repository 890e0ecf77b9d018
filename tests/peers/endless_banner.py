"""A tarpit for SSH clients: random lines before the identification, which never comes. (Its pauses are scaled down.)"""

from __future__ import annotations

import random

PAUSE = 0.04


def peer(connection):
    lines = random.Random(connection.number)  # noqa: S311
    while not connection.pause(PAUSE):
        connection.send(b"%x\r\n" % lines.getrandbits(lines.randint(4, 24)))
