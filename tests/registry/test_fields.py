"""Each oddity of IANA's table, as a row written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.assignment import STATUSES
from hb_engine.model.errors import DataError
from hb_engine.registry import fields

HEADER = ",".join(fields.COLUMNS)


def one(**cells: str):
    return fields.assignment({name.replace("_", " ").title(): value for name, value in cells.items()})


def row(rows, name, transport="tcp"):
    return next(found for found in rows if (found.name, found.transport) == (name, transport))


def test_a_plain_row(odd_rows):
    found = row(odd_rows, "hb-engine")
    assert (found.first, found.last, found.description) == (1703, 1703, "hb-engine")
    assert found.assignee == found.contact == "Charles_C_L_Chou"
    assert (found.registered, found.modified, found.references, found.notes) == ("", "", (), "")
    assert (found.status, found.as_of, found.details_as_of) == ("assigned", "2026-02-13", "2026-02-13")


def test_a_duplicate_is_an_alias(odd_rows):
    found = row(odd_rows, "www")
    assert (found.status, found.alias_of) == ("alias", "http")
    assert row(odd_rows, "http").status == "assigned"


def test_an_alias_tells_what_it_stands_for(odd_rows):
    found = row(odd_rows, "whois++")
    assert (found.status, found.alias_of) == ("alias", "whoispp")
    assert found.notes == 'This entry is an alias to "whoispp".\nThis entry is now historic.'


def test_the_sentence_about_well_formed_names_is_dropped(odd_rows):
    assert row(odd_rows, "whoispp").description == "whois++"


def test_line_feeds_inside_cells(odd_rows):
    assert len(odd_rows) == 21  # not one row for each line
    assert one(service_name="a", description="rather\n      long\r\n text").description == "rather long text"
    assert one(service_name="a", assignment_notes=" one\n\n   two ").notes == "one\ntwo"


def test_per_transport_status(odd_rows):
    assert row(odd_rows, "diameter").status == "assigned"
    assert next(r for r in odd_rows if r.first == 3868 and r.transport == "udp").status == "reserved"
    assert row(odd_rows, "diameter", "sctp").references == ("RFC3588",)


def test_de_assigned_rows_keep_their_name(odd_rows):
    found = next(r for r in odd_rows if r.first == 2)
    assert (found.name, found.status, found.modified) == ("compressnet", "deassigned", "2025-02-13")


@pytest.mark.parametrize(
    ("description", "notes", "status"),
    [
        ("De-registered", "", "deassigned"),
        ("Removed", "", "deassigned"),
        ("Deprecated", "", "deassigned"),
        ("Decomissioned Port 04/14/00, ms", "", "deassigned"),
        ("De-Commissioned Port", "", "deassigned"),
        ("unassigned", "Deprecated June 2004", "deassigned"),
        ("Unassigned", '"pcp" assignment withdrawn, moved to port 5351', "deassigned"),
        ("Reserved", "This entry is being removed on 2013-05-24.", "deassigned"),
        ("Reserved", "(previous contact was[Christopher_Allen])", "reserved"),
        ("Reserved - IANA", "", "reserved"),
        ("IANA Reserved", "", "reserved"),
        ("any private mail system", "", "reserved"),
        ("Unassigned", "", "unassigned"),
        ("Unassigned [was netstat]", "", "unassigned"),
        ("(unassigned) Possibly assigned", "", "unassigned"),
        ("Possibly used by Sun Solaris????", "", "unassigned"),
        ("", "", "reserved"),
    ],
)
def test_rows_without_a_name(description, notes, status):
    assert fields.standing("", description, notes) == ("", status, "")


def test_widespread_use_without_assignment(odd_rows):
    found = row(odd_rows, "bhoetty", "udp")
    assert (found.status, found.notes.endswith("(added 5/21/97)")) == ("unassigned", True)


def test_ranges_and_blank_transports(odd_rows):
    assert (row(odd_rows, "x11").first, row(odd_rows, "x11").last) == (6000, 6063)
    assert (row(odd_rows, "swx", None).first, row(odd_rows, "swx", None).last) == (7300, 7359)


def test_names_without_a_number(odd_rows):
    found = row(odd_rows, "rubygems", None)
    assert (found.first, found.last, found.status) == (None, None, "assigned")


def test_references_run_together(odd_rows):
    assert row(odd_rows, "domain-s").references == ("RFC7858", "RFC8094")
    assert fields.bracketed("[1][RFC4727]") == ("1", "RFC4727")
    assert fields.bracketed("see [RFC1] and more") == ("see", "RFC1", "and more")
    assert fields.bracketed("") == ()
    assert fields.bracketed("[open") == ("open",)


def test_people_and_letters(odd_rows):
    found = row(odd_rows, "ifix")
    assert found.assignee == "Sören_Havemester"
    assert found.contact == "S_A; S_B"
    assert found.registered == "2003-05"


def test_unauthorized_use_and_its_old_column(odd_rows):
    assert row(odd_rows, "ifix").unauthorized == "Known Unauthorized Use on 100"
    old = HEADER.replace("Unauthorized Use Reported", "Known Unauthorized Uses")
    (found,) = fields.parse_csv(f"{old}\r\na,1,tcp,,,,,,,,Known UNAUTHORIZED USE: port 1,\r\n")
    assert found.unauthorized == "Known UNAUTHORIZED USE: port 1"


def test_service_codes_of_dccp(odd_rows):
    assert row(odd_rows, "discard", "dccp").service_code == "1145656131"


def test_names_that_break_the_rules_of_today():
    for name in ("sql*net", "cl/1", "z39.50", "dec_dlm", "Escale (Newton Dock)"):
        assert one(service_name=name, port_number="1").name == name


def test_columns_may_come_in_another_order():
    names = list(fields.COLUMNS)[::-1]
    cells = {"Service Name": "a", "Port Number": "7"}
    text = ",".join(names) + "\n" + ",".join(cells.get(name, "") for name in names) + "\n"
    (found,) = fields.parse_csv("\ufeff" + text)
    assert (found.name, found.first) == ("a", 7)


@pytest.mark.parametrize(
    "text", ["-1", "a", "65536", "5-3", "1-", "-", "1-2-3", "\uff11\uff17", "1-99999", "0x10", "999999"]
)
def test_what_is_no_port(text):
    with pytest.raises(DataError):
        fields.numbers(text)


@pytest.mark.parametrize(
    ("text", "pair"), [("0", (0, 0)), ("65535", (65535, 65535)), ("1 - 2", (1, 2)), ("", (None, None))]
)
def test_what_is_a_port(text, pair):
    assert fields.numbers(text) == pair


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><body>Sign in</body></html>",
        HEADER,
        HEADER.replace("Port Number", "Port"),
        f"{HEADER}\r\na,1,tcp",
        f'{HEADER}\r\na,1,tcp,"cut inside a ce',
        f"{HEADER}\r\n" + "," * 11,
        f"{HEADER}\r\na,70000,tcp" + "," * 9,
        f"{HEADER}\r\na,1,t c p" + "," * 9,
        f'{HEADER}\r\na,1,"t"x' + "," * 9,
    ],
)
def test_what_is_not_the_table(text):
    with pytest.raises(DataError) as caught:
        fields.parse_csv(text)
    assert caught.value.message
    assert caught.value.remedy


def test_rows_that_make_no_sense_can_be_left_out():
    text = f"{HEADER}\r\na,1,tcp{',' * 9}\r\nb,1-,tcp{',' * 9}\r\n{',' * 11}\r\n"
    unread: list[str] = []
    assert [row.name for row in fields.parse_csv(text, "", unread)] == ["a"]
    assert ["row 3" in unread[0], "row 4" in unread[1]] == [True, True]
    with pytest.raises(DataError, match="cells"):
        fields.parse_csv(text + "short,1", "", [])


@given(st.text())
def test_any_text_is_rows_or_a_data_error(text):
    for start in ("", HEADER + "\r\n"):
        try:
            found = fields.parse_csv(start + text)
        except DataError:
            continue
        assert found


@given(st.dictionaries(st.sampled_from(fields.COLUMNS), st.text(), max_size=12))
def test_any_cells_are_a_row_or_a_data_error(cells):
    try:
        found = fields.assignment(cells)
    except DataError:
        return
    assert found.status in STATUSES
    assert found.first is None or 0 <= found.first <= (found.last or 0) <= 65535
    assert "\n" not in found.description
