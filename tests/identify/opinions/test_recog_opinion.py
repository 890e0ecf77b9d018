"""Texts held against fingerprints in Recog's format: the first that fits counts, and what it tells is put together."""

from __future__ import annotations

import pytest

from hb_engine.identify.opinions.opinion import RECOG, Asked, Opinion
from hb_engine.identify.opinions.patience import Patience
from hb_engine.identify.opinions.recog import ALWAYS, Fingerprint, Parameter, parse
from hb_engine.identify.opinions.recog_opinion import MOST, RecogOpinion, told
from hb_engine.model.identity import Certificate, Identity, Tls

SSH = """<fingerprints matches="ssh.banner" protocol="ssh">
<fingerprint pattern="^Nothing"><param pos="0" name="a" value="b"/></fingerprint>
<fingerprint pattern="^aaa(a+)+$"/>
<fingerprint pattern="UNREADABLE\\Q"/>
<fingerprint pattern="^Lamp_(\\d\\S*?)(?: on (\\S+))?$" flags="REG_ICASE">
  <description>Lamp of the makers</description>
  <param pos="0" name="service.vendor" value="Makers"/>
  <param pos="0" name="service.product" value="Lamp"/>
  <param pos="0" name="service.cpe23" value="cpe:/a:makers:lamp:{service.version}"/>
  <param pos="1" name="service.version"/>
  <param pos="0" name="os.vendor" value="Makers"/>
  <param pos="0" name="os.family" value="Lamp OS"/>
  <param pos="0" name="hw.device" value="Light"/>
  <param pos="2" name="host.name"/>
</fingerprint>
<fingerprint pattern="^Lamp"><param pos="0" name="os.product" value="never reached"/></fingerprint>
<fingerprint pattern="K" flags="REG_ICASE"><param pos="0" name="service.product" value="Kelvin"/></fingerprint>
</fingerprints>"""
CERTIFICATES = """<fingerprints matches="x509.subject" protocol="x509">
<fingerprint pattern="^CN=([^,]+),O=Makers$"><param pos="0" name="hw.vendor" value="Makers"/>
<param pos="1" name="hw.product"/></fingerprint>
</fingerprints>"""


@pytest.fixture(scope="module")
def asking():
    with Patience(0.5) as patience:
        found = [parse(text.encode(), name) for name, text in (("ssh.xml", SSH), ("x509.xml", CERTIFICATES))]
        yield RecogOpinion(tuple([one for one in found if one]), patience)


def ask(asking, greeting, identity=None):
    return asking.asked((("listen", greeting),), identity)


def test_everything_that_a_fingerprint_tells(asking):
    assert ask(asking, b"SSH-2.0-lamp_4.2 on gate\r\n") == Asked(
        (
            Opinion(
                RECOG,
                "ssh",
                "Lamp",
                "4.2",
                system="Makers Lamp OS",
                device="Light",
                hostname="gate",
                cpe=("cpe:/a:makers:lamp:4.2",),
                where="ssh.xml:5, Lamp of the makers",
            ),
        )
    )


def test_each_database_has_its_say(asking):
    identity = Identity("ssl", tls=Tls(certificate=Certificate("CN=L7,O=Makers", "CN=x")))
    first, second = ask(asking, b"SSH-2.0-Lamp_4.2\r\n", identity).opinions
    assert first.product == "Lamp"
    assert (second.service, second.product, second.device, second.where) == ("", "", "Makers L7", "x509.xml:2")


def test_a_fingerprint_that_tells_nothing_of_use_ends_the_search(asking):
    assert ask(asking, b"SSH-2.0-Nothing Lamp_4.2\r\n") == Asked()


@pytest.mark.parametrize("greeting", [b"SSH-2.0-Other\r\n", b"220 Lamp_4.2\r\n", b""])
def test_what_no_fingerprint_knows(asking, greeting):
    assert ask(asking, greeting).opinions == ()


def test_letters_that_fold_onto_ascii_are_not_held_back(asking):
    assert ask(asking, "SSH-2.0-\N{KELVIN SIGN}\r\n".encode()).opinions[0].product == "Kelvin"


@pytest.mark.slow
def test_a_pattern_without_an_end_is_said(asking):
    asked = ask(asking, b"SSH-2.0-" + b"a" * 64 + b"b\r\n")
    assert asked.left_out[0] == "second opinion: the pattern in recog ssh.xml:3 comes to no end and was given up"


def test_a_pattern_that_python_cannot_read_is_said(asking):
    left_out = ask(asking, b"SSH-2.0-UNREADABLEQ\r\n").left_out
    assert "second opinion: the pattern in recog ssh.xml:4 is none that Python can read" in left_out


def test_parameters_by_name():
    one = Fingerprint(
        1,
        b"",
        ALWAYS,
        parameters=(
            Parameter(0, "made", "{_tmp.part} and {late}"),
            Parameter(1, "_tmp.part"),
            Parameter(2, "missing"),
            Parameter(9, "beyond"),
            Parameter(0, "late", "fixed"),
            Parameter(0, "unknown", "{nobody}"),
        ),
    )
    assert told(one, (b"whole", b"one\r\n", None)) == {"made": "one and fixed", "late": "fixed"}


def test_opinions_are_bounded():
    text = """<fingerprints matches="ssh.banner"><fingerprint pattern="^L"><param pos="0" name="service.product"
    value="L"/></fingerprint></fingerprints>"""
    found = [parse(text.encode(), f"{number}.xml") for number in range(MOST + 2)]
    with Patience() as patience:
        asking = RecogOpinion(tuple([one for one in found if one]), patience)
        assert len(ask(asking, b"SSH-2.0-L\r\n").opinions) == MOST
