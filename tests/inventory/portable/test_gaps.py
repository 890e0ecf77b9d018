"""What a look did not show is said with why and with what would show it, in the words of that system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.inventory.portable.recordings import document

from hb_engine.inventory.portable.gaps import gaps_of
from hb_engine.inventory.portable.recording import parse

if TYPE_CHECKING:
    from hb_engine.model.inventory import Gap


def gaps(system: str, **changes: Any) -> tuple[Gap, ...]:
    return gaps_of(parse(document(system, **changes)))


@pytest.mark.parametrize("system", ["darwin", "windows", "linux"])
@pytest.mark.parametrize("privileged", [True, False])
def test_every_gap_is_whole_and_said_once(system, privileged):
    found = gaps(system, privileged=privileged, denied=[1], ephemeral=None)
    assert len({gap.what for gap in found}) == len(found)
    for gap in found:
        assert gap.what
        assert gap.why
        assert gap.remedy
        assert not any("{" in text for text in (gap.what, gap.why, gap.remedy.replace("{{.", "").replace("'{{", "")))


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("darwin", ["launchctl print system", "pfctl -s nat", "codesign", "socketfilterfw"]),
        (
            "windows",
            ["portproxy", "Get-NetNatStaticMapping", "servicestate", "excludedportrange"],
        ),
        ("linux", ["hb's own collector"]),
    ],
)
def test_the_systems_own_tools_are_named(system, words):
    remedies = " ".join(gap.remedy for gap in gaps(system))
    assert [word for word in words if word not in remedies] == []


def test_what_was_denied_is_counted_and_comes_first():
    assert gaps("darwin", denied=[1, 2], privileged=False)[0].what == "the sockets of 2 processes of other users"
    assert gaps("darwin", denied=[1])[0].what == "the sockets of 1 process of other users"
    assert "of other users" not in gaps("darwin")[0].what


@pytest.mark.parametrize(("system", "said"), [("windows", "elevated"), ("linux", "as root")])
def test_rights_that_would_help_are_named_only_where_they_are_missing(system, said):
    assert said in gaps(system, privileged=False)[0].remedy
    assert said not in gaps(system, privileged=True)[0].remedy


def test_an_unknown_range_is_a_gap():
    assert "the range of outgoing ports" in [gap.what for gap in gaps("windows", ephemeral=None)]
    assert "the range of outgoing ports" not in [gap.what for gap in gaps("windows")]
