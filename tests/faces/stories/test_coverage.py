"""What was not seen is said, with what would show it."""

from __future__ import annotations

from tests.faces import kit
from tests.faces.kit import LOOK, said

from hb_engine.faces.document import Document, Fields
from hb_engine.faces.stories import coverage
from hb_engine.model.inventory import Coverage, Gap


def text(field):
    return said(Document((Fields((field,)),)))


def test_in_short():
    assert coverage.in_short(kit.ROOT, LOOK.openings) == "as root, nothing unseen"
    blind = kit.unprivileged()
    assert coverage.in_short(blind.coverage, blind.openings) == "without root, 10 owners unnamed, 2 gaps"
    assert coverage.in_short(Coverage(True, (), (Gap("a", "b", "c"),)), ()) == "as root, 1 gap"


def test_the_kernel_s_own_openings_need_no_name():
    assert coverage.unnamed((kit.VXLAN, kit.SSH)) == []


def test_gaps_are_told_with_their_remedies():
    field = coverage.unseen(kit.NOBODY)
    assert text(field) == (
        " unseen  owners of 5 sockets: their processes are not yours to read (run as root, or give hb CAP_SYS_PTRACE)\n"
        "         namespace cni-4f2a: setns: operation not permitted (run as root)\n"
    )
    assert coverage.unseen(kit.ROOT) is None


def test_too_many_gaps_are_counted():
    many = Coverage(False, (), tuple(Gap(f"gap {n}", "", "") for n in range(9)))
    assert "and 6 more gaps: hb ls --json tells all" in text(coverage.unseen(many, 3))


def test_owners_without_names_are_counted_with_what_is_known():
    blind = kit.unprivileged()
    assert "10 of them without a named owner; the unit or container of 10 is known" in text(
        coverage.seen(blind.openings, blind.coverage)
    )
    assert coverage.seen(LOOK.openings, kit.ROOT) is None
    one = coverage.seen(blind.openings[:1], Coverage(False))
    assert "1 opening, 1 of them" in text(one)
    assert coverage.seen((kit.opening(9),), kit.NOBODY) is None  # its gaps say it
    assert "give hb CAP_SYS_PTRACE" in text(one)  # no gap says it


def test_what_was_asked():
    assert text(coverage.asked(kit.ROOT)).endswith("bpf task iterator; as root\n")
    assert text(coverage.asked(Coverage(False))) == " asked  nothing; without root\n"
