"""A process of our own that is killed in the middle: before, or right after, its nth call of the system.

Everything that writes goes through these few calls, so that killing at each of them in turn is killing at every step.
"""

from __future__ import annotations

import os
import signal

CALLS = ("open", "write", "fsync", "rename", "unlink", "close", "ftruncate", "fchmod", "fchown")


def killed(do, number, *, after=False):
    """Whether a child that did it was killed at its call of that number (from 0), rather than coming to its end."""
    child = os.fork()
    if not child:
        try:
            _arm(number, after=after)
            do()
        except BaseException:  # noqa: BLE001 - a child must not come back into the tests
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _arm(number, *, after):
    made = 0

    def counted(call):
        def do(*words, **more):
            nonlocal made
            at, made = made, made + 1
            if at == number and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return call(*words, **more)
            finally:
                if at == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        return do

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
