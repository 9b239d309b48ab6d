"""The IPython shell in which a submission's cells run: whatever they print, show or raise is told as a message."""

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

from .lenient import NETWORKING, NOTE, PROGRAMS, RUNNING, SKIPPED, WITHOUT, AbsentModules, absent

Tell = Callable[[str, dict[str, Any]], None]
# Characters of printed text that wait for more before they are told.
PIECE = 4096


class Publisher(DisplayPublisher):
    """Tells what `display` shows."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **others: Any) -> None:
        """Tell one picture or text in all its forms."""
        cast(Shell, self.shell).tell("display_data", {"data": _as_text(data)})

    def clear_output(self, wait: bool = False) -> None:
        """Tell that what was shown so far shall go."""
        cast(Shell, self.shell).tell("clear_output", {})


class Hook(DisplayHook):
    """Tells the value of a cell's last line."""

    def start_displayhook(self) -> None:
        """Print nothing before the value."""

    def write_output_prompt(self) -> None:
        """Print no prompt: the notebook numbers its cells itself."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Tell the value in all its forms."""
        cast(Shell, self.shell).tell("execute_result", {"data": _as_text(format_dict)})

    def finish_displayhook(self) -> None:
        """Print nothing after the value."""


class Shell(InteractiveShell):
    """An IPython shell without a terminal; `speak_through` says to whom it talks."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def speak_through(self, tell: Tell) -> None:
        """Let everything that is printed or shown from now on go to ``tell``, in the order in which it came."""
        streams = [Stream(name, tell) for name in ("stdout", "stderr")]
        sys.stdout, sys.stderr = streams

        def in_order(kind: str, content: dict[str, Any]) -> None:
            self.flush()
            tell(kind, content)

        self.tell: Tell = in_order
        self._streams = streams

    def run(self, source: str) -> list[tuple[str, str, int]]:
        """Run the source of one cell; return what went wrong: the exception's name, its message, and the cell's line.

        These are imports of modules that are not there, without which the cell went on, and what ended the cell.
        """
        self._faults: list[BaseException] = []
        self.user_ns[NOTE] = absent(self.user_ns, self._go_on_without)
        self._ended_by(self.run_cell(source, store_history=True))  # type: ignore[no-untyped-call]
        self.flush()
        # IPython takes empty lines off the beginning.
        above = len(source) - len(source.lstrip("\n \t"))
        return [_told(error, source.count("\n", 0, above)) for error in self._faults]

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic; one that is not known, or that fails without running the student's code, does nothing."""
        if magic_name in PROGRAMS:
            return self._skip(f"%{magic_name}")
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception:
            if magic_name in RUNNING and self.find_line_magic(magic_name):  # type: ignore[no-untyped-call]
                raise
            return self._skip(f"%{magic_name}")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic; of one that is not known, only the Python code below it."""
        if magic_name in PROGRAMS:
            return self._skip(f"%%{magic_name}")
        if self.find_cell_magic(magic_name):  # type: ignore[no-untyped-call]
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        self._skip(f"%%{magic_name}")
        self._ended_by(self.run_cell(cell))  # type: ignore[no-untyped-call]
        return None

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Return what a command prints; pass over one that needs a network."""
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
        """Tell what was printed and still waits for more."""
        for stream in self._streams:
            stream.flush()

    def system(self, cmd: str) -> None:
        """Run a command and print what it prints; IPython would open a terminal for it, and there is none.

        Pass over one that needs a network, or that is to go on in the background.
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
            while said := process.stdout.read(PIECE):
                print(said, end="")
        self.user_ns["_exit_code"] = process.returncode

    def enable_gui(self, gui: str | None = None) -> None:
        """Ignore it: figures are shown as pictures, and no window waits for anybody."""

    def ask_exit(self) -> None:
        """Ignore `exit` and `quit`: there is nobody to ask, and the cells after them count too."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.tell("error", {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})


class Stream(io.TextIOBase):
    """A standard stream that tells what is written to it, in pieces."""

    def __init__(self, name: str, tell: Tell) -> None:
        self.name = name
        self._tell = tell
        self._waiting: list[str] = []
        self._length = 0
        self._lock = threading.RLock()
        self._owner = os.getpid()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What a file of this text would be encoded as."""
        return "utf-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep ``text`` until there is enough of it; what a forked process writes is lost, as in a closed pipe."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            self._waiting.append(text)
            self._length += len(text)
            if self._length >= PIECE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell what was kept."""
        with self._lock:
            text, self._waiting, self._length = "".join(self._waiting), [], 0
        if text and os.getpid() == self._owner:
            self._tell("stream", {"name": self.name, "text": text})


def _told(error: BaseException, above: int) -> tuple[str, str, int]:
    """Return the name of an exception, its message, and the line of the cell in which it happened, 0 if not known.

    The code that raised it began ``above`` lines below the cell's beginning.
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
    """Return the shell of this process; it keeps no history, which would be a file, and starts no thread."""
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = Shell.instance(config=settings)
    shell.ast_transformers.append(AbsentModules())
    return shell


def _as_text(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the forms that are text, or can be told as text: bytes as base64, as notebooks have it."""
    forms = {name: base64.b64encode(form).decode() if isinstance(form, bytes) else form for name, form in data.items()}
    return {str(name): form for name, form in forms.items() if isinstance(form, str)}
