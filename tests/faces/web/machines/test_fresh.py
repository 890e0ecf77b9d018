"""A story is asked for once, whoever reads; and a page that waits for nothing says so."""

from __future__ import annotations

import asyncio

from tests.faces.kit import BACKDOOR, NOW, SSH, TAP, VXLAN, opening
from tests.faces.web.machines.answers import why
from tests.faces.web.machines.test_past import Desk, hub

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.machines import fresh
from hb_engine.model.errors import CannotLook
from hb_engine.model.owner import Owner
from hb_engine.model.record import replace

STORY = why(BACKDOOR.key)


def test_one_look_for_all_readers_of_a_sight():
    desk = Desk(STORY)

    async def work():
        stories, of = fresh.Stories(), hub(desk)
        told = await asyncio.gather(*[stories.of(of, BACKDOOR) for _ in range(20)])
        assert all(one.story is STORY for one in told)
        assert len(desk.asked) == 1
        await stories.of(of, BACKDOOR, speak=True)
        assert desk.asked[-1][1]["speak"] is True
        of.show(Sight(9, NOW))
        await stories.of(of, BACKDOOR)
        assert len(desk.asked) == 3

    asyncio.run(work())


def test_what_is_asked():
    assert fresh.query(BACKDOOR) == {"port": 1703, "transport": "tcp"}
    assert fresh.query(TAP) == {"name": "tcpdump", "transport": "packet"}
    assert fresh.query(replace(VXLAN, port=None)) is None
    assert fresh.query(opening(None, Owner(7, "bad\nname"))) is None
    assert fresh.query(opening(None, Owner(7, "x" * 500))) is None


def test_nothing_is_asked_of_what_goes_by_no_name():
    desk = Desk(STORY)
    assert asyncio.run(fresh.Stories().of(hub(desk), replace(VXLAN, port=None))) == fresh.Fresh()
    assert desk.asked == []


def test_trouble_is_told_and_not_kept():
    desk = Desk(CannotLook("no rights", "run as root"), STORY)

    async def work():
        stories, of = fresh.Stories(), hub(desk)
        first = await stories.of(of, SSH)
        assert (first.trouble, first.remedy, first.story) == ("no rights", "run as root", None)
        assert (await stories.of(of, SSH)).story is STORY

    asyncio.run(work())


def test_a_slow_look_is_late_and_goes_on():
    desk = Desk(STORY)

    async def work():
        desk.gate = asyncio.Event()
        stories, of = fresh.Stories(patience=0.0), hub(desk)
        assert (await stories.of(of, SSH)).late
        desk.gate.set()
        while (found := await stories.of(of, SSH)).late:  # noqa: ASYNC110 - one turn of the loop, and no time
            await asyncio.sleep(0)
        assert found.story is STORY
        assert len(desk.asked) == 1

    asyncio.run(work())


def test_no_more_looks_at_once_than_agreed():
    desk = Desk(STORY)

    async def work():
        stories, of = fresh.Stories(), hub(desk)
        for number in range(fresh.MOST):
            await stories.of(of, opening(number + 1))
        assert (await stories.of(of, opening(9999))).late
        assert len(desk.asked) == fresh.MOST

    asyncio.run(work())
