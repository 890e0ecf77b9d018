"""A process calls itself something that it is not.

Two disguises are told apart from the many honest reasons for odd names. A kernel thread has no executable and no
command line: what has either and is named like one lies. And what runs from no package, outside the system's folders,
while its command line claims a program inside them, lies too; backdoors of the BPFDoor kind do that.

It lasts: a baseline knows programs by their names and files, and this one gives a false name.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, basename, each_exe, is_file, quote, running, who, words
from hb_engine.judge.places import is_local, is_managed, is_system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "disguised-name",
    "high",
    "A process is named like a kernel thread, or like a system program, that it is not.",
    (
        "A test or a demonstration that renames itself.",
        "A wrapper outside the packages that starts a program under the name of the one that it replaces.",
    ),
    lasting=True,
)
# How kernel threads are named (kernel/kthread.c and its users); a slash or a bracket ends the honest part.
KERNEL = tuple(
    words(
        "kworker/ kthreadd ksoftirqd/ migration/ rcu_ rcuop/ rcuos/ kswapd khugepaged kcompactd kauditd kdevtmpfs"
        " khungtaskd ksmd kintegrityd kblockd kthrotld jbd2/ xfsaild/ irq/ cpuhp/ idle_inject/ watchdog/ oom_reaper"
        " writeback scsi_eh_ ext4-rsv-conver"
    )
)


def judge(facts: Facts) -> Iterator[Reason]:
    for owner, group in each_exe(facts.opening.owners):
        if owner.exe_state == "kernel":
            continue
        trouble = _kernel_thread(owner) or _system_program(owner)
        if trouble:
            yield RULE.reason(
                trouble,
                f"{who(group)} runs {quote(running(owner) or 'a file that could not be read')}",
                f"its command line is {quote(' '.join(owner.cmdline)) or 'empty'}",
                remedy=f"find out what it is, for nothing honest hides its name: {ask(facts.opening)}",
            )


def _kernel_thread(owner: Owner) -> str:
    if not owner.exe and not any(owner.cmdline):
        return ""  # nothing contradicts the name: it may be a kernel thread, or could not be read
    called = owner.cmdline[0] if owner.cmdline else ""
    if owner.comm.startswith(KERNEL):
        return f'calls itself "{quote(owner.comm)}" but is no kernel thread'
    if called.startswith("[") and called.endswith("]") and " " not in called:  # "[celeryd: main]" is a title
        return f'calls itself "{quote(called)}" but is no kernel thread'
    return ""


def _system_program(owner: Owner) -> str:
    if not is_file(owner) or owner.package or owner.container or not owner.cmdline:
        return ""
    path, claimed = running(owner), owner.cmdline[0].split(" ")[0]
    if not path.startswith("/") or is_system(path) or is_managed(path) or is_local(path) or not is_system(claimed):
        return ""
    real, called = basename(path), basename(claimed)
    if real.startswith(called) or called.startswith(real):  # java by way of /usr/bin/java, python3 and python3.11
        return ""
    return f'calls itself "{quote(claimed)}" but runs {quote(path)}'
