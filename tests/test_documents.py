"""What the documents say about the project is so: files, commands, names and numbers."""

import importlib
import re
import subprocess
from functools import cache
from pathlib import Path

from typer.main import get_command

import solutions
from autograder.cli import app
from autograder.gradebook import database
from autograder.grading import cluster, grade
from autograder.notebook import extra_files, read
from autograder.sandbox import kernel, watchdog
from autograder.sandbox.limits import KIB, LIMITS, MIB
from rnnlab.checking import public_answers
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS
from rnnlab.table import table_of
from solutions.mistakes import mistakes

ROOT = Path(__file__).parents[1]
TOP = "autograder|bench|docs|environment|notebooks|rnnlab|solutions|tests|tools"
NAMED = re.compile(rf"`((?:{TOP})/[\w./-]*\w/?)`")
# Stand for any unit, and for what the commands make.
PLACEHOLDER = re.compile(r"uNN|\bcourse/|\bbuild/")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
MODULE = re.compile(r"python -m ((?:tests|bench)[\w.]*)")
MAKE = re.compile(r"`make ([a-z]+)")
COMMAND = re.compile(r"autograder ((?:build|grade|verdict|doctor|demo)\b[^`\n#]*)")
DOTTED = re.compile(r"`((?:autograder|rnnlab|solutions)\.[\w.]+)(?:\([^`]*\))?`")
# Names of code: CamelCase, with_an_underscore or _private, perhaps of a method or with arguments.
IDENTIFIER = re.compile(r"`(_?[A-Za-z]\w*(?:\.\w+)*)(?:\([^`]*\))?`")
NUMBER_WORDS = {2: "two", 3: "three", 4: "four", 10: "ten"}
DATA_FILE = re.compile(r"\.(json|txt|csv|db|zip)$")
# Names of other programs that no source mentions.
FOREIGN = {"DaskCluster", "zip_collect"}


def documents() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).exists()]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def sources() -> str:
    """Return the names and texts of all files that are neither documents nor built."""
    command = ["git", "ls-files", "*.py", "*.toml", "*.yaml", "*.yml", "*.sh", "Makefile", "docs/cluster"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    here = Path(__file__).relative_to(ROOT)
    texts = [text_of(ROOT / name) for name in listed if name != str(here) and (ROOT / name).exists()]
    return "\n".join([*listed, *texts])


def found_in_documents(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Return what the pattern finds in the documents, each with the document's name."""
    found = {(str(path.relative_to(ROOT)), word) for path in documents() for word in pattern.findall(text_of(path))}
    assert found
    return found


def test_every_file_that_a_document_names_exists() -> None:
    named = {(document, name) for document, name in found_in_documents(NAMED) if not PLACEHOLDER.search(name)}

    assert not {(document, name) for document, name in named if not (ROOT / name).exists()}


def test_every_link_of_a_document_leads_to_a_file() -> None:
    links = found_in_documents(LINK)

    assert not {(document, link) for document, link in links if not (ROOT / document).parent.joinpath(link).exists()}


def test_every_make_command_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+)(?: [a-z-]+)*:", (ROOT / "Makefile").read_text(), re.MULTILINE))
    targets |= {"bubblewrap", "chromium", "postgresql"}

    assert not {found for found in found_in_documents(MAKE) if found[1] not in targets}


def test_every_module_that_a_document_runs_exists() -> None:
    modules = {(document, name.rstrip(".").replace(".", "/")) for document, name in found_in_documents(MODULE)}

    assert not {
        (document, name)
        for document, name in modules
        if not (ROOT / f"{name}.py").exists() and not (ROOT / name / "__main__.py").exists()
    }


def test_every_option_of_the_autograder_that_a_document_names_exists() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for document, line in found_in_documents(COMMAND):
        name, *words = line.split()
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)} <= known, (document, line)


def test_every_dotted_name_in_a_document_can_be_imported() -> None:
    for document, name in found_in_documents(DOTTED):
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            try:
                found = importlib.import_module(".".join(parts[:length]))
            except ModuleNotFoundError:
                continue
            for attribute in parts[length:]:
                assert hasattr(found, attribute), (document, name)
                found = getattr(found, attribute)
            break


def test_every_name_of_code_in_a_document_stands_in_a_source() -> None:
    names = {(document, name) for document, name in found_in_documents(IDENTIFIER) if not DATA_FILE.search(name)}
    named = {(document, part) for document, name in names for part in name.split(".")}
    code = {found for found in named if "_" in found[1].strip("_") or re.search(r"[a-z][A-Z]", found[1])}
    words = set(re.findall(r"\w+", sources()))

    assert not {(document, name) for document, name in code if name not in words | FOREIGN}


NUMBERS = {
    "cluster.md": [
        f"it ends itself after {grade.TASK_TIMEOUT / 60:g} minutes",
        f"no worker for {NUMBER_WORDS[int(cluster.WORKER_TIMEOUT / 60)]} minutes",
        f"does not answer for {NUMBER_WORDS[int(cluster.SCHEDULER_TIMEOUT)]} seconds",
    ],
    "postgresql.md": [
        f"tried {NUMBER_WORDS[database.TRIES]} times within "
        f"{sum(database.PAUSE * 3**n for n in range(database.TRIES - 1)):g} seconds"
    ],
    "security.md": [f"measures every {watchdog.POLL_INTERVAL:g} s"],
    "decisions/interrupted-runs.md": [f"is tried {NUMBER_WORDS[database.TRIES]} times"],
    "decisions/channel.md": [f"at most {NUMBER_WORDS[kernel.MAX_EXTENSION]} times the limit"],
    "decisions/place-of-the-check.md": [
        f"up to {extra_files.MAX_FILES} files and {extra_files.MAX_BYTES // 1_000_000} MB"
    ],
    "decisions/one-budget.md": [
        f"have {LIMITS.supplied_cpu} s of processor time of their own",
        f"at least {LIMITS.message_price // KIB} KiB",
        f"more than {read.SMALL_FILE // 1000} kB",
        f"{read.READING_MEMORY // MIB} MiB and {read.READING_CPU:g} s",
    ],
    "decisions/system-calls.md": [
        f"Every {watchdog.POLL_INTERVAL:g} s",
        f"at most {LIMITS.signals} in all",
        f"at most {LIMITS.open_files} per process",
    ],
}


def test_numbers_in_the_documents_are_those_of_the_code() -> None:
    pairs = [(name, phrase) for name, phrases in NUMBERS.items() for phrase in phrases]

    assert not [(name, phrase) for name, phrase in pairs if phrase not in text_of(ROOT / "docs" / name)]


def test_the_check_in_the_readme_prints_what_the_readme_shows() -> None:
    (shown,) = re.findall(r"```python\ncheck\((\w+)\)\n(.*?)```", text_of(ROOT / "README.md"), re.DOTALL)
    exercise, lines = shown[0], [line.removeprefix("#").strip().rstrip("…").strip() for line in shown[1].splitlines()]
    unit = next(
        unit for unit in solutions.units() if any(c.exercise == exercise for c in solutions.unit(unit).exercises)
    )
    answers = public_answers.load(exercise, unit)
    known = [mistake.function for mistake in mistakes(unit) if mistake.exercise == exercise]
    printed = [repr(table_of(mark(SPECS[exercise], answers, LocalFunction(function)))) for function in known]

    assert any(all(line in text for line in lines) for text in printed)
