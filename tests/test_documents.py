"""What the documents say about the project is so: the files that they name exist, and so do the commands."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOP = "autograder|bench|docs|environment|notebooks|rnnlab|solutions|tests|tools"
NAMED = re.compile(rf"`((?:{TOP})/[\w./-]*\w/?)`")
# Stand for any unit, and for what the commands make.
PLACEHOLDER = re.compile(r"uNN|\bcourse/|\bbuild/")


def documents() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).exists()]


def test_every_file_that_a_document_names_exists() -> None:
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in documents()
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if not PLACEHOLDER.search(name)
    }

    assert named
    assert not {(document, name) for document, name in named if not (ROOT / name).exists()}


def test_every_make_command_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+)(?: [a-z-]+)*:", (ROOT / "Makefile").read_text(), re.MULTILINE))
    targets |= {"bubblewrap", "chromium", "postgresql"}

    for path in documents():
        named = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
        assert named <= targets, str(path.relative_to(ROOT))
