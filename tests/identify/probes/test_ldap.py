"""LDAP is proved by an answer to our message; the root entry says who it is, and whether it can do TLS."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import ldap
from hb_engine.wire.ber import integer, tlv

OURS = 1 + int.from_bytes(b"012", "big")


def message(number, *operations):
    return b"".join([tlv(0x30, integer(number), operation) for operation in operations])


def entry(**attributes):
    rows = [tlv(0x30, tlv(4, name.encode()), tlv(0x31, tlv(4, value.encode()))) for name, value in attributes.items()]
    return tlv(0x64, tlv(4), tlv(0x30, *rows))


def done(code):
    return tlv(0x65, tlv(0x0A, bytes((code,))), tlv(4), tlv(4))


def test_openldap_is_named_by_its_object_class():
    told = named("ldap-openldap")
    assert (told.product, told.proof, told.starttls, told.tls.version) == ("OpenLDAP", "nonce", "offered", "TLSv1.3")
    assert ("naming context", "dc=example,dc=org") in told.facts
    assert (named("ldap-openldap-tls").starttls, named("ldap-openldap-guarded").starttls) == ("", "absent")


@pytest.mark.parametrize("capture", ["ldap-samba-ad", "ldap-samba-ad-udp"])
def test_samba_as_a_domain_controller_tells_its_version(capture):
    told = named(capture)
    assert (told.product, told.version, told.hostname) == ("Samba Active Directory", "4.17.12-Debian", "dc1.ad.example")
    assert told.cpe == ("cpe:/a:samba:samba:4.17.12",)


def test_samba_has_starttls_and_no_list_of_extensions():
    assert named("ldap-samba-ad").starttls == "offered"
    assert named("ldap-samba-ad-udp").starttls == ""


def test_windows_by_its_capability_and_level():
    told = ask(
        ldap,
        message(
            OURS,
            entry(
                supportedCapabilities="1.2.840.113556.1.4.800",
                domainControllerFunctionality="7",
                dnsHostName="dc.example",
                supportedExtension="1.2.3",
            ),
            done(0),
        ),
    )
    assert (told.product, told.system) == ("Microsoft Windows Active Directory LDAP", "Windows Server 2016 or later")
    assert (told.hostname, told.starttls, told.cpe) == ("dc.example", "absent", ())


def test_another_vendor_is_told_as_it_tells_itself():
    told = ask(
        ldap, message(OURS, entry(vendorName="389 Project", vendorVersion="389-Directory/2.3.1 B2023.063"), done(0))
    )
    assert (told.product, told.version) == ("389 Project", "389-Directory/2.3.1 B2023.063")


def test_a_refusal_names_it_and_confidentiality_requires_tls():
    told = ask(ldap, message(OURS, done(13)), message(OURS + 1, tlv(0x78, tlv(0x0A, b"\0"), tlv(4), tlv(4))), None)
    assert (told.guarded, told.info, told.starttls) == (True, "result 13", "required")
    assert ask(ldap, message(OURS, done(50)), tls=True).guarded


def test_the_search_is_anonymous_and_of_one_entry():
    asked = first_words(ldap)
    assert asked == first_words(ldap, "udp")
    assert asked[8] == 0x63
    assert asked[8] != 0x60  # no bind


@pytest.mark.parametrize(
    "reply",
    [
        message(OURS + 1, done(0)),
        message(OURS - 1, entry(vendorName="x"), done(0)),
        message(OURS, done(99)),
        message(OURS, tlv(0x61, tlv(0x0A, b"\0"), tlv(4), tlv(4))),
        tlv(0x31, integer(OURS), done(0)),
        message(OURS, done(0))[:-1],
        b"\x30\x80\x02",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"0123456789",
    ],
)
def test_near_misses(reply):
    assert ask(ldap, reply) is None
    assert ask(ldap, reply, transport="udp") is None
