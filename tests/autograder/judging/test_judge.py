"""The judge on whole submissions, in the real sandbox."""

import itertools
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import SandboxError
from autograder.judging import judge as judge_module
from autograder.judging.judge import judge
from autograder.notebook.released import released
from autograder.pages.verdict_outputs import verdict_table, with_verdicts
from autograder.results import to_json
from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.warm import Warm
from solutions.mistakes import mistakes
from tests.autograder.submissions import UNIT, cell_of

pytestmark = pytest.mark.sandbox

EXERCISES = [cell.id for cell in released(UNIT).cells if cell.metadata.get("nbgrader", {}).get("solution")]


def by_exercise(nb, seed=1):
    _, verdicts = judge(UNIT, nb, seed=seed)
    return {verdict.exercise: verdict for verdict in verdicts}


def rounds_of_mistakes():
    """Return the known mistakes in rounds, each with at most one for an exercise: one sandbox judges a round."""
    queues = [[m for m in mistakes(UNIT) if m.exercise == exercise] for exercise in EXERCISES]
    return [[m for m in round_ if m] for round_ in itertools.zip_longest(*queues)]


def test_the_reference_gets_every_point(right):
    verdicts = by_exercise(right)

    assert {v.status for v in verdicts.values()} == {"pass"}
    assert [v.points for v in verdicts.values()] == [2, 2, 4, 2, 4, 1, 2, 3]


def test_the_untouched_notebook_gets_none(untouched):
    verdicts = by_exercise(untouched)

    assert {(v.points, v.status) for v in verdicts.values()} == {(0, "unwritten")}


@pytest.mark.parametrize("round_", rounds_of_mistakes(), ids=lambda r: f"{len(r)}-mistakes")
def test_every_known_mistake_loses_points_and_is_named(right, round_):
    for mistake in round_:
        cell_of(right, mistake.exercise).source = mistake.as_answer()

    verdicts = by_exercise(right)

    assert [verdicts[m.exercise].mistake for m in round_] == [m.name for m in round_]
    assert all(verdicts[m.exercise].points < verdicts[m.exercise].max_points for m in round_)


def test_one_wrong_answer_does_not_cost_the_points_of_the_next(right):
    cell_of(right, "rnn_cell_forward").source = "def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):\n    return 0, 0"

    verdicts = by_exercise(right)

    assert (verdicts["rnn_cell_forward"].points, verdicts["rnn_forward"].points) == (0, 4)
    assert "Your own rnn_cell_forward is not right yet" in verdicts["rnn_forward"].message


def test_an_endless_answer_is_a_timeout_and_the_rest_is_judged(right):
    cell_of(
        right, "rnn_cell_forward"
    ).source = "def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):\n    while True:\n        pass"

    verdicts = by_exercise(right)

    assert verdicts["rnn_cell_forward"].status == "timeout"
    assert sum(v.points for v in verdicts.values()) == 16


def test_an_answer_that_kills_its_process_is_named_and_the_rest_is_judged(right):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    import os\n    os._exit(0)"

    verdicts = by_exercise(right)

    assert (verdicts["softmax"].status, verdicts["softmax"].points) == ("died", 0)
    assert sum(v.points for v in verdicts.values()) == 18


def test_printing_warning_and_logging_cost_nothing(right):
    cell_of(right, "softmax").source += (
        "\n\nquiet_softmax = softmax"
        "\n\ndef softmax(z, axis=-1):"
        "\n    import logging, sys, warnings"
        "\n    print('x' * 10_000, file=sys.stderr)"
        "\n    warnings.warn('careful')"
        "\n    logging.getLogger().error('noise')"
        "\n    return quiet_softmax(z, axis)"
    )

    assert by_exercise(right)["softmax"].points == 2


def test_a_cell_that_raises_does_not_stop_the_others(right):
    cell_of(right, "softmax").source = "1 / 0"

    verdicts = by_exercise(right)

    assert verdicts["softmax"].status == "not_run"
    assert sum(v.points for v in verdicts.values()) == 18


def test_the_same_seed_gives_the_same_verdict_but_for_the_time(right):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    return z"

    def record():
        return {key: value for key, value in to_json(by_exercise(right, seed=7)["softmax"]).items() if key != "seconds"}

    assert record() == record()


def test_no_message_tells_an_expected_number_of_the_hidden_inputs(right):
    cell = cell_of(right, "softmax")
    cell.source += """

right = softmax

def softmax(z, axis=-1):
    return right(z, axis)[..., ::-1] if len(z) > 1 else right(z, axis)
"""

    assert "expected another number" in by_exercise(right)["softmax"].message


def test_a_fault_of_the_sandbox_is_tried_again(right, monkeypatch):
    real, entered = judge_module.Session, []

    class FailsOnce(real):
        def __enter__(self):
            entered.append(self)
            if len(entered) == 1:
                raise SandboxError("the kernel did not start")
            return super().__enter__()

    monkeypatch.setattr(judge_module, "Session", FailsOnce)

    assert sum(v.points for v in by_exercise(right).values()) == 20


