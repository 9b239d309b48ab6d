"""The command `autograder`: build, grade, verdict, doctor, demo, and the rules (`rules_cli`)."""

from __future__ import annotations

import gc
import json
import os
import re
import secrets
import shlex
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from autograder.errors import CannotRecord, CourseError, NoWorkers, Unreadable, UnusableWorkers
from autograder.paths import COURSE, ROOT
from autograder.rules import check_unit_name
from autograder.rules_cli import rules_app

if TYPE_CHECKING:
    from autograder.results import Result, Verdict

EXIT_OK, EXIT_USER, EXIT_INTERNAL = 0, 1, 2
PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@")  # in a database's URL

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Build the course, grade submissions, judge one notebook.\n\nExample: autograder verdict my_notebook.ipynb",
)
app.add_typer(rules_app)
out = Console()
err = Console(stderr=True, highlight=False)

Trusted = Annotated[
    bool,
    typer.Option("--trusted", help="Run without the sandbox: submissions get all your permissions."),
]


@app.command()
def build() -> None:
    """Build notebooks, public answers and the students' zip from the texts in solutions/."""
    from autograder import build as builder
    from solutions.text import TextError

    try:
        written = builder.build()
    except TextError as error:
        _stop(str(error))
    for path in written:
        out.print(f"built {path.relative_to(ROOT)}", highlight=False)


@app.command()
def grade(
    unit: Annotated[str, typer.Argument(help="The unit's name, as in u01_rnn_cell.")],
    course: Annotated[Path, typer.Option(help="The course folder.")] = COURSE,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that judge.", show_default="one per core")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Have the workers of a Dask cluster judge: tcp://host:port.")
    ] = None,
    db: Annotated[str | None, typer.Option(metavar="URL", help="Keep the gradebook in this PostgreSQL.")] = None,
    trusted: Trusted = False,
) -> None:
    """Grade all submissions in COURSE/submitted/<student>/<unit>/ into gradebook, feedback and grades/."""
    from autograder.grading.pool import start_server

    check_unit_name(unit)
    # Nobody else may read grades and submissions.
    os.umask(0o077)
    if scheduler is None:
        # It imports the grader while this process does so, too: that halves the time until the start.
        start_server()

    from autograder.files import UNWRITABLE
    from autograder.grading import grade as grading
    from autograder.grading.progress_bar import GradingProgress
    from autograder.nbgrader.course_folder import attended

    # What was imported stays: the collector would visit all of it again with every few submissions.
    gc.freeze()
    if scheduler is None:
        _check_isolation(trusted)
    elif trusted or workers:
        _stop("--trusted and --workers are for grading on this machine: leave them out, or --scheduler.")
    course = course.resolve()
    try:
        total = len(grading.students(course, unit))
        for sentence in attended(course):
            err.print(sentence, markup=False, soft_wrap=True)
        with GradingProgress(err, unit, total) as progress:
            results = []
            run = grading.grade(course, unit, trusted=trusted, workers=workers, scheduler=scheduler, db=db)
            for result in run:
                results.append(result)
                progress.advance(failed=result.state != "graded", earlier=result.earlier)
        results.sort(key=lambda result: result.student)
        _report(course, unit, results)
        grading.mark_changes_reported(course, unit)
    except KeyboardInterrupt:
        _stop(f"Stopped. What was graded is kept; {_go_on()}")
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise CannotRecord(error.strerror) from error
    if any(result.state == "internal_error" for result in results):
        raise typer.Exit(EXIT_INTERNAL)


