"""Development servers are known by what they were told to run, or by what they say; nothing merely similar is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities

from hb_engine.judge.rules import development_server_public as rule
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity

OWN = owner("/usr/bin/app")


def run(line: str, script: str | None = None, **changes: Any) -> Owner:
    words = tuple(line.split())
    return owner(words[0], cmdline=words, script=script, **changes)


def said(server: str) -> Answer:
    return Answer("tcp", 8000, "open", "syn-ack", identity=Identity("http", facts=(("server", server),)))


@pytest.mark.parametrize(
    ("line", "script", "severity"),
    [
        ("/usr/bin/python3.11 -m http.server", "http.server", "medium"),
        ("/usr/bin/python3.11 -m http.server 8000 --bind 0.0.0.0", None, "medium"),
        ("/usr/bin/python3 manage.py runserver 0.0.0.0:8000", "/srv/app/manage.py", "medium"),
        ("/usr/bin/python3 /usr/bin/flask run --host 0.0.0.0", "/usr/bin/flask", "medium"),
        ("/usr/bin/python3 /usr/bin/uvicorn app:app --reload", "/usr/bin/uvicorn", "medium"),
        ("/usr/bin/python3 /usr/bin/jupyter-lab --ip 0.0.0.0", "/usr/bin/jupyter-lab", "medium"),
        ("/usr/bin/python3 /usr/bin/mkdocs serve", "/usr/bin/mkdocs", "low"),
        ("/usr/bin/php8.2 -S 0.0.0.0:8000", None, "medium"),
        ("/usr/bin/php artisan serve", "/srv/artisan", "medium"),
        ("/usr/bin/node /app/node_modules/.bin/vite --host", "/app/node_modules/.bin/vite", "medium"),
        ("/usr/bin/node /app/node_modules/vite/bin/vite.js", "/app/node_modules/vite/bin/vite.js", "medium"),
        ("/usr/bin/node /app/node_modules/.bin/next dev", "/app/node_modules/.bin/next", "medium"),
        ("/usr/bin/node /app/node_modules/.bin/webpack-dev-server", None, "medium"),
        ("/usr/bin/ruby bin/rails server", "bin/rails", "medium"),
        ("/usr/bin/ruby -run -e httpd .", None, "medium"),
        ("/usr/bin/hugo server --bind 0.0.0.0", None, "low"),
    ],
)
def test_it_speaks(line, script, severity):
    assert severities(rule, opening(8000, run(line, script))) == [severity]


@pytest.mark.parametrize(
    ("line", "script"),
    [
        ("/usr/bin/python3 /usr/bin/gunicorn app:app", "/usr/bin/gunicorn"),
        ("/usr/bin/python3 /usr/bin/uvicorn app:app", "/usr/bin/uvicorn"),
        ("/usr/bin/python3 /srv/server.py http.server", "/srv/server.py"),
        ("/usr/bin/node /srv/index.js vite", "/srv/index.js"),
        ("/usr/bin/node /app/node_modules/.bin/next start", "/app/node_modules/.bin/next"),
        ("/usr/bin/node /app/.output/server/index.mjs", "/app/.output/server/index.mjs"),
        ("/usr/bin/php-fpm8.2 -S", None),
        ("/usr/bin/hugo version", None),
        ("/usr/bin/ruby /usr/bin/puma", "/usr/bin/puma"),
        ("/usr/sbin/nginx -S", None),
        ("/usr/bin/python3", None),
    ],
)
def test_it_is_silent(line, script):
    assert heard(rule, opening(8000, run(line, script))) == []


def test_on_loopback_it_is_silent_for_there_it_belongs():
    it = opening(8000, run("/usr/bin/python3 -m http.server"), scope="loopback")
    assert heard(rule, it) == []
    assert heard(rule, opening(8000, OWN, scope="loopback"), answer=said("Werkzeug/3.0.1")) == []


def test_private_networks_are_one_step_milder():
    assert severities(rule, opening(8000, run("/usr/bin/python3 -m http.server"), scope="private")) == ["low"]


@pytest.mark.parametrize("server", ["Werkzeug/3.0.1 Python/3.11.2", "SimpleHTTP/0.6 Python/3.11", "WEBrick/1.8.1"])
def test_what_it_calls_itself_tells_too(server):
    (reason,) = rule.judge(facts(opening(8000, OWN), answer=said(server)))
    assert reason.severity == "medium"
    assert reason.evidence == (f"it calls itself {server}",)


@pytest.mark.parametrize("server", ["nginx", "gunicorn", "WSGIServer/0.2 CPython/3.11", "", "my Werkzeug"])
def test_other_servers_are_not_meant(server):
    assert heard(rule, opening(8000, OWN), answer=said(server)) == []


def test_php_is_known_by_the_product_where_it_sends_no_name():
    php = Answer("tcp", 8000, "open", "syn-ack", identity=Identity("http", "PHP cli server", "8.2"))
    assert severities(rule, opening(8000, OWN), answer=php) == ["medium"]


def test_one_server_is_one_reason():
    it = opening(8000, run("/usr/bin/python3 /usr/bin/flask run", "/usr/bin/flask"))
    (reason,) = rule.judge(facts(it, answer=said("Werkzeug/3.0.1")))
    assert reason.text == "flask run is not made for a network, as its manual says"
