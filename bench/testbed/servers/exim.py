"""Exim, whose greeting has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SMTP = Listen(25, ("smtp",), product="Exim", reveals="upstream")
SERVER = Server(
    packages=("libgnutls-dane0", "libidn2-0", "libidn12", "libpcre2-8-0"),
    unpacked=("exim4-daemon-light", "exim4-base"),
    listens=(SMTP, SMTP.also(2526)),
)

CONFIGURATION = """
primary_hostname = exim.testbed.invalid
daemon_smtp_ports = 25 : 2526
exim_user = mail
exim_group = mail
spool_directory = /var/spool/exim4
log_file_path = syslog
acl_smtp_rcpt = deny
begin acl
deny:
  deny
"""


def start(place: Place) -> None:
    """Takes mail for nobody."""
    place.run("useradd", "--system", "--no-create-home", "Debian-exim")  # its package would have
    place.make("/var/spool/exim4", user="mail")
    place.spawn("exim4", "-bdf", "-C", place.write("exim.conf", CONFIGURATION), "-v")
