"""The outputs that cells may leave in the notebook: plain text and bitmap pictures, within limits."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.sandbox.limits import LIMITS, Limits

IMAGE_TYPES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
TRUNCATED = "\n[The rest of this cell's output was left out.]\n"
MAX_LINE_LENGTH = 2000
MAX_LINES = 100


class Outputs:
    """Collects the outputs of one notebook's cells that are well-formed and within limits."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.room = limits.notebook_output_bytes

    def begin_cell(self, cell: NotebookNode, count: int) -> None:
        """Clear the outputs of ``cell``, the ``count``-th to be executed, and add to them from now on."""
        self.outputs: list[NotebookNode] = []
        cell.outputs = self.outputs
        self.count = count
        self.cell_room = min(self.limits.output_bytes, self.room)
        self.messages = 0
        self.full = self.cell_room <= 0

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Add the output in a message if there is room; malformed messages and those of other kinds are ignored."""
        if kind == "clear_output":
            self.outputs.clear()
        elif not self.full and (output := _output(kind, content, self.count)):
            self._keep(output)

    def _keep(self, output: NotebookNode) -> None:
        self.messages += 1
        size = max(_size(output), self.limits.message_price)
        fits = size <= self.cell_room and self.messages <= self.limits.output_messages
        if not fits and output.output_type == "stream":
            output.text = output.text[: self.cell_room // 4]  # a character takes up to four bytes
        if fits or output.output_type == "stream":
            _append(output, self.outputs)
        if not fits:
            _append(new_output("stream", name="stdout", text=TRUNCATED), self.outputs)
        self.room -= min(size, self.cell_room)
        self.cell_room -= min(size, self.cell_room)
        self.full = not fits


def _append(output: NotebookNode, outputs: list[NotebookNode]) -> None:
    """Add ``output``, joined to the last one if both were printed to the same stream."""
    last = outputs[-1] if outputs else None
    if last and last.output_type == "stream" == output.output_type and last.name == output.name:
        last.text += output.text
    else:
        outputs.append(output)


def _output(kind: str, content: dict[str, Any], count: int) -> NotebookNode | None:
    """Return a message as an output of the notebook; None if it is not of a kind that is kept."""
    match kind, content:
        case "stream", {"name": str("stdout" | "stderr" as name), "text": str(text)}:
            return new_output("stream", name=name, text=text)
        case "error", {"ename": str(ename), "evalue": str(evalue), "traceback": list(lines)}:
            kept = [line[:MAX_LINE_LENGTH] for line in lines[-MAX_LINES:] if isinstance(line, str)]
            names = {"ename": ename[:MAX_LINE_LENGTH], "evalue": evalue[:MAX_LINE_LENGTH]}
            return new_output("error", traceback=kept, **names)
        case "display_data" | "execute_result", {"data": dict(data)}:
            shown = {name: text for name, text in data.items() if _is_shown(name, text)}
            number = {"execution_count": count} if kind == "execute_result" else {}
            return new_output(kind, data=shown, **number) if shown else None
    return None


def _is_shown(name: str, text: Any) -> bool:
    if not isinstance(text, str):
        return False
    return name == "text/plain" or (name in IMAGE_TYPES and BASE64.fullmatch(text) is not None)


def _size(output: NotebookNode) -> int:
    match output.output_type:
        case "stream":
            texts = [output.text]
        case "error":
            texts = [output.ename, output.evalue, *output.traceback]
        case _:
            texts = list(output.data.values())
    return sum(len(text.encode()) for text in texts)
