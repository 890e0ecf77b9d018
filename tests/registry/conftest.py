"""What the tests of the registry share: a web server on loopback that misbehaves on demand, and tables made by hand."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hb_engine.registry import fields, table


class Peer:
    """A server on 127.0.0.1. `answer(handler)` is called for each GET; `asked` keeps (path, headers)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer = lambda handler: reply(handler, b"nothing was prepared", 500)
        self.release = threading.Event()  # what a slow answer waits for
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                with suppress(
                    BrokenPipeError, ConnectionResetError
                ):  # a client that had enough is what some tests want
                    outer.answer(self)

            def log_message(self, *words) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def reply(handler, body: bytes, status: int = 200, headers: dict[str, str] | None = None, length: int | None = None):
    """One answer; `length` announces another length than the body's, -1 none."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    if length != -1:
        handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def peer(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "*")
    server = Peer()
    yield server
    server.close()


HEADER = ",".join(fields.COLUMNS)
ODD_ROWS = """http,80,tcp,World Wide Web HTTP,,,,,,,,Defined TXT keys: u=<username>
www,80,tcp,World Wide Web HTTP,,,,,,,,"This is a duplicate of the ""http"" service and should not be used."
whoispp,63,tcp,"whois++
      IANA assigned this well-formed service name as a replacement for ""whois++"".",[R_Schoultz],[R_S],,,,,,
whois++,63,tcp,whois++,[R_Schoultz],[R_S],,,,,,"This entry is an alias to ""whoispp"".
This entry is now historic."
diameter,3868,tcp,DIAMETER,,,,,,,,
,3868,udp,Reserved,,,,,,,,
,2,tcp,Reserved,,,,2025-02-13,,,,"De-assigned on 2025-02-13, previously compressnet by [Bernie_Volz]"
,585,,De-registered,,,,,,,,Use of 585 is not recommended
,1276,udp,Reserved,,,,,,,,This entry has been removed on 2014-05-23.
x11,6000-6063,tcp,X Window System,[Stephen_Gildea],[Stephen_Gildea],,,,,,
swx,7300-7359,,The Swiss Exchange,[Edgar_Blum],[Edgar_Blum],,,,,,
domain-s,853,tcp,DNS query-response protocol run over TLS,[IESG],[IETF_Chair],2015-10-08,,[RFC7858][RFC8094],,,
discard,9,dccp,Discard,[Eddie_Kohler],[Eddie_Kohler],,,[RFC4340],1145656131,,
diameter,3868,sctp,DIAMETER,,,,,[RFC3588],,,
ifix,100,tcp,,[Sören_Havemester],[S_A][S_B],2003-05,,,,Known Unauthorized Use on 100,
,4-5,,Unassigned,,,,,,,,
bhoetty,351,udp,bhoetty,[John_Kelly],[John_Kelly],,,,,,"This entry records an unassigned but widespread use
(added 5/21/97)"
rubygems,,,RubyGems GemServer,[Rich_Kilmer],[Rich_Kilmer],,,,,,Defined TXT keys: None
hb-engine,1703,tcp,hb-engine,[Charles_C_L_Chou],[Charles_C_L_Chou],,,,,,
hb-engine,1703,udp,hb-engine,[Charles_C_L_Chou],[Charles_C_L_Chou],,,,,,
,24,tcp,any private mail system,[Rick_Adams],[Rick_Adams],,,,,,
"""
ODD_CSV = (HEADER + "\n" + ODD_ROWS).replace("\n", "\r\n")


@pytest.fixture(scope="session")
def odd_rows():
    """One row of each oddity."""
    return fields.parse_csv(ODD_CSV, "2026-02-13")


@pytest.fixture(scope="session")
def odd_file(odd_rows):
    """The same as a whole file."""
    return table.encode(odd_rows, "2026-02-13", "2026-02-13", "a test")
