"""What a comparison of two checkouts notices, and what it lets pass."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.compare_checkouts import Results, Verdict, compare, first_difference, normalised, results
from tests.hostile import attack_tools
from tests.whole_class import is_slow, make_class, packed

UNIT = "u01_rnn_cell"
RIGHT = Verdict(2, 2, "pass", None)


def graded(**changes):
    return Results({("ada", "softmax"): RIGHT._replace(**changes)}, {("ada", "feedback"): "Well done.\n"})


@pytest.mark.parametrize(
    "changes", [{"points": 1}, {"max_points": 3}, {"status": "fail"}, {"mistake": "maximum-not-subtracted"}]
)
def test_another_grade_is_found(changes):
    (difference,) = compare(graded(), graded(**changes))

    assert (difference.kind, difference.student, difference.where) == ("grade", "ada", "softmax")


def test_the_same_results_do_not_differ():
    assert compare(graded(), graded()) == []


def test_a_grade_that_one_side_lacks_is_found():
    assert [d.kind for d in compare(graded(), Results({}, graded().texts))] == ["grade"]


def test_a_status_that_depends_on_chance_is_another_kind_and_its_points_are_not():
    chance = {("ada", "softmax")}

    assert [d.kind for d in compare(graded(), graded(status="died"), chance)] == ["chance"]
    assert [d.kind for d in compare(graded(), graded(points=1), chance)] == ["grade"]


def test_other_words_are_a_text_with_the_first_line_that_differs():
    other = Results(graded().grades, {("ada", "feedback"): "Well done!\n"})

    (difference,) = compare(graded(), other)

    assert (difference.kind, difference.this, difference.other) == ("text", "line 1: Well done.", "line 1: Well done!")


def test_of_a_long_line_the_place_is_shown():
    one, two = first_difference(f"same\n{'x' * 5000}1{'y' * 500}", f"same\n{'x' * 5000}2{'y' * 500}")

    assert one.startswith("line 2: xx")
    assert ("x1y" in one, "x2y" in two, len(one) < 150) == (True, True, True)


def test_a_line_that_was_added_is_shown():
    assert first_difference("same", "same\nmore") == ("line 2: ", "line 2: more")


def test_seconds_versions_and_digests_of_verdicts_are_no_difference():
    def text(version, digest, seconds):
        return normalised(
            json.dumps({"version": version, "verdict": digest, "verdicts": [{"seconds": seconds}]}, indent=1), {}
        )

    assert text("0123456789ab", "a" * 64, 0.125) == text("", "b" * 64, 3e-05)


def test_whole_words_are_renamed():
    assert normalised("ours, 2 hours", {"ours": "internal_error"}) == "internal_error, 2 hours"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_results_are_read_from_verdict_files_gradebook_and_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # nbgrader calls alembic by name.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    files = {
        f"verdicts/{UNIT}/ada.json": json.dumps({"verdicts": [{"exercise": "softmax", **RIGHT._asdict()}]}),
        f"feedback/ada/{UNIT}/{UNIT}.html": "Well done, ours.",
        f"grades/{UNIT}.csv": "id,state,final\nada,graded,2\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment(UNIT)
        gradebook.add_notebook(UNIT, UNIT)
        gradebook.add_grade_cell("softmax-check", UNIT, UNIT, max_score=2, cell_type="code")
        gradebook.add_solution_cell("softmax", UNIT, UNIT)
        gradebook.add_student("ada")
        gradebook.add_submission(UNIT, "ada")
        score = gradebook.find_grade("softmax-check", UNIT, UNIT, "ada")
        score.auto_score, score.needs_manual_grade = 2, False
        gradebook.find_comment("softmax", UNIT, UNIT, "ada").auto_comment = "ours"
        gradebook.db.commit()

    read = results(tmp_path, UNIT, "1 graded", {"ours": "mine"})

    assert read.grades == {
        ("ada", "softmax"): RIGHT,
        ("ada", "grades.csv"): ("graded", "2"),
        ("ada", "softmax-check in the gradebook"): (2.0, None, None, 0),
    }
    assert read.texts["ada", f"feedback/{UNIT}/{UNIT}.html"] == "Well done, mine."
    assert read.texts["ada", "comments on softmax"] == '["mine", null]'
    assert read.texts["the class", "printed"] == "1 graded"


def test_a_round_has_one_answer_to_an_exercise():
    assert packed([("a", "1"), ("a", "2"), ("b", "3")]) == [[("a", "1"), ("b", "3")], [("a", "2")]]


def test_the_class_has_every_family(tmp_path: Path):
    families, left_out = make_class(tmp_path, "u05_gru", everything=False)

    assert set(families) == {path.name for path in (tmp_path / "submitted").iterdir()}
    assert set(families.values()) == {"reference", "mistakes", "styles", "wrong answers", "forging"}
    assert left_out == []


@pytest.mark.parametrize(
    ("name", "slow"),
    [("harming_endless_loop", True), ("harming_processor_time", True), ("forging_agreeable_array", False)],
)
def test_an_attack_is_slow_if_it_may_run_into_a_limit_of_time(name, slow):
    assert is_slow(attack_tools.load(name)) == slow
