"""Versions of packages and of claims."""

from __future__ import annotations

import pytest
from bench.testbed.versions import contradicts, says, told, upstream
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("1:9.2p1-2+deb12u10", "9.2p1"),
        ("3.0.3-13+b2", "3.0.3"),
        ("2:4.17.12+dfsg-0+deb12u4", "4.17.12"),
        ("1:2.3.19.1+dfsg1-2.1+deb12u7", "2.3.19.1"),
        ("1:9.18.49-1~deb12u3", "9.18.49"),
        ("3.5.0+ds1-0+deb12u1", "3.5.0"),
        ("3.4+really3.4-3", "3.4"),
        ("5.2+20150808-1.4", "5.2"),
        ("2022.83-1+deb12u3", "2022.83"),
        ("0.4.9.11-0+deb12u1", "0.4.9.11"),
        ("20181119-1", "20181119"),
        ("7", "7"),
    ],
)
def test_what_packagers_added_is_taken_off(package, version):
    assert upstream(package) == version


def test_told_is_as_much_as_the_server_tells():
    assert told("2.4.2-3+deb12u9", "upstream") == ("2.4.2",)
    assert told("2.4.2-3+deb12u9", "minor") == ("2.4", "2.4.2")
    assert told("2.4.2-3+deb12u9", "major") == ("2", "2.4.2")
    assert told("2.4.2-3+deb12u9", "") == ()
    assert told("2:21.1.7-3+deb12u13", "1.{}") == ("1.21.1.7", "21.1.7")


@pytest.mark.parametrize(
    ("claim", "truth", "right"),
    [
        ("9.2p1 Debian 2+deb12u10", "9.2p1", True),
        ("9.18.49-1~deb12u3", "9.18.49", True),
        ("5.5.5-10.11.19-MariaDB-0+deb12u1", "10.11.19", True),
        ("1.13.0/rf", "1.13.0", True),
        ("v2.9.10", "2.9.10", True),
        ("2.4.2", "2.4", False),  # more than the wire told is not what it told
        ("2.4", "2.4", True),
        ("9.2", "9.2p1", False),
        ("1.22.10", "1.22.1", False),
        ("7.0.15.1", "7.0.15", False),
        ("7.0.15.", "7.0.15", True),
        ("", "7.0.15", False),
        ("7.0.15", "", False),
    ],
)
def test_a_claim_says_the_truth_or_it_does_not(claim, truth, right):
    assert says(claim, truth) is right


def test_a_claim_contradicts_only_with_another_number():
    assert contradicts("4.6.2", "2:4.17.12+dfsg-0+deb12u4")
    assert contradicts("9.6.0", "15.20-0+deb12u1")
    assert not contradicts("9.6.0 or later", "15.20-0+deb12u1")
    assert contradicts("16.1 or later", "15.20-0+deb12u1")
    assert not contradicts("4.17", "2:4.17.12+dfsg-0+deb12u4")
    assert not contradicts("4.17.12-Debian", "2:4.17.12+dfsg-0+deb12u4")
    assert not contradicts("protocol 3", "1.2.6-6")
    assert not contradicts("5.5.5-10.11.19-MariaDB", "1:10.11.19-0+deb12u1")


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_plain_version_survives_every_dress(major, minor, patch):
    plain = f"{major}.{minor}.{patch}"
    for dressed in (plain, f"1:{plain}-3", f"{plain}+dfsg-1~deb12u1", f"2:{plain}-1+b3"):
        assert upstream(dressed) == plain
        assert says(f"{plain} Debian", told(dressed, "upstream")[0])
        assert not contradicts(plain, dressed)


@given(st.text(), st.text())
def test_no_text_is_too_odd(claim, version):
    assert says(claim, upstream(version)) in (True, False)
    assert contradicts(claim, version) in (True, False)
