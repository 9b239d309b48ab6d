"""What a feedback page says, what it keeps to itself, and that nothing in it can be taken for anything else."""

import base64
import re
import struct
import time
from typing import get_args

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.notebook.released import released
from autograder.pages.feedback import MAX_OTHER_CELLS, MAX_OUTPUTS, MAX_PIXELS, TEMPLATES, page
from autograder.results import STATUS_LABELS, Status
from autograder.untrusted_text import MAX_PAGE_TEXT_LENGTH
from rnnlab.checking.marking import Row
from tests.autograder.submissions import UNIT
from tests.injections import INJECTIONS, PLACES, graded, poisoned
from tests.pages import strange, words

PASSED = Row("shapes and types", "passed")
FAILED = Row("two steps by hand", "failed", "h = 1", "another number", "1 of 2 numbers are off.")


def student_boxes(text: str) -> list[str]:
    return re.findall(r'<div class="student">(.*?)</div>', text, re.DOTALL)


def outside_boxes(text: str) -> str:
    return re.sub(r'<div class="student">.*?</div>', "", text, flags=re.DOTALL)


def printed(text: str) -> str:
    """Return what the page shows for what a cell printed."""
    nb = graded((PASSED,))
    nb.cells[2].outputs = [new_output("stream", name="stdout", text=text)]
    return words(student_boxes(page(UNIT, nb))[-1]).partition("Its output ")[2]


def picture(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)
    return base64.b64encode(head + bytes(20)).decode()


def test_the_page_names_the_unit_the_total_and_every_exercise():
    nb = graded((PASSED, FAILED), hint="Look at the axis.")
    nb.cells[1].metadata.nbgrader.score = 0.5

    text = words(page(UNIT, nb, penalty=0.25))

    assert "01 The vanilla RNN cell 0.25 of 2 points Exercises" in text
    assert "1. one_hot 0.5 of 2 a check failed" in text
    assert "Handed in late −0.25" in text
    assert "✗ failed two steps by hand seen: h = 1 expected: another number 1 of 2 numbers are off." in text
    assert "Hint. Look at the axis." in text


def test_every_link_leads_to_a_place_on_the_page():
    nb = graded((FAILED,))
    nb.cells[0].metadata.nbgrader.comment = "Well tried."

    text = page(UNIT, nb)

    links = re.findall(r'href="#([^"]+)"', text)
    assert links == ["exercise-1", "comment-1"]
    assert all(f'id="{link}"' in text for link in links)


def test_points_that_an_instructor_set_are_told_from_those_of_the_checks():
    nb = graded((FAILED,))
    nb.cells[1].metadata.nbgrader.score = 1.5

    assert "1.5 of 2 points , set by your instructor; the checks gave 0: a check failed" in words(page(UNIT, nb))


def test_a_comment_keeps_its_lines():
    nb = graded((FAILED,))
    nb.cells[0].metadata.nbgrader.comment = "First <b>line</b>.\nSecond line."

    assert '<p class="comment">First &lt;b&gt;line&lt;/b&gt;.\nSecond line.</p>' in page(UNIT, nb)


def test_checks_that_were_not_run_are_listed_and_those_that_all_passed_are_folded():
    stopped = page(UNIT, graded((FAILED, Row("one step", "not run"), Row("one sequence", "not run"))))
    spotless = page(UNIT, graded((PASSED, PASSED)))

    assert "Not run after that: one step; one sequence." in words(stopped)
    assert "<details>" not in stopped
    assert "<summary>The 2 checks</summary>" in spotless


def test_every_status_has_words():
    statuses = {status for part in get_args(Status) for status in get_args(part)}

    assert set(STATUS_LABELS) == statuses


def test_a_notebook_without_verdicts_is_refused():
    nb = graded((PASSED,))
    nb.cells[1].outputs = []

    with pytest.raises(ValueError, match=r"The cell one_hot-check holds no verdict; grade the submission"):
        page(UNIT, nb)


def test_the_courses_own_cells_are_left_out_unless_changed_or_with_something_to_show():
    nb = graded((PASSED,))
    course = {cell.id: nbformat.from_dict(cell) for cell in released(UNIT).cells}
    imports, demo, prose = course["imports"], course["unrolled-graph"], course["memory"]
    imports.outputs = [new_output("stream", name="stderr", text="This cell was stopped.")]
    nb.cells += [imports, demo, prose, {**prose, "source": "my notes"}, new_markdown_cell("added", id="extra-9")]

    text = words(page(UNIT, nbformat.from_dict(nb)))

    assert "Cell 4, unchanged" in text
    assert "This cell was stopped." in text
    assert "Cell 7, which you changed my notes" in text
    assert "Cell 8, which you added added" in text
    assert "A network with a memory" not in text
    assert "plots.unrolled" not in text


def test_pictures_are_shown_and_everything_else_is_text():
    nb = graded((PASSED,))
    kinds = [
        {"image/png": picture(640, 480)},
        {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode(), "text/plain": "x"},
        {"image/png": "not base64!"},
        {"image/png": picture(60_000, 60_000)},
        {"image/jpeg": "AAAA"},
        {"text/html": "<b>bold</b>", "text/plain": "plain"},
    ]
    nb.cells[2].outputs = [new_output("display_data", data=data) for data in kinds]

    text = page(UNIT, nb)

    assert text.count("<img ") == 1
    assert f'src="data:image/png;base64,{picture(640, 480)}"' in text
    assert text.count("[A picture that is not a PNG file is not shown.]") == 2
    assert "[A picture of 60000 × 60000 pixels is not shown.]" in text
    assert "[An output that cannot be shown here.]" in text
    assert "<b>" not in text


