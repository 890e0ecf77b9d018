"""The processes of hb serve, and who watches them: one that serves pages, one that looks, one that answers.

The process that was started keeps its rights and does nothing with them but this: it forks the three, starts the looker
and the desk again when they end, hands signals on, and ends all when the pages end. Whatever is read, parsed or served
is read, parsed and served elsewhere. New streams are announced to the serving process as descriptors (SCM_RIGHTS,
unix(7)), so that no byte of them passes through here, and a stream that broke off is never gone on with.

Nobody stays behind: a child ends with its parent (PR_SET_PDEATHSIG, prctl(2)), and where that is not known, or was
undone by giving up rights, by the end of its streams. It refuses to fork where there are threads, or no fork(2).
"""

from __future__ import annotations

import os
import sys
import time

from hb_engine.app.hub.wires import Wires
from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from socket import socket

    from hb_engine.app.hub.questions import Place

    Web = Callable[[Wires], int | None]

FIRST, LONGEST = 0.25, 30.0  # seconds before a child that ended is started again: doubled each time
STEADY = 60.0  # seconds after which a child is taken to be well
GRACE = 8.0  # seconds that the pages have to end
NICER = 5  # how much looks and answers stand back behind pages, nice(2)
ANNOUNCED = b"+"


def supervise(web: Web, place: Place, every: float, *, recording: bool = False) -> int:
    """Serve pages by `web`, in a process of its own, until it ends or a signal comes; the exit status it came to.

    `every` is the seconds between looks; `recording` makes a history where there is none. Raises CannotLook where this
    system has no fork(2), or this process has threads.
    """
    if not hasattr(os, "fork"):
        raise CannotLook(
            "hb serve takes three processes, and this system has no fork(2) to make them by",
            "Run it on Linux or macOS; hb ls and hb check --from FILE work here.",
        )
    if _threads() > 1:
        raise CannotLook("hb serve was started by a program that has threads", "Start it by itself: hb serve.")
    import gc  # hb's other verbs are over before garbage matters, and begin without collecting it

    gc.enable()
    return _Supervisor(web, place, every, recording=recording).run()


def mortal(parent: int = 0) -> None:
    """From now on this process ends when its parent does; it must be said again after rights were given up.

    Where `parent` is given and is no longer the parent, it ends at once.
    """
    from signal import SIGKILL  # no handler of anybody can be in the way

    if sys.platform.startswith("linux"):
        from contextlib import suppress  # once a process

        from hb_engine.inventory.linux.syscalls import end_with_parent  # Linux only

        with suppress(OSError):  # a filter of system calls, or a machine whose numbers are not known
            end_with_parent(SIGKILL)
    if parent and os.getppid() != parent:
        os._exit(1)


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        from threading import active_count  # not on Linux

        return active_count()


class _Post:
    """A child that is started again: what it does, by which descriptors, and how it fared. Times are monotonic."""

    def __init__(self, name: str, start: Callable[[], int]) -> None:
        self.name, self._start = name, start
        self.pid, self.born, self.due, self._failed = 0, 0.0, 0.0, 0

    def start(self, now: float) -> None:
        """Start it."""
        self.pid, self.born = self._start(), now

    def ended(self, now: float) -> float:
        """It has ended; after how many seconds it is started again."""
        self._failed = 0 if now - self.born > STEADY else self._failed
        wait = min(FIRST * float(1 << self._failed), LONGEST)
        self.pid, self.due, self._failed = 0, now + wait, min(self._failed + 1, 16)
        return wait


