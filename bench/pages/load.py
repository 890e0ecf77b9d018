"""hb serve under load: a real one, on a small machine with real servers, asked by wrk at a steady rate."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SCRIPT = os.path.join(HERE, "load.lua")
ANSWER = 5  # milliseconds that an answer takes, about: so that the rate is not missed
PATHS = (
    *("/", "/map", "/machines", "/drift", "/baseline", "/ports", "/search?q=ssh", "/ports/1703.json"),
    *[f"/ports/{port}" for port in (22, 53, 80, 443, 1703, 3306, 6379, 8080, 31337, 50000)],
    *[f"/{code}/ports/{port}" for code in ("ro", "de", "fr", "es", "ja") for port in (21, 1704, 6000, 49152)],
    *("/api/v1/ports/1703", "/api/v1/machines", "/api/v1/drift", "/de/", "/ja/map"),
)


class Served:
    """A running hb serve: its address, and a session of it."""

    def __init__(self, *words: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "hb_engine", "serve", "--json", "--port", "0", *words]
        env = {**os.environ, "PYTHONPATH": os.path.join(TOP, "src"), **(environment or {})}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.link, self.address = told["links"][0]["url"], told["url"].rstrip("/")
        self.cookie = self._enter()

    def get(self, path: str) -> tuple[int, bytes]:
        """One page, by a connection of its own."""
        place = urlsplit(self.address)
        asked = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        asked.request("GET", path, headers={"cookie": self.cookie})
        answer = asked.getresponse()
        body = answer.read()
        asked.close()
        return answer.status, body

    def wait(self, until: float = 60.0) -> None:
        """Wait for the first look."""
        end = time.monotonic() + until
        while time.monotonic() < end:
            told = json.loads(self.get("/api/v1/sight")[1])
            if told["number"]:
                return
            time.sleep(0.1)
        raise TimeoutError("hb serve has not looked yet")

    def end(self) -> int:
        """End it; its exit status."""
        self.process.terminate()
        return self.process.wait(20)

    def _enter(self) -> str:
        place = urlsplit(self.link)
        asked = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        asked.request("GET", place.path)
        answer = asked.getresponse()
        answer.read()
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        asked.close()
        if not cookie:
            raise RuntimeError(f"the link gave no session: {answer.status}")
        return cookie


def measure(served: Served, *, rate: int, seconds: int, connections: int = 20) -> dict[str, Any]:
    """What wrk measured; times in milliseconds. `rate` is how many requests a second are wanted, 0 as fast as it goes.

    wrk waits between an answer and the next question: on average what is left of a connection's time for one.
    """
    pause = max(round(1000 * connections / rate) - ANSWER, 1) if rate else 0
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-s",
        SCRIPT,
        served.address,
        "--",
    ]
    done = subprocess.run(
        [*command, served.cookie, str(pause), *PATHS],
        capture_output=True, text=True, check=True, timeout=seconds + 60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {**found, "rate": found["answered"] / found["seconds"]}
