"""What looks at pages is looked at too: each rule finds what it is there for, and passes what is good."""

from __future__ import annotations

import pytest
from tests.kit import html

GOOD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/><title>A page</title></head>
<body><header><p>Head</p></header><main id="main"><h1>One</h1>{}</main><footer><p>Foot</p></footer></body></html>
"""


def said(inner, page=GOOD):
    return html.complaints(page.replace("{}", inner).encode())


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<h2>Two</h2><h3>Three</h3><h2>Two again</h2>",
        '<p>Text &amp; <a href="/x">link</a>, <a href="#main">up</a>, <a href="https://www.iana.org/">out</a></p>',
        '<form action="/x" method="post"><label for="a">A</label><input id="a" name="a"/><button>Send</button></form>',
        '<form action="/x"><label>A <input name="a" type="radio"/></label><input type="hidden" name="b"/></form>',
        '<table><tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td>1</td><td>2</td></tr></table>',
        '<table><tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td colspan="2">1</td></tr></table>',
        '<ul><li>A<ol><li>B</li></ol></li></ul><img src="/a.png" alt=""/><br/>',
        '<a href="/map"><svg role="img" aria-label="The map"><title>t</title><path d="M0 0"/></svg></a>',
        '<section aria-labelledby="s"><h2 id="s">S</h2><p aria-describedby="s">x</p></section>',
        "<details><summary>More</summary><p>x</p></details>",
    ],
)
def test_good_pages_pass(inner):
    assert said(inner) == []


@pytest.mark.parametrize(
    ("inner", "wrong"),
    [
        ("<p>open", "not well-formed"),
        ("<br>", "not well-formed"),
        ("<p class=a>x</p>", "not well-formed"),
        ("<p>&nbsp;</p>", "not well-formed"),
        ("<p>a & b</p>", "not well-formed"),
        ('<input disabled name="a"/>', "not well-formed"),
        ('<p id="a" id="b">x</p>', "not well-formed"),
        ("<p><div>x</div></p>", "HTML:"),
        ("<table><div>x</div></table>", "HTML:"),
        ('<p id="main">x</p>', "stands 2 times"),
        ('<p id="a b">x</p>', "is no name"),
        ('<a href="#gone">x</a>', "not there"),
        ('<p aria-labelledby="main gone">x</p>', "not there"),
        ('<label for="gone">A</label>', "not there"),
        ('<input name="a"/>', "no label"),
        ('<select name="a"><option value="1">x</option></select>', "no label"),
        ('<a href="/x"></a>', "no words"),
        ('<a href="/x"><img src="/a.png" alt=""/></a>', "no words"),
        ("<button><svg><path/></svg></button>", "no words"),
        ("<h2> </h2>", "no words"),
        ('<img src="/a.png"/>', "no alt"),
        ("<fieldset><p>x</p></fieldset>", "no legend"),
        ("<h1>Two</h1>", "2 h1"),
        ("<h3>Three</h3>", "h3 follows h1"),
        ("<table><tr><th>A</th></tr></table>", "no scope"),
        ('<table><tr><th scope="col">A</th></tr><tr><td>1</td><td>2</td></tr></table>', "rows of [1, 2] cells"),
        ("<table><tr><td>1</td></tr></table>", "no headers"),
        ('<p style="color:red">x</p>', "has a style"),
        ('<p onclick="x()">x</p>', "has a onclick"),
        ("<script>x()</script>", "stands in the page"),
        ("<div><style>p{}</style></div>", "stands in the page"),
        ('<iframe src="/x" title="x"></iframe>', "stands in the page"),
        ('<script src="https://hb.invalid/x.js"></script>', "of elsewhere"),
        ('<img src="//hb.invalid/a.png" alt="x"/>', "of elsewhere"),
        ('<form action="https://hb.invalid/"><button>Go</button></form>', "of elsewhere"),
        ('<a href="javascript:alert(1)">x</a>', "leads to"),
        ('<a href="data:text/html,x">x</a>', "leads to"),
        ("<ul><p>x</p></ul>", "stands in <ul>"),
        ("<ol>x</ol>", "text of its own"),
        ('<a href="/x"><button>Go</button></a>', "is in a"),
    ],
)
def test_what_is_wrong_is_found(inner, wrong):
    found = said(inner)
    assert any(wrong in one for one in found), found


@pytest.mark.parametrize(
    ("part", "other", "wrong"),
    [
        (' lang="en"', "", "no language"),
        ("<title>A page</title>", "", "0 titles"),
        ("<title>A page</title>", "<title> </title>", "no words"),
        ("<h1>One</h1>", "", "0 h1"),
        ("<footer><p>Foot</p></footer>", "", "0 footer"),
        ("<!DOCTYPE html>", "", "HTML: expected-doctype"),
        ("<!DOCTYPE html>", "<!doctype html>", "not well-formed"),
        ("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "b">]>', "entities"),
    ],
)
def test_a_frame_that_is_wrong_is_found(part, other, wrong):
    found = said("", GOOD.replace(part, other))
    assert any(wrong in one for one in found), found


def test_pages_of_one_shape_have_one_skeleton():
    def shape(inner):
        return html.skeleton(html.read(GOOD.replace("{}", inner).encode()))

    assert shape("<ul><li>A</li></ul>") == shape("<ul><li>B</li><li>C</li></ul>")
    assert shape('<p class="a">A</p>') == shape('<p class="b">B</p>')
    assert shape("<p>A</p>") != shape("<p>A<b>B</b></p>")
    assert shape('<p class="a">A</p>') != shape("<p>A</p>")


def test_an_element_says_where_it_is():
    tree = html.read(GOOD.replace("{}", '\n<p id="a" class="b">x <b>y</b>\n z</p>').encode())
    found = tree.all("p")[1]
    assert repr(found) == '<p id="a" class="b"> in line 4'
    assert found.text == "x y z"
