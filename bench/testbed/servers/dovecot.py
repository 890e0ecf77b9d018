"""Dovecot: IMAP and POP3 in clear and inside TLS, ManageSieve, LMTP. It tells its name, not its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IMAP, POP3 = Listen(143, ("imap",), product="Dovecot"), Listen(110, ("pop3",), product="Dovecot")
SERVER = Server(
    packages=("dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-managesieved"),
    listens=(
        IMAP,
        Listen(993, ("imap", "imaps"), product="Dovecot", tls=True),
        POP3,
        Listen(995, ("pop3", "pop3s"), product="Dovecot", tls=True),
        Listen(4190, ("sieve",), product="Dovecot"),
        Listen(24, ("lmtp",), product="Dovecot"),
        IMAP.also(40143),
        POP3.also(40110),
    ),
)

CONFIGURATION = """
protocols = imap pop3 lmtp sieve
base_dir = /run/dovecot
log_path = /dev/stderr
mail_location = maildir:/tmp/mail
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
passdb {{
  driver = static
  args = nopassword=n password=nobody-has-this
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home=/tmp
}}
service imap-login {{
  inet_listener imap_elsewhere {{
    port = 40143
  }}
}}
service pop3-login {{
  inet_listener pop3_elsewhere {{
    port = 40110
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = 24
  }}
}}
"""


def start(place: Place) -> None:
    """One master, six protocols."""
    certificate, key = place.certificate()
    place.spawn(
        "dovecot", "-F", "-c", place.write("dovecot.conf", CONFIGURATION.format(certificate=certificate, key=key))
    )
