"""All products together: each has its place, nobody claims a stranger's page, and no page breaks one of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.kit.pages import BLOG, PAGES, page
from tests.kit.talks import is_bounded

from hb_engine.identify import products
from hb_engine.identify.kit import Ask, Reply
from hb_engine.identify.products import MOST, identify, joined, load
from hb_engine.model.identity import Identity

MODULES = load()
IDS = [module.file for module in MODULES]


def ran(first, *further):
    """The identity of a first page, and the paths that were asked; further pages are served in order."""
    paths, left = [], list(further)

    def fetch(path):
        paths.append(path)
        yield Ask(path.encode())
        return left.pop(0) if left else None

    talk = identify(first, fetch)
    try:
        next(talk)
        while True:
            talk.send(Reply.of(b""))
    except StopIteration as end:
        return end.value, paths


def test_there_are_many_and_applications_come_first():
    assert len(MODULES) >= 40
    kinds = [module.product.server for module in MODULES]
    assert kinds == sorted(kinds)
    assert load() is MODULES


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_a_product_keeps_its_contract(module):
    assert module.product.name
    assert not module.product.asks or module.product.asks.startswith("/")
    assert not module.product.ports or module.product.asks or module.product.ports
    assert module.recognise(BLOG) is None
    assert module.recognise(page("404 Not Found")) is None
    if module.likely:
        assert module.product.asks
        assert not module.likely(BLOG)


def test_no_path_changes_anything():
    """Only paths of reading; none that logs in, none that a log would call an attempt."""
    for module in MODULES:
        path = module.product.asks.lower()
        assert not any(word in path for word in ("delete", "admin/exec", "passw", "..", "cgi", "shell", "select"))


def test_an_application_that_told_its_version_is_asked_nothing_more():
    named, paths = ran(page(body={"couchdb": "Welcome", "version": "3.3.1"}, port=9090))
    assert (named.product, paths) == ("Apache CouchDB", [])
    assert ("status", "200") in named.facts


def test_a_likely_product_is_asked_for_its_version():
    first = page("302 Found", "Location: /login", '<a href="/login">Found</a>.')
    health = page(body={"commit": "a", "database": "ok", "version": "10.2.3"}, path="/api/health")
    named, paths = ran(first, health)
    assert (named.product, named.version, paths) == ("Grafana", "10.2.3", ["/api/health"])
    assert ("location", "/login") in named.facts


def test_a_product_at_home_on_this_port_is_asked_for():
    first = page("404 Not Found", "", "not here", port=8086)
    named, paths = ran(first, page("204 No Content", "X-Influxdb-Version: 1.8.10", path="/ping"))
    assert (named.product, paths) == ("InfluxDB", ["/ping"])


def test_what_a_further_page_does_not_prove_stays_what_it_was():
    first = page("404 Not Found", "Server: nginx/1.22.1", "not here", port=8086)
    named, paths = ran(first, BLOG)
    assert (named.product, named.version, paths) == ("nginx", "1.22.1", ["/ping"])


def test_a_product_that_is_named_keeps_its_name_without_its_version():
    named, paths = ran(page(headers="Set-Cookie: i_like_gitea=x"))
    assert (named.product, named.version, paths) == ("Gitea", "", ["/api/v1/version"])


def test_a_stranger_costs_no_further_request():
    named, paths = ran(BLOG)
    assert (named.name, named.product, paths) == ("http", "", [])


def test_an_application_on_a_servers_own_page_wins():
    first = page("404 Not Found", "X-Content-Type-Options: nosniff", "404 page not found\n", port=2379)
    named, paths = ran(first, page(body={"etcdserver": "3.4.23", "etcdcluster": "3.4.0"}, path="/version"))
    assert (named.product, paths) == ("etcd", ["/version"])
    named, _ = ran(first)
    assert named.product == "Go net/http server"


def test_at_most_three_paths_are_asked(monkeypatch):
    greedy = [
        products.Module(str(n), products.Product(str(n), asks=f"/{n}"), lambda _: None, lambda _: True)
        for n in range(9)
    ]
    monkeypatch.setattr(products, "load", lambda: greedy)
    _, paths = ran(BLOG, *[page("404 Not Found")] * 9)
    assert paths == [f"/{number}" for number in range(MOST)]


def test_facts_of_the_first_page_are_added_and_overwrite_nothing():
    named = joined(Identity("http", "x", facts=(("title", "own"),)), page("401 No", "Server: y", "<title>page</title>"))
    assert named.facts == (("title", "own"), ("status", "401"), ("server", "y"))
    assert named.guarded


@settings(max_examples=200)
@given(PAGES)
def test_no_page_breaks_a_product(found):
    for module in MODULES:
        assert is_bounded(module.recognise(found))
        if module.likely:
            assert isinstance(module.likely(found), bool)
    named, paths = ran(found, found, found)
    assert is_bounded(named)
    assert len(paths) <= MOST
