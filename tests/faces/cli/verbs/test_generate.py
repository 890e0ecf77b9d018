"""hb generate on rules in a folder of the test: text to a pipe, files, and nothing applied."""

from __future__ import annotations

import json

import pytest
from tests.faces.kit import LOOK, Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.export.documents import inventory

RULES = """\
schema = "hb/1"

[[role]]
name = "web"
hosts = ["web-*"]

[[require]]
id = "https"
role = "web"
listen = "tcp/443 on public"
by = "unit:nginx.service"
why = "Shop; \\"front\\" end"
owner = "team-web"

[[forbid]]
id = "no-telnet"
listen = "tcp/23"
why = "Clear text"
owner = "security"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    (tmp_path / "hb.d").mkdir(mode=0o700)
    (tmp_path / "hb.d" / "rules.toml").write_text(RULES)
    (tmp_path / "web.json").write_text(inventory(LOOK))
    return tmp_path


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["generate", "--baseline", "hb.d", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


@pytest.mark.parametrize(
    ("program", "parts"),
    [
        (
            "nftables",
            ('tcp dport 443 counter accept comment "https"', 'tcp dport 23 counter jump forbidden comment "no-telnet"'),
        ),
        ("systemd", ("[Service]", "SocketBindDeny=any", "SocketBindAllow=tcp:443")),
        ("suricata", ('msg:"hb forbidden port tcp/23 (no-telnet)"',)),
        ("zeek", ("Place($proto=tcp, $first=23, $last=23", '$why="Shop\\x3b \\x22front\\x22 end"')),
    ],
)
def test_to_a_pipe(folder, program, parts):
    status, told, err = run(program, "--role", "web")
    assert (status, err) == (0, "")
    for part in parts:
        assert part in told
    assert "for role web, made by hb-engine" in told
    assert sorted(path.name for path in folder.iterdir()) == ["hb.d", "web.json"]


def test_closed(folder):
    assert "jump closed" not in run("nftables", "--host", "web-1")[1]
    assert "jump closed" in run("nftables", "--host", "web-1", "--closed")[1]


def test_by_a_file_of_another_machine(folder):
    assert "for web-17, role web, made by" in run("nftables", "--host", "web.json")[1]


def test_into_a_file_and_into_a_folder(folder):
    assert run("nftables", "--role", "web", "-o", "x.nft") == (0, "", "x.nft is written; nothing is applied.\n")
    assert (folder / "x.nft").read_text() == run("nftables", "--role", "web", "-o", "-")[1]
    told = run("systemd", "--role", "web", "-o", "drop-ins")
    assert told == (0, "", "drop-ins: 1 drop-in written; nothing is applied.\n")
    written = (folder / "drop-ins" / "nginx.service.d" / "50-hb-baseline.conf").read_text()
    assert written == run("systemd", "--role", "web")[1]


def test_no_unit_is_named(folder):
    status, told, err = run("systemd", "--host", "db-1")
    assert (status, told) == (1, "")
    assert err == "no rule names a unit, so there is nothing to write for systemd.\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["nftable"], "hb: there is no generator 'nftable'\n    Did you mean nftables?\n"),
        (["iptables"], "hb: there is no generator 'iptables'\n"),
        (["zeek", "--role", "wbe"], "hb: the baseline has no role 'wbe'\n    Did you mean web?\n"),
        (
            ["zeek", "--role", "web", "-o", "no/x"],
            "hb: no/x cannot be written: No such file or directory\n    Name another file.\n",
        ),
        (
            ["systemd", "--role", "web", "-o", "web.json"],
            "hb: web.json/nginx.service.d cannot be made: Not a directory\n",
        ),
        ([], "hb: hb generate needs PROGRAM"),
    ],
)
def test_mistakes(folder, line, told):
    status, written, err = run(*line)
    assert (status, written) == (2, "")
    assert err.startswith(told)


def test_json_has_each_file_and_where_it_went(folder):
    status, told, said = run("systemd", "--json", "--role", "web")
    assert (status, said) == (0, "")
    made = json.loads(told)
    assert (made["kind"], made["program"], made["written"]) == ("generated", "systemd", None)
    assert [one["name"] for one in made["files"]] == ["nginx.service.d/50-hb-baseline.conf"]
    status, told, _ = run("nftables", "--json", "-o", "x.nft")
    assert (status, json.loads(told)["written"]) == (0, "x.nft")
    assert (folder / "x.nft").read_text() == json.loads(told)["files"][0]["text"]
