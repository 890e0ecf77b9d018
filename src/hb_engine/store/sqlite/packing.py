"""Openings' JSON as bytes: deflate (RFC 1951) with a dictionary of what every opening's JSON says.

One opening is small, and most of it is names of fields; with a dictionary of these it takes a third of what deflate
alone makes of it. The first byte is the number of the dictionary, so that another can come beside this one: a
dictionary is never changed, since files hold what was packed with it.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError

LARGEST = 256 << 20  # bytes of an unpacked text: what a damaged or made-up file may cost
# What occurs most stands last, where deflate reaches it with the shortest distances.
FIRST = (
    b'"user@1000.service", "container": {"runtime": "docker", "id": "", "name": "", "image": "", "pod": ""}, '
    b'"exe_state": "replaced", "deleted", "kind": "tap", "transport": "packet", "families": ["packet"], "scope": "link"'
    b'"kind": "kernel", "unowned": {"reason": "not-permitted", "detail": ""}, "script_package": {"name": "python3", '
    b'"cmdline": ["/usr/bin/python3", "/usr/sbin/", "/usr/lib/systemd/systemd", "/lib/systemd/systemd-"], '
    b'"flags": ["v6only"], "flags": ["reuseport"], "scope": "private", "interface": "eth0", "flags": ["autobound"], '
    b'[{"key": "udp/loopback/ephemeral/unit:.service/host", "kind": "bound", "transport": "udp", "port": 53'
    b'[{"key": "tcp/public/22/unit:ssh.service/host", "kind": "listener", "transport": "tcp", "port": 22, "addresses": '
    b'["127.0.0.1", "::1"], "families": ["ipv4"], "scope": "loopback", ["0.0.0.0", "::"], "families": ["ipv4", "ipv6"]'
    b', "scope": "public", "interface": "", "netns": {"id": 4026531840, "name": "", "kind": "host"}, "owners": [{"pid":'
    b' 1000, "comm": "sshd", "exe": "/usr/sbin/sshd", "cmdline": [""], "user": "root", "started_at": "2026-11-25T00:00:'
    b'00Z", "unit": "ssh.service", "container": null, "parents": [{"pid": 1, "comm": "systemd", "started_at": "2026-11-'
    b'25T00:00:00Z", "cmdline": ["/sbin/init"]}], "package": {"name": "openssh-server", "version": "1:9.2p1-2+deb12u3",'
    b' "manager": "dpkg", "verified": true, "detail": ""}, "uid": 0, "exe_state": "present", "script": null, '
    b'"script_package": null, "origin": {"kind": "service", "name": "ssh.service", "user": "", "remote": "", "at": null'
    b'}, "holds": [{"how": "fd", "detail": "3"}]}], "unowned": null, "registered": [], "verdict": null, "thread": '
    b'"tcp/22/unit:ssh.service/host", "uid": 0, "user": "root", "unit": null, "container": null, "ephemeral": false, '
    b'"flags": [], "notes": [], "inodes": [10000], "protocol": ""}]'
)
DICTIONARIES = {1: FIRST}


def pack(text: str) -> bytes:
    """A text, packed."""
    from zlib import compressobj  # only where there is history

    work = compressobj(9, zdict=FIRST)
    return b"\x01" + work.compress(text.encode()) + work.flush()


def unpack(packed: bytes) -> str:
    """The text again. Raises DataError for bytes that are none."""
    from zlib import decompressobj, error  # as above

    known = DICTIONARIES.get(packed[0]) if isinstance(packed, bytes) and packed else None
    if known is None:
        raise DataError("a kept opening is packed as this hb does not know", "hb record --repair leaves it out.")
    try:
        work = decompressobj(zdict=known)
        text = work.decompress(packed[1:], LARGEST)
        if not work.eof:
            raise DataError("a kept opening is cut short", "hb record --repair leaves it out.")
        return text.decode()
    except (error, UnicodeDecodeError) as wrong:
        raise DataError("a kept opening is damaged", "hb record --repair leaves it out.") from wrong
