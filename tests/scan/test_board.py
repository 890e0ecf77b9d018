"""The board: an answer counts once, open stays open, and every code means one state with one reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.answer import REASONS, STATES
from hb_engine.scan import board as boards
from hb_engine.scan.board import CLOSED, CODES, LIMITED, MEANINGS, OPEN, SILENT, UNASKED, Board, Shape, meaning, ranges

ONE, TWO = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
CODE = st.sampled_from(sorted(MEANINGS))


def made(ports=(22, 80, 443), transport="tcp"):
    return Board([ONE, TWO], ports, transport)


def cell(host, port):
    return host << 16 | port


# -- what codes mean


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_every_code_has_a_state_and_a_reason_that_the_model_knows(transport):
    for code in MEANINGS:
        state, reason = meaning(code, transport)
        assert state in STATES
        assert reason in REASONS


def test_reasons_find_their_codes():
    for reason, code in CODES.items():
        assert MEANINGS[code][1] == reason
    assert CODES["no-response"] == SILENT, "and not that of a host which limits its refusals"


def test_udp_silence_and_port_unreachable_mean_something_else():
    assert meaning(SILENT, "tcp") == ("filtered", "no-response")
    assert meaning(SILENT, "udp") == ("open|filtered", "no-response")
    assert meaning(CODES["port-unreach"], "tcp") == ("filtered", "port-unreach")
    assert meaning(CODES["port-unreach"], "udp") == ("closed", "port-unreach")


def test_only_answers_mean_open_or_closed():
    """Nothing that means silence, or somebody else's word, may say closed."""
    assert {code for code in MEANINGS if meaning(code, "tcp")[0] == "closed"} == set(boards.REFUSALS["tcp"])
    assert {code for code in MEANINGS if meaning(code, "tcp")[0] == "open"} == set(boards.OPENINGS)
    assert {code for code in MEANINGS if boards.is_open(code)} == set(boards.OPENINGS)


# -- answers


def test_an_answer_counts_once():
    board = made()
    board.note(cell(0, 22), OPEN, 3, Shape(64, 64240, 40))
    board.note(cell(0, 22), OPEN, 3, Shape(63, 1, 20))
    assert (board.opened, board.settled, board.heard[3]) == (1, 1, 2)
    assert board.news == [cell(0, 22)]
    assert board.shapes[cell(0, 22)] == Shape(64, 64240, 40), "the first one's"


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from((22, 80, 443)), CODE), max_size=40))
def test_open_stays_open_and_the_counts_are_those_of_the_rows(answers):
    board, opened = made(), set[int]()
    for host, port, code in answers:
        board.note(cell(host, port), code)
        opened |= {cell(host, port)} if boards.is_open(code) else set()
        assert all(boards.is_open(board.code(one)) for one in opened)
    rows = [code for row in board.codes for code in row]
    assert board.settled == sum(code != SILENT for code in rows)
    assert board.opened == sum(map(boards.is_open, rows)) == len(opened) == len(board.news)


def test_closed_becomes_open_and_nothing_else():
    """A limit or a load balancer may refuse once; a SYN-ACK proves a port whenever it comes."""
    board = made()
    board.note(cell(1, 80), CLOSED)
    board.note(cell(1, 80), CODES["admin-prohibited"])
    assert board.code(cell(1, 80)) == CLOSED
    board.note(cell(1, 80), OPEN)
    assert (board.code(cell(1, 80)), board.settled, board.opened) == (OPEN, 1, 1)


def test_a_port_that_was_not_asked_is_not_noted():
    board = made()
    board.note(cell(0, 23), OPEN, 1)
    assert (board.opened, board.settled, board.news) == (0, 0, [])
    assert bytes(board.codes[0]) == bytes(3)


def test_silent_cells_are_those_of_which_nothing_is_known():
    board = made()
    board.note(cell(0, 22), OPEN)
    board.note(cell(1, 443), CLOSED)
    asked = [cell(host, port) for port in (443, 22) for host in (0, 1)]
    assert board.silent(asked) == [cell(0, 443), cell(1, 22)]


def test_cells_with_a_code_in_the_order_of_ports():
    board = made((443, 22, 80))
    for port in (80, 443):
        board.note(cell(1, port), CLOSED)
    assert board.cells_with(1, CLOSED) == [cell(1, 443), cell(1, 80)]
    assert board.cells_with(1, CLOSED, 1) == [cell(1, 443)]
    assert board.cells_with(0, CLOSED) == []


def test_refusals_and_openings_of_every_engine():
    board = made((1, 2, 3, 4, 5))
    for port, code in enumerate((CLOSED, CODES["conn-refused"], OPEN, CODES["conn-accepted"], 3), 1):
        board.note(cell(0, port), code)
    assert board.refusals(0) == [cell(0, 1), cell(0, 2)]
    assert board.refusals(0, 1) == [cell(0, 1)]
    assert board.openings(0) == [cell(0, 3), cell(0, 4)]
    assert board.told() == 4


def test_refusals_of_udp_are_errors_of_icmp():
    board = made(transport="udp")
    board.note(cell(0, 22), CODES["port-unreach"])
    assert (board.refusals(0), board.told()) == ([cell(0, 22)], 1)


def test_settling_says_the_same_of_all_that_is_alike():
    board = made()
    board.note(cell(0, 22), OPEN)
    assert board.settle(0, SILENT, LIMITED) == 2
    assert bytes(board.codes[0]) == bytes((OPEN, LIMITED, LIMITED))
    assert bytes(board.codes[1]) == bytes(3)


def test_what_was_never_asked_is_left_and_an_answer_stays():
    board = made()
    board.note(cell(0, 22), CLOSED)
    board.leave([cell(0, 22), cell(0, 80)])
    assert bytes(board.codes[0]) == bytes((CLOSED, UNASKED, SILENT))


# -- who is there


def test_a_host_speaks_by_its_own_word_alone():
    board = made()
    for code in (3, 4, 5, 6, 7, 8, LIMITED, UNASKED):
        board.codes[0][0] = code
        assert not board.speaks(0), MEANINGS[code]
    for code in (OPEN, CLOSED, 9, 10, 11):
        board.codes[0][0] = code
        assert board.speaks(0), MEANINGS[code]
    board.alive.add(1)
    assert board.speaks(1), "its own kernel sent an error"


def test_a_host_is_out_of_reach_if_nobody_says_otherwise():
    board = made()
    assert board.unreachable(0) == 0
    board.note(cell(0, 22), CODES["net-unreach"])
    board.note(cell(0, 80), CODES["host-unreach"])
    assert board.unreachable(0) == CODES["host-unreach"]
    board.leave([cell(0, 443)])
    assert board.unreachable(0) == CODES["host-unreach"], "what was not asked says nothing"
    board.codes[0][2] = CODES["admin-prohibited"]
    assert board.unreachable(0) == 0


# -- ranges


def parsed(text):
    found = set[int]()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


@given(st.sets(st.integers(0, 65535), max_size=80))
def test_ranges_are_read_back_as_the_same_ports(ports):
    assert parsed(ranges(ports)) == ports


@given(st.integers(0, 65000), st.integers(1, 500))
def test_a_run_is_one_range(first, size):
    assert "," not in ranges(range(first, first + size))


@pytest.mark.parametrize(
    ("ports", "text"),
    [([], ""), ([0], "0"), ([5, 4, 2], "2,4-5"), (range(65536), "0-65535"), ([0, 1, 65535], "0-1,65535")],
)
def test_ranges_as_people_write_them(ports, text):
    assert ranges(ports) == text
