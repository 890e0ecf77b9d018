"""The Nu checker (validator.nu), which knows HTML as browsers' makers wrote it down; fetched by npm into a folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

PACKAGE = "vnu-jar"


def fetch(folder: str, *packages: str) -> str | None:
    """Have npm put packages into a folder; None, or the reason why that cannot be."""
    if not shutil.which("npm"):
        return "npm is not installed"
    os.makedirs(folder, exist_ok=True)
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return None if done.returncode == 0 else f"npm cannot fetch {' '.join(packages)}: {done.stderr.strip()[:200]}"


def check(folder: str, tools: str) -> tuple[int, list[dict[str, Any]], str]:
    """How many pages of a folder were checked, what is wrong with them, and why they could not be, if so."""
    jar = os.path.join(tools, "node_modules", PACKAGE, "build", "dist", "vnu.jar")
    if not shutil.which("java"):
        return 0, [], "java is not installed"
    if not os.path.exists(jar) and (problem := fetch(tools, PACKAGE)):
        return 0, [], problem
    names = [name for name in os.listdir(folder) if name.endswith(".html")]
    command = ["java", "-Xss4m", "-jar", jar, "--format", "json", "--skip-non-html", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    messages = json.loads(done.stderr)["messages"]
    # Void elements are closed so that pages are XML too; the checker only remarks that HTML does not need it.
    wrong = [one for one in messages if "Trailing slash on void elements" not in one["message"]]
    return len(names), wrong, ""
