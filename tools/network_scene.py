"""A small network to scan: a scanner, a web server and a database's machine, each in a namespace of its own.

Runs a command as the scanner and takes everything down again. The servers are real but for one: what answers on port
1703 speaks a language that nobody knows. Nothing leaves the namespaces, and nothing outlives the run; the scanner's
files of what may be scanned and what was are made anew as well. Servers that are not installed are left out.

    python3 tools/network_scene.py hb scan 10.0.5.17 10.0.5.23
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HOSTS = {"web": "10.0.5.17", "db": "10.0.5.23"}
OWN = "10.0.5.2"
SPACES = ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child"]
STRANGER = """
import socket
one = socket.create_server(("", 1703))
while True:
    peer, _ = one.accept()
    try:
        peer.settimeout(5)
        asked = peer.recv(4096)
        peer.sendall(bytes([0x9d, 0x02, 0x00, 0x11]) + bytes(range(200, 217)) if asked else b"")
    except OSError:
        pass
    peer.close()
"""
AUTHORITY = """
[ca]
default_ca = here
[here]
dir = {folder}
database = {folder}/index
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
[any]
commonName = supplied
"""
WEB = """
pid {folder}/nginx.pid; daemon off; error_log /dev/null; events {{}}
http {{
  access_log off;
  server {{ listen 80; }}
  server {{
    listen 443 ssl;
    ssl_certificate {folder}/web.pem; ssl_certificate_key {folder}/web.key;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0;
  }}
}}
"""


def main() -> int:
    """Build the network, run the command, end what was started."""
    if os.geteuid() != 0:
        print("tools/network_scene.py needs root: it makes namespaces")
        return 2
    if sys.argv[1:2] != ["--inside"]:
        return subprocess.run([*SPACES, sys.executable, __file__, "--inside", *sys.argv[1:]], check=False).returncode
    folder = tempfile.mkdtemp(prefix="hb-scene-")
    running: list[subprocess.Popen[bytes]] = []
    try:
        network()
        running = servers(folder)
        names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        own = {**os.environ, **{name: os.path.join(folder, name) for name in names}}
        return subprocess.run(sys.argv[2:], check=False, env=own).returncode
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait()
        shutil.rmtree(folder)


def network() -> None:
    """A bridge with a cable to each host; names of namespaces are seen in this mount namespace only."""
    os.makedirs("/run/netns", exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "lan", "type", "bridge")
    run("ip", "address", "add", f"{OWN}/24", "dev", "lan")
    run("ip", "link", "set", "lan", "up")
    for name, address in HOSTS.items():
        run("ip", "netns", "add", name)
        run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        run("ip", "link", "set", name, "master", "lan", "up")
        run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            run("ip", "-n", name, "link", "set", device, "up")


def servers(folder: str) -> list[subprocess.Popen[bytes]]:
    """What runs on the hosts, once it listens."""
    os.makedirs("/run/sshd", exist_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/key")
    certificate(folder)
    ssh = ["/usr/sbin/sshd", "-D", "-h", f"{folder}/key", "-o", "PidFile=none", "-p"]
    with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
        file.write(WEB.format(folder=folder))
    wanted = [
        ("web", 22, [*ssh, "22"]),
        ("web", 443, ["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"]),
        ("db", 22, [*ssh, "22"]),
        ("db", 443, [*ssh, "443"]),
        ("db", 6379, ["redis-server", "--protected-mode", "no", "--save", "", "--dir", folder]),
        ("db", 1703, [sys.executable, "-c", STRANGER]),
    ]
    return [started for host, port, command in wanted if (started := start(host, port, command))]


def certificate(folder: str) -> None:
    """A certificate for the web server that nobody has renewed."""
    for name, text in (("index", ""), ("serial", "1703\n"), ("ca.cnf", AUTHORITY.format(folder=folder))):
        with open(f"{folder}/{name}", "w", encoding="ascii") as file:
            file.write(text)
    request = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=www.example.net"]
    run(*request, "-keyout", f"{folder}/web.key", "-out", f"{folder}/web.csr")
    signed = ["-selfsign", "-keyfile", f"{folder}/web.key", "-in", f"{folder}/web.csr", "-out", f"{folder}/web.pem"]
    dates = ["-startdate", "20250101000000Z", "-enddate", "20260101000000Z"]
    run("openssl", "ca", "-batch", "-notext", "-config", f"{folder}/ca.cnf", *signed, *dates)


def start(host: str, port: int, command: list[str]) -> subprocess.Popen[bytes] | None:
    """A server in the background, once its port is open (five seconds at most); None where it is not installed."""
    if not shutil.which(command[0]):
        return None
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["ip", "netns", "exec", host, *command], stdin=quiet, stdout=quiet, stderr=quiet)
    for _ in range(500):
        told = subprocess.run(["ip", "netns", "exec", host, "cat", "/proc/net/tcp"], capture_output=True, check=True)
        if f":{port:04X} 00000000:0000 0A".encode() in told.stdout or process.poll() is not None:
            break
        time.sleep(0.01)
    return process


def run(*command: str) -> None:
    """A command that must succeed."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
