"""What was on a port before: as history has it, and no more than that."""

from __future__ import annotations

from tests.faces.kit import BACKDOOR, DAY, NOW, SSH
from tests.faces.web import kit

from hb_engine.app.hub.questions.port_past import Looked, PortPast
from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports.asking import Told
from hb_engine.faces.web.ports.past import Past
from hb_engine.faces.web.ports.standing import stands
from hb_engine.model.errors import DataError
from hb_engine.model.history import Span
from hb_engine.model.record import replace

ENGLISH = language("en")
OPEN, _ = stands(kit.SIGHT, 1703, ("tcp", "udp"))
CLOSED = stands(kit.SIGHT, 9, ("tcp", "udp"))[0]


LOOKED = (Looked("web-17", NOW - 30 * DAY, NOW),)


def past(*spans, looked=LOOKED, transports=("tcp", "udp")):
    return Past(Told(PortPast(1703, "", spans, looked)), ENGLISH, transports)


def test_since_when_it_is_open_between_two_looks():
    told = past(Span("web-17", BACKDOOR, NOW - 180, NOW, NOW - 480))
    (line,) = told.of("web-17", BACKDOOR.key)
    assert "first seen at" in line
    assert "did not show it" in line
    assert told.of("db-3", BACKDOOR.key) == []
    assert told.of("web-17", "tcp/public/9/x/host") == []


def test_what_was_there_at_the_first_look_is_said_so():
    (line,) = past(Span("web-17", BACKDOOR, NOW - 180, NOW)).of("web-17", BACKDOOR.key)
    assert "the first look that is remembered" in line


def test_what_has_ended_is_told_the_latest_first_and_not_all_of_it():
    other = replace(BACKDOOR, owners=(), unit="web.service")
    spans = [Span("web-17", other, NOW - n * DAY, NOW - n * DAY + 60, None, NOW - n * DAY + 90) for n in (9, 2, 5, 7)]
    lines = past(*spans).before(OPEN)
    assert len(lines) == 3
    assert all("unit:web.service" in line for line in lines)
    assert ENGLISH.moment(NOW - 2 * DAY) in lines[0]


def test_another_holder_that_no_look_saw_going_is_told_as_before():
    lines = past(Span("web-17", replace(SSH, port=1703), NOW - DAY, NOW - 600)).before(OPEN)
    assert "unit:ssh.service" in lines[0]


def test_where_nothing_was_ever_seen_it_is_said_of_the_looks():
    (line,) = past().before(CLOSED)
    assert line.startswith("No look that is remembered has shown it")
    assert past(looked=(Looked("web-17", None, None),)).before(CLOSED) == []
    assert past(looked=()).before(CLOSED) == []
    assert past().before(OPEN) == []


def test_one_transport_s_page_tells_that_transport_s_past():
    span = Span("web-17", BACKDOOR, NOW - 9 * DAY, NOW - 8 * DAY, None, NOW - 7 * DAY)
    assert past(span).before(OPEN)
    assert past(span, transports=("udp",)).before(CLOSED) != past(span).before(CLOSED)


def test_trouble_is_told_and_nothing_else():
    told = Past(Told(trouble=DataError("history is in use", "Wait.")), ENGLISH, ("tcp",))
    assert (told.message, told.remedy) == ("history is in use", "Wait.")
    assert told.of("web-17", BACKDOOR.key) == told.before(CLOSED) == []
    assert Past(None, ENGLISH, ("tcp",)).message == ""
