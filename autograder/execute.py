"""A submission at work: its cells executed in a kernel, its functions called with the judge's inputs."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import sandbox
from autograder.inside.frames import Channel, FrameError
from autograder.kernel import Kernel, SandboxError, Stopped
from autograder.limits import LIMITS, Limits
from rnnlab.calling import Opaque, Parameter, Raised, Returned

__all__ = ["SandboxError", "Stopped", "Submission"]

ATTEMPTS = 2


class Submission:
    """A context manager in which the cells of ``nb`` are executed and its functions can be called.

    ``skip`` holds the ids of cells that are not executed.
    ``trusted`` leaves the sandbox out, for submissions whose authors could as well use this machine.
    Entering raises SandboxError if the fault is ours; what the submission does wrong is in its outputs.
    """

    def __init__(
        self, nb: NotebookNode, *, skip: Collection[str] = (), trusted: bool = False, limits: Limits = LIMITS
    ) -> None:
        self.nb: NotebookNode = copy.deepcopy(nb)
        self._limits = limits
        self._trusted = trusted
        self._kernel: Kernel | None = None
        self._kernels = 0
        cells = enumerate(self.nb.cells)
        self._todo = [at for at, cell in cells if cell.cell_type == "code" and cell.get("id") not in skip]

    def __enter__(self) -> Submission:
        self._fresh(self.nb)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._drop()

    def parameters(self, name: str) -> tuple[Parameter, ...] | None:
        """Return the parameters of the student's function ``name``, None if there is no such function.

        Raises Stopped, and SandboxError if the fault is ours.
        """
        answer = self._ask(name, {"op": "parameters", "name": name}, {})
        match answer:
            case {"op": "parameters", "parameters": None}:
                return None
            case {"op": "parameters", "parameters": list(pairs)}:
                return tuple(self._parameter(name, pair) for pair in pairs)
        raise self._nonsense(name)

    def call(
        self,
        name: str,
        inputs: Mapping[str, Any],
        *,
        opaque: Collection[int] = (),
        supply: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Returned | Raised:
        """Return what the student's function ``name`` gives for ``inputs``, or what it raises.

        Results are plain data, see ``inside.frames``; an object of another type comes back as Opaque,
        and so do the items of a returned tuple at the positions ``opaque``.
        While the call runs, the global names in ``supply`` are functions that are computed here.
        Raises Stopped if the call is not finished in time or ends the student's process;
        the next call starts another, without the cells that did so. Raises SandboxError if the fault is ours.
        """
        supply = supply or {}
        request = {"op": "call", "name": name, "inputs": dict(inputs), "opaque": list(opaque), "supply": list(supply)}
        answer = self._ask(name, request, supply)
        match answer:
            case {"op": "returned", "value": value, "changed": list(changed), "warned": str(warned)}:
                return Returned(value, tuple(name for name in inputs if name in changed), warned[:300])
            case {"op": "raised", "kind": str(kind), "message": str(message), "line": str(line)}:
                return Raised(kind[:300], message[:300], line[:300])
        raise self._nonsense(name)

    def _ask(self, name: str, request: Mapping[str, Any], supply: Mapping[str, Callable[..., Any]]) -> Any:
        """Return the agent's answer, after computing what it asks for on the way."""
        if self._kernel is None:
            self._fresh(copy.deepcopy(self.nb))
        assert self._kernel is not None
        kernel = self._kernel
        try:
            channel = kernel.channel or kernel.serve()
            channel.deadline = time.monotonic() + self._limits.call
            self._send(channel, request)
            while True:
                match channel.receive():
                    case {"op": "supply", "name": str(wanted), "args": tuple(args), "kwargs": dict(kwargs)} if (
                        wanted in supply
                    ):
                        self._send(channel, _supplied(supply[wanted], args, kwargs))
                    case answer:
                        return answer
        except Stopped:
            self._drop()
            raise
        except FrameError:
            raise self._nonsense(name) from None
        except TimeoutError:
            self._drop()
            raise Stopped("timeout", f"{name} did not return within {self._limits.call:g} s.") from None
        except (EOFError, OSError):
            cause = kernel.cause()
            self._drop()
            raise Stopped("died", f"{name} ended the Python process{cause}.") from None

    def _send(self, channel: Channel, value: Any) -> None:
        try:
            channel.send(value, Opaque.of)
        except FrameError as error:
            raise SandboxError(f"The inputs of a call do not fit through the border: {error}.") from error

    def _parameter(self, name: str, pair: Any) -> Parameter:
        match pair:
            case (str(parameter), bool(required)):
                return Parameter(parameter, required)
        raise self._nonsense(name)

    def _nonsense(self, name: str) -> Stopped:
        """Stop the kernel whose agent was tampered with, and return what to raise."""
        self._drop()
        return Stopped("died", f"The answer to the call of {name} is no result that a function can have.")

    def _fresh(self, nb: NotebookNode) -> None:
        """Execute the cells of ``nb`` in a new kernel; those that stop it are left out from then on."""
        deadline = time.monotonic() + self._limits.notebook
        for stops in range(self._limits.restarts + 2):
            self._kernel = self._start(nb)
            try:
                culprit = self._execute(self._kernel, nb, deadline)
            except BaseException:
                self._drop()
                raise
            if culprit is None:
                return
            self._drop()
            if stops >= self._limits.restarts:
                after = [at for at in self._todo if at > culprit or stops > self._limits.restarts]
                self._leave_out(nb, after, "was not executed: too many cells had to be stopped.")
        self._kernel = self._start(nb)

    def _execute(self, kernel: Kernel, nb: NotebookNode, deadline: float) -> int | None:
        """Execute the cells; return the index of the one that stopped the kernel, None if none did."""
        for count, at in enumerate(list(self._todo), 1):
            left = deadline - time.monotonic()
            if left <= 0:
                late = self._todo[count - 1 :]
                self._leave_out(nb, late, f"was not executed: the notebook's {self._limits.notebook:g} s were over.")
                return None
            try:
                kernel.execute(at, count, min(self._limits.cell, left))
            except Stopped as stopped:
                self._leave_out(nb, [at], f"{stopped.message}; the rest of the notebook was executed without it.")
                return at
        return None

    def _leave_out(self, nb: NotebookNode, cells: list[int], why: str) -> None:
        for at in list(cells):
            self._todo.remove(at)
            nb.cells[at].outputs.append(new_output("stream", name="stderr", text=f"This cell {why}\n"))

    def _start(self, nb: NotebookNode) -> Kernel:
        """Return a kernel that has started; raises SandboxError, and Stopped past the number of kernels."""
        if self._kernels >= self._limits.kernels:
            raise Stopped("died", f"The notebook ended its Python process {self._kernels} times, which is enough.")
        self._kernels += 1
        for attempt in range(ATTEMPTS):
            kernel = Kernel(nb, self._trusted, self._limits)
            try:
                kernel.start()
                return kernel
            except BaseException as error:
                kernel.close()
                if not isinstance(error, SandboxError):
                    raise
                if attempt == ATTEMPTS - 1:
                    reasons = [] if self._trusted else sandbox.missing()
                    raise SandboxError(" ".join(reasons) or str(error)) from error
        raise AssertionError("unreachable")

    def _drop(self) -> None:
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None


def _supplied(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``function`` gives for arguments that the student's code chose, or what it raises."""
    try:
        return {"op": "returned", "value": function(*args, **kwargs)}
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        return {"op": "raised", "kind": type(error).__name__, "message": first[:300]}
