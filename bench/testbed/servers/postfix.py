"""Postfix: SMTP with STARTTLS, submission, and SMTP inside TLS. Its greeting has no version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SMTP = Listen(25, ("smtp",), product="Postfix")
SERVER = Server(
    packages=("postfix",),
    listens=(
        SMTP,
        Listen(587, ("smtp", "submission"), product="Postfix"),
        Listen(465, ("smtp", "smtps"), product="Postfix", tls=True),
        SMTP.also(40025),
    ),
)

MASTER = """
25      inet n - n - - smtpd
40025   inet n - n - - smtpd
587     inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
465     inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
tlsmgr  unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
verify  unix - - n - 1 verify
flush   unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp    unix - - n - - smtp
error   unix - - n - - error
retry   unix - - n - - error
discard unix - - n - - discard
local   unix - n n - - local
anvil   unix - - n - 1 anvil
scache  unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
myhostname = {name}.testbed.invalid
mydestination = localhost
inet_interfaces = all
inet_protocols = ipv4
alias_maps =
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
maillog_file = /dev/stdout
"""


def start(place: Place) -> None:
    """In /etc/postfix and /var/spool/postfix, which are this cell's own."""
    certificate, key = place.certificate()
    place.write("/etc/postfix/main.cf", MAIN.format(name=place.name, certificate=certificate, key=key))
    place.write("/etc/postfix/master.cf", MASTER)
    place.spawn("postfix", "start-fg")
