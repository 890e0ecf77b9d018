"""hb ls lists, filters and sorts, and says what it left out."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit
from tests.faces.kit import Pipe, Terminal, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.stories.order import SORTS
from hb_engine.model.record import replace


def run(*line, stdout=None, **more):
    stdout, stderr = stdout or Pipe(), Pipe()
    status = main(["ls", *line], output(stdout, stderr, **more))
    return status, stdout.getvalue(), stderr.getvalue()


def ports(told):
    return [each.split()[2] for each in told.split("\n")[1:] if each]


def test_one_opening_a_line_in_the_order_of_ports(app):
    status, told, _ = run()
    assert status == 0
    assert ports(told) == ["22", "68", "443", "1703", "4789", "5432", "6379", "8080", "-"]


def test_noise_is_left_out_and_counted_unless_it_is_asked_for(app):
    assert "2 clients and idle sockets not shown   hb ls --all" in run()[2]
    everything = run("--all")
    assert {"8009", "40123"} < set(ports(everything[1]))
    assert everything[2] == ""
    assert ports(run("--port", "40123")[1]) == ["40123"]
    assert "8009" in ports(run("--kind", "bound")[1])


def test_json_has_all_that_matches_and_nothing_else(app):
    found = json.loads(run("--json")[1])
    assert len(found["openings"]) == len(kit.LOOK.openings)
    found = json.loads(run("--json", "-t", "udp", "--sort", "port", "-r")[1])
    assert [opening["port"] for opening in found["openings"]] == [40123, 4789, 68]


def test_nothing_that_matches_is_said_and_no_trouble(app):
    status, told, err = run("--port", "9")
    assert (status, told) == (0, "")
    assert err == " nothing matches, of 11 openings\n"
    app.answers["look"] = lambda *_, **__: replace(kit.LOOK, openings=())
    assert "nothing is open there, as far as was asked" in run()[2]


def test_what_could_not_be_seen_is_remarked(app):
    app.answers["look"] = lambda *_, **__: kit.unprivileged()
    assert "2 things could not be seen   hb" in run()[2]


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_lists_everything(app, sort):
    there, back = ports(run("--sort", sort)[1]), ports(run("--sort", sort, "--reverse")[1])
    assert there == back[::-1]
    assert len(there) == 9


def test_orders(app):
    assert ports(run("--sort", "severity")[1])[:2] == ["1703", "6379"]
    assert ports(run("--sort", "started")[1])[:2] == ["1703", "6379"]
    assert ports(run("--sort", "scope")[1])[-1] == "5432"
    assert ports(run("--sort", "user")[1])[-1] == "-"


def test_the_header_may_be_left_out(app):
    assert run()[1].startswith("severity")
    assert run("--no-header")[1].startswith("none")


def test_wide_shows_what_runs(app):
    told = run("--wide")[1]
    for known in ("/dev/shm/.x (deleted)", "openssh-server 1:9.2p1-2", "shop (registry.example/shop:4)", "5 weeks ago"):
        assert known in told


def test_mistakes_are_told_before_anything_is_looked_at(app):
    assert run("--port", "70000")[0] == 2
    assert app.asked == []


def test_only_the_ports_that_were_asked_for_are_looked_at(app):
    run("--port", "22,80-82")
    run("--port", "1-60000")
    run()
    assert [words for _, words, _ in app.asked] == [(frozenset({22, 80, 81, 82}),), (None,), (None,)]


def test_a_terminal_gets_symbols_and_a_pipe_words(app):
    assert "✗" in run(stdout=Terminal())[1]
    assert "critical" in run()[1]


def test_what_is_asked_says_what_it_speaks(app, monkeypatch):
    from hb_engine.app.looking import own

    monkeypatch.setattr(
        own, "speaks", lambda openings, **_: {one.key: kit.ANSWER for one in openings if one.port == 1703}
    )
    told = run("--identify")[1]
    assert next(line for line in told.split("\n") if "ssh OpenSSH 9.2p1" in line).split()[2] == "1703"
    assert "speaks" in told.split("\n")[0]
    document = json.loads(run("--identify", "--json")[1])
    assert [answer["port"] for answer in document["speaks"].values()] == [1703]
    assert json.loads(run("--json")[1])["speaks"] is None


def test_a_filtered_listing_says_that_it_is_partial(app):
    assert json.loads(run("--json")[1])["coverage"]["partial"] == ""
    for line in (["-p", "22"], ["-t", "udp"], ["nginx"], ["--scope", "link+"]):
        assert json.loads(run("--json", *line)[1])["coverage"]["partial"] == "filters"
    app.answers["look"] = lambda *_, **__: replace(kit.LOOK, coverage=replace(kit.ROOT, partial="ports 22"))
    assert json.loads(run("--json", "-p", "22")[1])["coverage"]["partial"] == "ports 22"


@pytest.mark.parametrize(("line", "wanted"), [((), False), (("--hidden",), True), (("--hidden", "--json"), True)])
def test_ports_are_bound_only_where_that_is_asked_for(app, line, wanted):
    asked = []

    def look(*_, **more):
        asked.append(more["hidden"])
        return kit.LOOK

    app.answers["look"] = look
    assert run(*line)[0] == 0
    assert asked == [wanted]
