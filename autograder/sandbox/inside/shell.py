"""The IPython shell in which a submission's cells run: what they print, show or raise is sent as messages."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, cast

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from rnnlab.checking.calling import CELL

from .unavailable import NETWORKING, NOTE, PROGRAMS, RUNNING, SKIPPED, WITHOUT, AbsentModules, absent

Send = Callable[[str, dict[str, Any]], None]
BUFFER_SIZE = 4096  # characters of printed text that are collected before they are sent


class Publisher(DisplayPublisher):
    """Sends what `display` shows."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **others: Any) -> None:
        """Send one output in all its formats."""
        cast(Shell, self.shell).send("display_data", {"data": _as_text(data)})

    def clear_output(self, wait: bool = False) -> None:
        """Send that the cell's outputs are cleared."""
        cast(Shell, self.shell).send("clear_output", {})


class Hook(DisplayHook):
    """Sends the value of a cell's last line."""

    def start_displayhook(self) -> None:
        """Print nothing before the value."""

    def write_output_prompt(self) -> None:
        """Print no prompt: the notebook numbers its cells itself."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send the value in all its formats."""
        cast(Shell, self.shell).send("execute_result", {"data": _as_text(format_dict)})

    def finish_displayhook(self) -> None:
        """Print nothing after the value."""


class Shell(InteractiveShell):
    """An IPython shell without a terminal; `send_outputs_to` says where its outputs go."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def send_outputs_to(self, send: Send) -> None:
        """Send everything that is printed or shown from now on to ``send``, in order."""
        streams = [Stream(name, send) for name in ("stdout", "stderr")]
        sys.stdout, sys.stderr = streams

        def in_order(kind: str, content: dict[str, Any]) -> None:
            self.flush()
            send(kind, content)

        self.send: Send = in_order
        self._streams = streams

    def run(self, source: str) -> list[tuple[str, str, int]]:
        """Run the source of one cell; return what went wrong: the exceptions' names, messages, and lines in the cell.

        These are imports of missing modules, without which the cell went on, and what ended the cell.
        """
        self._faults: list[BaseException] = []
        self.user_ns[NOTE] = absent(self.user_ns, self._go_on_without)
        self._ended_by(self.run_cell(source, store_history=True))  # type: ignore[no-untyped-call]
        self.flush()
        # IPython strips empty lines at the beginning.
        above = len(source) - len(source.lstrip("\n \t"))
        return [_fault(error, source.count("\n", 0, above)) for error in self._faults]

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic; an unknown one, or one that fails without running the student's code, is skipped."""
        if magic_name in PROGRAMS:
            return self._skip(f"%{magic_name}")
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception:
            if magic_name in RUNNING and self.find_line_magic(magic_name):  # type: ignore[no-untyped-call]
                raise
            return self._skip(f"%{magic_name}")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic; if it is unknown, only the Python code below it."""
        if magic_name in PROGRAMS:
            return self._skip(f"%%{magic_name}")
        if self.find_cell_magic(magic_name):  # type: ignore[no-untyped-call]
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        self._skip(f"%%{magic_name}")
        self._ended_by(self.run_cell(cell))  # type: ignore[no-untyped-call]
        return None

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Return what a command prints; skip one that needs a network."""
        if NETWORKING.search(cmd):
            self._skip(f"!{cmd}")
            return SList() if split else ""
        return super().getoutput(cmd, split, depth + 1)  # type: ignore[no-untyped-call]

    def _skip(self, what: str) -> None:
        print(SKIPPED.format(what=what[:80]), end="", file=sys.stderr)

    def _go_on_without(self, error: ModuleNotFoundError) -> None:
        self._faults.append(error)
        print(WITHOUT.format(error=error), end="", file=sys.stderr)

    def _ended_by(self, result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            self._faults.append(error)

    def flush(self) -> None:
        """Send what was printed and not yet sent."""
        for stream in self._streams:
            stream.flush()

    def system(self, cmd: str) -> None:
        """Run a command and print what it prints; IPython's own method would need a terminal.

        Skip one that needs a network, or that would go on in the background.
        """
        command = str(self.var_expand(cmd, depth=1))  # type: ignore[no-untyped-call]
        if NETWORKING.search(command) or command.rstrip().endswith("&"):
            self._skip(f"!{cmd}")
            return
        with subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout is not None
            while printed := process.stdout.read(BUFFER_SIZE):
                print(printed, end="")
        self.user_ns["_exit_code"] = process.returncode

    def enable_gui(self, gui: str | None = None) -> None:
        """Ignore it: figures are shown inline, not in windows."""

    def ask_exit(self) -> None:
        """Ignore `exit` and `quit`: the cells after them count, too."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.send("error", {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})


class Stream(io.TextIOBase):
    """A standard stream that sends what is written to it, buffered."""

    def __init__(self, name: str, send: Send) -> None:
        self.name = name
        self._send = send
        self._buffer: list[str] = []
        self._length = 0
        self._lock = threading.RLock()
        self._owner = os.getpid()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding that programs ask for."""
        return "utf-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Buffer ``text`` and send it when there is enough; what a forked process writes is lost."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            self._buffer.append(text)
            self._length += len(text)
            if self._length >= BUFFER_SIZE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is buffered."""
        with self._lock:
            text, self._buffer, self._length = "".join(self._buffer), [], 0
        if text and os.getpid() == self._owner:
            self._send("stream", {"name": self.name, "text": text})


def _fault(error: BaseException, above: int) -> tuple[str, str, int]:
    """Return the name of an exception, its message, and the line of the cell in which it happened, 0 if not known.

    ``above`` is the number of lines of the cell above the executed code.
    """
    if isinstance(error, SyntaxError):
        return type(error).__name__, str(error.msg), error.lineno + above if error.lineno else 0
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if CELL.search(frame.f_code.co_filename)]
    try:
        message = str(error)
    except Exception:
        message = ""
    return type(error).__name__, message, lines[0] + above if lines else 0


def new_shell() -> Shell:
    """Return the shell of this process; it keeps no history file and starts no thread."""
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = Shell.instance(config=settings)
    shell.ast_transformers.append(AbsentModules())
    return shell


def _as_text(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the formats that are text, and bytes as base64, as in notebooks."""
    forms = {name: base64.b64encode(form).decode() if isinstance(form, bytes) else form for name, form in data.items()}
    return {str(name): form for name, form in forms.items() if isinstance(form, str)}
