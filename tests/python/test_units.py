"""Numbers with units."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import inkfade as ink
from inkfade.touch_up import censored_quantile, number
from inkfade.units import split


def test_linspace_holds_both_ends_exactly():
    assert ink.linspace("0.2 mm", "0.8 mm", 3) == ["0.2 mm", "0.5 mm", "0.8 mm"]


@given(st.integers(2, 40), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_linspace_is_monotonic_between_its_ends(n, first, last):
    values = [split(v)[0] for v in ink.linspace(f"{first!r} um", f"{last!r} um", n)]
    steps = [math.copysign(1, last - first) * (b - a) for a, b in pairwise(values)]
    assert len(values) == n
    assert all(step >= -1e-9 * max(1.0, abs(first), abs(last)) for step in steps)


@pytest.mark.parametrize("n", [1, 0, -3, 2.5, True])
def test_linspace_needs_two_values(n):
    with pytest.raises(ink.ParameterError, match="from 2 to 1000000"):
        ink.linspace("0 um", "1 um", n)


def test_linspace_refuses_two_units():
    with pytest.raises(ink.ParameterError, match="same unit"):
        ink.linspace("200 um", "0.8 mm", 3)


@pytest.mark.parametrize(("first", "last"), [(0.2, 0.8), ("0.2 mm", 0.8), (None, "1 mm")])
def test_linspace_needs_text_with_a_unit(first, last):
    with pytest.raises(ink.ParameterError, match="text with a unit"):
        ink.linspace(first, last, 5)


@pytest.mark.parametrize("text", ["", "um", "nan um", "inf", "--3 um"])
def test_text_without_a_number_is_refused(text):
    with pytest.raises(ink.ParameterError, match="number"):
        split(text)


@pytest.mark.parametrize(
    ("years", "text"),
    [
        (3.94, "3.9"),
        (0.447, "0.45"),
        (10.0, "10.0"),
        (12.34, "12.3"),
        (9.99, "10.0"),
        (0.999, "1.0"),
        (120.4, "120"),
        (4.0, "4.0"),
    ],
)
def test_years_are_said_with_the_digits_that_they_carry(years, text):
    assert number(years) == text


def test_the_quantile_without_censoring_is_the_order_statistic():
    import numpy as np

    time = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    seen = np.ones(5, dtype=bool)
    assert [censored_quantile(time, seen, q) for q in (0.2, 0.4, 0.6, 0.8, 1.0)] == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_share_that_is_not_reached_is_infinite():
    import numpy as np

    time = np.array([1.0, 2.0, 10.0, 10.0])
    seen = np.array([True, True, False, False])
    assert censored_quantile(time, seen, 0.5) == 2.0
    assert math.isinf(censored_quantile(time, seen, 0.51))


def test_an_early_loss_of_sight_moves_the_quantile_up():
    """Kaplan and Meier: of 4 people one is lost at 1; then S = 2/3, 1/3, 0 at 2, 3, 4."""
    import numpy as np

    time = np.array([1.0, 2.0, 3.0, 4.0])
    seen = np.array([False, True, True, True])
    assert censored_quantile(time, seen, 0.3) == 2.0
    assert censored_quantile(time, seen, 0.5) == 3.0
