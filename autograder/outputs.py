"""What a cell may leave in the notebook: plain text and pictures made of pixels, and not too much of them."""

from __future__ import annotations

import re
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.limits import LIMITS, Limits

PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
ENOUGH = "\n[The rest of this cell's output was left out.]\n"
LONGEST_LINE = 2000
MOST_LINES = 100


class BoundedClient(NotebookClient):
    """Executes cells as nbclient does, but keeps only what is bounded and well-formed of what they send back."""

    def __init__(self, *args: Any, limits: Limits = LIMITS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = limits
        self.room = limits.notebook_output_bytes
        self.begin_cell(None)

    def begin_cell(self, count: int | None) -> None:
        """Give the ``count``-th cell its share of the room."""
        self.cell_room = min(self.limits.output_bytes, self.room)
        self.messages = 0
        self.count = count

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Execute one cell; raises what nbclient raises when it takes too long or the kernel dies."""
        self.begin_cell(execution_count)
        return await super().async_execute_cell(cell, cell_index, execution_count, store_history)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep what the message says if there is room; raises CellExecutionComplete at the end of the cell."""
        kind, content = msg["msg_type"], msg["content"]
        if not isinstance(content, dict):
            return None
        if kind == "status" and content.get("execution_state") == "idle":
            raise CellExecutionComplete
        if kind == "clear_output":
            cell.outputs.clear()
        elif output := _output(kind, content, self.count):
            self._keep(output, cell.outputs)
        return None

    def _keep(self, output: NotebookNode, outputs: list[NotebookNode]) -> None:
        if self.cell_room <= 0:
            return
        self.messages += 1
        size = _size(output)
        fits = size <= self.cell_room and self.messages <= self.limits.output_messages
        if not fits and output.output_type == "stream":
            output.text = output.text[: self.cell_room // 4]  # four bytes is the most that a character takes
        if fits or output.output_type == "stream":
            _append(output, outputs)
        if not fits:
            _append(new_output("stream", name="stdout", text=ENOUGH), outputs)
        self.room -= min(size, self.cell_room)
        self.cell_room = self.cell_room - size if fits else 0


def _append(output: NotebookNode, outputs: list[NotebookNode]) -> None:
    """Add ``output``; what is printed in several pieces becomes one."""
    last = outputs[-1] if outputs else None
    if last and last.output_type == "stream" == output.output_type and last.name == output.name:
        last.text += output.text
    else:
        outputs.append(output)


def _output(kind: str, content: dict[str, Any], count: int | None) -> NotebookNode | None:
    """Return a message as an output of the notebook, None if it is of no kind that is kept."""
    match kind, content:
        case "stream", {"name": "stdout" | "stderr" as name, "text": str(text)}:
            return new_output("stream", name=name, text=_clean(text))
        case "error", {"ename": str(ename), "evalue": str(evalue), "traceback": list(lines)}:
            kept = [_clean(line)[:LONGEST_LINE] for line in lines[-MOST_LINES:] if isinstance(line, str)]
            names = {"ename": _clean(ename)[:LONGEST_LINE], "evalue": _clean(evalue)[:LONGEST_LINE]}
            return new_output("error", traceback=kept, **names)
        case "display_data" | "execute_result", {"data": dict(data)}:
            shown = {name: _clean(text) for name, text in data.items() if _shown(name, text)}
            number = {"execution_count": count} if kind == "execute_result" else {}
            return new_output(kind, data=shown, **number) if shown else None
    return None


def _shown(name: str, text: Any) -> bool:
    if not isinstance(text, str):
        return False
    return name == "text/plain" or (name in PICTURES and BASE64.fullmatch(text) is not None)


def _clean(text: str) -> str:
    """Return ``text`` without lone surrogates, which could not be written to any file."""
    return text.encode("utf-8", "replace").decode()


def _size(output: NotebookNode) -> int:
    match output.output_type:
        case "stream":
            texts = [output.text]
        case "error":
            texts = [output.ename, output.evalue, *output.traceback]
        case _:
            texts = list(output.data.values())
    return sum(len(text.encode()) for text in texts)
