"""What is imported late is found in sources, and imported while that is possible."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.guard import loading
from hb_engine.faces.web.guard.loading import LATE, late, load_late
from hb_engine.faces.web.guard.packages import TOP

SOURCE = '''
"""A module."""
import at_the_top
from at_the_top import too
if TYPE_CHECKING:
    import never
def one():
    import late_one
    from late_two import a, b as c  # as rarely
    from .near import it
async def two():
    def inner():
        import late.three as three, late.four
class Three:
    def method(self):
        try:
            from late_five import deep
        except ImportError:
            pass
'''


def test_what_functions_import_and_nothing_else():
    assert set(late(SOURCE)) == {
        *("late_one", "late_two", "late_two.a", "late_two.b", "late.three", "late.four", "late_five", "late_five.deep")
    }


@pytest.mark.parametrize("source", ["", "x = 1", "def f(): pass", "import os"])
def test_nothing_is_late(source):
    assert late(source) == ()


def test_modules_that_there_are_not_are_named_and_no_trouble(monkeypatch):
    monkeypatch.setattr(loading, "LATE", (*LATE, "no_such_module_of_anybody"))
    assert "no_such_module_of_anybody" in load_late()


def test_a_second_time_there_is_nothing_left():
    load_late()
    before = set(sys.modules)
    load_late()
    assert set(sys.modules) == before


@pytest.mark.slow
def test_what_looks_is_not_loaded_where_pages_are_served():
    code = (
        f"import sys; sys.path.insert(0, {TOP!r}); from hb_engine.faces.web import serving; "
        "from hb_engine.faces.web.guard.loading import load_late; load_late(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"concurrent.futures.thread", "pwd", "hb_engine.model.history"} <= loaded
    assert not {name for name in loaded if name.startswith(("hb_engine.inventory.linux.", "hb_engine.store.sqlite"))}


@given(st.lists(st.sampled_from(["a", "b.c", "d"]), max_size=5))
def test_each_is_told_once(names):
    source = "".join(f"def f{number}():\n    import {name}\n" for number, name in enumerate(names))
    assert set(late(source)) == set(names)
    assert len(late(source)) == len(set(names))