@pytest.mark.parametrize("place", PLACES)
def test_no_injection_becomes_a_part_of_the_page(place):
    text = "\n".join(INJECTIONS.values()) if place != "type of a result" else INJECTIONS["script"]

    assert strange(page(UNIT, poisoned(place, text))) == []


def test_what_the_student_says_stays_in_boxes():
    boast = "All right: 20 of 20 points"
    for place in PLACES:
        if place not in ("verdict", "comment"):
            assert boast not in outside_boxes(page(UNIT, poisoned(place, boast))), place


def test_a_box_cannot_be_closed_from_within():
    text = page(UNIT, poisoned("stdout", "</pre></div></section><p class=points>20 of 20 points"))

    assert "20 of 20 points" in words("".join(student_boxes(text)))
    assert "20 of 20 points" not in words(outside_boxes(text))


def test_boxes_hold_no_attributes_but_the_classes_of_coloured_words():
    text = page(UNIT, poisoned("code of an extra cell", "def f(x):\n    return '<b class=points id=exercise-1>'"))

    inside = set(re.findall(r"<\w+ ([^>]*)>", "".join(student_boxes(text))))
    expected = {'class="label"', 'class="code"', 'class="printed"'}
    assert not {attributes for attributes in inside - expected if not re.fullmatch(r'class="\w{1,2}"', attributes)}


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ("\x1b[31mred\x1b[0m \x1b]8;;javascript:x\x07link\x1b]8;;\x07", "red link"),
        (" 10%\r 50%\r100%\nnext\r\n", "100% next"),
        ("a\x00b\x08c\x7f\x9bd", "abcd"),
        ("\u202eevil\u202c", "\ufffdevil\ufffd"),
        ("\ud800", "?"),
        ("한국어 e\u0301 ok", "한국어 e\u0301 ok"),
        ('File "/home/student/course/.venv/lib/python3.11/site-packages/numpy/x.py", line 3', 'File "…/x.py", line 3'),
        ("/opt/site-packages/numpy/x.py:3: RuntimeWarning", "…/x.py:3: RuntimeWarning"),
        ("/home/student and /Users/ana and /root", "~ and ~ and ~"),
        ("see https://numpy.org/doc/stable and 1/2 and a/b/c", "see https://numpy.org/doc/stable and 1/2 and a/b/c"),
    ],
)
def test_outputs_are_shown_plainly(seen, shown):
    assert printed(seen) == shown


def test_long_outputs_many_outputs_and_many_cells_are_cut_and_say_so():
    nb = graded((PASSED,))
    nb.cells[2].outputs = [new_output("stream", name="stdout", text="x" * (MAX_PAGE_TEXT_LENGTH + 1234))]
    nb.cells[2].outputs += [new_output("stream", name="stderr", text="y")] * MAX_OUTPUTS
    nb.cells += [new_code_cell("z" * (MAX_PAGE_TEXT_LENGTH + 5), id=f"extra-{n}") for n in range(MAX_OTHER_CELLS)]

    text = page(UNIT, nb)

    assert "[1,234 more characters are not shown here.]" in text
    assert "[5 more characters are not shown here.]" in text
    assert "[1 more outputs are not shown here.]" in text
    assert "1 more cells are not shown here." in text
    assert len(text) < (MAX_OTHER_CELLS + 2) * (MAX_PAGE_TEXT_LENGTH + 1000)


@pytest.mark.parametrize("unit", ["\n ", "(", "case     ", '"\\N{', "{{", "\x1b]", "/a", "\r"])
def test_no_text_takes_long_to_show(unit):
    nb = poisoned("code of an extra cell", unit * MAX_PAGE_TEXT_LENGTH)
    nb.cells[0].outputs = [new_output("stream", name="stdout", text=unit * MAX_PAGE_TEXT_LENGTH)]
    start = time.process_time()

    page(UNIT, nb)

    # The worst of them took pygments 7 s before its share was bounded; now none takes more than 0.3 s.
    assert time.process_time() - start < 2


def test_pictures_are_shown_until_a_browser_would_unpack_too_many_pixels():
    nb = graded((PASSED,))
    for cell in (nb.cells[0], nb.cells[2]):
        cell.outputs = [new_output("display_data", data={"image/png": picture(3000, 3000)}) for _ in range(4)]

    text = page(UNIT, nb)

    assert text.count("data:image/png;base64,") == MAX_PIXELS // 3000**2 == 5
    assert text.count("[A picture is not shown here: there are too many.]") == 3


def test_the_policy_allows_one_style_sheet_and_pictures_in_the_page_and_nothing_else():
    text = page(UNIT, graded((PASSED,)))

    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = rules.pop("style-src")
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", digest)
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
    }


def test_the_template_marks_nothing_as_safe():
    template = (TEMPLATES / "feedback.html.j2").read_text()

    assert not re.search(r"\|\s*safe\b|autoescape|Markup|\binclude\b|\bscript\b", template)


def test_headings_and_tables_can_be_read_aloud():
    text = page(UNIT, poisoned("stdout", "x"))

    assert re.findall(r"<h(\d)", text) == ["1", "2", "2"]
    assert not re.search(r"<th(?![^>]* scope=)[ >]", text)
    assert not re.search(r"<img(?![^>]* alt=)", text)
    assert '<html lang="en">' in text


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_colour_of_text_stands_out_from_what_it_stands_on():
    palettes = re.findall(r":root \{(.*?)\}", (TEMPLATES / "feedback.css").read_text(), re.DOTALL)

    assert len(palettes) == 2
    for palette in palettes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", palette))
        grounds = {name: luminance(colours.pop(name)) for name in ("paper", "note", "box")}
        del colours["line"]
        for name, colour in colours.items():
            for ground, light in grounds.items():
                darker, lighter = sorted((luminance(colour), light))
                if ground != "note" or name == "ink":
                    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (name, ground)
