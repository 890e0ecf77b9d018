"""Assets as browsers get them: under addresses of their own bytes, packed where that helps, and nothing else."""

from __future__ import annotations

import gzip
import os
import re

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.assets import HERE, Assets, lean, made, takes_gzip

LONG = b"a{color: red}" * 100


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("hb.css", "text/css; charset=utf-8"),
        ("copy.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml; charset=utf-8"),
        ("LICENSES.txt", "text/plain; charset=utf-8"),
        ("map.png", "image/png"),
        ("what.bin", "application/octet-stream"),
        ("css", "text/css; charset=utf-8"),
    ],
)
def test_what_a_file_is_is_said_by_its_name(name, media):
    assert made(name, LONG).media == media


def test_text_is_packed_and_comes_back():
    one = made("a.css", LONG)
    assert len(one.packed) < len(LONG)
    assert gzip.decompress(one.packed) == LONG
    assert one == made("a.css", LONG)


def test_what_packing_makes_no_smaller_is_sent_as_it_is():
    assert made("a.css", b"a{}").packed == b""
    assert made("a.png", LONG).packed == b""
    assert made("a.css", b"a{}").sent("gzip") == (b"a{}", {"cache-control": "public, max-age=31536000, immutable"})


@pytest.mark.parametrize(
    "accepted", ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.8", "*", "GZIP", "x-gzip", "gzip;q=0.01"]
)
def test_who_takes_gzip(accepted):
    assert takes_gzip(accepted)
    body, headers = made("a.css", LONG).sent(accepted)
    assert gzip.decompress(body) == LONG
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "accepted", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.000, *", "gzipped", ";,;", "deflate;q=1"]
)
def test_who_does_not(accepted):
    assert not takes_gzip(accepted)
    body, headers = made("a.css", LONG).sent(accepted)
    assert body == LONG
    assert "content-encoding" not in headers
    assert headers["vary"] == "accept-encoding"  # a cache between keeps both apart


def test_every_file_has_an_address_of_its_own_bytes():
    known = Assets()
    for name in os.listdir(HERE):
        _, _, digest, last = known.url(name).split("/")
        found = known.find(digest, name)
        assert last == name
        assert found is not None
        assert found.digest == digest


def test_another_name_is_not_found(tmp_path):
    (tmp_path / "a.css").write_bytes(LONG)
    (tmp_path / "folder").mkdir()
    known = Assets(str(tmp_path))
    assert known.find("0" * 12, "a.css") is not None
    assert known.find("..", "a.css") is None
    assert known.find("0" * 12, "../a.css") is None
    assert known.find("0" * 12, "folder") is None
    with pytest.raises(KeyError):
        known.url("b.css")


@pytest.mark.parametrize("code", ["identity", "gzip"])
def test_a_browser_gets_the_same_either_way(code):
    site = kit.site()
    with kit.client(site) as browser:
        said = browser.get(site.assets.url("hb.css"), headers={"accept-encoding": code})
    with open(os.path.join(HERE, "hb.css"), "rb") as file:
        assert said.content == lean("css", file.read())
    assert said.headers.get("content-encoding", "identity") == code


def test_what_is_vendored_says_whose_it_is():
    with open(os.path.join(HERE, "LICENSES.txt"), encoding="utf-8") as file:
        told = file.read()
    assert [name for name in os.listdir(HERE) if ".min." in name and name not in told] == []


# -- what is not sent


@pytest.mark.parametrize(
    ("kind", "body", "sent"),
    [
        ("css", b"/* why */\na {\n  color: red;\n  margin: 0 auto\n}\n", b"a{color: red;margin: 0 auto}"),
        ("css", b'a::before { content: "a  /* b */ ; , {" }', b'a::before{content: "a  /* b */ ; , {"}'),
        ("css", b"a::after { content: 'it\\'s  {' }", b"a::after{content: 'it\\'s  {'}"),
        ("css", b"a > b,\nc  d { --x: calc(1px + 2px) }", b"a > b,c d{--x: calc(1px + 2px)}"),
        ("css", b"@media (min-width: 40em) { a { b: c } }", b"@media (min-width: 40em){a{b: c}}"),
        ("js", b"// why\nconst a = 1 // kept\n\n  run(a)\n", b"const a = 1 // kept\nrun(a)"),
        ("js", b"const a = `\n  // not ours to cut\n`\n", b"const a = `\n  // not ours to cut\n`\n"),
        ("svg", b"<svg>\n  <!-- x -->\n</svg>", b"<svg>\n  <!-- x -->\n</svg>"),
    ],
)
def test_what_only_readers_of_the_source_need_is_not_sent(kind, body, sent):
    assert lean(kind, body) == sent
    assert lean(kind, sent) == sent
    assert made(f"a.{kind}", body).body == sent


@pytest.mark.parametrize("name", sorted(name for name in os.listdir(HERE) if name.endswith((".css", ".js"))))
def test_nothing_else_is_left_out(name):
    """Without blanks and comments, what is sent is what stands in the file."""
    with open(os.path.join(HERE, name), "rb") as file:
        body = file.read()
    bare = re.sub(rb"/\*.*?\*/", b"", body, flags=re.DOTALL) if name.endswith(".css") else body
    bare = re.sub(rb"^\s*//.*$", b"", bare, flags=re.MULTILINE)
    assert re.sub(rb"\s", b"", lean(name.rpartition(".")[2], body)) == re.sub(rb"\s", b"", bare)
