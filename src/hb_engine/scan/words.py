"""One word of a person's targets: an address, a network, a range, octets as nmap has them, or a name.

    10.0.0.1   fd00::1   [fd00::1]   fe80::1%eth0          an address, with its zone where it needs one
    10.0.0.0/24   10.0.0.0/255.255.255.0   fd00::/120      a network
    10.0.0.1-50   10.0.0.1-10.0.1.20   fd00::1-fd00::ff    a range
    10.0.0-3.1,5,7   10.0.*.1   10.0.0.200-                octets, each a list of numbers and ranges
    db-1.example.org                                       a name

What other programs guess at is refused here with what was probably meant: 127.1, 010.0.0.1 (octal to some), 1.2.3,
http://x/, x:80. This module resolves nothing, reads no file and knows no policy; its errors are BadInput, nothing else.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan.addresses import BITS, Range, is_octet, network, number_of, text

LONGEST = 300  # characters of a word; a name has 253 (RFC 1035 2.3.4)
MOST_RANGES = 1 << 16  # that octets may make; more is no list of hosts but a pattern over the Internet
ZONE = 15  # characters of an interface's name: IFNAMSIZ - 1
LINK_LOCAL = network(6, 0xFE80 << 112, 10)
EXAMPLES = "Type an address, a name, 10.0.0.0/24, 10.0.0.1-50, 10.0.0-3.1,5,7, or @file:PATH."
OCTET = "Each of the four numbers goes from 0 to 255."
ADDRESS = "Type four numbers from 0 to 255, such as 10.0.0.1, or a name with letters in it."


@record
class Word:
    """What a word means: ranges, or a name that has to be resolved. `note` says what was read into it, if anything."""

    ranges: tuple[Range, ...] = ()
    name: str = ""
    note: str = ""


def read(word: str) -> Word:
    """The meaning of one word. Raises BadInput."""
    if not word or len(word) > LONGEST or not word.isprintable() or " " in word:
        raise _unreadable(word)
    _refuse_urls(word)
    bare = word[1:-1] if word[0] == "[" and word[-1] == "]" else word
    if "/" in bare:
        return _network(bare)
    if ":" in bare:
        return _ipv6(bare)
    if "%" in bare:
        raise BadInput(f"{quoted(word)}: only IPv6 addresses have a zone", "Type the address alone, or fe80::1%eth0.")
    if not any(letter.isalpha() for letter in bare):
        return _ipv4(bare)
    return _name(bare)


def quoted(written: str) -> str:
    """Text that may stand in a message: repr escapes everything that a terminal could obey."""
    return repr(written if len(written) <= 60 else written[:57] + "...")


def _unreadable(word: str) -> BadInput:
    if not word:
        return BadInput("a target is empty", EXAMPLES)
    if len(word) > LONGEST:
        return BadInput(f"{quoted(word)} is longer than {LONGEST} characters", EXAMPLES)
    return BadInput(f"{quoted(word)} holds blanks or characters that cannot be printed", EXAMPLES)


def _refuse_urls(word: str) -> None:
    """http://x/, x:80, ana@x: what people paste, each with the host that is in it."""
    _, marks, rest = word.partition("://")
    if marks:
        host = _host(rest)
        raise BadInput(f"{quoted(word)} is the address of a page", f"Did you mean {host}?" if host else EXAMPLES)
    if "@" in word:
        host = _host(word)
        raise BadInput(f"{quoted(word)} is a person at a host", f"Did you mean {host}?" if host else EXAMPLES)
    head, bracket, tail = word.partition("]")
    if bracket and word[0] == "[" and tail[:1] == ":":
        raise _with_port(word, head[1:], tail[1:])
    if word.count(":") == 1 and word[0] != "[":
        host, _, port = word.partition(":")
        if host:
            raise _with_port(word, host, port)


def _with_port(word: str, host: str, port: str) -> BadInput:
    asked = f" -p {port}" if port.isascii() and port.isdigit() and len(port) <= 5 else ""
    hint = f"Did you mean {host}{asked}?" if _is_host(host) else EXAMPLES
    return BadInput(f"{quoted(word)} has a port: ports are said with -p", hint)


def _host(rest: str) -> str:
    """The host of what follows http://, empty where it is none."""
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    host = authority[1:].partition("]")[0] if authority[:1] == "[" else authority.partition(":")[0]
    return host if _is_host(host) else ""


