"""The API against its own OpenAPI document, by schemathesis: what fits is answered as promised, all else is refused.

    HB_EXAMPLES=1000 .venv/bin/python -m pytest tests/faces/web/api/test_schemathesis.py

asks more than the few examples that every run has. The application is asked in this process: no port is opened.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.faces.web import kit
from tests.faces.web.api import asking

schemathesis = pytest.importorskip("schemathesis")

EXAMPLES = int(os.environ.get("HB_EXAMPLES", "4"))
HEADERS = {"Host": kit.ADDRESS.removeprefix("http://"), "Origin": kit.ADDRESS}
SETTINGS = {
    "seed": 1703,
    "base-url": kit.ADDRESS,
    "headers": HEADERS,
    "auth": {"openapi": {"session": {"api_key": kit.SECRETS[kit.READER]}}},
    "generation": {"max-examples": EXAMPLES, "database": "none"},
    "phases": {"stateful": {"enabled": False}},  # nothing is made, so nothing can be used after it is gone
    "continue-on-failure": True,
}


def failures(site):
    """Everything that schemathesis has to say against a site's API, and how much it checked."""
    from schemathesis import engine
    from schemathesis.config import SchemathesisConfig

    config = SchemathesisConfig.from_dict(SETTINGS)
    headers = {**HEADERS, "Cookie": f"{kit.COOKIE}={kit.SECRETS[kit.READER]}"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", site.app, config=config, headers=headers)
    found, checked, paths = {}, 0, set()
    events: Any = engine.from_schema(schema).execute()
    for event in events:
        kind = type(event).__name__
        if kind.endswith("Error"):
            found[kind, "", ""] = str(event)
        if kind != "ScenarioFinished":
            continue
        for name, checks in event.recorder.checks.items():
            case = event.recorder.cases[name].value
            paths.add(case.path)
            checked += len(checks)
            for one in checks:
                if one.failure_info:
                    failure = one.failure_info.failure
                    told = f"{failure.message}\n{one.failure_info.code_sample}"
                    found.setdefault((failure.title, case.method, case.path), told)
    return found, checked, paths


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis")
def test_schemathesis_finds_nothing():
    found, checked, paths = failures(asking.site())
    assert not found, "\n\n".join([f"{' '.join(place)}\n{told}" for place, told in found.items()])
    with asking.client() as browser:
        told = browser.get("/api/v1/openapi.json").json()["paths"]
    assert paths == set(told) - {"/api/v1/openapi.json"}  # which is not asked for by what it says of itself
    assert checked > 1000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:schemathesis")
def test_it_would_find_something(monkeypatch):
    """The same with a mistake put in: an answer that lacks what the document promises."""
    from hb_engine.faces.web.api import sight

    monkeypatch.setattr(sight, "written", lambda *_: '{"schema": "hb/2", "kind": "sight"}')
    found, _, _ = failures(asking.site())
    assert {path for _, _, path in found} == {"/api/v1/sight"}