class _Supervisor:
    """The process that was started."""

    def __init__(self, web: Web, place: Place, every: float, *, recording: bool) -> None:
        import socket  # only hb serve

        self._web, self._place, self._every, self._recording = web, place, every, recording
        self._sights, self._their_sights = socket.socketpair()
        self._questions, self._their_questions = socket.socketpair()
        self._nudged, self._nudge = os.pipe()  # the desk asks for a look
        self._woken, self._wake = os.pipe()  # by signals
        for descriptor in (self._woken, self._wake, self._nudged, self._nudge):
            os.set_blocking(descriptor, False)
        for one in (self._sights, self._questions):
            one.setblocking(False)
        self._posts = (_Post("the looker", self._looker), _Post("the desk", self._desk))
        self._pid, self._status, self._stopping = 0, 0, 0.0

    def run(self) -> int:
        """The exit status."""
        from signal import SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGUSR1, set_wakeup_fd, signal

        before = {number: signal(number, lambda *_: None) for number in (SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGUSR1)}
        waking = set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        try:
            self._pid = self._serve()
            for post in self._posts:
                post.start(time.monotonic())
            while self._pid:
                self._wait()
            return self._status
        finally:
            self._dismiss()
            set_wakeup_fd(waking)
            for number, handler in before.items():
                signal(number, handler)
            self._close()

    # -- children

    def _serve(self) -> int:
        wires = Wires(self._their_sights.fileno(), self._their_questions.fileno())
        ours = (self._sights, self._questions)

        def run() -> int | None:
            for one in ours:
                one.close()
            for descriptor in (self._nudged, self._nudge, self._woken, self._wake):
                os.close(descriptor)
            return self._web(wires)

        pid = fork(run)
        self._their_sights.close()
        self._their_questions.close()
        return pid

    def _looker(self) -> int:
        reader, writer = os.pipe()

        def run() -> None:
            from hb_engine.app.hub import looker  # brings the collectors along

            _step_back((writer, self._nudged))
            looker.run(self._place, self._every, writer, self._nudged, recording=self._recording)

        pid = fork(run)
        os.close(writer)
        self._announce(self._sights, reader)
        return pid

    def _desk(self) -> int:
        import socket  # as above

        ours, theirs = socket.socketpair()

        def run() -> None:
            from hb_engine.app.hub import desk  # brings the questions along

            _step_back((ours.fileno(), self._nudge))
            desk.run(self._place, ours.fileno(), self._nudge)

        pid = fork(run)
        ours.close()
        self._announce(self._questions, theirs.detach())
        return pid

    def _announce(self, to: socket, descriptor: int) -> None:
        """Hand a descriptor to the serving process, and let go of it."""
        import socket  # as above

        try:
            socket.send_fds(to, [ANNOUNCED], [descriptor])
        except OSError:  # it has ended, or reads no more: the end of this stream will end the child
            pass
        finally:
            os.close(descriptor)

    # -- watching

    def _wait(self) -> None:
        """Until a signal came or something is due, and then what that means."""
        import select  # as above

        now = time.monotonic()
        dues = [post.due for post in self._posts if not post.pid] + [self._stopping + GRACE] * bool(self._stopping)
        left = max(0.0, min(dues) - now) if dues else None
        if select.select([self._woken], [], [], left)[0]:
            self._signalled(os.read(self._woken, 4096))
        self._reap(time.monotonic())

    def _signalled(self, numbers: bytes) -> None:
        from signal import SIGCHLD, SIGINT, SIGUSR1

        if SIGINT in numbers and sys.stderr.isatty():
            sys.stderr.write("\n")  # the terminal has written ^C, and what comes next begins a line of its own
        if self._pid and SIGUSR1 in numbers:  # a fresh link is wished for
            os.kill(self._pid, SIGUSR1)
        if self._pid and any(number not in (SIGCHLD, SIGUSR1) for number in numbers):
            self._stop(again=bool(self._stopping))

    def _stop(self, *, again: bool) -> None:
        """Have the pages end: as they like, and the second time at once."""
        from signal import SIGKILL, SIGTERM

        self._stopping = self._stopping or time.monotonic()
        os.kill(self._pid, SIGKILL if again else SIGTERM)

    def _reap(self, now: float) -> None:
        if self._pid and (status := _ended(self._pid)) is not None:
            self._pid, self._status = 0, 0 if self._stopping and status < 0 else abs(status) + 128 * (status < 0)
            if status < 0 and not self._stopping:
                _tell_end(status)
            return
        if self._stopping:
            if now > self._stopping + GRACE:
                self._stop(again=True)
            return
        for post in self._posts:
            if post.pid and (status := _ended(post.pid)) is not None:
                wait = post.ended(now)
                if status:  # 0: nobody reads what it says any more, since the pages have ended
                    _tell(post.name, status, wait)
            elif not post.pid and now >= post.due:
                post.start(now)

    def _dismiss(self) -> None:
        """End whoever is left, and wait for them."""
        from signal import SIGKILL

        for pid in [self._pid, *[post.pid for post in self._posts]]:
            if pid:
                os.kill(pid, SIGKILL)  # a child that was not waited for keeps its number
                os.waitpid(pid, 0)

    def _close(self) -> None:
        for one in (self._sights, self._questions):
            one.close()
        for descriptor in (self._nudged, self._nudge, self._woken, self._wake):
            os.close(descriptor)


