"""Imports a file as far as its account, for the tests."""

from analysis.exchange.account import account
from analysis.exchange.opening import NotReadableError
from analysis.exchange.reading import read_project
from analysis.exchange.tables import tables


def refusal(path):
    """Why a file is not imported; empty if all that is in it is accounted for. That an account does
    not add up is a mistake of ours, and no reason.
    """
    try:
        found = read_project(path)
        account(found, tables(found).written)
    except NotReadableError as error:
        said = str(error)
    else:
        said = ""
    assert "does not add up" not in said
    return said
