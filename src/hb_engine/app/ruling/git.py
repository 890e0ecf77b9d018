"""Questions to git about a work tree that may be anybody's, asked so that nothing in it is run.

A repository's configuration names programs: what is missing is fetched by any command (gitremote-helpers(7)), and where
a filter, a pager, a monitor or a hook is set, git starts it. Root asks here in other people's folders. So only plumbing
is asked, by fixed words; every transport is refused (GIT_ALLOW_PROTOCOL), and what starts programs is switched off by
-c, which overrules the repository (git(1), git-config(1)). Whose repositories git reads at all is for git to say
(safe.directory): its refusal is handed on. Time and output are bounded, and what git started ends with it.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

PATIENCE = 20.0  # seconds for each question
LARGEST = 16 << 20  # bytes of an answer
SAID = 4096  # bytes of what it complains of
OFF = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "core.askPass=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "protocol.allow=never",
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=",
)
OWN = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
GUARDS = {
    "GIT_ALLOW_PROTOCOL": "none",  # stands above protocol.*.allow of every file
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}


class Refused(BadInput):
    """What git refuses, in its words."""


def ask(folder: str, *words: str, remedy: str = "", limit: int = LARGEST, patience: float = PATIENCE) -> bytes:
    """What git answers to a question in a folder. Raises Refused where it says no, BadInput where it cannot be asked.

    `words` are the caller's own: what a person typed comes behind "--end-of-options" or has been looked at.
    """
    import subprocess  # only where git is asked at all

    settings = [word for each in OFF for word in ("-c", each)]
    command = ["git", "--no-pager", "-C", folder, *settings, *words]
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
            start_new_session=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise BadInput("there is no git here, so the rules of a commit cannot be read", remedy) from error
    except (OSError, ValueError) as error:
        raise BadInput(f"git cannot be asked: {error}", remedy) from error
    with process:
        try:
            answer, complaint = _heard(process, limit, time.monotonic() + patience)
            process.wait(patience)
        except BaseException as error:
            _end(process)
            if isinstance(error, (OverflowError, subprocess.TimeoutExpired, TimeoutError)):
                what = f"says more than {limit >> 20} MiB" if isinstance(error, OverflowError) else "does not answer"
                raise BadInput(f"git {words[0]} {what}", remedy) from error
            raise
    if process.returncode:
        told = complaint.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        why = next((line for line in told if line.startswith("fatal:")), told[0])
        raise Refused(f"git {words[0]} failed: {why}", remedy)
    return answer


def environment() -> dict[str, str]:
    """This process's, without what points git elsewhere, and with what holds it back.

    Which configuration is the person's own stays the person's choice.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in OWN}
    return clean | GUARDS


def _heard(process: Popen[bytes], limit: int, until: float) -> tuple[bytes, bytes]:
    """Both of its outputs. Raises OverflowError for more than the limit, TimeoutError."""
    import selectors  # as above

    if process.stdout is None or process.stderr is None:
        return b"", b""
    told = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    with selectors.DefaultSelector() as waiting:
        for each in told:
            waiting.register(each, selectors.EVENT_READ)
        while waiting.get_map():
            left = until - time.monotonic()
            ready = waiting.select(left) if left > 0 else []
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                data = os.read(key.fd, 1 << 16)
                if not data:
                    waiting.unregister(key.fd)
                elif key.fd == process.stderr.fileno():
                    told[key.fd] += data[: max(0, SAID - len(told[key.fd]))]
                elif len(told[key.fd]) + len(data) > limit:
                    raise OverflowError
                else:
                    told[key.fd] += data
    answer, complaint = told.values()
    return bytes(answer), bytes(complaint)


def _end(process: Popen[bytes]) -> None:
    """End git and what it started: they are a session of their own."""
    import signal  # as above

    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        process.kill()
