"""From words to addresses: everything said, minus what is left out, each once, and nothing raised but BadInput."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan import targets
from hb_engine.scan.addresses import AddressSet, text
from hb_engine.scan.resolve import Resolved
from hb_engine.scan.targets import left_out_by, parse

KNOWN = {
    "db": ("10.0.0.9",),
    "web": ("10.0.0.7", "fd00::7"),
    "many": tuple(f"10.1.0.{n}" for n in range(12)),
    "near": ("fe80::1%eth0",),
}


def resolve(names, families):
    """A resolver that knows a few names, and is asked once."""
    found = {}
    for name in names:
        kept = [one for one in KNOWN.get(name, ()) if ("ipv6" if ":" in one else "ipv4") in families]
        found[name] = Resolved(tuple(kept), "" if kept else "name or service not known")
    return found


def ask(*words, **more):
    return parse(words, resolve=resolve, **more)


def shown(some):
    return [str(one) for one in some.addresses.ranges]


def refused(*words, **more):
    with pytest.raises(BadInput) as raised:
        ask(*words, **more)
    return f"{raised.value.message} | {raised.value.remedy}"


def test_everything_said_is_asked_once():
    found = ask("10.0.0.0/30", "10.0.0.2-5", "fd00::1", "db")
    assert shown(found) == ["10.0.0.0-10.0.0.5", "10.0.0.9", "fd00::1"]
    assert len(found) == 8
    assert found.notes == ("2 addresses were named more than once; each is asked once",)
    assert found.words == ("10.0.0.0/30", "10.0.0.2-5", "fd00::1", "db")


def test_names_stay_with_their_addresses():
    found = ask("web", "db", "many", exclude=["10.0.0.9"])
    assert found.names["10.0.0.7"] == found.names["fd00::7"] == ("web",)
    assert "10.0.0.9" not in found.names
    assert found.notes[0] == "web has 2 addresses, and all are asked: 10.0.0.7, fd00::7"
    assert found.notes[1].endswith("10.1.0.7 ...")


def test_two_names_of_one_address(monkeypatch):
    monkeypatch.setitem(KNOWN, "alias", ("10.0.0.9",))
    found = ask("db", "alias")
    assert (len(found), found.names) == (1, {"10.0.0.9": ("db", "alias")})


def test_families_choose_among_a_names_addresses_only():
    assert shown(ask("web", families=("ipv4",))) == ["10.0.0.7"]
    assert shown(ask("web", "fd00::1", families=("ipv4",))) == ["10.0.0.7", "fd00::1"]


def test_an_exclusion_of_a_name_leaves_out_every_address_of_it():
    assert shown(ask("10.0.0.6/31", "fd00::7", "fd00::8", exclude=["web"], families=("ipv4",))) == [
        "10.0.0.6",
        "fd00::8",
    ]


def test_exclusions_may_be_of_any_size():
    assert shown(ask("10.0.0.1", "fd00::1", exclude=["fd00::/8"])) == ["10.0.0.1"]
    assert shown(ask("fe80::1%eth0", "10.0.0.1", exclude=["fe80::/10"])) == ["10.0.0.1"]
    assert left_out_by(["::/0"]).count == 1 << 128


def test_a_large_network_minus_one_host_costs_nothing():
    found = ask("10.0.0.0/8", exclude=["10.9.9.9"])
    assert len(found) == (1 << 24) - 1
    assert found.addresses.text_at(len(found) - 1) == "10.255.255.255"


def test_files_and_roles(tmp_path):
    path = tmp_path / "hosts"
    path.write_text("10.0.0.1\n10.0.0.2 # second\n")
    hosts = {"front": (("10.0.1.1", "hb.d/web.toml:1"), ("web", "hb.d/web.toml:1")), "bad": (("10.0.0.300", "a:7"),)}
    hosts["baseline"] = hosts["front"]
    assert shown(ask(f"@file:{path}")) == shown(ask(files=[str(path)])) == ["10.0.0.1-10.0.0.2"]
    assert shown(ask("@baseline", roles=hosts.get)) == ["10.0.0.7", "10.0.1.1", "fd00::7"]
    assert shown(ask("@front", exclude=["web"], roles=hosts.get)) == ["10.0.1.1"]
    assert shown(ask("10.0.1.0/30", exclude=["@front"], roles=hosts.get)) == ["10.0.1.0", "10.0.1.2/31"]
    assert refused("@bad", roles=hosts.get).startswith("a:7: '10.0.0.300': 300 is more than 255")
    assert refused("@front") == "'@front' is a role, and there is no baseline to look in | Type the hosts themselves."


def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "hosts"
    path.write_text("10.0.0.1\n10.0.0.300\n")
    assert refused(f"@file:{path}").startswith(f"{path}:2: '10.0.0.300': 300 is more than 255")
    path.write_text("10.0.0.1\n\nnowhere\n")
    assert refused(files=[str(path)]).startswith(f"this name does not resolve: {path}:3: 'nowhere' (name or service")


def test_names_that_lead_nowhere_are_told_together():
    assert refused("nowhere") == (
        "this name does not resolve: 'nowhere' (name or service not known) | "
        "Correct the spelling, or type the addresses themselves."
    )
    told = refused("db", *[f"n{number}" for number in range(7)])
    assert told.startswith("7 names do not resolve: 'n0' (")
    assert "'n4'" in told
    assert "n5" not in told
    assert "and 2 more" in told


def test_an_exclusion_that_does_not_resolve_stops_everything():
    """To go on without it would ask what a person said must not be asked."""
    assert "'nowhere'" in refused("10.0.0.1", exclude=["nowhere"])


def test_a_resolver_that_forgets_a_name_is_no_accident():
    with pytest.raises(BadInput, match="it has no address"):
        parse(["x"], resolve=lambda *_: {})


def test_nothing():
    assert refused().startswith("nothing is to be asked")
    assert refused("10.0.0.1", exclude=["10.0.0.0/8"]).startswith("the exclusions leave no address to ask")
    assert refused("@") == "'@' names no role | Type @file:PATH, @baseline, or @ROLE."


def test_ipv6_networks_are_bounded_and_a_link_needs_its_name():
    assert refused("fd00::/64").startswith("'fd00::/64' has 2^64 addresses | Name the hosts")
    assert refused("fd00::/107").startswith("'fd00::/107' has 2^21 addresses")
    assert refused("fd00::-fd00::10:0").startswith("'fd00::-fd00::10:0' has 2^21 addresses")
    assert len(ask("fd00::/108")) == 1 << 20
    assert refused("fe80::1") == "'fe80::1' is on every link | Type the interface too: fe80::1%eth0."
    assert shown(ask("near", "fe80::2%eth0")) == ["fe80::1%eth0-fe80::2%eth0"]


def test_names_are_bounded(monkeypatch):
    monkeypatch.setattr(targets, "MOST_NAMES", 2)
    assert "3 names are more than 2" in refused("a", "b", "c")


WORDS = st.lists(
    st.sampled_from(["10.0.0.1", "10.0.0.0/29", "10.0.0.3-9", "web", "db", "fd00::1", "@", "@x", "1.2.3", "fd00::/8"])
    | st.text(max_size=12),
    max_size=5,
)


@given(WORDS, WORDS)
def test_nothing_but_bad_input_is_raised(words, exclude):
    found, told = (1,), ""
    try:
        found = ask(*words, exclude=exclude)
    except BadInput as error:
        told = error.message + error.remedy
    assert told.isprintable()
    assert len(found) > 0


BYTES = st.lists(st.integers(0, 15), max_size=4)


@given(BYTES.filter(len), BYTES)
def test_what_is_asked_is_what_was_said_minus_what_was_left_out(said, left_out):
    expected = {f"10.0.0.{n}" for n in said} - {f"10.0.0.{n}" for n in left_out}
    words = [f"10.0.0.{n}" for n in said]
    if not expected:
        assert "leave no address" in refused(*words, exclude=[f"10.0.0.{n}" for n in left_out])
        return
    found = ask(*words, exclude=[f"10.0.0.{n}" for n in left_out])
    assert {text(*one) for one in found.addresses} == expected
    assert found.addresses - left_out_by(words) == AddressSet()
