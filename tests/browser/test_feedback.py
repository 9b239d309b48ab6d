"""Feedback pages of notebooks full of scripts, in a real Chromium: nothing runs, nothing is fetched, nobody leaves."""

import base64
import re

import pytest

from autograder.pages.feedback import page as feedback_page
from tests.browser.reader import Reader
from tests.injections import HTML, INJECTIONS, poisoned, poisoned_everywhere
from tests.pages import strange

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]


def without_policy(html: str) -> str:
    stripped, count = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert count == 1
    return stripped


@pytest.mark.parametrize("name", INJECTIONS)
def test_no_injection_bites_with_the_policy_or_without(name: str, reader: Reader) -> None:
    html = feedback_page("u01_rnn_cell", poisoned_everywhere(INJECTIONS[name]))

    assert reader.open(html) == []
    assert strange(reader.page.content()) == []
    assert reader.open(without_policy(html)) == []


@pytest.mark.parametrize("name", HTML)
def test_every_injection_would_bite_in_a_page_that_does_not_escape(name: str, reader: Reader) -> None:
    html = without_policy(feedback_page("u01_rnn_cell", poisoned("stdout", "HERE")))

    bites = reader.open(html.replace("HERE", HTML[name]))

    assert bites or strange(reader.page.content())


@pytest.mark.parametrize("name", HTML)
def test_the_policy_alone_lets_no_script_run(name: str, reader: Reader) -> None:
    html = feedback_page("u01_rnn_cell", poisoned("stdout", "HERE"))

    assert "ran a script" not in reader.open(html.replace("HERE", HTML[name]))


def test_a_picture_is_shown_under_the_policy(reader: Reader) -> None:
    nb = poisoned_everywhere("x")
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    assert base64.b64decode(pixel).startswith(b"\x89PNG")
    nb.cells[0].outputs[0] = {"output_type": "display_data", "data": {"image/png": pixel}, "metadata": {}}

    assert reader.open(feedback_page("u01_rnn_cell", nb)) == []
    assert reader.page.locator("img").first.evaluate("picture => picture.naturalWidth") == 1


def test_the_style_sheet_holds_under_the_policy(reader: Reader) -> None:
    reader.open(feedback_page("u01_rnn_cell", poisoned_everywhere("x")))

    assert reader.page.locator(".student").first.evaluate("box => getComputedStyle(box).contain") == "layout paint"


def test_what_the_student_wrote_cannot_be_painted_outside_of_its_box(reader: Reader) -> None:
    reader.page.set_viewport_size({"width": 390, "height": 800})
    reader.open(feedback_page("u01_rnn_cell", poisoned_everywhere("W" * 5000 + "\n" * 500)))

    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    boxes = reader.page.locator(".student").all()

    assert wide == 390
    assert boxes
    assert all(box.evaluate("box => getComputedStyle(box).overflow") == "hidden" for box in boxes)
