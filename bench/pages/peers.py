"""What the pages of peers have, beside ours. Their services cannot be reached from a bench: nothing here is measured.

NetAlertX by its own documentation (docs/DEVICE_MANAGEMENT.md, SECURITY.md, API*.md, August 2026); the port pages of
SpeedGuide (port.php) and of the SANS Internet Storm Center (data/port) as they are known.
"""

from __future__ import annotations

LEAD = (
    "None of these was run or photographed: they are web sites and a container that a bench without the Internet does "
    "not have. NetAlertX stands here by its documentation of August 2026, the other two as they are known; whoever "
    "knows better should correct it."
)
ROWS = (
    ("what the registry says, per protocol, with dates and references", "yes", "in part", "name", "no"),
    (
        "what has been linked with it, each with who says so and how sure that is",
        "yes",
        "text, sources by name",
        "no",
        "no",
    ),
    ("vulnerabilities (CVE) of programs that use the port", "no", "yes", "yes", "no"),
    ("how hard the Internet scans it", "on request, by the ISC", "no", "yes, and more of it", "no"),
    ("what people wrote about it", "no", "yes", "yes", "own comments"),
    ("what is open here, by whom, since when", "yes", "no", "no", "ports of a device, by nmap"),
    ("process, package, unit and what started it", "yes", "no", "no", "no"),
    ("whether it should be open, by which rule", "yes", "no", "no", "alerts on what is new"),
    ("commands to check and to close it, for this port, on each system", "yes", "no", "no", "no"),
    ("devices of a network without hb on them: presence, vendor, room", "by scans that are given", "no", "no", "yes"),
    ("a map of all ports", "yes", "no", "no", "no"),
    ("without JavaScript", "all of it", "yes", "in part", "no"),
    ("advertisements, or anything loaded from elsewhere", "none", "yes", "some", "none"),
    ("languages", "6", "1", "1", "over 20"),
    ("who gets in", "whoever started it", "everybody", "everybody", "everybody, until a password is set"),
    ("machine readable", "JSON beside each page, OpenAPI", "no", "API", "API"),
)


def table() -> list[str]:
    """The comparison, as lines of Markdown."""
    head = [
        "## Beside peers",
        "",
        LEAD,
        "",
        "| a page of a port, or of a machine | hb | SpeedGuide | SANS ISC | NetAlertX |",
    ]
    return [*head, "| --- | --- | --- | --- | --- |", *[f"| {' | '.join(row)} |" for row in ROWS], ""]
