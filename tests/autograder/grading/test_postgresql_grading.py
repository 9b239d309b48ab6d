"""A class graded into PostgreSQL: the same gradebook as in SQLite, whatever happens to the server on the way."""

import csv
import itertools
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI

from autograder.gradebook.database import open_database, transaction
from autograder.nbgrader.course_folder import JSON_CONFIG, config, database, nbgrader, prepare
from autograder.nbgrader.database_url import configure_database
from bench.gradebooks import contents, state
from bench.postgresql_server import PASSWORD, USER
from tests.autograder.submissions import UNIT, cell_of, hand_in

COMMAND = Path(sys.executable).with_name("autograder")
GRADES = f"grades/{UNIT}.csv"
# Counts in the same transaction what is recorded.
COUNTER = (
    "CREATE TABLE autograder_count (student TEXT)",
    """CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN INSERT INTO autograder_count VALUES (NEW.student); RETURN NULL; END'""",
    """CREATE TRIGGER recorded AFTER INSERT OR UPDATE OF recorded ON autograder_record
       FOR EACH ROW EXECUTE FUNCTION counted()""",
)

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.usefixtures("programs"),
    pytest.mark.sandbox,
    pytest.mark.slow,
    # nbgrader 0.9.6 with SQLAlchemy 2.1
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def submitted(tmp_path_factory, instructor_path):
    """A course folder with a class of six: right and wrong, late, damaged, and a name that is not Latin."""
    course = tmp_path_factory.mktemp("submitted")
    right = nbformat.read(instructor_path, as_version=4)
    hand_in(course, "right", right, timestamp="2026-03-01 12:00:00 Asia/Seoul")
    hand_in(course, "김 철수's", right, timestamp="2026-03-02 12:00:00.123456 UTC")
    hand_in(course, "damaged", nbformat.writes(right)[:1000])
    for number, answer in enumerate(("one_hot", "softmax", "num_params")):
        nb = nbformat.read(instructor_path, as_version=4)
        cell_of(nb, answer).source = f"def {answer}(*words):\n    raise ValueError('100 % \\x00 é')"
        hand_in(course, f"wrong-{number}", nb)
    (course / "secret").write_text("0123456789abcdef")
    return course


@pytest.fixture
def course(submitted, tmp_path):
    return shutil.copytree(submitted, tmp_path / "course", symlinks=True)


@pytest.fixture(scope="module")
def both(submitted, postgresql, tmp_path_factory):
    """The class graded on SQLite, and graded on PostgreSQL."""
    folders = [tmp_path_factory.mktemp("both") / name for name in ("sqlite", "postgresql")]
    for folder, words in zip(folders, ([], ["--db", postgresql.database()]), strict=True):
        shutil.copytree(submitted, folder, symlinks=True)
        finish(folder, *words)
    return folders


def start(course, *words):
    """Start to grade ``course`` as its user would; return the process."""
    line = [COMMAND, "grade", UNIT, "--course", course, *words]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(course, *words):
    """Grade ``course`` to the end; return what was printed."""
    process = start(course, *words)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    return out


def wait_for_verdicts(course, number, process):
    deadline = time.monotonic() + 100
    while len(list((course / "verdicts").rglob("*.json"))) < number:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


def counted(course, url):
    """Have the database count what is recorded for ``course`` from now on."""
    configure_database(course, url)
    prepare(course, UNIT)
    engine = open_database(url)
    with transaction(engine) as session:
        for statement in COUNTER:
            session.connection().exec_driver_sql(statement)
    engine.dispose()


def counts(url):
    engine = open_database(url)
    with transaction(engine) as session:
        rows = session.connection().exec_driver_sql("SELECT student, count(*) FROM autograder_count GROUP BY student")
        found = dict(rows.all())
    engine.dispose()
    return found


ONCE = dict.fromkeys(("right", "김 철수's", "damaged", "wrong-0", "wrong-1", "wrong-2"), 1)


def test_gradebook_and_files_are_the_same_as_with_sqlite(both):
    in_file, in_server = both

    assert state(in_server) == state(in_file)
    assert (in_server / GRADES).read_bytes() == (in_file / GRADES).read_bytes()
    assert not (in_server / "gradebook.db").exists()


def test_the_choice_is_remembered_and_only_the_owner_can_read_the_password(both):
    _, course = both
    before = state(course)
    out = finish(course)

    assert "5 graded earlier and unchanged" in out
    assert f"postgresql+psycopg://{USER}:***@127.0.0.1" in out
    assert state(course) == before
    assert not (course / "gradebook.db").exists()
    holding = [path for path in course.rglob("*") if path.is_file() and PASSWORD in path.read_text(errors="ignore")]
    assert holding == [course / JSON_CONFIG]
    assert holding[0].stat().st_mode & 0o777 == 0o600


def test_plain_nbgrader_finds_the_same_database(both, tmp_path):
    _, course = both
    before = contents(database(course), own_tables=False)

    def run(*words):
        line = ["nbgrader", *words]
        done = subprocess.run(line, cwd=course, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr

    run("export", "--to", tmp_path / "grades.csv")
    run("autograde", UNIT, "--student", "wrong-1")
    run("generate_feedback", UNIT, "--student", "wrong-1")

    exported = csv.DictReader((tmp_path / "grades.csv").open())
    points = {row["student_id"]: float(row["score"]) for row in exported}
    assert points == {"right": 20, "김 철수's": 20, "damaged": 0, "wrong-0": 18, "wrong-1": 18, "wrong-2": 19}
    assert contents(database(course), own_tables=False) == before
    assert not (course / "gradebook.db").exists()


def test_the_formgrader_reads_the_same_from_both(both):
    def told(api: NbGraderAPI):
        answers = [api.get_assignments(), api.get_students(), api.get_submissions(UNIT), api.get_notebooks(UNIT)]
        for row in itertools.chain(*answers):
            row.pop("id", None)  # is drawn
        return answers

    in_file, in_server = (told(nbgrader(course, config(course))) for course in both)

    assert in_server == in_file
    assert len(in_file[1]) == 6


def test_a_run_that_is_killed_goes_on_where_it_was(course, both, url):
    counted(course, url)
    process = start(course)
    wait_for_verdicts(course, 2, process)
    process.kill()
    process.communicate(timeout=30)
    finish(course)

    assert state(course) == state(both[0])
    assert counts(url) == ONCE


def test_a_server_that_restarts_half_way_costs_nothing(course, both, postgresql, url):
    counted(course, url)
    process = start(course)
    wait_for_verdicts(course, 2, process)
    postgresql.stop()
    time.sleep(2)
    postgresql.start()
    out, err = process.communicate(timeout=200)

    assert process.returncode == 0, err
    assert "5 graded, 1 not graded." in out
    assert state(course) == state(both[0])
    assert counts(url) == ONCE


def test_a_server_that_stays_away_stops_the_run_with_the_command_that_completes_it(course, both, postgresql, url):
    process = start(course, "--db", url)
    wait_for_verdicts(course, 2, process)
    postgresql.stop()
    try:
        _, err = process.communicate(timeout=60)
    finally:
        postgresql.start()
    again = err.strip().splitlines()[-1].rpartition("run the same command again: ")[2]

    assert process.returncode == 2
    assert re.search(r"Grading stopped: the gradebook.s database says: [^\n]*\. What was graded is kept", err)
    assert "Traceback" not in err
    assert PASSWORD not in err
    done = subprocess.run(shlex.split(again), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert state(course) == state(both[0])
