"""Choosing PostgreSQL for a course: what is refused, in one sentence that never holds the password."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Student
from sqlalchemy import create_engine, update

from autograder.errors import CannotRecord, CourseError
from autograder.gradebook.database import SharedGradebook, open_database, retry, transaction
from autograder.nbgrader.course_folder import JSON_CONFIG, config, database
from autograder.nbgrader.database_url import configure_database
from bench.postgresql_server import PASSWORD, USER
from tests.autograder.submissions import UNIT, hand_in

COMMAND = Path(sys.executable).with_name("autograder")

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.usefixtures("programs"),
    # nbgrader 0.9.6 with SQLAlchemy 2.1
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def course(tmp_path):
    """A course folder in which something has been handed in, and nothing has been graded."""
    folder = tmp_path / "course"
    hand_in(folder, "ada", "{}")
    return folder


def grade_somebody(url):
    """Put a student into the gradebook at ``url``."""
    engine = open_database(url)
    with transaction(engine) as session:
        SharedGradebook(session).update_or_create_student("ada")
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"password": "wrong"}, 'password authentication failed for user "grader"'),
        ({"user": "nobody"}, 'password authentication failed for user "nobody"'),
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
    ],
)
def test_what_the_server_refuses_is_one_sentence_at_once(course, postgresql, words, sentence):
    begin = time.monotonic()
    with pytest.raises(CourseError, match=sentence) as refused:
        configure_database(course, postgresql.url(**words))

    assert time.monotonic() - begin < 2
    assert "\n" not in str(refused.value)
    assert PASSWORD not in str(refused.value)
    assert not (course / JSON_CONFIG).exists()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://me:{}@127.0.0.1:9/grades", "Connection refused"),
        ("postgresql+psycopg://me:{}@nowhere.invalid/grades", "failed to resolve host 'nowhere.invalid'"),
        ("postgresql+psycopg://me:{}@/grades?speed=high", 'invalid connection option "speed"'),
        ("postgresql+psycopg://me:a@{}@127.0.0.1/grades", "the password is in the wrong place"),
        ("postgresql+psycopg://me@127.0.0.1/grades?password={}", "the password is in the wrong place"),
        ("postgresql+psycopg://me:{}@127.0.0.1:port/grades", "is malformed; write it as postgresql"),
        ("postgresql+psycopg://me:{} {}@127.0.0.1/grades", "is malformed; write it as postgresql"),
        ("mysql://me:{}@127.0.0.1/grades", "the gradebook cannot be in a database of mysql; write postgresql"),
        ("sqlite:///other.db", "--db is for PostgreSQL"),
        ("{}", "is malformed; write it as postgresql"),
    ],
)
def test_a_url_that_cannot_be_used_is_one_sentence_without_the_password(course, url, sentence):
    with pytest.raises(CourseError) as refused:
        configure_database(course, url.replace("{}", PASSWORD))

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert PASSWORD not in str(refused.value)
    assert not (course / JSON_CONFIG).exists()
    assert not (course / "gradebook.db").exists()


@pytest.mark.sandbox
@pytest.mark.parametrize("words", [["--db={}"], ["--databse", "{}"]])
def test_the_command_ends_with_one_sentence_and_never_prints_the_password(course, postgresql, words):
    url = postgresql.url("nowhere")
    line = [COMMAND, "grade", UNIT, "--course", course, *(word.replace("{}", url) for word in words)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=100)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert PASSWORD not in done.stdout + done.stderr


def test_a_server_that_never_answers_is_given_up(course, monkeypatch):
    monkeypatch.setattr("autograder.gradebook.database.LOCK_TIMEOUT", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()
        with pytest.raises(CourseError, match="timeout"):
            configure_database(course, f"postgresql+psycopg://me@127.0.0.1:{silent.getsockname()[1]}/grades")

    assert time.monotonic() - begin < 10


def test_without_the_library_a_sentence_says_how_to_get_it(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(CourseError, match=r"not installed; run pip install -c constraints.txt -e '\.\[postgresql\]'"):
        configure_database(course, "postgresql+psycopg://me@127.0.0.1/grades")


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            ["CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"],
            "has the encoding LATIN1, which cannot hold every name; make a database with createdb",
        ),
        (
            [f"CREATE USER guest PASSWORD '{PASSWORD}'", "CREATE DATABASE latin"],
            "does not let this user make tables; have its owner run ALTER DATABASE",
        ),
    ],
)
def test_a_database_that_could_not_hold_a_gradebook_is_refused_at_once(course, postgresql, statements, sentence):
    postgresql.execute("DROP DATABASE IF EXISTS latin", *statements)

    with pytest.raises(CourseError, match=sentence):
        configure_database(course, postgresql.url("latin", user="guest" if "guest" in statements[0] else USER))
    assert not (course / JSON_CONFIG).exists()


def test_a_course_that_has_grades_in_sqlite_keeps_them_there(released_course, url):
    grade_somebody(database(released_course))

    with pytest.raises(CourseError, match=r"is .*gradebook.db, and a course has only one; leave out --db, or move"):
        configure_database(released_course, url)
    (released_course / "gradebook.db").unlink()
    configure_database(released_course, url)
    assert database(released_course) == url


def test_a_course_keeps_its_database_and_takes_another_password(course, postgresql, url):
    configure_database(course, url)
    configure_database(course, url.replace(f":{PASSWORD}", ""))
    assert database(course) == url

    with pytest.raises(CourseError, match="leave out --db, or, if that database has moved, write its new URL"):
        configure_database(course, postgresql.database())
    postgresql.execute("CREATE ROLE deputy LOGIN SUPERUSER PASSWORD 'other'")
    configure_database(course, url.replace(f"{USER}:{PASSWORD}", "deputy:other"))
    assert database(course) == url.replace(f"{USER}:{PASSWORD}", "deputy:other")


def test_a_database_is_for_one_course(course, tmp_path, url):
    configure_database(course, url)
    grade_somebody(url)
    other = tmp_path / "other"
    other.mkdir()

    with pytest.raises(CourseError, match="holds the grades of another course folder"):
        configure_database(other, url)
    configure_database(course, url)


def test_a_url_without_a_password_may_be_read_by_colleagues(course, postgresql, url):
    postgresql.execute("CREATE ROLE colleague LOGIN SUPERUSER")
    name = url.rpartition("/")[2]
    configure_database(course, f"postgresql://colleague@/{name}?host={postgresql.folder}&port={postgresql.port}")

    assert (course / JSON_CONFIG).stat().st_mode & 0o777 == 0o644


def test_settings_that_are_there_already_stay(course, url):
    (course / JSON_CONFIG).write_text('{"LateSubmissionPlugin": {"penalty_method": "zero"}}')
    configure_database(course, url)

    assert config(course).LateSubmissionPlugin.penalty_method == "zero"
    assert database(course) == url


def test_a_damaged_file_of_settings_is_one_sentence(course):
    (course / JSON_CONFIG).write_text("{")

    with pytest.raises(CourseError, match=rf"{JSON_CONFIG} cannot be read: .*; correct it"):
        database(course)


def test_a_lock_is_waited_for_and_then_reported(url, monkeypatch):
    monkeypatch.setattr("autograder.gradebook.database.LOCK_TIMEOUT", 1)
    monkeypatch.setattr("autograder.gradebook.database.PAUSE", 0.0)
    engine, other = open_database(url), open_database(url)

    def write():
        with transaction(other) as session:
            session.connection().exec_driver_sql("LOCK TABLE autograder_record")

    with transaction(engine) as session:
        session.connection().exec_driver_sql("LOCK TABLE autograder_record")
        with pytest.raises(CannotRecord, match="database says: canceling statement due to lock timeout"):
            retry(write)
    retry(write)
    engine.dispose()
    other.dispose()


def test_what_a_person_writes_meanwhile_is_seen(url, monkeypatch):
    monkeypatch.setattr("autograder.gradebook.database.PAUSE", 0.0)
    grade_somebody(url)
    engine, person = open_database(url), create_engine(url)
    seen = []

    def write():
        with transaction(engine) as session:
            student = session.get(Student, "ada")
            seen.append(student.first_name)
            if len(seen) == 1:
                with person.begin() as connection:
                    connection.execute(update(Student).values(first_name="Ada"))
            student.last_name = f"read as {student.first_name}"

    retry(write)

    with transaction(engine) as session:
        assert (seen, session.get(Student, "ada").last_name) == ([None, "Ada"], "read as Ada")
    engine.dispose()
    person.dispose()
