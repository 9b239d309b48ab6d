"""Reading HTML pages in tests: what is written on them, and what they hold that they should not."""

import html
import re
from html.parser import HTMLParser

TAGS = re.compile(
    "html|head|meta|title|style|body|main|section|h[123]|p|a|code|pre|span|strong|div|img|details|summary|"
    "table|caption|thead|tbody|tr|th|td"
)
# Within the boxes that hold what the student wrote.
BOXED = re.compile("p|pre|span|img")
ATTRIBUTES = {
    "lang": "en",
    "charset": "utf-8",
    "name": "viewport|referrer",
    "http-equiv": "Content-Security-Policy",
    "content": "width=device-width, initial-scale=1|no-referrer|default-src 'none'; [^<>]*",
    "class": r"[\w ]+",
    "id": r"exercise-\d+|comment-\d+|others",
    "href": r"#(exercise|comment)-\d+",
    "scope": "col|row",
    "src": r"data:image/png;base64,[A-Za-z0-9+/=]+",
    "alt": "A picture that this cell made",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.in_box = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attributes if name == "id"]
        if not (BOXED if self.in_box else TAGS).fullmatch(tag):
            self.strange.append(f"<{tag}>")
        for name, value in attributes:
            if not re.fullmatch(ATTRIBUTES.get(name, "(?!)"), value or ""):
                self.strange.append(f"<{tag} {name}={value!r}>")
        self.in_box = self.in_box or ("class", "student") in attributes

    def handle_endtag(self, tag: str) -> None:
        # A box of the student's holds no other division, so the first one that ends is the box.
        self.in_box = self.in_box and tag != "div"


def strange(page: str) -> list[str]:
    """Return the elements and attributes of an HTML page that a feedback page has no business to hold."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    twice = [f"two of id={name}" for name in set(reader.ids) if reader.ids.count(name) > 1]
    more = [f"{reader.tags.count(tag)} of <{tag}>" for tag in ("style", "title", "h1") if reader.tags.count(tag) != 1]
    return reader.strange + more + twice


def words(text: str) -> str:
    """Return what somebody reads on the page, one space between words."""
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)).split())