def _tell(name: str, status: int, wait: float) -> None:
    from signal import SIGALRM  # as looker.py ends what takes too long

    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    how = "since it waited too long for something" if status == -SIGALRM else how
    sys.stderr.write(f"hb: {name} ended {how}; it is started again in {wait:g} s\n")
    sys.stderr.flush()


def _tell_end(status: int) -> None:
    """The pages have ended, and nobody told them to: whoever comes back to the terminal reads why."""
    why = "; the kernel ends what takes too much memory, and dmesg says so" if status == -9 else ""
    sys.stderr.write(f"hb: the serving process ended by signal {-status}, and hb serve with it{why}\n")
    sys.stderr.flush()


def fork(run: Callable[[], int | None]) -> int:
    """A child that does this, ends with its parent, and obeys no terminal; its process id."""
    from signal import SIG_BLOCK, SIG_SETMASK, pthread_sigmask, valid_signals

    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # or the child would say it once more
    parent, masked = os.getpid(), pthread_sigmask(SIG_BLOCK, valid_signals())
    pid = os.fork()
    if pid:
        pthread_sigmask(SIG_SETMASK, masked)
        return pid
    status = 1
    try:
        _forget_signals()
        pthread_sigmask(SIG_SETMASK, masked)
        mortal(parent)
        status = run() or 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- it is told, and this process ends
        from traceback import print_exc  # the parent's frames are not to be unwound

        print_exc()
    finally:
        _leave(status)
    return 0


def _leave(status: int) -> None:
    """End without anything that the parent had meant to do at its own end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(status & 255)


def _forget_signals() -> None:
    """As a new program has them; but what a terminal sends to all is for the supervisor to hand on."""
    from signal import SIG_DFL, SIG_IGN, SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGUSR1, set_wakeup_fd, signal

    set_wakeup_fd(-1)
    for number in (SIGCHLD, SIGTERM):
        signal(number, SIG_DFL)
    for number in (SIGINT, SIGHUP, SIGUSR1):  # the serving process listens to the last, once it can
        signal(number, SIG_IGN)


def _step_back(keep: Iterable[int]) -> None:
    """Keep no descriptor that is another's, and let pages go first.

    What is closed is put on /dev/null: an object that still knows the number then closes nothing of ours.
    """
    null = os.open(os.devnull, os.O_RDWR)
    kept = {0, 1, 2, null, *keep}
    for name in os.listdir("/dev/fd"):
        descriptor = int(name)
        if descriptor not in kept:
            try:
                os.fstat(descriptor)
                os.dup2(null, descriptor, inheritable=False)
            except OSError:  # it was the listing's own
                continue
    try:
        os.nice(NICER)
    except OSError:
        return


def _ended(pid: int) -> int | None:
    """The exit status of a child that has ended, a signal's number negative; None while it runs."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None
