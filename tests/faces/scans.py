"""Scans made by hand, as the faces and the exports get them: an ordinary one, an awkward one, a hostile one."""

from __future__ import annotations

from tests.faces.kit import DAY, HOSTILE, NOW

from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.compared import Compared
from hb_engine.model.identity import Certificate, Identity, Tls
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Registered

OPENSSH = Identity(
    "ssh",
    "OpenSSH",
    "9.2p1",
    "Debian 2+deb12u3",
    system="Linux",
    cpe=("cpe:/a:openbsd:openssh:9.2p1",),
    proof="structure",
    evidence="SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
)
CERTIFICATE = Certificate(
    "CN=web-17.example",
    "CN=Example CA",
    ("web-17.example", "10.0.0.5"),
    int(NOW - 400 * DAY),
    int(NOW - 3 * DAY),
    "ab" * 32,
    "0f1e",
    "EC P-256",
    "ecdsa-with-SHA256",
)
NGINX = Identity(
    "http",
    "nginx",
    "1.22.1",
    cpe=("cpe:/a:f5:nginx:1.22.1",),
    proof="nonce",
    evidence="HTTP/1.1 200, Server: nginx/1.22.1",
    tls=Tls(
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384",
        "http/1.1",
        versions=("TLSv1.3", "TLSv1.2", "TLSv1"),
        certificate=CERTIFICATE,
    ),
    facts=(("title", "Welcome"),),
)
REDIS = Identity("redis", "Redis", proof="structure", evidence="-NOAUTH", guarded=True)
SSH = Answer("tcp", 22, "open", "syn-ack", 64, 0.000412, (Registered("ssh", "SSH"),), OPENSSH, "confirmed")
WRONG = Answer(
    "tcp", 443, "open", "syn-ack", 64, 0.0004, (Registered("https", "http over TLS"),), OPENSSH, "other-service",
    "registered as https, and ssh speaks there",
)  # fmt: skip
WEB = Answer("tcp", 8443, "open", "syn-ack", 64, 0.0005, (Registered("pcsync-https"),), NGINX, "tls-unexpected")
ODD = Answer(
    "tcp", 1703, "open", "syn-ack", 64, None, (Registered("hb-engine"),), None, "unknown", "", "9f31ab07c2d455e1"
)
GUARDED = Answer("tcp", 6379, "open", "syn-ack", 64, None, (Registered("redis"),), REDIS, "confirmed")
PRINTER = Answer("tcp", 9100, "open", "syn-ack", 64, None, (Registered("hp-pdl-datastr"),), None, "not-asked")
LONELY = Answer("tcp", 47123, "open", "syn-ack", 64, None, (), REDIS, "unregistered")
DOMAIN = Answer(
    "udp", 53, "open", "udp-response", 64, None, (Registered("domain"),), Identity("domain", proof="nonce"), "confirmed"
)
VPN = Answer("udp", 51820, "open|filtered", "no-response", None, None, ())
SMTP = Answer("tcp", 25, "filtered", "admin-prohibited", 63, None, (Registered("smtp"),))

HOST = ScannedHost(
    "10.0.0.5",
    ("web-17.example",),
    True,
    "syn-ack",
    (SSH, SMTP, DOMAIN, WRONG, ODD, GUARDED, WEB, PRINTER, LONELY, VPN),
    (
        Rest(
            "tcp", "closed", "reset", 65_526,
            "1-21,23-24,26-442,444-1702,1704-6378,6380-8442,8444-9099,9101-47122,47124-65535",
        ),
        Rest("udp", "closed", "port-unreach", 2, "67,161"),
        Rest("udp", "closed|filtered", "no-response", 46, ""),
    ),
    "02:00:00:00:00:05",
    0.000412,
    ("limits its refusals to 300 a second",),
    NOW - 3,
    NOW,
)  # fmt: skip
SIX = ScannedHost(
    "fd00:99:7::2",
    (),
    True,
    "nd-response",
    (SSH,),
    (Rest("tcp", "closed", "reset", 999, "1-21,23-1000"),),
    started_at=NOW - 3,
    ended_at=NOW,
)
TARPIT = ScannedHost(
    "10.0.0.9", (), True, "syn-ack",
    (Answer("tcp", 80, "open", "syn-ack", 64, None, (Registered("http"),), None, "everything"),),
    (Rest("tcp", "open", "syn-ack", 999, "1-79,81-1000"),),
    notes=("answers on every port: only what speaks counts",), started_at=NOW - 3, ended_at=NOW,
)  # fmt: skip
NOTHING = ScannedHost(
    "10.0.0.7", (), True, "arp-response", (), (Rest("tcp", "closed", "reset", 1000, "1-1000"),), rtt=0.0003
)
AWAY = ScannedHost("10.0.0.8", (), None, "no-response", (), (Rest("tcp", "filtered", "no-response", 1000, "1-1000"),))
STATS = ScanStats("packet", 131_212, 131_070, 0, 142, 2.418, 0.0011)
ASKED = ("hb", "scan", "10.0.0.0/29", "-p", "all")
GAP = Gap("UDP ports of 10.0.0.7", "the interface went down", "scan them again")

ONE = Scan((HOST,), STATS, NOW - 3, NOW, ASKED)
MANY = Scan((NOTHING, SIX, AWAY, HOST, TARPIT), STATS, NOW - 3, NOW, ASKED)
EMPTY = Scan((), ScanStats("connect", 0, 0, seconds=0.01), NOW - 3, NOW, ASKED)
QUIET = Scan((ScannedHost("10.0.0.5", (), True, "syn-ack", (SSH,)),), STATS, NOW - 3, NOW, ASKED)
CUT = Scan((HOST,), STATS, NOW - 3, NOW, ASKED, (GAP,), complete=False)

BOTH = (
    Compared("tcp", 22, "sshd (pid 712)", "open, ssh", "agreed", "", "10.0.0.5"),
    Compared("tcp", 5432, "postgres (pid 840)", "filtered", "filtered", "something on the way drops it", "10.0.0.5"),
    Compared(
        "tcp",
        1703,
        "nobody",
        "open, unknown",
        "no-listener",
        "open from outside, and nothing listens inside",
        "10.0.0.5",
    ),
)


def hostile():
    """Each hostile text wherever a stranger's word may come to stand."""
    hosts = []
    for index, text in enumerate(HOSTILE):
        cert = Certificate(text, text, (text,), 1, 2, text, text, text, text)
        met = Tls(text, text, text, "implicit", (text,), cert, text)
        found = Identity(
            text,
            text,
            text,
            text,
            text,
            text,
            text,
            (text,),
            "banner",
            text,
            starttls="offered",
            tls=met,
            facts=((text, text),),
        )
        bare = Identity(text, text, text, text, proof="pattern", tls=Tls(text))
        entry = (Registered(text, text),)
        answers = (
            Answer("tcp", 1, "open", "syn-ack", 64, None, entry, found, "other-service", text, text, (text,)),
            Answer("tcp", 2, "open", "syn-ack", 64, None, entry, bare, "unregistered", "", text, (text,)),
            Answer("tcp", 3, "open", "syn-ack", 64, None, entry, None, "unknown", "", text),
        )
        hosts.append(ScannedHost(f"10.1.0.{index}", (text,), True, "syn-ack", answers, (), "", None, (text,), NOW, NOW))
    return Scan(tuple(hosts), STATS, NOW, NOW, HOSTILE, (Gap(*HOSTILE[:3]),))
