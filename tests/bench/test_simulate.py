"""The simulated runs add up where the sum is known."""

import pytest

from bench.simulate import most_workers, simulate

STAGES = {"read": [0.01], "judge": [1.0], "record": [0.04]}


def test_one_worker_takes_the_sum_of_the_judging():
    (run,) = simulate(STAGES, workers=[1], size=100)

    assert run.seconds == pytest.approx(100, rel=0.01)


def test_with_many_workers_the_writer_takes_all_the_time():
    (run,) = simulate(STAGES, workers=[1000], size=500)

    assert run.seconds == pytest.approx(500 * 0.05, rel=0.05)
    assert run.writer > 0.95


def test_the_writer_becomes_the_limit_where_judging_is_shared_by_that_many():
    few, many = simulate(STAGES, workers=[int(most_workers(STAGES)), 80], size=1000)

    assert most_workers(STAGES) == pytest.approx(20)
    assert few.seconds == pytest.approx(many.seconds, rel=0.1)
