"""nbgrader's formgrader, which shows submissions in the instructor's own browser, with our settings and without."""

from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.nbgrader.course_folder import config
from rnnlab.checking.marking import Row
from tests.browser.reader import Reader
from tests.injections import INJECTIONS, PLACES, graded

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]

HARM = ("ran a script", "asked for http://evil.test", "went away", "opened a")
SURVIVING = ("code of the answer", "code of an extra cell", "Markdown cell", "stdout", "stderr", "error", "comment")
RESOURCES = {
    "assignment_id": "u01_rnn_cell",
    "notebook_id": "u01_rnn_cell",
    "submission_id": "1",
    "index": 0,
    "total": 1,
    "base_url": "",
    "student": "ana",
    "last_name": None,
    "first_name": None,
    "notebook_path": "autograded",
}


def formgrader(settings: Config) -> HTMLExporter:
    """Return the exporter that nbgrader's FormgradeExtension makes of an instructor's settings."""
    settings.HTMLExporter.template_name = "formgrade"
    settings.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    return HTMLExporter(config=settings)


def harm(reader: Reader, exporter: HTMLExporter, nb: NotebookNode) -> list[str]:
    """Return what the page did that the formgrader's own scripts, none of which are found here, do not do."""
    html, _ = exporter.from_notebook_node(nb, resources=dict(RESOURCES))
    return [bite for bite in reader.open(html) if bite.startswith(HARM)]


def as_judged(*texts: str) -> NotebookNode:
    """Return a notebook with each of the texts in every place where the sandbox and the judge leave it."""
    nb = graded((Row("can be called as written", "failed", "nothing", "something"),))
    for text in texts:
        nb.cells[2:2] = [new_code_cell()]
        for place in SURVIVING:
            PLACES[place](nb, text)
    return nb


@pytest.fixture(scope="module")
def configured() -> HTMLExporter:
    return formgrader(config(Path()))


def test_no_injection_bites_the_instructor(reader: Reader, configured: HTMLExporter) -> None:
    assert harm(reader, configured, as_judged(*INJECTIONS.values())) == []


def test_with_nbgraders_own_settings_it_would(reader: Reader) -> None:
    assert harm(reader, formgrader(Config()), as_judged(INJECTIONS["broken picture"]))


def test_markdown_is_still_formatted(configured: HTMLExporter) -> None:
    html, _ = configured.from_notebook_node(
        as_judged("**bold** [link](https://example.org) $a$"), resources=dict(RESOURCES)
    )

    assert "<p><strong>bold</strong> link $a$</p>" in html
