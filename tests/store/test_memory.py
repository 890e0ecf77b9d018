"""Every store does the same: the suite over memory and SQLite, and both side by side through any sequence of looks."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.store import kit
from tests.store.conformance import SUITE

from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace
from hb_engine.store.memory import Memory
from hb_engine.store.sqlite import files
from hb_engine.store.sqlite.store import Sqlite


def sqlite(folder):
    """An empty file."""
    path = os.path.join(folder, "history", "history.db")
    files.prepare(path)
    return Sqlite(path)


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    """Each store that there is, empty."""
    made = Memory() if request.param == "memory" else sqlite(str(tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize("behaviour", SUITE, ids=lambda behaviour: behaviour.__name__)
def test_every_store(store, behaviour):
    behaviour(store)


# -- side by side

PLACES = (22, 80, 443, 6379)
NAMES = ("sshd", "nginx", "evil")


@st.composite
def openings(draw):
    """Some openings of a small world, so that keys, places and holders meet often."""
    found = {}
    for _ in range(draw(st.integers(0, 5))):
        one = kit.daemon(
            draw(st.sampled_from(PLACES)),
            draw(st.sampled_from(NAMES)),
            pid=draw(st.integers(1, 3)),
            version=draw(st.sampled_from("12")),
            scope=draw(st.sampled_from(("loopback", "public"))),
        )
        if draw(st.booleans()):
            one = replace(one, netns=kit.BOX.netns)
        if draw(st.integers(0, 4)) == 0:
            one = replace(one, ephemeral=True)
        if draw(st.integers(0, 4)) == 0:
            one = replace(one, owners=(replace(one.owners[0], package=None),))
        found[(one.port, one.scope, one.identity, one.netns.kind)] = one
    return tuple(found.values())


class SideBySide(RuleBasedStateMachine):
    """SQLite against memory: after any looks, every question has one answer."""

    @initialize()
    def begin(self):
        from tempfile import mkdtemp

        self.folder = mkdtemp()
        self.stores = (Memory(), sqlite(self.folder))
        self.now = 0

    @rule(
        found=openings(),
        step=st.sampled_from([300, 300, 300, 86400, 0, -50]),
        rights=st.booleans(),
        boot=st.sampled_from("ab"),
        host=st.sampled_from(["web-17", "web-17", "db-1"]),
    )
    def look(self, found, step, rights, boot, host):
        self.now = max(self.now + step, 0)
        shown = found if rights else [kit.blind(one) for one in found if one.netns.kind == "host"]
        coverage = kit.ROOT if rights else kit.NOBODY
        seen = kit.look(self.now, *shown, coverage=coverage, boot=boot, host=host)
        answers = []
        for store in self.stores:
            try:
                answers.append(store.record(seen))
            except BadInput as error:
                answers.append(error.message)
        assert answers[0] == answers[1]

    @rule(back=st.integers(0, 2000))
    def forget(self, back):
        first, second = [store.trim(kit.START + self.now - back, 1 << 40) for store in self.stores]
        assert first == second

    @rule()
    def open_again(self):
        memory, file = self.stores
        file.close()
        self.stores = (memory, Sqlite(file.path))

    @invariant()
    def answers_are_the_same(self):
        if not hasattr(self, "stores"):
            return
        memory, file = self.stores
        assert memory.hosts() == file.hosts()
        for host in memory.hosts():
            for when in (0, self.now - 301, self.now - 300, self.now, self.now + 1):
                self.same("at", kit.START + when, host)
            for since in (0, self.now - 400):
                for ask in ("new", "changes", "presence"):
                    self.same(ask, *((since + kit.START, host)))
            self.same("history", "", None, host)
            self.same("history", "tcp", 80, host)
            self.same("first_seen", host)
            self.same("looks", host)

    def same(self, ask, *words):
        first, second = [getattr(store, ask)(*words) for store in self.stores]
        if ask == "at" and first:  # numbers of looks are each store's own
            first, second = [replace(one, look=replace(one.look, id=0)) for one in (first, second)]
        if ask == "looks":
            first, second = [[replace(look, id=0) for look in one] for one in (first, second)]
        assert first == second, ask

    def teardown(self):
        from shutil import rmtree

        if hasattr(self, "stores"):
            self.stores[1].close()
            rmtree(self.folder)


SideBySide.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
test_side_by_side = pytest.mark.slow(SideBySide.TestCase)
