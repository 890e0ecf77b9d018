"""Certificates made by openssl say what openssl says of them; broken ones are told as broken, and nothing else."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.model.errors import DataError, Truncated
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.x509 import _days, _time, read

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates of these tests")

SUBJECT = "/C=DE/O=Example, Inc/CN=hb.invalid"
NAMES = "subjectAltName=DNS:hb.invalid,DNS:*.hb.invalid,IP:192.0.2.1,IP:2001:db8::1,URI:http://x/,email:a@b.invalid"
KEYS = {
    "EC P-256": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "EC P-384": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "EC secp256k1": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
    "Ed25519": ("-newkey", "ed25519"),
    "Ed448": ("-newkey", "ed448"),
    "RSA 1024": ("-newkey", "rsa:1024"),
}
SIGNED = {"EC": "ecdsa-with-SHA256", "Ed25519": "Ed25519", "Ed448": "Ed448", "RSA": "sha256WithRSAEncryption"}


def made(folder, *options: str) -> bytes:
    command = ["openssl", "req", "-x509", "-nodes", "-keyout", str(folder / "key"), "-outform", "der", *options]
    return subprocess.run(command, capture_output=True, check=True).stdout


def told(der: bytes, *options: str) -> str:
    command = ["openssl", "x509", "-inform", "der", "-noout", *options]
    return subprocess.run(command, input=der, capture_output=True, check=True).stdout.decode().strip()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("x509")
    return made(folder, *KEYS["EC P-256"], "-subj", SUBJECT, "-addext", NAMES, "-days", "30")


def test_it_says_what_openssl_says(certificate):
    found = read(certificate)
    assert found.subject == told(certificate, "-subject", "-nameopt", "RFC2253").removeprefix("subject=")
    assert found.issuer == found.subject == "CN=hb.invalid,O=Example\\, Inc,C=DE"
    assert found.names == ("hb.invalid", "*.hb.invalid", "192.0.2.1", "2001:db8::1")
    assert found.serial == told(certificate, "-serial").removeprefix("serial=").lower()
    assert found.sha256 == hashlib.sha256(certificate).hexdigest()
    assert (found.key, found.signature, found.self_signed) == ("EC P-256", "ecdsa-with-SHA256", True)
    assert found.not_after - found.not_before == 30 * 86400
    shown = told(certificate, "-startdate", "-dateopt", "iso_8601").removeprefix("notBefore=")
    assert time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(found.not_before)) == shown


@pytest.mark.parametrize("key", [pytest.param(key, marks=pytest.mark.slow if "RSA" in key else ()) for key in KEYS])
def test_keys_and_their_signatures(key, tmp_path):
    found = read(made(tmp_path, *KEYS[key], "-subj", "/CN=k"))
    assert (found.key, found.signature) == (key, SIGNED[key.split(" ", maxsplit=1)[0]])


@pytest.mark.slow
def test_a_dsa_key(tmp_path):
    """With 1024 bits, because parameters of more take long to find."""
    made_parameters = ["openssl", "genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024"]
    parameters, key = tmp_path / "parameters", tmp_path / "key"
    subprocess.run([*made_parameters, "-out", str(parameters)], capture_output=True, check=True)
    subprocess.run(["openssl", "genpkey", "-paramfile", str(parameters), "-out", str(key)], check=True)
    command = ["openssl", "req", "-x509", "-key", str(key), "-outform", "der", "-subj", "/CN=d"]
    found = read(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (found.key, found.signature) == ("DSA 1024", "dsa-with-SHA256")


def test_a_certificate_that_another_key_signed(tmp_path):
    """The same name on both is no proof: the identifiers of the keys differ."""
    (tmp_path / "ca").mkdir()
    authority = made(tmp_path / "ca", *KEYS["EC P-256"], "-subj", "/CN=same")
    (tmp_path / "ca" / "pem").write_bytes(
        subprocess.run(["openssl", "x509", "-inform", "der"], input=authority, capture_output=True, check=True).stdout
    )
    signer = ("-CA", str(tmp_path / "ca" / "pem"), "-CAkey", str(tmp_path / "ca" / "key"))
    for name, issuer in (("same", "CN=same"), ("leaf", "CN=same")):
        extra = ("-addext", "authorityKeyIdentifier=keyid:always")
        found = read(made(tmp_path, *KEYS["Ed25519"], "-subj", f"/CN={name}", *signer, *extra))
        assert (found.subject, found.issuer, found.self_signed) == (f"CN={name}", issuer, False)


def test_many_names_are_cut_at_a_hundred(tmp_path):
    names = ",".join([f"DNS:n{number}.invalid" for number in range(150)])
    found = read(made(tmp_path, *KEYS["Ed25519"], "-subj", "/CN=m", "-addext", f"subjectAltName={names}"))
    assert found.names == tuple(f"n{number}.invalid" for number in range(100))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\x17\x0d700101000000Z", 0),
        (b"\x17\x0d491231235959Z", 2524607999),  # two digits: 2049, and then 1950
        (b"\x17\x0d500101000000Z", -631152000),
        (b"\x17\x0b0002291200Z", 951825600),  # no seconds; a leap day
        (b"\x18\x0f99991231235959Z", 253402300799),
    ],
)
def test_times(raw, shown):
    assert _time(Cursor(raw)) == shown


@pytest.mark.parametrize(
    "raw",
    [
        b"\x17\x0d701301000000Z",
        b"\x17\x0d700100000000Z",
        b"\x17\x0d700101240000Z",
        b"\x17\x0d700101000000+",
        b"\x17\x0d7001010000\xb2\xb2Z",
        b"\x17\x00",
        b"\x18\x0d700101000000Z",
        b"\x02\x01\x00",
    ],
)
def test_times_that_are_none(raw):
    with pytest.raises(DataError):
        _time(Cursor(raw))


@given(st.integers(-(2**31), 2**33))
def test_days_are_those_of_the_calendar(seconds):
    date = time.gmtime(seconds)
    assert _days(date.tm_year, date.tm_mon, date.tm_mday) == seconds // 86400


def test_every_beginning_of_a_certificate_is_truncated(certificate):
    for size in range(len(certificate)):
        with pytest.raises(Truncated):
            read(certificate[:size])


def test_what_follows_a_certificate_is_not_passed_over(certificate):
    with pytest.raises(DataError, match="1 bytes follow"):
        read(certificate + b"\0")


@settings(max_examples=300)
@given(flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8))
def test_flipped_bytes_never_break_it(certificate, flips):
    broken = bytearray(certificate)
    for at, value in flips:
        broken[at % len(broken)] = value
    try:
        found = read(bytes(broken))
    except (DataError, Truncated):
        return
    assert len(found.subject) <= 512
    assert len(found.names) <= 100


@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw):
    with pytest.raises((DataError, Truncated)):
        read(raw)
