"""Imports run one way, rnnlab ← solutions ← autograder, within it, too, and nothing is unpickled."""

import ast
import builtins
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import errors

ROOT = Path(__file__).parents[1]
PACKAGES = ("rnnlab", "solutions", "autograder")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

UNSAFE = {"pickle", "marshal", "dill", "shelve", "cloudpickle", "joblib"}
# /home/student is the sandbox's own.
MACHINE_PATH = re.compile(r"(?<![\w./])/(work|root|home)/(?!student\b)\w+")


def modules_of(folder: str) -> list[Path]:
    found = [path for path in MODULES if path.is_relative_to(ROOT / folder)]
    assert found, f"there is no module in {folder}"
    return found


def imports(nodes: Iterator[ast.AST], path: Path) -> set[str]:
    """Return the dotted names that the nodes import; `from a import b` counts as a.b."""
    package = path.relative_to(ROOT).parent.parts
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


@cache
def all_imports(path: Path) -> set[str]:
    return imports(ast.walk(ast.parse(path.read_text())), path)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def outsiders(names: set[str], *allowed: str) -> set[str]:
    """Return the names that are neither allowed nor of the standard library."""
    return {name for name in names if not within(name, *allowed, *sys.stdlib_module_names)}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_rnnlab_needs_only_what_students_have() -> None:
    for path in modules_of("rnnlab"):
        assert not outsiders(all_imports(path), "rnnlab", "numpy", "matplotlib", "IPython", "torch"), short(path)


def test_rnnlab_imports_matplotlib_and_torch_only_where_they_are_used() -> None:
    code = "import sys, rnnlab; print({'matplotlib', 'torch'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_plots_and_data_of_rnnlab_do_without_torch() -> None:
    code = "import sys; from rnnlab import data, plots; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_solutions_do_not_know_the_autograder() -> None:
    for path in modules_of("solutions"):
        assert not {name for name in all_imports(path) if within(name, "autograder", "nbgrader")}, short(path)


def test_the_fast_versions_are_numpy_and_nothing_else() -> None:
    for path in modules_of("solutions/fast"):
        assert not outsiders(all_imports(path), "solutions.fast", "numpy"), short(path)


# The rooms of a submission's journey: what lies further right may import what lies further left.
ROOMS = ("sandbox", "notebook", "judging", "pages", "gradebook", "nbgrader", "grading")


# Pages, tables and databases.
FOR_PEOPLE = ("rnnlab.table", "rnnlab.plots", "IPython", "jinja2", "nbconvert", "nbgrader", "rich", "sqlalchemy")


@pytest.mark.parametrize("room", ROOMS)
def test_the_autograders_rooms_import_one_way(room: str) -> None:
    later = [f"autograder.{other}" for other in ROOMS[ROOMS.index(room) + 1 :]]
    for path in modules_of(f"autograder/{room}"):
        assert not {name for name in all_imports(path) if within(name, *later)}, short(path)


def test_what_all_rooms_use_imports_none_of_them() -> None:
    commands = {"build.py", "cli.py", "demo.py", "rules_cli.py"}
    rooms = [f"autograder.{room}" for room in ROOMS]
    for path in sorted((ROOT / "autograder").glob("*.py")):
        assert path.name in commands or not {name for name in all_imports(path) if within(name, *rooms)}, short(path)


def test_the_values_know_nothing_but_the_marks_of_an_exercise() -> None:
    assert not outsiders(all_imports(ROOT / "autograder/results.py"), "rnnlab.checking")
    assert not outsiders(all_imports(ROOT / "autograder/errors.py"))


def test_judging_knows_no_page_and_no_database() -> None:
    for path in modules_of("autograder/judging"):
        assert not {name for name in all_imports(path) if within(name, *FOR_PEOPLE)}, short(path)


def test_all_exceptions_are_in_one_tree() -> None:
    tree = {name: value for name, value in vars(errors).items() if isinstance(value, type)}
    assert all(issubclass(exception, errors.AutograderError) for exception in tree.values())
    ordinary = {name for name in vars(builtins) if "Error" in name or "Exception" in name}
    # What runs in the sandbox has nothing of the autograder but itself.
    inside = modules_of("autograder/sandbox/inside")
    for path in set(modules_of("autograder")) - {*inside, ROOT / "autograder/errors.py"}:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert not {ast.unparse(base) for base in node.bases} & (tree.keys() | ordinary), (node.name, path)


def test_checking_decides_verdicts_with_numpy_alone() -> None:
    for path in modules_of("rnnlab/checking"):
        assert not outsiders(all_imports(path), "rnnlab.checking", "rnnlab.specs", "numpy"), short(path)


def test_the_benchmarks_import_nothing_from_the_tests() -> None:
    for path in sorted((ROOT / "bench").glob("*.py")):
        assert not {name for name in all_imports(path) if within(name, "tests")}, short(path)


def test_what_runs_in_the_sandbox_knows_neither_judge_nor_answers() -> None:
    for path in modules_of("autograder/sandbox/inside"):
        allowed = ("autograder.sandbox.inside", "rnnlab.checking.calling", "IPython", "traitlets", "numpy")
        assert not outsiders(all_imports(path), *allowed), short(path)


def test_only_judge_and_build_touch_the_reference() -> None:
    for path in modules_of("autograder"):
        tree = ast.parse(path.read_text())
        mentions = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        mentions |= {name.rpartition(".")[2] for name in all_imports(path) if within(name, "solutions")}

        assert "reference" not in mentions or path.stem in {"judge", "build"}, short(path)


def test_every_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["grading"], *extras["cluster"]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    distributions = packages_distributions()
    libraries = {name.partition(".")[0] for path in MODULES for name in outsiders(all_imports(path), *PACKAGES)}

    assert not {name for name in libraries if not declared & set(map(canonicalize_name, distributions.get(name, [])))}


def test_nothing_is_unpickled() -> None:
    for path in MODULES:
        source = path.read_text()

        assert not {name for name in all_imports(path) if within(name, *UNSAFE)}, short(path)
        assert not re.search(r"torch\.load|allow_pickle=True", source), short(path)


def test_no_file_names_a_folder_of_one_machine() -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = {name: (ROOT / name) for name in listed.split("\0") if name and (ROOT / name).is_file()}
    found = {name: path for name, path in texts.items() if MACHINE_PATH.search(path.read_text(errors="ignore"))}

    assert not found
