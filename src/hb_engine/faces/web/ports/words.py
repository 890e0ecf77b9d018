"""The words of a port's page for what records name: statuses, ranges, reaches, verdicts. Message ids, said later.

Each table covers every value that its record may have; the tests hold that. What a record may have one day is shown
as it stands.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language, mark

STATUS = {
    "assigned": mark("registered"),
    "alias": mark("another name"),
    "reserved": mark("reserved"),
    "deassigned": mark("no longer registered"),
    "unassigned": mark("not registered"),
    "dynamic": mark("never registered"),
    "unconfirmed": mark("in older data only"),
}
STATUS_MEANS = {
    "assigned": mark("IANA has registered this name for this port."),
    "reserved": mark("IANA keeps it back: nobody may register it."),
    "deassigned": mark("It was registered once, and the registration has ended."),
    "unassigned": mark("Nobody has registered it."),
    "dynamic": mark("Ports from 49152 on are never registered: they are for outgoing connections and private use."),
    "unconfirmed": mark("An older copy of the registry has it, the newer one does not."),
}
WIDESPREAD = mark("Nobody has registered it; the registry notes that the name is widely used.")
RANGES = {
    "system": mark("well-known ports (system ports)"),
    "user": mark("registered ports (user ports)"),
    "dynamic": mark("dynamic and private ports"),
}
VERDICTS = {
    "new": mark("No rule allows it."),
    "gone": mark("A rule requires it, and it is not there."),
    "widened": mark("It reaches further than its rule allows."),
    "owner-changed": mark("Somebody else holds it than its rule says."),
    "speaks-else": mark("It speaks something else than its rule says."),
    "weakened": mark("It is weaker than its rule wants it."),
    "expired": mark("The rule that allowed it has ended."),
    "hidden": mark("It is on no list of the kernel's, and was found otherwise."),
    "forbidden": mark("A rule forbids it."),
    "out-of-window": mark("It is open outside of the times of its rule."),
    "pinned-changed": mark("A fact that its rule pins has changed."),
    "suspicious": mark("It is suspicious, whatever its rule says."),
    "not-seen": mark("A rule requires it, and it could not be seen."),
}
THREATS = {
    "trojan": mark("a trojan"),
    "rat": mark("a remote access trojan"),
    "worm": mark("a worm"),
    "botnet": mark("a botnet"),
    "backdoor": mark("a backdoor"),
    "c2": mark("a command-and-control tool"),
    "exposed-admin": mark("a service that is often attacked where it is exposed"),
}
DIRECTIONS = {
    "listen": mark("waits on this port"),
    "outbound": mark("connects to this port elsewhere"),
    "scan": mark("looks for this port on other machines"),
}
CONFIDENCE = {
    "high": mark("high"),
    "medium": mark("medium"),
    "low": mark("low"),
}
PLATFORMS = {
    "windows": "Windows",
    "unix": "Unix",
    "linux": "Linux",
    "macos": "macOS",
    "android": "Android",
    "ios": "iOS",
    "esxi": "ESXi",
    "any": mark("any system"),
    "iot": mark("small devices"),
    "ics": mark("industrial control systems"),
    "network-device": mark("network devices"),
    "printer": mark("printers"),
}


def said(table: dict[str, str], word: str, spoken: Language) -> str:
    """A record's word in a language; as it stands where the table does not know it."""
    return spoken.say(table[word]) if word in table else word
