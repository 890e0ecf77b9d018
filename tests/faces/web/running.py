"""hb serve as a person runs it: a process of its own, on a port of the kernel's choice, with a history of its own.

with Running(tmp_path, "--write") as hb:
    cookie = hb.come_in("write")
    hb.ask("/sessions", cookie)
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from typing import Self
from urllib.parse import urlsplit

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SOURCE = os.path.join(TOP, "src")
PATIENCE = 60  # seconds; only what is broken takes as long
CODE = "import sys; sys.path.insert(0, sys.argv.pop(1)); from hb_engine.__main__ import main; main()"


class Said:
    """An answer."""

    def __init__(self, status, headers, body) -> None:
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name) -> str:
        return str(self.headers.get(name, ""))


class Running:
    """hb serve while the with statement runs; `told` is what it said at its start."""

    def __init__(self, folder, *options, source=SOURCE, uid=None) -> None:
        self._folder, self._source, self._uid = folder, source, uid
        self._line = ["serve", "--port", "0", "--json", *options]

    def __enter__(self) -> Self:
        folder = str(self._folder)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "HB_"))}
        env |= {f"XDG_{name}_HOME": folder for name in ("DATA", "CACHE", "CONFIG", "STATE")}
        env |= {"HOME": folder, "HB_HISTORY": os.path.join(folder, "history.db")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, self._source, *self._line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=folder,
            user=self._uid,
            start_new_session=True,
        )
        line = self._line_of()
        if not line:
            raise AssertionError(self.end()[1])
        self.told = json.loads(line)
        self.netloc = urlsplit(self.told["url"]).netloc
        return self

    def __exit__(self, *_) -> None:
        if self.process.returncode is None:
            self.end()

    def end(self, number=signal.SIGTERM):
        """End it by a signal; its exit status and what it said on standard error."""
        self.process.send_signal(number)
        try:
            _, err = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode, err

    def _line_of(self):
        """What it says next on standard output."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def link(self, right="read"):
        """The path of a link that was printed."""
        return next(urlsplit(one["url"]).path for one in self.told["links"] if one["right"] == right)

    def fresh(self):
        """Have fresh links printed."""
        self.process.send_signal(signal.SIGUSR1)
        self.told = self.told | json.loads(self._line_of())

    def ask(self, path, cookie="", method="GET", headers=(), body=None):
        """One request over a connection of its own."""
        connection = http.client.HTTPConnection(self.netloc, timeout=PATIENCE)
        try:
            sent = dict(headers) | ({"Cookie": cookie} if cookie else {})
            connection.request(method, path, body, sent)
            said = connection.getresponse()
            found = {name.lower(): value for name, value in said.getheaders()}
            return Said(said.status, found, said.read())
        finally:
            connection.close()

    def come_in(self, right="read"):
        """The cookie of a session, by the link that was printed last."""
        said = self.ask(self.link(right))
        assert said.status == 303
        return said["set-cookie"].partition(";")[0]

    def processes(self):
        """The processes of it, by their parents: (pid, uid of each)."""
        session = self.process.pid
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                        fields = file.read().rpartition(")")[2].split()
                    with open(f"/proc/{name}/status", encoding="utf-8", errors="replace") as file:
                        uid = next(int(line.split()[1]) for line in file if line.startswith("Uid:"))
                except (OSError, StopIteration):
                    continue
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append((int(name), uid))
        return sorted(found)
