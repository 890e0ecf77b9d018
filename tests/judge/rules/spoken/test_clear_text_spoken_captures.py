"""Of all answers that are kept of servers, those that speak in clear are said by what they can do about it."""

from __future__ import annotations

from tests.judge.captures import NAMES, spoken_of

from hb_engine.judge.rules.spoken import clear_text_spoken as rule

CLEAR = {
    "medium": "asterisk-greeting chargen-inetd echo-inetd echo-inetd-udp freeswitch-greeting imap-dovecot-plain"
    " ldap-openldap-guarded routeros_api-fatal telnet-inetutils telnet-netkit tftp-atftpd tftp-hpa",
    "low": "amqp-rabbitmq finger-fingerd ftp-inetutils ftp-pyftpdlib ftp-vsftpd-plain http-haproxy-401 http-monit"
    " http-nginx-guarded mqtt-aedesauth mqtt-auth mysql-mariadb mysql-sphinx nntp-leafnode postgresql-pgbouncer"
    " postgresql-pgpool postgresql-plain redis-noauth socks5-microsocks-password stomp-coilmq stomp-refused vnc-qemu"
    " vnc-x11vnc",
    "info": "ftp-proftpd ftp-pureftpd ftp-vsftpd imap-courier imap-dovecot ldap-openldap ldap-samba-ad nntp-inn"
    " pop3-courier pop3-dovecot sieve-dovecot xmpp-ejabberd",
}


def test_it_speaks_of_these_and_is_silent_of_all_others():
    assert spoken_of(rule) == {name: severity for severity, names in CLEAR.items() for name in names.split()}


def test_those_that_encrypt_or_insist_on_it_are_among_the_others():
    others = set(NAMES) - {name for names in CLEAR.values() for name in names.split()}
    assert {"imap-dovecot-tls", "ftp-vsftpd-implicit", "ssh-openssh", "mysql-tls", "postgresql-tls"} <= others
    assert {"http-apache", "http-nginx", "redis-open", "redis-protected", "smtp-postfix"} <= others
