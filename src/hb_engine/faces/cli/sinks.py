"""Files that an answer is written to besides the screen: made before the work begins, whole or not at all.

A scan takes minutes; that its file cannot be written must be known before. Text goes to a new file beside the one that
was asked for, which takes its name when everything is in it: what was there stays until then, and stays if hb is
stopped. It refuses to write through a symbolic link: the new file takes the link's place.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import BadInput, HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.output import Output

STDOUT = "-"
_MADE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class Sink:
    """Where one format goes: a file, or stdout for a dash."""

    def __init__(self, path: str, output: Output) -> None:
        """Make sure that it can be written. Raises BadInput."""
        self.path, self._output = path, output
        self._part = "" if path == STDOUT else f"{path}.{os.getpid()}.part"
        self._descriptor = -1
        if not self._part:
            return
        if os.path.isdir(path):
            raise BadInput(f"{path} is a folder", "Name a file in it.")
        try:
            self._descriptor = os.open(self._part, _MADE, 0o644)  # by others to be read, whatever the umask says
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error.strerror}", "Name another file.") from error

    def write(self, text: str) -> None:
        """All of it. Raises HbError where the disk is full."""
        if not self._part:
            self._output.write(text)
            return
        try:
            descriptor, self._descriptor = self._descriptor, -1
            with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)  # into what was made: its name may be another thing's by now
            os.replace(self._part, self.path)
        except OSError as error:
            self.drop()
            raise HbError(
                f"{self.path} could not be written: {error.strerror}", "Make room, or write elsewhere."
            ) from error
        self._part = ""

    def drop(self) -> None:
        """Take away what was not finished."""
        if self._part:
            part, self._part = self._part, ""
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
            if os.path.lexists(part):
                os.unlink(part)