@app.command()
def verdict(
    notebook: Annotated[Path, typer.Argument(help="The notebook to judge.", metavar="NOTEBOOK.ipynb")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array and nothing else.")] = False,
    seed: Annotated[int | None, typer.Option(help="Judge with the inputs of an earlier verdict's seed.")] = None,
    trusted: Trusted = False,
) -> None:
    """Judge one notebook without a gradebook, and say why for every exercise; files beside it are given to it."""
    from autograder.judging.judge import judge
    from autograder.judging.seeds import BITS
    from autograder.notebook.extra_files import files_beside
    from autograder.notebook.read import read_notebook
    from autograder.notebook.released import unit_of
    from autograder.results import to_json
    from autograder.untrusted_text import printable_lines

    _check_isolation(trusted)
    nb = read_notebook(notebook)
    unit = unit_of(notebook.name, nb)
    check_unit_name(unit)
    beside = files_beside(notebook)
    if beside.note:
        err.print(beside.note, markup=False, soft_wrap=True)
    seed = secrets.randbits(BITS) if seed is None else seed
    _, verdicts = judge(unit, nb, seed=seed, trusted=trusted, files=beside.files)
    if as_json:
        sys.stdout.write(json.dumps([to_json(v) for v in verdicts], indent=1, ensure_ascii=False) + "\n")
    else:
        _print_verdicts(verdicts)
    for v in verdicts:
        if v.fault:
            err.print(
                f"The grader raised an exception over {v.exercise}:\n{printable_lines(v.fault)}",
                highlight=False,
                markup=False,
            )
    if any(v.status == "internal_error" for v in verdicts):
        raise typer.Exit(EXIT_INTERNAL)


@app.command()
def doctor(course: Annotated[Path, typer.Option(help="The course folder.")] = COURSE) -> None:
    """Say what is missing on this machine for building and grading, and put the course's configuration right."""
    from autograder.nbgrader.course_folder import attended, unbuilt
    from autograder.sandbox.doctor import missing, without_warm_starts

    problems = [*(missing() or without_warm_starts()), *unbuilt()]
    try:
        problems += attended(course.resolve()) if course.exists() else []
    except CourseError as error:
        problems.append(str(error))
    for problem in problems:
        out.print(problem, highlight=False)
    if problems:
        raise typer.Exit(EXIT_USER)
    out.print("Nothing is missing: submissions can be graded in isolation.")


@app.command()
def demo(course: Annotated[Path, typer.Option(help="The course folder.")] = COURSE) -> None:
    """Make a class of twelve submissions to unit 01, and grade it."""
    from autograder.demo import UNIT, make_class
    from autograder.nbgrader.course_folder import unbuilt

    if problems := unbuilt():
        _stop(problems[0])
    os.umask(0o077)
    students = make_class(course)
    out.print(f"{len(students)} submissions handed in: {', '.join(students)}", highlight=False)
    grade(UNIT, course)


def main() -> None:
    """Run the command; exit 0 when done, 1 when the user must act, 2 with a traceback for an internal error."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        # A mistyped command line: its own exit code would be 2, which here means an internal error.
        err.print(_without_password(f"{error} See `autograder --help`."), markup=False)
        code = EXIT_USER
    except Exception as error:
        message, code = _explained(error)
        if message:
            _print_error(message)
        else:
            traceback.print_exc()
    sys.exit(code or EXIT_OK)


def _explained(error: Exception) -> tuple[str, int]:
    """Return a sentence and an exit code for what can be expected to happen; for anything else "", for a traceback."""
    match error:
        case CourseError() | Unreadable():
            return str(error), EXIT_USER
        case UnusableWorkers():
            return f"These workers cannot be used: {error} What was graded is kept.", EXIT_USER
        case CannotRecord() | NoWorkers():
            return f"Grading stopped: {error}. What was graded is kept; {_go_on()}", EXIT_INTERNAL
    return "", EXIT_INTERNAL


def _stop(message: str) -> NoReturn:
    _print_error(message)
    raise typer.Exit(EXIT_USER)


def _print_error(message: str) -> None:
    err.print(_without_password(message), markup=False, soft_wrap=True)


def _go_on() -> str:
    # The course folder remembers the password.
    words = [_shown(Path(sys.argv[0]).absolute()), *map(_without_password, sys.argv[1:])]
    return f"to go on, run the same command again: {shlex.join(words)}"


def _without_password(words: str) -> str:
    return PASSWORD.sub(r"\1@", words)


def _check_isolation(trusted: bool) -> None:
    from autograder.sandbox.doctor import missing

    problems = [] if trusted else missing()
    if problems:
        _stop(
            "Submissions are not run without isolation, and this machine lacks it:\n"
            + "\n".join(problems)
            + "\nTo run them without it, with all your permissions, use --trusted."
        )


def _report(course: Path, unit: str, results: Sequence[Result]) -> None:
    from autograder.gradebook.verdict_file import VERDICTS
    from autograder.grading.update import update_grades
    from autograder.nbgrader.database_url import gradebook_of
    from autograder.pages import report
    from autograder.pages.grade_files import FOLDER
    from autograder.untrusted_text import printable

    failed = [result.student for result in results if result.state == "internal_error"]
    update = update_grades(course, failed={unit: failed})
    grades = update.grades.get(unit, [])
    out.print(report.terminal_table(unit, grades))
    lines = (*report.notes(results), *report.grade_notes(grades), *report.changes(results))
    for line in (*lines, *report.recomputed(update.changed), report.summary(results)):
        out.print(line, highlight=False, markup=False)
    places = {
        "gradebook": gradebook_of(course),
        "grades": course / FOLDER / f"{unit}.csv",
        "feedback": course / "feedback" / "<student>" / unit / f"{unit}.html",
        "verdicts": course / VERDICTS / unit / "<student>.json",
    }
    for name, path in places.items():
        out.print(f"{name + ':':<10} {_shown(path)}", highlight=False, markup=False, soft_wrap=True)
    graded = (result.student for result in results if result.state == "graded")
    first = next((student for student in graded if printable(student) == student), None)
    if first:
        path = course / "submitted" / first / unit / f"{unit}.ipynb"
        line = shlex.join([_shown(Path(sys.argv[0]).absolute()), "verdict", _shown(path)])
        out.print(f"next: {line}", highlight=False, markup=False, soft_wrap=True)


def _shown(place: Path | str) -> str:
    if isinstance(place, Path) and place.is_relative_to(Path.cwd()):
        place = place.relative_to(Path.cwd())
    return str(place)


def _print_verdicts(verdicts: Sequence[Verdict]) -> None:
    from autograder.untrusted_text import printable_lines

    for v in verdicts:
        out.print(f"{v.points:>2} of {v.max_points}  {v.exercise}  {v.status}", highlight=False)
        if v.status != "pass" or v.message:
            message = printable_lines(v.message)
            out.print(f"         {message}", highlight=False, markup=False)
    total, most = sum(v.points for v in verdicts), sum(v.max_points for v in verdicts)
    out.print(f"{total:>2} of {most}  together (seed {verdicts[0].seed})", highlight=False)
