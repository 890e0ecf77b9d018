"""Draws the README's terminals from real output: hb in a scene of real servers and an intruder, and in a small network.

    python3 tools/build_picture.py              writes docs/pictures/hb.svg, why.svg, check.svg, scan.svg and map.svg
    python3 tools/build_picture.py scan         writes that one only

The scenes are tools/scene.py and tools/network_scene.py. The text is what hb printed on a terminal of that size, with
nothing changed; rich draws it. The port map is drawn by tools/map_picture.py, in the first scene with its rules.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

from rich.console import Console
from rich.text import Text

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PICTURES = {
    "hb": ("scene.py", 104, ["./hb"]),
    "why": ("scene.py", 104, ["./hb", "why", "1703"]),
    "check": ("scene.py --rules", 120, ["./hb", "check"]),
    "scan": ("network_scene.py", 120, ["./hb", "scan", "10.0.5.17", "10.0.5.23", "-p", "all"]),
}
LINES = 48
MAP = "map"


def main() -> int:
    """Run, record, draw."""
    folder = os.path.join(TOP, "docs", "pictures")
    os.makedirs(folder, exist_ok=True)
    for name, (scene, columns, command) in PICTURES.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        text = on_a_terminal(["python3", *f"tools/{scene}".split(), *command], columns)
        console = Console(record=True, width=columns, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
        console.print(Text("$ " + " ".join(command).removeprefix("./"), style="bold"))
        console.print(Text.from_ansi(text.rstrip()))
        path = os.path.join(folder, f"{name}.svg")
        drawn = console.export_svg(title=" ".join(command).removeprefix("./"), unique_id=name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL))  # no font from the network
        print(path)
    return draw_map(os.path.join(folder, f"{MAP}.svg")) if not sys.argv[1:] or MAP in sys.argv[1:] else 0


def draw_map(path: str) -> int:
    """The port map of the scene with the intruder; what it exits with."""
    inside = [sys.executable, os.path.join(TOP, "tools", "map_picture.py"), path]
    done = subprocess.run(["python3", os.path.join(TOP, "tools", "scene.py"), "--rules", *inside], check=False)
    print(path)
    return done.returncode


def on_a_terminal(command: list[str], columns: int) -> str:
    """What a command prints on a terminal of its own of so many columns, escape sequences and all."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "COLUMNS": str(columns),
        "LINES": str(LINES),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, cwd=TOP, env=environment
    )
    os.close(theirs)
    chunks = []
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not chunk:
            break
        chunks.append(chunk)
    process.wait()
    os.close(ours)
    return b"".join(chunks).decode("utf-8", "replace").replace("\r\n", "\n")


if __name__ == "__main__":
    sys.exit(main())
