"""A protocol without encryption, that carries passwords or gives a shell, is open to others.

Plain HTTP is left out, for it is ordinary and often only redirects; what speaks TLS on the same port cannot be told
from here, so where the opening was asked and said what it is, this rule leaves it to clear_text_spoken. The small echo
and chargen services are here because floods are all that they are still used for.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, reaches_others, spoken, who
from hb_engine.judge.naming import Service, Table, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "clear-text-public",
    "medium",
    "A protocol without encryption that carries passwords or gives access can be reached from other machines.",
    (
        "Old equipment on a closed network that speaks nothing else.",
        "FTP and MQTT servers that insist on TLS after the first words.",
        "Network boot, which needs TFTP on its own segment.",
    ),
)
SHELL = "passwords and all that is typed travel in clear text"
FILES = "files are given to whoever asks"
PASSWORDS = "passwords travel in clear text unless the client asks for TLS"
FLOODS = "serves no purpose today but floods against others"
SERVICES = Table(
    (
        Service("telnet", "telnetd in.telnetd utelnetd", tcp=(23, 2323), severity="medium", why=SHELL),
        Service("exec", "rexecd in.rexecd", tcp=(512,), severity="medium", why=SHELL),
        Service("login", "rlogind in.rlogind", tcp=(513,), severity="medium", why=SHELL),
        Service("shell", "rshd in.rshd", tcp=(514,), severity="medium", why=SHELL),
        Service("ftp", "vsftpd proftpd pure-ftpd ftpd in.ftpd tftpd-hpa", tcp=(21,), severity="low", why=PASSWORDS),
        Service("tftp", "tftpd in.tftpd atftpd", udp=(69,), severity="medium", why=FILES),
        Service("finger", "fingerd in.fingerd", tcp=(79,), severity="low", why="tells strangers who is logged in"),
        Service("mqtt", "", tcp=(1883,), severity="low", why=PASSWORDS),
        Service("echo", "", tcp=(7,), udp=(7,), severity="medium", why=FLOODS),
        Service("chargen", "", tcp=(19,), udp=(19,), severity="medium", why=FLOODS),
        Service("qotd", "", tcp=(17,), udp=(17,), severity="medium", why=FLOODS),
    )
)
# They encrypt whatever the port's number says; and syslog over TCP took rsh's.
OTHERS = frozenset(("sshd", "dropbear", "stunnel", "stunnel4", "openvpn", "wg-quick", "nginx", "haproxy", "caddy"))
SYSLOG = frozenset(("rsyslogd", "syslog-ng", "fluentd", "fluent-bit", "vector"))


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if spoken(facts):
        return  # what really speaks is known, and counts
    # In a container's own namespace only its neighbours reach it; what is published is an opening of the host's.
    match = SERVICES.match(opening) if reaches_others(opening) and opening.netns.kind != "container" else None
    if not match or not (OTHERS | SYSLOG).isdisjoint(names_of(opening)):
        return
    severity = by_scope(opening, match.service.severity)
    yield RULE.reason(
        f"{'' if match.certain else 'perhaps '}{match.service.name}: {match.service.why}",
        match.by,
        who(opening.owners) if opening.owners else "",
        remedy="replace it with what encrypts (ssh, sftp, https), or keep it to the segment that needs it",
        severity=severity if match.certain else milder(severity),
    )
