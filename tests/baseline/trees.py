"""Trees of nodes as plain values, and their places held against the text that they were read from."""

from __future__ import annotations


def plain(node):
    """A node's value without places: dicts, lists, texts, numbers."""
    if node.kind == "table":
        return {key: plain(each) for key, each in node.value.items()}
    if node.kind == "list":
        return [plain(each) for each in node.value]
    return node.value


def places(node, text):
    """(key, what stands at the key, what stands at the value), for each key of a tree."""
    if node.kind == "table":
        for key, each in node.value.items():
            yield key, text[each.key_at :], text[each.at :]
            yield from places(each, text)
    elif node.kind == "list":
        for each in node.value:
            yield from places(each, text)


def told(tree):
    """The mistakes of a tree: offset, message and hint."""
    return [(one.at, f"{one.message} | {one.remedy}") for one in tree.mistakes]


def root(tree):
    """The root of a tree that could be read."""
    assert tree.root is not None
    return tree.root
