"""The frame of every page (base.html), and the parts that pages are made of (parts.html)."""

from __future__ import annotations

import re

import pytest
from tests.faces.kit import HOSTILE, LOOK, NOW
from tests.faces.web import kit
from tests.kit import html

from hb_engine.app.hub.sight import NOTHING, Machine, Sight, Trouble
from hb_engine.faces.web.assets import Assets
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.rendering import renderer
from hb_engine.model.record import replace

ASSETS = Assets()
STRANGERS = (*HOSTILE, '"><script>alert(1)</script>', "' onmouseover='x", "a" * 5000)


class Asked:
    """As much of an Ask as the parts look at."""

    now, here, path, theme = NOW, "/", "/", "system"


def part(call, code="en", session=kit.READER, **values):
    """What a macro makes, as a tree: the element that it stands in."""
    made = renderer(code, ASSETS)
    source = '{% import "parts.html" as parts with context %}<div>{{ parts.' + call + " }}</div>"
    told = made._environment.from_string(source).render({"ask": Asked, "session": session, **values})
    return html.read(told.encode())


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as found:
        yield found


def page(browser, path):
    return html.read(browser.get(path).content)


def one(tree, name, /, **attributes):
    """The one element of a name with these attributes."""
    fitting = [each for each in tree.all(name) if all(each.get(key) == value for key, value in attributes.items())]
    assert len(fitting) == 1, fitting
    return fitting[0]


# -- parts


@pytest.mark.parametrize(
    ("kind", "symbol"), [("ok", "○"), ("look", "●"), ("alarm", "✗"), ("note", "◇"), ("unseen", "?")]
)
def test_a_state_is_a_symbol_and_a_word(kind, symbol):
    made = part("mark(kind, word)", kind=kind, word="expected")
    shown = one(made, "span", **{"class": f"mark {kind}"})
    assert shown.text == f"{symbol} expected"
    hidden = one(made, "span", **{"aria-hidden": "true"})
    assert hidden.text == symbol  # a screen reader says the word alone


def test_a_state_that_there_is_not_is_a_mistake():
    with pytest.raises(Exception, match="purple"):
        part('mark("purple", "x")')


@pytest.mark.parametrize("text", STRANGERS)
def test_strangers_words_stay_words_in_every_part(text):
    for call in (
        'mark("ok", text)', "command(text)", "machine(text)", "field(text, text, text, hint=text)",
        "field(text, text, text, 'textarea')", "choice(text, text, text, [(text, text)])", "trouble(told)",
        "pages(2, 3, text)",
    ):  # fmt: skip
        made = part(call, text=text, told=Trouble("machine", text, text))
        assert {each.name for each in made} <= {
            *("div", "span", "code", "a", "label", "input", "textarea", "select", "option", "p", "strong", "nav", "ul"),
            "li",
        }
        assert not [name for each in made for name in each.attributes if name.startswith("on")]


def test_a_command_is_shown_whole_and_is_not_translated():
    made = part("command(text)", text="hb why 1703 && echo '<b>'")
    assert one(made, "code", translate="no").text == "hb why 1703 && echo '<b>'"


def test_a_time_says_when_and_how_long_ago():
    made = part("when(seconds)", seconds=NOW - 180)
    assert one(made, "time").get("datetime") == "2026-11-22T14:02:11Z"
    assert made.text == "22 Nov 2026, 14:02:11 (3 minutes ago)"
    assert part("when(seconds)", "de", seconds=NOW - 180).text == "22.11.2026, 14:02:11 (vor 3 Minuten)"


def test_a_port_is_a_name_and_no_number():
    made = part("port(65535)", "de")
    assert made.text == "65535"
    assert one(made, "a").get("href") == "/de/ports/65535"


def test_a_machine_leads_to_its_page_whatever_it_is_called():
    assert one(part("machine(name)", name="web-17"), "a").get("href") == "/machines/web-17"
    made = one(part("machine(name)", "ja", name="../a/b?c#d"), "a")
    assert re.fullmatch(r"/ja/machines/[^/?#]+", made.get("href"))


def test_trouble_says_what_to_do():
    made = part("trouble(told)", told=Trouble("history", "the history is locked", "Wait, or end hb record."))
    assert [each.text for each in made.all("p")] == ["the history is locked", "Wait, or end hb record."]
    assert one(made, "div", lang="en").get("class") == "notice bad"
    assert len(part("trouble(told)", told=Trouble("history", "locked")).all("p")) == 1


@pytest.mark.parametrize("kind", ["text", "search", "date", "number", "textarea"])
def test_a_field_has_its_label_and_its_hint(kind):
    made = part("field('owner', 'Owner', 'dba', kind, 'Who answers for it.', true)", kind=kind)
    entry = made.all("input", "textarea")[0]
    assert one(made, "label").get("for") == entry.get("id")
    assert html.references(made) == html.labels(made) == []
    assert entry.get("aria-describedby") == one(made, "p").get("id")
    assert entry.get("required") == "required"
    assert entry.get("value") or entry.text == "dba"


def test_a_choice_knows_what_was_chosen():
    made = part("choice('until', 'Until', '30', options)", options=[("7", "a week"), ("30", "a month")])
    assert [each.get("value") for each in made.all("option") if each.get("selected")] == ["30"]
    assert html.references(made) == html.labels(made) == []


def test_forms_carry_the_sessions_token():
    assert one(part("csrf()"), "input").get("value") == kit.READER.csrf
    assert one(part("csrf()", session=None), "input").get("value") == ""


