"""What servers answered, captured or built from their specifications, judged as answers that everyone can have."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.identity import Identity
    from hb_engine.model.owner import Owner

from tests.judge.builders import facts, opening, owner
from tests.kit.talks import CAPTURES

from hb_engine.identify.transcript import read
from hb_engine.model.answer import Answer

NAMES = sorted(name.removesuffix(".talk") for name in os.listdir(CAPTURES) if name.endswith(".talk"))
SERVER = owner("/usr/bin/server")


def replayed(name: str) -> tuple[str, Identity | None]:
    """The transport of a kept conversation, and what the probe makes of it."""
    with open(os.path.join(CAPTURES, f"{name}.talk"), encoding="utf-8") as file:
        kept = read(file.read())
    probe = importlib.import_module(f"hb_engine.identify.probes.{name.partition('-')[0]}")
    talk = probe.talk(kept.peer)
    try:
        next(talk)
        for turn in kept.turns:
            talk.send(turn.reply)
    except StopIteration as end:
        return kept.peer.transport, end.value
    raise AssertionError(f"{name}: the talk goes on where the capture ends")


def spoken_of(rule: Any, who: Owner = SERVER) -> dict[str, str]:
    """The severity of what a rule says by the capture, for those of which it says anything; `who` holds the opening."""
    told = {}
    for name in NAMES:
        transport, identity = replayed(name)
        if identity:
            answer = Answer(transport, 1703, "open", "syn-ack", identity=identity, held="confirmed")
            here = opening(1703, who, addresses=("203.0.113.7",))
            for reason in rule.judge(facts(here, answer=answer)):
                told[name] = reason.severity
    return told
