"""Whether there are rules, asked cheaply; and what hides them."""

from __future__ import annotations

import errno
import os

import pytest
from tests.kit import rules
from tests.kit.netlink import FakeKernel, done, message, refusal
from tests.kit.sockets import as_nobody, in_namespace, needs_root

from hb_engine.inventory.linux import firewall
from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook
from hb_engine.wire import nfnetlink, nftables


def look(*answers, root="/nowhere"):
    kernel = FakeKernel(*answers)
    return firewall.look(root, lambda: kernel.conversation(nfnetlink.NETFILTER)), kernel


def test_without_tables_one_question_is_all():
    found, kernel = look([done()])
    assert found == firewall.Ruled(sources=("nf_tables",))
    assert len(kernel.questions) == 1
    assert kernel.closed


def test_tables_that_sleep_lead_nowhere():
    table = message(nfnetlink.NEWTABLE, rules.message(1, n1="t", n2=1))
    chain = message(nftables.NEWCHAIN, rules.message(1, n1="t", n3="c", n4=rules.attributes(n1=0), n7="nat"))
    found, kernel = look([table + done()], [table + done()], [chain + done()])
    assert (found.ways, found.gaps) == ((), ())
    assert len(kernel.questions) == 3


@pytest.mark.parametrize("code", [errno.EOPNOTSUPP, errno.EINVAL])
def test_a_kernel_without_nf_tables_has_no_rules(code):
    assert look([refusal(code)])[0] == firewall.Ruled()


def test_a_refusal_is_a_gap_about_redirects_and_nothing_else():
    found, _ = look([refusal(errno.EPERM)])
    (gap,) = found.gaps
    assert gap.about == "redirect forward"
    assert "root" in gap.remedy
    assert found.sources == ()


def test_an_answer_that_stops_is_a_gap():
    (gap,) = look()[0].gaps
    assert gap.what == "redirects and forwards of nf_tables"

    def none():
        raise CannotLook("no netlink here")

    assert firewall.look("/nowhere", none).gaps[0].why == "no netlink here"


def test_virtual_services_are_a_gap(tmp_path):
    (tmp_path / "ip_vs").write_text("IP Virtual Server\n")
    (gap,) = look([done()], root=str(tmp_path))[0].gaps
    assert "IPVS" in gap.what


def test_old_tables_are_looked_at_where_there_are_some(tmp_path, monkeypatch):
    from hb_engine.inventory.linux import old_tables

    asked = []

    def old(root):
        asked.append(root)
        return old_tables.Found(sources=("old",))

    monkeypatch.setattr(old_tables, "look", old)
    (tmp_path / "ip_tables_names").write_text("")
    assert look([done()], root=str(tmp_path))[0].sources == ("nf_tables",)
    (tmp_path / "ip6_tables_names").write_text("nat\n")
    assert look([done()], root=str(tmp_path))[0].sources == ("nf_tables", "old")
    assert asked == [str(tmp_path)]


def test_nothing_is_asked_where_asking_would_load_a_module(tmp_path):
    modules, library = tmp_path / "modules", tmp_path / "lib"
    nowhere = str(tmp_path / "none")
    assert firewall.loads_nothing(nowhere, nowhere, nowhere), "a kernel without modules"
    modules.write_text("")
    assert firewall.loads_nothing(nowhere, str(modules), nowhere), "no module to load"
    assert firewall.loads_nothing(str(modules), str(modules), nowhere), "it is loaded"
    folder = library / os.uname().release
    folder.mkdir(parents=True)
    (folder / "modules.builtin").write_text("kernel/fs/ext4.ko\n")
    assert not firewall.loads_nothing(nowhere, str(modules), str(library))
    (folder / "modules.builtin").write_text("kernel/net/netfilter/nf_tables.ko\n")
    assert firewall.loads_nothing(nowhere, str(modules), str(library)), "it is built in"


@pytest.mark.root
def test_a_fresh_namespace_has_no_rules_and_nobody_may_not_ask():
    needs_root()
    mine, others = in_namespace(lambda: (firewall.look(), as_nobody(firewall.look)))
    assert mine.ways == mine.gaps == ()
    if mine.sources:  # else this kernel has no nf_tables
        assert [gap.about for gap in others.gaps] == ["redirect forward"]


def test_this_kernel_is_asked_in_its_own_words():
    try:
        with Netlink(nfnetlink.NETFILTER) as kernel:
            tables = kernel.messages(nfnetlink.tables_request, nfnetlink.NEWTABLE)
    except CannotLook:
        pytest.skip("no right to ask, or no nf_tables")
    assert all(nftables.table(body).name for body in tables)
