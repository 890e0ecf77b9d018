"""The exposition is read by Prometheus' own tool and by its Python client; strangers make no series."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from tests.faces import judged
from tests.faces.kit import NOW

from hb_engine.faces.export.reports import prometheus
from hb_engine.faces.text import escape
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace
from hb_engine.model.report import DRIFTS, STATES
from hb_engine.model.verdict import SEVERITIES

# Prometheus, data model and text format 0.0.4: name{label="value",...} number
SAMPLE = re.compile(r'^([a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (\d+)$')
PAIR = re.compile(r'([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"')
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def samples(*found):
    """{(name, labels): number} by a strict reading of the format; every line is a comment or a sample."""
    seen, families = {}, []
    for line in prometheus.write(found, "1.2.3", NOW).removesuffix("\n").split("\n"):
        if line.startswith("# TYPE "):
            families.append(line.split(" ")[2])
        if line.startswith("# "):
            continue
        match = SAMPLE.match(line)
        assert match, line
        labels = {
            name: re.sub(r"\\.", lambda each: UNESCAPED[each.group()], text) for name, text in PAIR.findall(match[2])
        }
        key = (match[1], *sorted(labels.items()))
        assert key not in seen, f"twice: {key}"
        assert match[1] == families[-1], "a family stands together"
        seen[key] = int(match[3])
    assert len(families) == len(set(families))
    return seen


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed (package prometheus)")
@pytest.mark.parametrize(
    "found",
    [(), (judged.DRIFTED,), judged.MANY, tuple(map(judged.saying, judged.AWKWARD))],
    ids=["none", "one", "many", "hostile"],
)
def test_promtool_finds_nothing_to_say(found):
    text = prometheus.write(found, "1.2.3", NOW)
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_client_reads_the_same():
    parser = pytest.importorskip("prometheus_client.parser", reason="prometheus_client is not installed")
    found = {
        (each.name, *sorted(each.labels.items())): each.value
        for family in parser.text_string_to_metric_families(prometheus.write(judged.MANY, "1.2.3", NOW))
        for each in family.samples
    }
    assert found == samples(*judged.MANY)


def test_the_numbers():
    seen = samples(*judged.MANY)
    assert seen["hb_build_info", ("version", "1.2.3")] == 1
    assert seen["hb_drift", ("host", "web-17"), ("kind", "new")] == 1  # debt of that kind is not drift
    assert seen["hb_drift", ("host", "web-18"), ("kind", "new")] == 0  # an alert rule wants a series
    assert seen["hb_drift_severity", ("host", "web-17"), ("severity", "high")] == 2
    assert seen["hb_verdicts", ("host", "web-17"), ("state", "debt")] == 1
    assert seen["hb_openings", ("host", "db-3")] == 5
    assert seen["hb_openings_expected", ("host", "db-3")] == 4
    assert seen["hb_look_timestamp_seconds", ("host", "db-3")] == int(NOW - 86400)
    assert seen["hb_check_timestamp_seconds", ("host", "db-3")] == int(NOW)
    assert samples(judged.BLIND)["hb_gaps", ("host", "web-17")] == 2


def test_as_many_series_whatever_happens():
    crowd = replace(
        judged.DRIFTED, verdicts=tuple([replace(judged.NEW, key=f"tcp/public/{n}/unit:x/host") for n in range(2000)])
    )
    assert len(samples(crowd)) == len(samples(judged.QUIET)) == 1 + len(DRIFTS) + len(SEVERITIES) + len(STATES) + 6


def test_machines_of_one_name_stay_two():
    twins = [replace(judged.QUIET, host=Host("web", "", machine=each)) for each in ("a" * 32, "b" * 32, "")]
    hosts = {labels["host"] for _, *pairs in samples(*twins) for labels in [dict(pairs)] if "host" in labels}
    assert hosts == {"web", "web (bbbbbbbbbbbb)", "web (2)"}
    same = [replace(judged.QUIET, host=Host("web", "", machine="a" * 32))] * 4
    assert len(samples(*same)) == 4 * (len(samples(judged.QUIET)) - 1) + 1


@given(judged.hostile_reports)
def test_no_stranger_makes_a_series(report):
    seen = samples(report)
    assert len(seen) == len(samples(judged.QUIET))
    assert ("hb_openings", ("host", escape(report.host.name) or "unnamed")) in seen
