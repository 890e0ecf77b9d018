"""What hb check says in an exit status, in the words of whoever runs it: a shell, a monitoring system, Terraform.

    plain      0 as expected, 1 drift, 2 trouble or something that a rule needs could not be seen
    nagios     0 OK, 1 WARNING (drift below high), 2 CRITICAL (drift from high on), 3 UNKNOWN (trouble, not seen)
    terraform  0 no drift, 1 trouble or not seen, 2 drift (as terraform plan -detailed-exitcode)

Drift counts from a severity on; with "none" it never does. Debt, notes and what is muted or accepted never count. What
could not be seen is never "as expected".
"""

from __future__ import annotations

from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.model.report import Report

STYLES = ("plain", "nagios", "terraform")
NEVER = SEVERITIES[0]
HIGH = SEVERITIES.index("high")
# As expected, mild drift, grave drift, not seen, trouble.
CODES = {"plain": (0, 1, 1, 2, 2), "nagios": (0, 1, 2, 3, 3), "terraform": (0, 2, 2, 1, 1)}
DEFAULT = "info"  # any drift counts


def status(reports: Iterable[Report], fail_on: str = DEFAULT, style: str = "plain") -> int:
    """The exit status of what was found. `fail_on` is one of SEVERITIES, `style` one of STYLES."""
    expected, mild, grave, unseen, _ = CODES[style]
    worst, blind = 0, False
    for report in reports:
        for one in report.verdicts:
            if one.state == "drift":
                worst = max(worst, SEVERITIES.index(one.severity))
            blind = blind or one.state == "unseen"
    if fail_on != NEVER and worst >= SEVERITIES.index(fail_on):
        return grave if worst >= HIGH else mild
    return unseen if blind else expected


def trouble(style: str = "plain") -> int:
    """The exit status where nothing could be found out."""
    return CODES[style][4]
