"""Saturation, and what single documents carry."""

import numpy as np
import pytest

from analysis.methods.determinable import NotDeterminable
from analysis.methods.saturation import (
    Saturation,
    chao2,
    expected_new_codes,
    new_codes,
    once_only,
    saturation,
)


def test_the_example_of_guest_namey_and_chen_is_saturated_at_five_and_two():
    found = saturation([4, 3, 2, 1, 1, 0, 0, 0])
    assert found == Saturation(base=10, ratios=(0.1, 0.0, 0.0), reached=5)


def test_saturation_may_not_be_reached():
    assert saturation([1, 0, 0, 0, 1, 1]).reached is None


@pytest.mark.parametrize("documents", range(6))
def test_fewer_documents_than_base_and_run_show_nothing(documents):
    assert saturation([1] * documents) == NotDeterminable("too_few_documents")


def test_without_codes_in_the_base_there_is_nothing_to_compare_with():
    assert saturation([0, 0, 0, 0, 1, 1]) == NotDeterminable("no_codes")


def test_codes_of_one_document_only_say_what_one_more_might_bring():
    incidence = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0], [1, 0, 0, 0]])
    assert once_only(incidence).tolist() == [False, True, False, False]
    assert expected_new_codes(incidence) == 0.25


def test_a_code_is_new_in_the_first_document_that_has_it():
    assert new_codes(np.array([[0, 1, 1], [1, 1, 0], [1, 1, 1]])) == [2, 1, 0]
    assert new_codes(np.zeros((0, 3))) == []


def test_chao2_adds_to_the_codes_found_those_that_single_finds_point_to():
    # 4 documents, 6 codes, 3 of them in one document and 1 in two: 6 + 3/4 · 3 · 2 / (2 · 2)
    incidence = np.zeros((4, 7))
    incidence[:, 0] = incidence[:3, 1] = incidence[:2, 2] = 1
    incidence[0, 3] = incidence[1, 4] = incidence[2, 5] = 1
    assert chao2(incidence) == 6 + 0.75 * 3 * 2 / 4


def test_of_no_document_and_for_chao2_of_one_nothing_can_be_said():
    assert expected_new_codes(np.zeros((0, 3))) == NotDeterminable("no_case")
    assert chao2(np.ones((1, 3))) == NotDeterminable("too_few_documents")