def test_a_lasting_fault_of_the_sandbox_is_ours(right, monkeypatch):
    class Fails(judge_module.Session):
        def __enter__(self):
            raise SandboxError("the kernel did not start")

    monkeypatch.setattr(judge_module, "Session", Fails)
    verdicts = by_exercise(right)

    assert {v.status for v in verdicts.values()} == {"internal_error"}
    assert "the kernel did not start" in verdicts["softmax"].message


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("import numpy as np; return np.ones(10**12)", "memory"),
        ("import threading, time\n    while True: threading.Thread(target=time.sleep, args=(9,)).start()", "processes"),
        ("import os\n    while True: os.fork() or os.execv('/bin/sleep', ['sleep', '9'])", "processes"),
        ("open('/tmp/large', 'wb').truncate(10**9)", "disk"),
        ("for n in range(100): open(f'/tmp/{n}', 'wb').write(bytes(10**7))", "disk"),
    ],
)
def test_the_limit_that_an_answer_met_is_its_status(right, body, status):
    cell_of(right, "one_hot").source = f"def one_hot(idx, vocab_size, dtype=float):\n    {body}"

    verdicts = by_exercise(right)

    assert (verdicts["one_hot"].points, verdicts["one_hot"].status) == (0, status)
    assert all(v.status == "pass" for name, v in verdicts.items() if name != "one_hot")


def test_an_answer_whose_cell_was_stopped_says_so(right):
    cell_of(right, "one_hot").source = "while True: print('x' * 100_000)"
    limits = replace(LIMITS, flood_bytes=2 * MIB)

    verdicts = {verdict.exercise: verdict for verdict in judge(UNIT, right, seed=1, limits=limits)[1]}

    assert (verdicts["one_hot"].points, verdicts["one_hot"].status) == (0, "output")
    assert verdicts["one_hot"].message.startswith("Its cell printed or showed more than 2 MiB")
    assert repr(verdict_table(verdicts["one_hot"])).startswith("one_hot: printed too much, 0 of 2 points\n")


def test_the_graded_cell_holds_one_status(right):
    cell_of(right, "one_hot").source = "def one_hot(idx, vocab_size, dtype=float):\n    while True: pass"
    cell_of(right, "softmax").source = "pass"
    cell_of(right, "num_params").source = "import os\nos._exit(1)"
    limits = replace(LIMITS, call=1.0)
    executed, verdicts = judge(UNIT, right, seed=1, limits=limits)

    graded = with_verdicts(executed, verdicts)
    cells = {cell.id: cell for cell in graded.cells}

    assert {verdict.status for verdict in verdicts} == {"timeout", "missing", "died", "pass"}
    for verdict in verdicts:
        output = cells[f"{verdict.exercise}-check"].outputs[0]
        assert output.metadata["verdict"]["status"] == verdict.status
        assert "status" not in output.metadata["verdict"]["marks"]
        assert ("not defined" in output.data["text/html"]) == (verdict.status == "missing")


def test_a_warm_start_gives_the_same_records_as_a_cold_one(right):
    for number, exercise in enumerate(EXERCISES):
        known = [mistake for mistake in mistakes(UNIT) if mistake.exercise == exercise]
        if number % 2:
            cell_of(right, exercise).source = known[0].as_answer()
    cell_of(right, EXERCISES[0]).source = "import os\ndef one_hot(idx, vocab_size, dtype=float):\n    os._exit(1)"
    warm = Warm()

    cold, forked = (
        [to_json(replace(v, seconds=0)) for v in judge(UNIT, right, seed=5, warm=w)[1]] for w in (None, warm)
    )
    warm.close()

    assert cold == forked
    assert {record["status"] for record in cold} == {"pass", "fail", "died"}


def below_the_checks(nb, source):
    nb.cells.append(new_code_cell(source, id="below"))


@pytest.mark.parametrize(
    "scratch",
    [
        "def softmax(z, axis=-1):\n    return z",
        "def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):\n    return 0.0",
        "from torch import softmax",
        "del one_hot",
        "np = None",
        "np.tanh = np.sin",
        "%reset -f",
        "import os\nos._exit(1)",
        "rnn_forward = 17",
    ],
)
def test_a_cell_below_the_checks_costs_nothing(right, scratch):
    below_the_checks(right, scratch)

    verdicts = by_exercise(right)

    assert {v.status for v in verdicts.values()} == {"pass"}
    assert sum(v.points for v in verdicts.values()) == 20


def test_a_cell_below_a_check_helps_no_wrong_answer(right):
    good = cell_of(right, "softmax").source
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    return z"
    below_the_checks(right, good)

    assert (by_exercise(right)["softmax"].points, by_exercise(right)["softmax"].status) == (0, "fail")


