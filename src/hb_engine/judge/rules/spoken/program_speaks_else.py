"""The program that holds the port speaks one thing, and something else answers there.

sshd does not speak HTTP. Where it seems to, the program is not what it is called, a second one shares its port, or the
kernel hands its packets to somebody else. Only programs that speak nothing but their own are listed; web servers, which
pass many things on, are held only against what they never speak.

It lasts: a baseline accepts the program for what it does, and this is not what it does.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, each_exe, quote, running, spoken, who, words
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "program-speaks-else",
    "high",
    "What answers is not what the program that holds the port speaks.",
    (
        "A program of one's own that has the name of a known one.",
        "A filter or a load balancer inside the machine that takes the packets first, on purpose.",
    ),
    lasting=True,
)
PROGRAMS = {
    "sshd": words("ssh"),
    "dropbear": words("ssh"),
    "in.telnetd": words("telnet"),
    "vsftpd": words("ftp"),
    "pure-ftpd": words("ftp"),
    "proftpd": words("ftp ssh"),
    "postgres": words("postgresql"),
    "mysqld": words("mysql mysqlx"),
    "mariadbd": words("mysql"),
    "redis-server": words("redis"),
    "valkey-server": words("redis"),
    "memcached": words("memcached"),
    "mongod": words("mongodb"),
    "slapd": words("ldap"),
    "smbd": words("microsoft-ds netbios-ssn msrpc"),
    "chronyd": words("ntp ntske"),
    "ntpd": words("ntp ntp-control"),
    "epmd": words("epmd"),
    "rpcbind": words("rpcbind"),
    "named": words("domain http dns-over-https http2 quic"),
}
# They speak HTTP, and pass on what is inside HTTP; these are not.
WEB = words("apache httpd lighttpd cupsd")
NEVER = words(
    "ssh telnet socks5 vnc ms-wbt-server redis mysql postgresql smtp ftp irc tor-control jdwp memcached mongodb"
)
NAMELESS = frozenset(("ssl",))  # TLS, and nothing known of what is inside
STRONG = ("nonce", "structure", "banner")


def judge(facts: Facts) -> Iterator[Reason]:
    opening, identity = facts.opening, spoken(facts)
    if not identity or identity.name in NAMELESS or identity.proof not in STRONG:
        return
    for owner, group in each_exe(opening.owners):
        program = next((name for name in owner_names(owner) if name in PROGRAMS or name in WEB), "")
        if not program or _forwards(owner) or not _differs(program, identity.name):
            continue
        yield RULE.reason(
            f"{quote(identity.name)} answers where {program} listens",
            f"{who(group)} runs {quote(running(owner) or owner.comm)}",
            quote(identity.evidence),
            remedy=f"find out who answers: {ask(opening)}, the packet filter's redirects (nft list ruleset), and the "
            "program's bytes (dpkg --verify, rpm -V)",
        )


def _differs(program: str, spoken_name: str) -> bool:
    return spoken_name in NEVER if program in WEB else spoken_name not in PROGRAMS[program]


def _forwards(owner: Owner) -> bool:
    """A login's sshd holds the ports that it forwards, and whatever is at the other end answers there."""
    title = " ".join(owner.cmdline)
    return "sshd" in owner_names(owner) and title.startswith("sshd: ") and "[listener]" not in title