@pytest.mark.parametrize(
    ("number", "count", "url", "links"),
    [
        (1, 1, "/ports", []),
        (1, 3, "/ports", ["/ports?page=2"]),
        (2, 3, "/ports?q=a", ["/ports?q=a&page=1", "/ports?q=a&page=3"]),
        (3, 3, "/ports", ["/ports?page=2"]),
    ],
)
def test_pages_of_a_list(number, count, url, links):
    made = part("pages(number, count, url)", number=number, count=count, url=url)
    assert [each.get("href") for each in made.all("a")] == links
    assert len(made.all("nav")) == (count > 1)


@pytest.mark.parametrize(
    ("machines", "told"),
    [
        ((kit.MACHINE,), "this machine"),
        ((kit.MACHINE, kit.OTHER), "this machine and one machine in a file"),
        ((kit.OTHER, kit.OTHER), "2 machines in files"),
        (
            (kit.MACHINE, kit.OTHER, replace(kit.MACHINE, name="a", remembered=True)),
            "this machine, one machine in a file and one machine in the history",
        ),
    ],
)
def test_where_a_sight_is_from(machines, told):
    assert part("sources(machines)", machines=machines).text == told


# -- the frame


@pytest.mark.parametrize("code", CODES)
def test_a_page_in_a_language(browser, code):
    at = language(code).url("/ports/22")
    said = browser.get(at)
    tree = html.read(said.content)
    assert tree.get("lang") == code
    assert html.complaints(said.content) == []
    links = {each.get("hreflang"): each for each in tree.all("a") if each.get("hreflang")}
    assert list(links) == list(CODES)
    assert {each.get("lang") for each in links.values()} == set(CODES)
    assert links["ro"].get("href") == "/ro/ports/22"
    assert links["en"].get("href") == "/ports/22"
    assert [key for key, each in links.items() if each.get("aria-current")] == [code]


def test_another_language_is_asked_the_same(browser):
    tree = page(browser, "/ports/22?q=a%26b%3D%22&x=%C3%BC")
    assert one(tree, "a", hreflang="ja").get("href") == "/ja/ports/22?q=a%26b%3D%22&x=%C3%BC"
    assert one(tree, "input", name="back").get("value") == "/ports/22?q=a%26b%3D%22&x=%C3%BC"


def test_the_first_thing_leads_past_the_menu(browser):
    tree = page(browser, "/ports/22")
    first = one(tree, "body").all("a")[0]
    assert first.get("href") == "#main"
    assert one(tree, "main").get("id") == "main"


def test_the_menu_says_where_one_is(browser):
    tree = page(browser, "/machines")
    menu = one(tree, "nav", **{"class": "menu"})
    assert [each.get("href") for each in menu.all("a") if each.get("aria-current") == "page"] == ["/machines"]
    tree = page(browser, "/de/machines/web-17")
    menu = one(tree, "nav", **{"class": "menu"})
    assert [each.get("href") for each in menu.all("a") if each.get("aria-current")] == ["/de/machines"]


def test_browsers_are_told_to_keep_it_to_themselves(browser):
    tree = page(browser, "/ports/22")
    told = {each.get("name"): each.get("content") for each in tree.all("meta")}
    assert told["robots"] == "noindex, nofollow"
    assert told["referrer"] == "same-origin"  # no-referrer would have our own forms sent with Origin: null
    assert told["color-scheme"] == "light dark"
    assert '"allowEval":false' in told["htmx-config"]
    assert '"selfRequestsOnly":true' in told["htmx-config"]


def test_the_foot_says_of_when_and_of_whom(browser):
    foot = one(page(browser, "/ports/22"), "footer").text
    assert "22 Nov 2026, 14:05:11" in foot
    assert "this machine and one machine in a file" in foot
    assert kit.REGISTRY.as_of in foot


@pytest.mark.slow
def test_a_foot_before_anybody_looked_claims_nothing():
    with kit.client(kit.site(NOTHING)) as browser:
        foot = one(page(browser, "/ports/22"), "footer").text
    assert "nothing yet" in foot
    assert "1970" not in foot


@pytest.mark.slow
def test_a_stranger_sees_the_way_in_and_nothing_else():
    with kit.client(kit.site(), None) as stranger:
        said = stranger.get("/machines/web-17")
    tree = html.read(said.content)
    assert html.complaints(said.content) == []
    assert "hb serve" in one(tree, "main").text
    assert not tree.all("form")
    assert "web-17" not in one(tree, "main").text
    assert "22 Nov" not in said.text  # when was looked is nobody's business either


@pytest.mark.parametrize("code", CODES)
def test_trouble_has_a_way_on(browser, code):
    said = browser.get(language(code).url("/ports/99999"))
    tree = html.read(said.content)
    assert said.status_code == 404
    assert html.complaints(said.content) == []
    main = one(tree, "main")
    assert one(main, "input", name="q").get("type") == "search"
    assert one(main, "h1").text[:1].isupper() or code == "ja"
    assert language(code).url("/") in [each.get("href") for each in main.all("a")]


@pytest.mark.slow
def test_many_machines_are_counted_as_the_language_counts():
    machines = tuple([Machine(f"m{number}", LOOK, None, f"m{number}.json") for number in range(1200)])
    with kit.client(kit.site(Sight(2, NOW, machines))) as browser:
        assert "1,200 machines in files" in one(page(browser, "/ports/22"), "footer").text
