"""A machine to look at: a few real servers and one intruder, in namespaces of its own.

Runs a command in it and takes it down again. For pictures and for looking at screens; nothing of it outlives the run.
Servers that are not installed are left out.

    python3 tools/scene.py hb
    python3 tools/scene.py --rules hb check      in a folder with rules for it
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile

INTRUDER = """
import os, signal, socket
os.unlink("/dev/shm/.x")
one = socket.socket(socket.AF_INET6); one.bind(("::", 1703)); one.listen(5)
open("/proc/self/comm", "w").write("kworker/u8:1")
print("ready", flush=True)
signal.pause()
"""
RULES = """\
schema = "hb/1"

[[require]]
id = "web-https"
listen = "tcp/443 on public"
by = "pkg:nginx*"
why = "The shop's front end"
owner = "team-web"
severity = "high"

[[allow]]
id = "ssh"
listen = "tcp/22 on public"
by = "pkg:openssh-server"
why = "Administration"
owner = "admins"

[[allow]]
id = "db-redis"
listen = "tcp/6379 on loopback"
by = "pkg:redis*"
why = "Sessions of the shop"
owner = "dba"
severity = "high"
"""
SPACES = ["unshare", "--net", "--uts", "--pid", "--fork", "--mount-proc"]


def main() -> int:
    """Build the scene, run the command, end what was started."""
    if os.geteuid() != 0:
        print("tools/scene.py needs root: it makes namespaces")
        return 2
    if sys.argv[1:2] != ["--inside"]:
        return subprocess.run([*SPACES, sys.executable, __file__, "--inside", *sys.argv[1:]], check=False).returncode
    subprocess.run(["hostname", "web-17"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    folder = tempfile.mkdtemp(prefix="hb-scene-")
    running: list[subprocess.Popen[str]] = []
    try:
        running += [started for command in servers(folder) if (started := start(command))]
        running.append(intruder())
        return run(sys.argv[2:], folder)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait()
        shutil.rmtree(folder)


def run(words: list[str], folder: str) -> int:
    """The command; with --rules before it, in a folder with rules, where hb remembers nothing of the machine's own."""
    if words[:1] != ["--rules"]:
        return subprocess.run(words, check=False).returncode
    os.makedirs(f"{folder}/site/hb.d")
    with open(f"{folder}/site/hb.d/web.toml", "w", encoding="utf-8") as file:
        file.write(RULES)
    environment = {**os.environ, "HB_HISTORY": f"{folder}/history.db"}
    return subprocess.run(
        [os.path.abspath(words[1]), *words[2:]], cwd=f"{folder}/site", env=environment, check=False
    ).returncode


def servers(folder: str) -> list[list[str]]:
    """Real servers, each in the foreground."""
    os.makedirs("/run/sshd", exist_ok=True)
    key = f"{folder}/key"
    if shutil.which("ssh-keygen"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
        file.write(f"pid {folder}/nginx.pid; daemon off; error_log /dev/null; events {{}}\n")
        file.write("http { access_log off; server { listen 443; listen [::]:443; } }\n")
    return [
        ["/usr/sbin/sshd", "-D", "-h", key, "-p", "22", "-o", "PidFile=none"],
        ["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"],
        ["redis-server", "--port", "6379", "--bind", "0.0.0.0", "--save", "", "--dir", folder],  # noqa: S104 -- the mistake
    ]


def start(command: list[str]) -> subprocess.Popen[str] | None:
    """A server in the background, once it listens (a second at most); None where it is not installed."""
    if not shutil.which(command[0]):
        return None
    before = listeners()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    for _ in range(100):
        if listeners() > before or process.poll() is not None:
            break
        signal.sigtimedwait([], 0.01)
    return process


def listeners() -> int:
    """How many TCP sockets listen here."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        return sum(line.split()[3] == "0A" for line in table)


def intruder() -> subprocess.Popen[str]:
    """A program that runs a deleted copy of Python from shared memory under a kernel thread's name."""
    path = "/dev/shm/.x"  # noqa: S108 -- the place is the point
    shutil.copy(os.path.realpath(sys.executable), path)
    os.chmod(path, 0o700)
    environment = {**os.environ, "PYTHONHOME": sys.base_prefix}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        ["kworker/u8:1", "-"], executable=path, stdin=pipe, stdout=pipe, env=environment, text=True
    )
    if process.stdin:
        process.stdin.write(INTRUDER)
        process.stdin.close()
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise RuntimeError("the intruder did not come up")
    return process


if __name__ == "__main__":
    sys.exit(main())
