"""A site for the API's tests: two machines with drift and a baseline, another one with gaps, and strangers' bytes."""

from __future__ import annotations

import json

from tests.faces import judged
from tests.faces.deciding import BASELINE
from tests.faces.kit import BACKDOOR, DAY, HOST, LOOK, NOBODY, NOW, REDIS, SSH, opening, service
from tests.faces.web import kit

from hb_engine.app.hub.questions.changes import Changed, Changes
from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.model.history import Change
from hb_engine.model.inventory import Host, Inventory
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace

LOADED = Loaded("hb.d", BASELINE)
STRANGE = "a\udcff\ud800\u202e</script>\x00"  # undecodable bytes, half a pair, a bidi control, markup, a zero byte
DOUBLES = tuple([replace(SSH, netns=Netns(number, "", "container")) for number in (1, 2, 3)])
RAW = opening(None, service(STRANGE, 7, "/x", "p"), transport="raw", protocol="icmp")
SEEN = Inventory(Host("läptop / 東京", "Debian"), NOW - 60, NOBODY, (SSH, *DOUBLES, RAW))
BLIND = Machine(SEEN.host.name, SEEN, None, "laptop.json")
FIRST = Machine(HOST.name, LOOK, judged.DRIFTED)
SIGHT = Sight(7, NOW, (FIRST, kit.OTHER, BLIND), (Trouble("history", "there is none", "hb record"),), LOADED)


PAST = (Change(NOW - 60, "opened", BACKDOOR, None, NOW - 3600), Change(NOW - DAY, "widened", REDIS, SSH, NOW - 2 * DAY))


def changes(since, limit, host):
    """What the process that keeps the history answers."""
    told = [Changed(host, one) for one in PAST if one.at >= since][:limit]
    return Changes(since, tuple(told), 0, NOW - 9 * DAY, NOW - 60)


def site(sight: Sight = SIGHT, answer=changes):
    """A site with all that the API can tell of."""
    return kit.site(sight, answers={"changes": answer})


def client(of=None, session=kit.READER):
    """A program with a session's cookie."""
    return kit.client(of or site(), session)


def saying(text):
    """A sight in which a stranger's text stands everywhere."""
    report = judged.saying(text)
    strange = replace(BACKDOOR, owners=(replace(BACKDOOR.owners[0], comm=text, exe=text, unit=text, user=text),))
    seen = Inventory(report.host, NOW, report.coverage, (strange,))
    return Sight(3, NOW, (Machine(text, seen, report, text),), (Trouble(text, text, text),), LOADED)


def every(browser, path, **words):
    """All items of a list, part by part, and how many parts it took."""
    found, cursor, parts = [], None, 0
    while True:
        asked = {**words, **({"cursor": cursor} if cursor else {})}
        told = browser.get(f"/api/v1{path}", params=asked)
        assert told.status_code == 200, told.text
        page = json.loads(told.text)
        found += page["items"]
        parts, cursor = parts + 1, page["next"]
        if cursor is None:
            assert page["total"] == len(found)
            return found, parts
