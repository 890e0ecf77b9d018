"""The bytes that run are not the bytes that their package brought.

Where a file was replaced or deleted since the process started, there is nothing to compare with, and this rule is
silent.

It lasts: a baseline accepts a package's program, and these are other bytes under its name.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, each_exe, quote, running, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Package
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "modified-executable",
    "high",
    "A packaged executable or script differs from what its package installed.",
    (
        "An administrator patched a packaged script by hand.",
        "Tools that rewrite programs in place: prelink, some security agents, fuse-overlayfs copies.",
    ),
    lasting=True,
)
REINSTALL = {
    "dpkg": "dpkg --verify {0}; apt-get install --reinstall {0}",
    "rpm": "rpm -V {0}; dnf reinstall {0}",
    "apk": "apk audit --system; apk fix {0}",
    "pacman": "pacman -Qkk {0}; pacman -S {0}",
}


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        package, script_package = owner.package, owner.script_package
        if package and package.verified is False and owner.exe_state == "present":
            yield _reason(package, running(owner), who(group))
        if owner.script and script_package and script_package.verified is False:
            yield _reason(script_package, owner.script, who(group))


def _reason(package: Package, path: str, holders: str) -> Reason:
    restore = REINSTALL.get(package.manager, "reinstall {0}").format(package.name)
    return RULE.reason(
        f"{quote(path)} differs from what package {package.name} installed",
        f"{holders} runs {quote(path)}, of {package.name} {package.version} ({package.manager})",
        quote(package.detail),
        remedy=f"keep a copy, then compare and restore: {restore}",
    )
