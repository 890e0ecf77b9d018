"""hb why tells a story, in words or as a document."""

from __future__ import annotations

import json

from tests.faces import kit
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.model.errors import BadInput


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["why", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_the_words_are_handed_on_as_one_question(app):
    status, told, _ = run("tcp/1703")
    assert status == 0
    assert told.startswith("tcp 1703 on every address")
    run("line", "printer")
    assert [words for _, words, _ in app.asked] == [("tcp/1703",), ("line printer",)]


def test_a_negative_port_reaches_the_one_who_knows_ports(app):
    def refuse(text, *, ask):
        raise BadInput(f"{text} is not a port", "Type a port from 1 to 65535.")

    app.answers["why"] = refuse
    status, _, err = run("-1")
    assert status == 2
    assert "-1 is not a port" in err


def test_a_closed_port_is_an_answer(app):
    app.answers["why"] = lambda text, **_: kit.story(text, None, 1703, kit.ROOT, (), kit.PAGE, {})
    status, told, _ = run("1703")
    assert status == 0
    assert told.startswith("port 1703: closed, as far as was asked.")


def test_json_is_the_story_with_its_evidence(app):
    told = json.loads(run("1703", "--json")[1])
    assert (told["kind"], told["state"], told["port"]) == ("why", "open", 1703)
    assert told["details"][kit.BACKDOOR.key]["size"] == "48 KiB"


def test_what_speaks_there_stands_beside_who_listens(app):
    told = run("1703")[1]
    assert " speaks   ssh OpenSSH 9.2p1" in told
    assert "registered as hb-engine, speaks ssh" in told
    assert json.loads(run("1703", "--json")[1])["speaks"][kit.BACKDOOR.key]["service"]["name"] == "ssh"


def test_nobody_is_asked_where_that_is_not_wanted(app):
    assert "OpenSSH" not in run("1703", "--no-ask")[1]
    assert json.loads(run("1703", "--no-ask", "--json")[1])["speaks"] is None


def test_without_a_question_there_is_no_look(app):
    assert run()[0] == 2
    assert app.asked == []
