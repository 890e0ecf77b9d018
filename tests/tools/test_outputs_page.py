"""The page of outputs has every format, kind and metric, from the declarations that the program itself reads."""

from __future__ import annotations

from tools.docs import outputs_page

from hb_engine.faces.export import generators, register, reports
from hb_engine.model.report import KINDS


def test_every_format_and_kind_is_there():
    text = outputs_page.page()
    for package in (reports, register, generators):
        for name in package.names():
            assert f": {name}\n" in text
            assert package.load(name).FORMAT.what in text
    for kind in KINDS:
        assert f"| `{kind}` |" in text


def test_metrics_and_states():
    text = outputs_page.page()
    assert "| `hb_check_timestamp_seconds` | When it was held against the baseline; alert on its age. |" in text
    assert "| `gone` | `new` |" in text
    assert "| `critical` | `error` | 9.5 |" in text
