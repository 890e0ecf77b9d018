"""Files whose path names their package: system-wide stores that keep every version in a folder of its own.

No digest is compared here, so `verified` stays None and the detail says what protects the bytes instead. Only stores
that an ordinary user cannot write to are known: a path under ~/.pyenv, ~/.nvm, ~/.local/share/flatpak or a user's
Homebrew says whatever that user wants it to say, and counting it as a package would clear any program put there.

Sources: the Nix manual (Store Path), the Guix manual (The Store), snapcraft's docs (System architecture), flatpak's
docs (Under the Hood).
"""

from __future__ import annotations

from hb_engine.model.owner import Package

NIX = "its path in the store is made of its inputs, and the store is read-only; nix-store --verify-path compares it"
GUIX = "its path in the store is made of its inputs, and the store is read-only; guix gc --verify=contents compares it"
SNAP = "it runs from a read-only image that snapd checked when it installed it"
FLATPAK = "it is in flatpak's repository, which checks what it fetches; flatpak repair compares it"

# How a path begins, and which part behind that is the version; part 0 is the name.
_STORES = (
    ("/snap/", "snap", 1, SNAP),
    ("/var/lib/snapd/snap/", "snap", 1, SNAP),
    ("/var/lib/flatpak/app/", "flatpak", 2, FLATPAK),
    ("/var/lib/flatpak/runtime/", "flatpak", 2, FLATPAK),
)


def bundled(path: str) -> Package | None:
    """The package that a canonical path names, or None."""
    for store, manager, detail in (("/nix/store/", "nix", NIX), ("/gnu/store/", "guix", GUIX)):
        if path.startswith(store):
            return _stored(path[len(store) :], manager, detail)
    for prefix, manager, version, detail in _STORES:
        if path.startswith(prefix):
            return _cut(path[len(prefix) :], manager, version, detail)
    return None


def _stored(rest: str, manager: str, detail: str) -> Package | None:
    """A part of the form HASH-name-version, the version from the first hyphen that a digit follows."""
    folder, slash, _ = rest.partition("/")
    key, hyphen, name = folder.partition("-")
    if not slash or not hyphen or len(key) != 32 or not name:
        return None
    for at in range(1, len(name) - 1):
        if name[at] == "-" and name[at + 1].isdigit():
            return Package(name[:at], name[at + 1 :], manager, None, detail)
    return Package(name, "", manager, None, detail)


def _cut(rest: str, manager: str, version: int, detail: str) -> Package | None:
    parts = rest.split("/")
    if len(parts) <= version + 1 or not all(parts[: version + 1]):
        return None  # a file beside the packages, as /snap/bin/hello
    return Package(parts[0], parts[version], manager, None, detail)
