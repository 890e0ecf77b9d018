"""How attempts stand: by the lines of the log, and where these end, by the file."""

from __future__ import annotations

import os

import pytest

from hb_engine.app.hub.audit import Entry, digest
from hb_engine.app.hub.standing import (
    STATES,
    begun_again,
    is_as_written,
    is_there,
    last_of,
    standings,
    state_of,
    undone_of,
)
from hb_engine.model.errors import DataError
from hb_engine.model.record import replace

BLOCK = '[[allow]]\nid = "a"\nlisten = "tcp/1"\nwhy = "x"\nowner = "y"\n'
OTHER = BLOCK.replace('"a"', '"b"')


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "accepted.toml")


def entry(number, file, stage="begun", *, what="decide", text=BLOCK, **more):
    return Entry(number, 0, what, stage, kind="allow", block=digest(text), file=file, **more)


def write(file, text):
    with open(file, "w", encoding="utf-8", newline="") as out:
        out.write(text)


@pytest.mark.parametrize(
    "text",
    [BLOCK, f"{OTHER}\n{BLOCK}", f"{BLOCK}\n{OTHER}", f'schema = "hb/1"\n\n{BLOCK}', f"# why\n{BLOCK}\n# and\n{OTHER}",
     BLOCK.replace("\n", "\r\n"), BLOCK.rstrip("\n")],
)  # fmt: skip
def test_a_block_is_found_wherever_it_stands(file, text):
    write(file, text)
    assert is_there(entry(1, file))


@pytest.mark.parametrize(
    "text",
    ["", OTHER, BLOCK.replace("y", "z"), BLOCK.replace("allow", "forbid"), f'x = """\n{BLOCK}"""\n', f"# {BLOCK}"],
)
def test_what_is_no_such_block_is_not(file, text):
    write(file, text)
    assert not is_there(entry(1, file))


def test_no_file_holds_no_block_and_a_folder_cannot_tell(file):
    assert not is_there(entry(1, file))
    os.mkdir(file)
    with pytest.raises(DataError):
        is_there(entry(1, file))
    assert state_of(entry(1, file), frozenset()) == "unknown"
    assert not is_as_written(entry(1, file))


def test_states(file):
    write(file, BLOCK)
    assert state_of(entry(1, file), frozenset()) == "there"
    assert state_of(entry(1, file, text=OTHER), frozenset()) == "not-there"
    assert state_of(entry(1, file), frozenset({1})) == "undone"
    for stage in ("written", "failed", "refused"):
        assert state_of(entry(2, file, stage, of=1), frozenset()) == stage
    assert state_of(entry(2, file, "written", of=1), frozenset({1})) == "undone"
    assert state_of(entry(2, file, "failed", of=1), frozenset({1})) == "failed"
    assert {"there", "not-there", "unknown", "undone"} < set(STATES)


def test_the_last_decision_is_the_last_that_is_in_force(file):
    write(file, BLOCK)
    one, done = entry(1, file), entry(2, file, "written", of=1)
    assert last_of(()) is None
    assert last_of((one, done)) == one
    assert last_of((one, entry(2, file, "failed", of=1))) is None
    assert last_of((one, done, entry(3, file, "refused"))) == one
    assert last_of((one, done, entry(3, file, text=OTHER))) == one  # it was begun, and is not in its file
    assert last_of((one, done, entry(3, file))) == entry(3, file)
    assert last_of((one, done, entry(3, file, "written", what="undo", undoes=1))) is None


def test_an_undoing_without_an_outcome_is_looked_up(file):
    one, done = entry(1, file), entry(2, file, "written", of=1)
    back = entry(3, file, what="undo", undoes=1)
    write(file, OTHER)
    assert undone_of((one, done, back)) == {1}
    assert last_of((one, done, back)) is None
    write(file, BLOCK)
    assert undone_of((one, done, back)) == frozenset()
    assert last_of((one, done, back)) == one


def test_a_token_is_known_again_once_it_was_written(file):
    one = entry(1, file, ticket="t")
    assert begun_again((one,), "t") is None
    write(file, BLOCK)
    assert begun_again((one,), "t") == one
    assert begun_again((one, entry(2, file, "failed", of=1, ticket="t")), "t") is None
    assert begun_again((one, entry(2, file, "written", of=1, ticket="t")), "t") == one
    assert begun_again((one,), "other") is None


def test_only_the_last_is_to_be_taken_back_and_only_where_its_file_is_as_it_was(file):
    write(file, BLOCK)
    first, last = entry(1, file, now=digest(BLOCK)), entry(3, file, now=digest(BLOCK))
    rows = [entry(2, file, "written", of=1, now=digest(BLOCK)), entry(4, file, "written", of=3, now=digest(BLOCK))]
    assert [one.undoable for one in standings(rows, frozenset(), last)] == [False, True]
    assert [one.undoable for one in standings(rows, frozenset(), first)] == [True, False]
    assert not any(one.undoable for one in standings(rows, frozenset(), None))
    write(file, BLOCK + "\n")
    assert not any(one.undoable for one in standings(rows, frozenset(), last))
    assert not any(one.undoable for one in standings([replace(rows[1], stage="refused")], frozenset(), last))
