"""`speaks`: what sentences want to hear, and what is said of those that are none, at which character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language.nodes import LONGEST, Mistake
from hb_engine.baseline.language.speaks import TLS, parse
from hb_engine.model.baseline import Speaks


def refused(text):
    with pytest.raises(Mistake) as raised:
        parse(text)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https", Speaks(("https",))),
        ("http https", Speaks(("http", "https"))),
        ("http or https, http", Speaks(("http", "https"))),
        ("DNS", Speaks(("domain",))),
        ("https tls>=1.2", Speaks(("https",), "1.2")),
        ("tls>=TLSv1.3", Speaks((), "1.3")),
        (
            "cert:san=*.example.org cert:issuer='Let s Encrypt'",
            Speaks((), "", (("san", "*.example.org"), ("issuer", "Let s Encrypt"))),
        ),
        ("cert:sha256=AB12", Speaks((), "", (("sha256", "ab12"),))),
        ("version>=1.24 version<2", Speaks((), "", (), ((">=", "1.24"), ("<", "2")))),
        ("ssh product=OpenSSH* version>9", Speaks(("ssh",), "", (), ((">", "9"),), "OpenSSH*")),
    ],
)
def test_sentences(text, meant):
    found = parse(text)
    assert (found.names, found.tls, found.certificate) == (meant.names, meant.tls, meant.certificate)
    assert (found.version, found.product, found.text) == (meant.version, meant.product, text)


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        (
            "tls>1.2",
            3,
            "tls takes the oldest version that may be offered, after >=, not > | Write tls>=1.2: that, or newer.",
        ),
        ("tls>=1.4", 5, "there is no TLS '1.4' | It is one of 1.0, 1.1, 1.2 and 1.3."),
        (
            "tls=1.2",
            3,
            "tls takes the oldest version that may be offered, after >=, not = | Write tls>=1.2: that, or newer.",
        ),
        ("tls1.2", 0, "'tls1.2' is no service's name | Write tls>=1.2."),
        ("tls", 0, "'tls' says nothing yet | Write tls>=1.2."),
        ("cert:foo=x", 5, "a certificate has no 'foo' | It is one of san, subject, issuer, sha256."),
        ("cert", 0, "'cert' says nothing yet | Write cert:san=*.example.org."),
        ("cert:san", 0, "'cert:san' says nothing yet | Write cert:san=*.example.org."),
        ("san=*.x", 0, "speaks knows no 'san' | Write cert:san=*.x."),
        ("version>=x", 9, "'x' is no version | Write such as version>=1.24."),
        ("product>=2", 7, "product is compared with =, not >= | Write product=2."),
        (
            "https and ssh",
            6,
            (
                "'and' has no place in speaks | "
                "Names stand beside each other, and any of them will do; everything else must hold."
            ),
        ),
        (
            "not http",
            0,
            (
                "'not' has no place in speaks | "
                "Names stand beside each other, and any of them will do; everything else must hold."
            ),
        ),
        ("tls>=1.2 tls>=1.3", 9, "tls is said twice | Leave one of them out."),
        ("tls>= 1.2", 5, "nothing stands after tls>= | Write the value there, without a space."),
        ("tls >= 1.2", 0, "'tls' says nothing yet | Write tls>=1.2."),
        ("prodct=x", 0, "speaks knows no 'prodct' | Did you mean product=x?"),
        ("==x", 0, "nothing stands before = | Write such as https tls>=1.2."),
        ("cert:san='a", 9, "this quote holds nothing, or is never closed | Close it with '."),
        ("ht tp!", 3, "'tp!' is no service's name | Write such as https tls>=1.2."),
        ("cn=x", 0, "speaks knows no 'cn' | It knows tls, cert, version, product, and names."),
    ],
)
def test_sentences_that_are_none(text, at, told):
    assert refused(text) == (at, told)


def test_nothing_and_too_much():
    assert refused("") == (0, "speaks says nothing | Write such as https tls>=1.2, or leave speaks out.")
    assert refused("a" * (LONGEST + 1))[1].startswith("speaks has more than")


@given(st.lists(st.sampled_from(["http", "ssh", "imap"]), max_size=3, unique=True), st.sampled_from(["", *TLS]))
def test_what_is_written_is_what_is_read(names, tls):
    text = " ".join([*names, *([f"tls>={tls}"] if tls else [])])
    if text:
        assert (parse(text).names, parse(text).tls) == (tuple(names), tls)


@given(st.text("htps tls>=<1.23cert:sanversionproduct'\",", max_size=40) | st.text(max_size=20))
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text):
    assert is_told_well(parse, text)
