"""Captures of real servers as identities, and talks played to answers that a test makes up."""

from __future__ import annotations

import importlib
import os

from hb_engine.identify.kit import Peer, converse
from hb_engine.identify.transcript import NONCE, NOW, read

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "identify", "captures")


def kept(name):
    """A transcript by its file's name."""
    with open(os.path.join(FOLDER, f"{name}.talk"), encoding="utf-8") as file:
        return read(file.read())


def named(name):
    """What the probe makes today of a capture."""
    transcript = kept(name)
    probe = importlib.import_module(f"hb_engine.identify.probes.{name.partition('-')[0]}")
    return converse(probe.talk(transcript.peer), [turn.reply for turn in transcript.turns])


def replies(name):
    """The answers of a capture, in order."""
    return [turn.reply for turn in kept(name).turns]


def ask(probe, *answers, transport="tcp", port=0, tls=False, host="hb.invalid"):
    """What a probe's talk makes of these answers, then silence."""
    home = (probe.PROBE.udp if transport == "udp" else probe.PROBE.tcp or probe.PROBE.tls) or (1,)
    return converse(probe.talk(Peer(transport, host, port or home[0], NONCE, tls, NOW)), answers)


def first_words(probe, transport="tcp"):
    """The bytes that a talk sends before it has heard anything."""
    home = (probe.PROBE.udp if transport == "udp" else probe.PROBE.tcp or probe.PROBE.tls) or (1,)
    return next(probe.talk(Peer(transport, "hb.invalid", home[0], NONCE, False, NOW))).send