def test_an_answer_that_is_only_defined_below_its_check_is_judged_as_it_stands_at_the_end(right):
    good = cell_of(right, "softmax").source
    cell_of(right, "softmax").source = ""
    below_the_checks(right, good)

    assert by_exercise(right)["softmax"].points == 2


def test_an_answer_that_needs_a_name_from_below_its_check_is_judged_as_it_stands_at_the_end(right):
    cell_of(
        right, "softmax"
    ).source = "def softmax(z, axis=-1):\n    return normalised(np.exp(z - z.max(axis, keepdims=True)), axis)"
    below_the_checks(right, "def normalised(e, axis):\n    return e / e.sum(axis, keepdims=True)")

    assert (by_exercise(right)["softmax"].points, by_exercise(right)["softmax"].status) == (2, "pass")


def test_an_answer_that_was_first_given_out_and_written_below_counts(right, untouched):
    good = cell_of(right, "softmax").source
    cell_of(right, "softmax").source = cell_of(untouched, "softmax").source + "  # later"
    below_the_checks(right, good)

    assert by_exercise(right)["softmax"].points == 2


def test_a_call_that_ends_the_process_brings_no_cell_from_below_its_check(right):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    import os\n    os._exit(0)"
    below_the_checks(right, "del rnn_cell_forward, rnn_readout\nnp.tanh = np.sin")

    verdicts = by_exercise(right)

    assert verdicts["softmax"].status == "died"
    assert sum(v.points for v in verdicts.values()) == 18


@pytest.mark.parametrize("keep_ids", [True, False])
def test_a_check_that_was_deleted_or_has_lost_its_name_has_its_place(right, keep_ids):
    if keep_ids:
        right.cells = [cell for cell in right.cells if not cell.id.endswith("-check")]
    else:
        right.cells = [new_code_cell(cell.source) for cell in right.cells if cell.cell_type == "code"]
    below_the_checks(right, "np.tanh = np.sin\ndel one_hot")

    assert sum(v.points for v in by_exercise(right).values()) == 20


def test_judging_a_right_notebook_takes_one_process_and_no_question_twice(right, monkeypatch):
    asked, started = [], []

    class Counts(judge_module.Session):
        def parameters(self, name):
            asked.append(name)
            return super().parameters(name)

        def _start(self):
            started.append(self)
            return super()._start()

    monkeypatch.setattr(judge_module, "Session", Counts)
    by_exercise(right)

    assert (sorted(asked), len(started)) == (sorted(EXERCISES), 1)


def failing_over(monkeypatch, exercise, kinds):
    """Let marking ``exercise`` raise our own fault when the candidate is of one of these types."""
    real = judge_module.mark

    def mark(spec, exam, candidate):
        if spec.name == exercise and type(candidate).__name__ in kinds:
            raise AttributeError("'int' object has no attribute 'exp'")
        return real(spec, exam, candidate)

    monkeypatch.setattr(judge_module, "mark", mark)


def test_what_our_code_raises_over_a_result_costs_one_exercise_and_is_not_forgotten(right, monkeypatch):
    failing_over(monkeypatch, "softmax", ["RemoteFunction"])

    verdicts = by_exercise(right)

    assert (verdicts["softmax"].points, verdicts["softmax"].status) == (0, "error")
    assert "could not judge the results (AttributeError)" in verdicts["softmax"].message
    assert "AttributeError: 'int' object has no attribute 'exp'" in verdicts["softmax"].fault
    assert "fault" not in to_json(verdicts["softmax"])
    assert sum(v.points for v in verdicts.values()) == 18


def test_what_our_code_raises_over_the_reference_too_is_raised(right, monkeypatch):
    failing_over(monkeypatch, "softmax", ["RemoteFunction", "LocalFunction"])

    with pytest.raises(AttributeError, match="no attribute 'exp'"):
        by_exercise(right)


def test_a_sandbox_that_fails_each_time_a_submission_was_in_it_is_the_submissions_doing(right, monkeypatch):
    class Fails(judge_module.Session):
        def __enter__(self):
            raise SandboxError("it did not start again", used=True)

    monkeypatch.setattr(judge_module, "Session", Fails)
    verdicts = by_exercise(right)

    assert {v.status for v in verdicts.values()} == {"died"}
    assert "The sandbox failed 2 times" in verdicts["softmax"].message


def test_a_function_that_meets_the_same_limit_twice_is_called_no_more(right, monkeypatch):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    raise MemoryError"
    started = []
    real = judge_module.Session.end_process
    monkeypatch.setattr(judge_module.Session, "end_process", lambda self: (started.append(1), real(self)))

    assert by_exercise(right)["softmax"].status == "memory"
    assert len(started) == 2


def test_an_answer_whose_cell_was_stopped_counts_where_it_is_written_again_below(right):
    good = cell_of(right, "softmax").source
    cell_of(right, "softmax").source = "import os\nos._exit(1)"
    below_the_checks(right, good)

    assert by_exercise(right)["softmax"].points == 2
