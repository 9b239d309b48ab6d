"""The measurement of the fast networks beside torch's: that it runs and what its rows hold, not how fast they are."""

import pytest

from bench.numpy_vs_torch import BARS, measure

SIZES = [(2, 3, 4, 5), (3, 2, 5, 4)]


@pytest.mark.slow
def test_each_network_is_measured_at_each_size():
    rows = measure(SIZES, repeats=2)

    assert [(row["network"], *(row[letter] for letter in "NTDH")) for row in rows] == [
        (network, *size) for size in SIZES for network in BARS
    ]
    for row in rows:
        assert row["numpy_ms"] > 0
        assert row["torch_ms"] > 0
        assert row["ratio"] == pytest.approx(row["numpy_ms"] / row["torch_ms"])
        assert row["target"] == BARS[row["network"]]
