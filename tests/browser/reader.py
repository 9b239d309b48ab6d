"""A browser that opens one page that a test gives it, and tells of all that the page tries to do."""

from playwright.sync_api import Dialog, Error, Page, Route

ADDRESS = "http://feedback.test/page.html"
# Opens every box, clicks on every link, and waits until the events of that have been handled.
CLICK_ALL = """() => {
    document.querySelectorAll("details").forEach(box => { box.open = true; });
    document.querySelectorAll("a").forEach(link => { link.click(); });
    return new Promise(done => setTimeout(done, 20));
}"""


class Reader:
    """Opens a page and tries everything on it; what a script does is recorded in ``bites``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.html = ""
        self.bites: list[str] = []
        page.expose_function("bite", lambda: self.bites.append("ran a script"))
        page.on("console", lambda message: self.bites.append(f"console: {message.text}"))
        page.on("dialog", self._dismiss)
        page.on("popup", lambda popup: self.bites.append("opened a window"))
        page.on("pageerror", lambda error: self.bites.append(f"failed in a script: {error}"))
        page.route("**/*", self._answer)

    def open(self, html: str) -> list[str]:
        """Return what happened while the page was opened, touched and clicked through."""
        self.html, self.bites = html, []
        try:
            self.page.goto(ADDRESS, wait_until="load")
            self.page.mouse.move(400, 300)
            self.page.keyboard.press("Tab")
            self.page.evaluate(CLICK_ALL)
        except Error as error:
            self.bites.append(f"went away: {error}")
        return self.bites

    def _answer(self, route: Route) -> None:
        if route.request.url == ADDRESS and route.request.is_navigation_request():
            route.fulfill(body=self.html.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
        else:
            self.bites.append(f"asked for {route.request.url}")
            # "No content": the page stays where it is, also where the request was to leave it.
            route.fulfill(status=204)

    def _dismiss(self, dialog: Dialog) -> None:
        self.bites.append("opened a dialogue")
        dialog.dismiss()
