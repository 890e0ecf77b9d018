"""Record how a real server answers a probe, as a transcript for tests/identify/captures.

    tools/capture.py PROBE ADDRESS PORT "redis-server 7.0.15 (Debian 12), captured" [-u] [--tls] [--alpn ID]
        [--host NAME]

It writes the transcript to standard output. Addresses are loopback, or those of a namespace made for this.
"""

from __future__ import annotations

import argparse
import importlib
import os
import socket
import ssl
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from hb_engine.identify.kit import LIMIT, Ask, Peer, Reply, StartTls
from hb_engine.identify.transcript import NONCE, NOW, turn_of, write
from hb_engine.model.identity import Tls


class Line:
    """One connection to a peer, blocking."""

    def __init__(self, address: str, port: int, *, udp: bool, tls: bool, alpn: list[str]) -> None:
        self.address, self.port, self.udp, self.tls, self.alpn = address, port, udp, tls, alpn
        self.connect()

    def connect(self) -> bool:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.socket: socket.socket = socket.socket(family, socket.SOCK_DGRAM if self.udp else socket.SOCK_STREAM)
        if not self.udp:
            self.socket.settimeout(5)
            self.socket.connect((self.address, self.port))
            if self.tls:
                return self.start_tls() is not None
        return True

    def start_tls(self) -> Tls | None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        if self.alpn:
            context.set_alpn_protocols(self.alpn)
        self.socket.settimeout(5)
        try:
            wrapped = context.wrap_socket(self.socket, server_hostname="hb.invalid")
        except OSError:
            return None
        self.socket = wrapped
        return Tls(wrapped.version() or "", how="starttls")

    def ask(self, ask: Ask) -> Reply:
        deadline = time.monotonic() + (ask.wait or 2)
        if self.udp:
            self.socket.sendto(ask.send, (self.address, self.port))
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                return Reply.of(self.socket.recvfrom(LIMIT)[0])
            except ConnectionError:
                return Reply.of(b"", "reset")
            except TimeoutError:
                return Reply.of(b"", "silent")
        got, ended = b"", "limit"
        try:
            if ask.send:
                self.socket.sendall(ask.send)
            while len(got) < LIMIT:
                self.socket.settimeout(max(0.001, deadline - time.monotonic()))
                data = self.socket.recv(LIMIT - len(got))
                if not data:
                    ended = "closed"
                    break
                got += data
                if complete(ask, got):
                    ended = ""
                    break
        except TimeoutError:
            ended = "silent"
        except (ConnectionError, ssl.SSLError):
            ended = "reset"
        return Reply.of(got, ended)


def complete(ask: Ask, data: bytes) -> bool:
    if ask.until is None:
        return True
    return ask.until in data if isinstance(ask.until, bytes) else ask.until(data)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("probe")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("source")
    parser.add_argument("-u", "--udp", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--alpn", action="append", default=[])
    parser.add_argument("--host", default="hb.invalid")
    asked = parser.parse_args()
    probe = importlib.import_module(f"hb_engine.identify.probes.{asked.probe}")
    line = Line(asked.address, asked.port, udp=asked.udp, tls=asked.tls, alpn=asked.alpn)
    peer = Peer("udp" if asked.udp else "tcp", asked.host, asked.port, NONCE, asked.tls, NOW)
    talk, turns, named = probe.talk(peer), [], None
    try:
        command = next(talk)
        while True:
            reply: Reply | Tls | bool | None
            if isinstance(command, Ask):
                reply = line.ask(command)
            elif isinstance(command, StartTls):
                reply = line.start_tls()
            else:
                reply = line.connect()
            turns.append(turn_of(command, reply))
            command = talk.send(reply)
    except StopIteration as end:
        named = end.value
    sys.stdout.write(write(asked.source, peer, turns, named))


if __name__ == "__main__":
    main()
