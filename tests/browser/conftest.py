"""A real JupyterLab, which knows nothing of this machine's settings, and a browser that shows a notebook in it."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.reader import Reader

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build/browser"
SECONDS_TO_START = 60
CHROMIUM = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Chromium refuses its own sandbox to root.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
FINISHED = re.compile(r"^\[\d+\]:$")

expect.set_options(timeout=20_000)


@dataclass
class OpenNotebook:
    """A notebook open in JupyterLab; cells are found by what they say in the file."""

    page: Page
    sources: list[str]

    def cell(self, text: str) -> Locator:
        """Return the one code cell whose source in the file contains ``text``."""
        (index,) = [i for i, source in enumerate(self.sources) if text in source]
        return self.page.locator(".jp-Notebook-cell").nth(index)

    def write(self, cell: Locator, text: str) -> None:
        """Replace what stands in the cell, as somebody would who selects all and types."""
        editor = cell.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

        assert editor.locator(".cm-line").all_text_contents() == text.split("\n")

    def run(self, cell: Locator) -> Locator:
        """Run the cell, wait until it has finished, and return its output area."""
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(FINISHED)
        return cell.locator(".jp-Cell-outputArea")

    def picture(self, cell: Locator, name: str) -> None:
        """Save a picture of the window with the cell in view, for people to look at."""
        cell.scroll_into_view_if_needed()
        self.page.screenshot(path=PICTURES / f"{name}.png")


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def clean_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which Jupyter finds no settings but those below ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    names = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    )
    return kept | {"HOME": str(folder)} | {name: str(folder / name.lower()) for name in names}


def fetch_no_news(environment: dict[str, str]) -> None:
    settings = Path(environment["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab/apputils-extension")
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))


def wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"JupyterLab did not start; it said:\n{log.read_text()}")


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: the folder it serves, its address and its token."""

    folder: Path
    address: str
    token: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("notebooks")
    home = tmp_path_factory.mktemp("home")
    environment = clean_environment(home)
    fetch_no_news(environment)
    port, token = free_port(), secrets.token_hex()
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"),
    ]
    log = home / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api", server, log)
        yield Lab(folder, f"http://127.0.0.1:{port}", token)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def open_notebook(lab: Lab, browser: Browser) -> Iterator[Callable[[Path], OpenNotebook]]:
    """Opens a copy of a notebook, with a window and a kernel of its own, and waits until it is ready."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    folder = tempfile.mkdtemp(dir=lab.folder)

    def open_copy(path: Path) -> OpenNotebook:
        copy = Path(shutil.copy(path, folder))
        page.goto(f"{lab.address}/lab/tree/{copy.relative_to(lab.folder)}?token={lab.token}&reset")
        sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
        expect(page.locator(".jp-Notebook-cell")).to_have_count(len(sources))
        expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
        return OpenNotebook(page, sources)

    yield open_copy
    page.close()


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Reader]:
    """Opens pages that are given to it as text, and tells what they try to do."""
    page = browser.new_page()
    yield Reader(page)
    page.close()
