"""Every store has what the contract asks for, as it asks for it."""

from __future__ import annotations

import ast
import inspect
import os

import pytest
from tests.store.conformance import SUITE

from hb_engine.store import contract
from hb_engine.store.memory import Memory
from hb_engine.store.sqlite.store import Sqlite


def asked():
    """The methods of the contract, which only type checkers ever load: name, and the names of what each takes."""
    with open(contract.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    (found,) = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "Store"]
    return {
        node.name: [argument.arg for argument in node.args.args]
        for node in found.body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("store", [Memory, Sqlite], ids=lambda store: store.__name__)
@pytest.mark.parametrize("name", sorted(asked()))
def test_every_store_has_every_method(store, name):
    method = getattr(store, name)
    assert list(inspect.signature(method).parameters) == asked()[name]
    assert method.__doc__


def test_the_contract_is_not_loaded_by_programs():
    assert not hasattr(contract, "Store")


def test_the_suite_is_whole():
    """A behaviour that is written and not listed would never be run."""
    from tests.store import conformance

    with open(os.path.abspath(conformance.__file__), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    written = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert written == [behaviour.__name__ for behaviour in SUITE]