def _is_host(host: str) -> bool:
    return number_of(host) is not None or (not _is_numeric(host.rpartition(".")[2]) and _is_name(host))


def _network(word: str) -> Word:
    """ADDRESS/BITS or ADDRESS/MASK; the bits of a host are left out, and that is said."""
    left, _, right = word.partition("/")
    if not right or "/" in right:
        hint = f"Did you mean {left}?" if _is_host(left) else EXAMPLES
        raise BadInput(f"{quoted(word)} has a slash and no network after it", hint)
    written, zone = _zone(left, word)
    found = number_of(written)
    if found is None:
        if ":" not in written and not _looks_numeric(written):
            raise BadInput(
                f"{quoted(word)} is a network of a name", "Resolve the name, and type its network's address."
            )
        raise _no_address(word, written)
    family, number = found
    mapped = ":" in written and family == 4
    bits = _bits(word, right, 6 if mapped else family) - (96 if mapped else 0)
    if bits < 0:
        raise BadInput(f"{quoted(word)} holds all of IPv4, and more", "Type the IPv4 network alone.")
    whole = network(family, number, bits, zone)
    note = "" if whole.first == number and not mapped else f"{word} was taken for the network {whole}"
    return Word((whole,), note=note)


def _bits(word: str, right: str, family: int) -> int:
    most = BITS[family]
    if right.isascii() and right.isdigit() and len(right) <= 3:
        if int(right) <= most:
            return int(right)
        raise BadInput(f"{quoted(word)}: a network of IPv{family} has at most {most} bits", f"Type /0 to /{most}.")
    mask = number_of(right) if family == 4 else None
    if mask is None or mask[0] != 4:
        raise BadInput(f"{quoted(word)}: {quoted(right)} is no number of bits", f"Type /0 to /{most}.")
    bits = mask[1].bit_count()
    if mask[1] != (1 << 32) - (1 << (32 - bits)):
        raise BadInput(f"{quoted(word)}: the ones of a mask stand together at its left", "Type the bits, such as /24.")
    return bits


def _ipv6(word: str) -> Word:
    """An IPv6 address or two with a dash between."""
    left, dash, right = word.partition("-")
    if "%" in left and dash and ":" not in right:
        left, dash, right = word, "", ""  # the dash is of the interface's name: fe80::1%br-lan
    first, zone = _zone(left, word)
    start = number_of(first)
    if start is None:
        raise _no_address(word, first)
    note = f"{word} was taken for {text(*start)}" if start[0] == 4 else ""
    if not dash:
        return Word((Range(*start, start[1], zone),), note=note)
    last, other = _zone(right, word)
    end = number_of(last)
    if end is None:
        raise _no_address(word, last)
    if other not in ("", zone):
        raise BadInput(f"{quoted(word)} goes from one zone to another", "Type a range for each zone.")
    return Word((_span(word, start, end, zone),), note=note)


def _zone(written: str, word: str) -> tuple[str, str]:
    """An address and its zone. Raises BadInput for a zone that no interface can have."""
    address, percent, zone = written.partition("%")
    if not percent:
        return address, ""
    if not zone or len(zone) > ZONE or "%" in zone or zone in (".", ".."):
        raise BadInput(f"{quoted(word)}: {quoted(zone)} is no interface", "Type the interface's name: fe80::1%eth0.")
    found = number_of(address)
    if found and (found[0] != 6 or not LINK_LOCAL.first <= found[1] <= LINK_LOCAL.last):
        raise BadInput(f"{quoted(word)}: only link-local addresses (fe80::/10) have a zone", f"Type {address} alone.")
    return address, zone


def _ipv4(word: str) -> Word:
    """Digits, dots, dashes, commas and stars: an address, a range, or octets."""
    left, dash, right = word.partition("-")
    if dash and left.count(".") == 3 and right.count(".") == 3:
        start, end = number_of(left), number_of(right)
        if start is None or end is None:
            raise _no_address(word, left if start is None else right)
        return Word((_span(word, start, end, ""),))
    parts = word.split(".")
    if len(parts) != 4:
        raise _no_address(word, word)
    return Word(_octets(word, [_octet(word, part) for part in parts]))


def _span(word: str, start: tuple[int, int], end: tuple[int, int], zone: str) -> Range:
    if start[0] != end[0]:
        raise BadInput(f"{quoted(word)} goes from one family to another", "Type a range for each family.")
    if start[1] > end[1]:
        back = f"{text(*end)}-{text(*start)}"
        raise BadInput(f"{quoted(word)} ends before it begins", f"Did you mean {back}?")
    return Range(start[0], start[1], end[1], zone)


