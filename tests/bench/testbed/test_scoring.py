"""What is right, wrong, guessed, made up, and what it comes to."""

from __future__ import annotations

from bench.testbed.kit import Listen
from bench.testbed.sayings import SILENCE, Saying
from bench.testbed.scoring import GUESS, MADE_UP, NONE, RIGHT, WRONG, Port, judge, rows, total, worse_elsewhere

SSH = Listen(22, ("ssh",), product="OpenSSH", reveals="upstream")
SMB = Listen(445, ("microsoft-ds", "netbios-ssn"), product="Samba")
HTTPS = Listen(443, ("http", "https"), product="nginx", reveals="upstream", tls=True)
PRINTER = Listen(9100, (), untouched="printed", tolerated=("jetdirect",))


def at(listen, version="1:9.2p1-2+deb12u10", server="one"):
    return Port(server, "10.77.1.2", listen, (version,))


def test_right_is_right_in_every_respect():
    row = judge(at(SSH), Saying("open", "ssh", "OpenSSH", "9.2p1 Debian 2"))
    assert (row.name, row.version, row.product, row.tls) == (RIGHT, RIGHT, RIGHT, "")


def test_any_of_the_names_will_do_and_products_are_words():
    row = judge(at(SMB, "2:4.17.12-0"), Saying("open", "netbios-ssn", "Samba smbd"))
    assert (row.name, row.product, row.version) == (RIGHT, RIGHT, "")


def test_a_version_that_is_not_the_packages_is_made_up_even_where_none_is_revealed():
    assert judge(at(SMB, "2:4.17.12-0"), Saying("open", "netbios-ssn", "Samba smbd", "4.6.2")).version == MADE_UP
    assert judge(at(SSH), Saying("open", "ssh", "OpenSSH", "8.4p1")).version == MADE_UP
    assert judge(at(SSH), Saying("open", "ssh", "OpenSSH")).version == NONE


def test_a_version_may_hide_in_other_words():
    listen = Listen(1883, ("mqtt",), reveals="upstream")
    hidden = Saying("open", "mqtt", rest="mqtt $SYS/broker/version: mosquitto version 2.0.11, uptime 3")
    assert judge(at(listen, "2.0.11-1.2"), hidden).version == RIGHT
    assert judge(at(listen, "2.0.12-1.2"), hidden).version == NONE


def test_a_guess_is_no_answer():
    assert judge(at(SSH), Saying("open", "ssh", guessed=True)).name == GUESS
    assert judge(at(SSH), SILENCE).name == NONE
    assert judge(at(SSH), Saying("open", "http")).name == WRONG


def test_a_name_may_carry_its_version():
    said = Saying("open", "mosquitto version 2.0.11", rest="mosquitto version 2.0.11")
    row = judge(at(Listen(1883, ("mqtt", "mosquitto"), reveals="upstream"), "2.0.11-1.2"), said)
    assert (row.name, row.version) == (RIGHT, RIGHT)


def test_where_one_of_two_speaks_either_is_right_and_a_third_is_made_up():
    listen = Listen(443, ("ssh", "http"), reveals="upstream", behind=("openssh-server", "lighttpd"))
    port = Port("sslh", "10.77.1.2", listen, ("1:9.2p1-2", "1.4.69-1"))
    assert judge(port, Saying("open", "ssh", "OpenSSH", "9.2p1")).version == RIGHT
    assert judge(port, Saying("open", "http", "lighttpd", "1.4.69")).version == RIGHT
    assert judge(port, Saying("open", "http", "lighttpd", "1.4.70")).version == MADE_UP


def test_a_wrong_name_has_no_right_version():
    assert judge(at(SSH), Saying("open", "http", "OpenSSH", "9.2p1")).version == NONE


def test_tls_is_asked_for_where_it_is():
    assert judge(at(HTTPS, "1.22.1-9"), Saying("open", "http", "nginx", "1.22.1", tls=True)).tls == RIGHT
    assert judge(at(HTTPS, "1.22.1-9"), Saying("open", "http", "nginx", "1.22.1")).tls == WRONG


def test_of_some_ports_nothing_can_be_proved():
    assert judge(at(PRINTER), SILENCE).name == RIGHT
    assert judge(at(PRINTER), Saying("open", "jetdirect")).name == RIGHT
    assert judge(at(PRINTER), Saying("open", "http", guessed=True)).name == RIGHT
    assert judge(at(PRINTER), Saying("open", "http")).name == WRONG


def test_the_total_counts_each_thing_apart():
    ports = [at(SSH), at(SSH.also(40022)), at(SMB, "4.17.12-0"), at(PRINTER)]
    said = {
        ports[0].key: Saying("open", "ssh", "OpenSSH", "9.2p1"),
        ports[2].key: Saying("open", "netbios-ssn", "Samba", "4.6.2"),
        ports[3].key: Saying("open", "telnet"),
    }
    score = total(rows(ports, said))
    assert (score.names, score.names_right) == (3, 2)
    assert (score.versions, score.versions_right) == (2, 1)
    assert (score.products, score.products_right) == (3, 2)
    assert (score.strange, score.strange_right) == (1, 0)
    assert (score.tls, score.tls_right) == (0, 0)
    assert (score.guesses, score.wrong, score.made_up) == (0, 0, 1)
    assert (score.unprovable, score.lies) == (1, 1)


def test_tls_counts_where_the_service_inside_was_named():
    ports = [at(HTTPS), at(HTTPS.also(1443)), at(HTTPS.also(2443))]
    said = {ports[0].key: Saying("open", "http", tls=True), ports[1].key: Saying("open", "ssl", tls=True)}
    score = total(rows(ports, said))
    assert (score.tls, score.tls_right, score.names_right, score.wrong) == (3, 1, 1, 1)


def test_worse_elsewhere_names_what_was_known_at_home_only():
    ports = [at(SSH), at(SSH.also(40022)), at(HTTPS, server="two"), at(HTTPS.also(1443), server="two")]
    said = {ports[0].key: Saying("open", "ssh"), ports[3].key: Saying("open", "http", tls=True)}
    assert worse_elsewhere(rows(ports, said)) == ["one tcp/40022"]
