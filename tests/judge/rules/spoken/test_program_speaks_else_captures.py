"""Real servers under their own programs' names are silent; under another's, what is heard betrays them."""

from __future__ import annotations

import pytest
from tests.judge.builders import owner
from tests.judge.captures import NAMES, replayed, spoken_of

from hb_engine.judge.rules.spoken import program_speaks_else as rule

OWN = {
    "/usr/sbin/sshd": "ssh-openssh",
    "/usr/sbin/dropbear": "ssh-dropbear",
    "/usr/lib/postgresql/15/bin/postgres": "postgresql-plain postgresql-tls",
    "/usr/sbin/mariadbd": "mysql-mariadb",
    "/usr/sbin/mysqld": "mysql-eight mysql-tls mysqlx-capabilities",
    "/usr/bin/redis-server": "redis-open redis-noauth redis-protected redis-cluster",
    "/usr/bin/memcached": "memcached-text memcached-udp memcached-binary",
    "/usr/bin/mongod": "mongodb-seven mongodb-login",
    "/usr/sbin/slapd": "ldap-openldap ldap-openldap-tls",
    "/usr/sbin/smbd": "smb-samba smb-samba-nt1 netbios_ssn-samba",
    "/usr/sbin/chronyd": "ntp-chrony ntske-chrony",
    "/usr/sbin/named": "domain-bind domain-bind-tcp",
    "/usr/bin/epmd": "epmd-node epmd-empty",
    "/usr/sbin/rpcbind": "rpcbind-rpcbind rpcbind-rpcbind-udp",
    "/usr/sbin/vsftpd": "ftp-vsftpd ftp-vsftpd-plain",
    "/usr/sbin/proftpd": "ftp-proftpd",
    "/usr/sbin/pure-ftpd": "ftp-pureftpd",
    "/usr/sbin/cupsd": "ipp-cups",
    "/usr/sbin/apache2": "http-apache http-apache-tls",
    "/usr/sbin/lighttpd": "http-lighttpd",
}


@pytest.mark.parametrize("program", OWN)
def test_it_is_silent_of_a_programs_own_answers(program):
    said = spoken_of(rule, owner(program, uid=999))
    assert set(OWN[program].split()) <= set(NAMES) - set(said)


def test_it_speaks_of_all_that_answers_under_sshs_name_and_is_not_ssh():
    said = spoken_of(rule, owner("/usr/sbin/sshd"))
    assert {"http-nginx", "socks5-microsocks", "redis-open", "telnet-netkit", "smtp-postfix"} <= set(said)
    assert not any(name.startswith("ssh-") for name in said)
    assert set(said.values()) == {"high"}


def test_what_is_a_likeness_only_is_never_held_against_anybody():
    said = spoken_of(rule, owner("/usr/sbin/sshd"))
    weak = {name for name in NAMES if (named := replayed(name)[1]) and named.proof in ("pattern", "port")}
    assert weak
    assert weak.isdisjoint(said)