def _octet(word: str, part: str) -> tuple[tuple[int, int], ...]:
    """The ranges of one octet: 7, 1-50, -9, 200-, *, and lists of these."""
    spans = []
    for item in part.split(","):
        low, dash, high = ("0", "-", "255") if item == "*" else item.partition("-")
        low, high = (low or "0", high or "255") if dash else (low, low)
        if not (is_octet(low) and is_octet(high)):
            raise _no_address(word, word)
        if int(low) > int(high):
            raise BadInput(f"{quoted(word)}: {item} ends before it begins", f"Did you mean {high}-{low}?")
        spans.append((int(low), int(high)))
    spans.sort()
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


def _octets(word: str, octets: list[tuple[tuple[int, int], ...]]) -> tuple[Range, ...]:
    """The ranges that four octets make together, counted before they are made."""
    spans, size = [(0, 0)], 1  # of the octets so far, from the right, and how many addresses these have
    for octet in reversed(octets):
        if spans == [(0, size - 1)]:  # everything to the right: the ranges grow, and stay as many
            spans = [(first * size, last * size + size - 1) for first, last in octet]
        else:
            if len(spans) * sum([last - first + 1 for first, last in octet]) > MOST_RANGES:
                hint = "Type a network, such as 10.0.0.0/8, and leave out with exclusions."
                raise BadInput(f"{quoted(word)} makes more than {MOST_RANGES:,} ranges of addresses", hint)
            spans = [
                (value * size + start, value * size + end)
                for first, last in octet
                for value in range(first, last + 1)
                for start, end in spans
            ]
        size *= 256
    return tuple([Range(4, first, last) for first, last in spans])


def _name(word: str) -> Word:
    if _looks_numeric(word):
        raise _no_address(word, word)
    if not _is_name(word):
        raise BadInput(f"{quoted(word)} is neither an address nor a name", EXAMPLES)
    return Word(name=word.rstrip(".").lower())


def _looks_numeric(written: str) -> bool:
    """Whether a text would be an address to inet_aton(3): its last part is a number (as URLs have it, WHATWG 3.5)."""
    return _is_numeric(written.rstrip(".").rpartition(".")[2])


def _is_numeric(part: str) -> bool:
    digits = part[2:] if part[:2].lower() == "0x" else ""
    return (part.isascii() and part.isdigit()) or (bool(digits) and all(d in "0123456789abcdefABCDEF" for d in digits))


def _is_name(written: str) -> bool:
    """RFC 1123 2.1, with the underscores that people use; letters of any script, which the resolver turns into IDNA."""
    labels = written.removesuffix(".").split(".")
    return len(written) <= 254 and all(
        0 < len(label) <= 63
        and label[0] != "-"
        and label[-1] != "-"
        and all(letter.isalnum() or letter in "-_" for letter in label)
        for label in labels
    )


def _no_address(word: str, part: str) -> BadInput:
    """Why a part of a word is no address, in the words of its mistake."""
    told = quoted(word) if part == word else f"{quoted(word)}: {quoted(part)}"
    if ":" in part:
        return BadInput(f"{told} is no IPv6 address", "Type eight groups of hex digits, or :: once: fd00::1.")
    parts = part.rstrip(".").split(".")
    numbers = [each for each in parts if each.isascii() and each.isdigit()]
    if len(parts) != 4 and len(numbers) == len(parts):
        count = f"{len(parts)} numbers" if len(parts) > 1 else "one number"
        return BadInput(f"{told} has {count}, and an IPv4 address has four", ADDRESS)
    if any(len(each.lstrip("0")) > 3 or int(each) > 255 for each in numbers):
        high = next(each for each in numbers if len(each.lstrip("0")) > 3 or int(each) > 255)
        return BadInput(f"{told}: {high[:20]} is more than 255", OCTET)
    padded = [each for each in numbers if str(int(each)) != each]
    if padded and len(parts) == 4:
        hint = f"Type {'.'.join(str(int(each)) for each in parts)}, if that is meant." if len(numbers) == 4 else OCTET
        return BadInput(f"{told}: {padded[0]} begins with 0, which some read as octal", hint)
    if len(parts) == 7 and "," in part:
        return BadInput(f"{told} is no address", "Type a blank between targets: commas stand inside of octets.")
    return BadInput(f"{told} is no address", EXAMPLES)
