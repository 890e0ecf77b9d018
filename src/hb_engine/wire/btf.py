"""The kernel's own description of its types (BTF): where a field lies, and the number of a type.

Just enough to write BPF programs that fit the running kernel, in pure Python, from the bytes of
/sys/kernel/btf/vmlinux. It reads type sections of half a million bytes in one pass of about 50 ms, so callers
keep the answers for as long as the kernel stays the same. Format: Documentation/bpf/btf.rst of the kernel.
"""

from __future__ import annotations

from struct import Struct, error

from hb_engine.model.errors import DataError

MAGIC = 0xEB9F
STRUCT, UNION, FUNC = 4, 5, 12
TRAILER = {1: 4, 3: 12, 14: 4, 17: 4}  # bytes behind a type, by kind: INT, ARRAY, VAR, DECL_TAG
PER_MEMBER = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}  # STRUCT, UNION, ENUM, FUNC_PROTO, DATASEC, ENUM64
HEADER = Struct("<HBBIIIII")  # magic, version, flags, header length, type offset, length, string offset, length
TYPE = Struct("<III")  # name offset, info (kind and member count), size or type


class Btf:
    """The types of one kernel. Raises DataError for bytes that are not BTF or end too soon."""

    def __init__(self, data: bytes) -> None:
        try:
            magic, _, _, start, type_at, type_length, text_at, text_length = HEADER.unpack_from(data)
            if magic != MAGIC:
                raise DataError("The kernel's type information does not begin with BTF's magic number.", REMEDY)
            self._types = data[start + type_at : start + type_at + type_length]
            self._names = data[start + text_at : start + text_at + text_length]
            if len(self._types) != type_length or len(self._names) != text_length:
                raise DataError("The kernel's type information (BTF) is cut short.", REMEDY)
            self._offsets = self._walk()
        except error as problem:
            raise DataError(f"The kernel's type information (BTF) is cut short: {problem}.", REMEDY) from problem

    def _walk(self) -> list[int]:
        types, unpack, trailer, per_member = self._types, TYPE.unpack_from, TRAILER.get, PER_MEMBER.get
        offsets, at, end = [0], 0, len(self._types)
        while at < end:
            offsets.append(at)
            info = unpack(types, at)[1]
            kind = info >> 24 & 31
            at += 12 + trailer(kind, 0) + per_member(kind, 0) * (info & 0xFFFF)
        return offsets

    def find(self, name: str, kind: int) -> int:
        """The id of a named type. Raises DataError when this kernel has none."""
        want = self._names.find(b"\0" + name.encode() + b"\0") + 1
        types, unpack = self._types, TYPE.unpack_from
        for number in range(1, len(self._offsets) if want else 0):
            label, info, _ = unpack(types, self._offsets[number])
            if label == want and info >> 24 & 31 == kind:
                return number
        raise DataError(f"This kernel's type information has no {name}.", REMEDY)

    def offset(self, structure: int, path: str) -> int:
        """Byte offset of a field, through anonymous members and dots (`__sk_common.skc_family`)."""
        at = 0
        for name in path.split("."):
            found = self._member(structure, name.encode(), 0)
            if found is None:
                raise DataError(f"This kernel's type information has no field {path}.", REMEDY)
            at, structure = at + found[0], found[1]
        return at

    def _member(self, structure: int, name: bytes, depth: int) -> tuple[int, int] | None:
        if not structure:
            return None
        at = self._offsets[structure]
        info = TYPE.unpack_from(self._types, at)[1]
        for number in range(info & 0xFFFF):
            label, kind, bits = TYPE.unpack_from(self._types, at + 12 + 12 * number)
            start = (bits & 0xFFFFFF if info >> 31 else bits) // 8
            if self._label(label) == name:
                return start, self._structure(kind)
            inner = self._structure(kind)
            if not self._label(label) and inner and depth < 8:
                found = self._member(inner, name, depth + 1)
                if found is not None:
                    return start + found[0], found[1]
        return None

    def _label(self, at: int) -> bytes:
        return self._names[at : self._names.find(b"\0", at)]

    def _structure(self, number: int) -> int:
        """Look through typedefs and qualifiers (kinds 8 to 11, 18) to a structure or union; 0 for anything else."""
        for _ in range(16):
            if not 0 < number < len(self._offsets):
                return 0
            _, info, target = TYPE.unpack_from(self._types, self._offsets[number])
            kind = info >> 24 & 31
            if kind in (STRUCT, UNION):
                return number
            if kind not in (8, 9, 10, 11, 18):
                return 0
            number = target
        return 0


REMEDY = "hb reads /proc instead; nothing is lost but time."
