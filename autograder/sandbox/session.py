"""A session: a notebook's cells executed in a kernel, its functions called with the judge's inputs."""

from __future__ import annotations

import copy
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.errors import SandboxError, Stopped, TooLarge
from autograder.sandbox.doctor import missing
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import Launch, Sandbox, Trusted
from autograder.sandbox.limits import LIMITS, Limits
from autograder.sandbox.messages import Fault, Message, Signature
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.reference_supplier import Functions, Supplier
from autograder.sandbox.remaining_budget import Budget
from rnnlab.checking.calling import Parameter, Raised, Returned


class Session:
    """A context manager in which the cells of ``nb`` are executed and its functions can be called.

    Entering executes the cells above the cell with the id ``until``, by default all; `run` goes on from there.
    A process that a call has ended is replaced by one that has executed the same cells.
    ``skip`` holds the ids of cells that are not executed, ``functions`` what calls may be supplied with.
    ``first`` holds code of the course by the id of the cell before which it is executed, unseen. ``files`` are put into
    the working folder.
    ``launch`` starts its processes; if that fails, a sandbox is started cold, unless it was to be without one.
    All that is done takes from ``budget``. Whatever the submission sends, nothing but Stopped and SandboxError comes
    of it; entering raises the latter only, as what the submission does wrong there is in its outputs.
    """

    def __init__(
        self,
        nb: NotebookNode,
        *,
        until: str | None = None,
        skip: Collection[str] = (),
        first: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        functions: Functions | None = None,
        launch: Launch = Sandbox,
        limits: Limits = LIMITS,
        budget: Budget | None = None,
    ) -> None:
        self.nb: NotebookNode = copy.deepcopy(nb)
        self._limits = limits
        self._launch = launch
        self._kernel: Kernel | None = None
        self._supplier = Supplier(functions or {}, limits)
        self._first = first or {}
        self._files = files or {}
        self._outputs = Outputs(limits)
        self._budget = budget or Budget(limits)
        # How often a cell ended the process, and the seconds that cells have taken since a call did so.
        self._stops = 0
        self._spent = 0.0
        # The cells that were stopped or not reached, and those that raised exceptions, by their ids.
        self.left_out: dict[str, Stopped] = {}
        self.faults: dict[str, tuple[Fault, ...]] = {}
        cells = enumerate(self.nb.cells)
        self._todo = [at for at, cell in cells if cell.cell_type == "code" and cell.get("id") not in skip]
        # Cells are named by their indices. Those before the first have been executed in this process, those in the
        # set in some process, and those before the last are to be.
        self._done = 0
        self._executed: set[int] = set()
        self._until = self._place(until)

    def __enter__(self) -> Session:
        self._execute_waiting()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._drop()
        self._supplier.close()

    def run(self, until: str | None = None) -> None:
        """Run up to the cell with the id ``until``, by default to the end; raises SandboxError if the grader failed."""
        self._until = self._place(until)
        # Without a new cell there is no need for a process before the next call.
        if self._waiting():
            self._execute_waiting()

    def parameters(self, name: str) -> tuple[Parameter, ...] | None:
        """Return the parameters of the student's function ``name``, None if there is no such function.

        Raises Stopped, and SandboxError if the grader itself failed.
        """
        answer = self._ask(name, {"op": "parameters", "name": name, "supply": []})
        if not isinstance(answer, Signature):
            raise self._nonsense(name)
        return answer.parameters

    def call(
        self,
        name: str,
        inputs: Mapping[str, Any],
        *,
        opaque: Collection[int] = (),
        supply: Collection[str] = (),
    ) -> Returned | Raised:
        """Return what the student's function ``name`` gives for ``inputs``, or what it raises.

        Results are plain data, see ``inside.frames``; an object of another type comes back as Opaque,
        and so do the items of a returned tuple at the positions ``opaque``.
        While the call runs, the global names in ``supply`` are those of the ``functions``, computed here.
        Raises Stopped if the call is not finished in time or ends the student's process;
        the next call starts another, without the cells that did so. Raises SandboxError if the grader itself failed.
        """
        request = {"op": "call", "name": name, "inputs": dict(inputs), "opaque": list(opaque), "supply": list(supply)}
        answer = self._ask(name, request)
        if isinstance(answer, Returned):
            return replace(answer, changed=tuple(name for name in inputs if name in answer.changed))
        if not isinstance(answer, Raised):
            raise self._nonsense(name)
        return answer

    def end_process(self) -> None:
        """End the process with all that it has started; the next call starts another."""
        self._drop()

    def _ask(self, name: str, request: Mapping[str, Any]) -> Message:
        try:
            self._advance()
            if over := self._budget.exhausted():
                raise over
        except Stopped as stopped:
            raise Stopped(stopped.status, f"{name} was not called: {stopped.message}.") from None
        assert self._kernel is not None
        try:
            return self._kernel.ask(request, self._supplier, min(self._limits.call, self._budget.seconds))
        except Stopped as stopped:
            self._drop()
            raise Stopped(stopped.status, f"{name} {stopped.message}.") from None

    def _nonsense(self, name: str) -> Stopped:
        """Stop the kernel whose agent was tampered with, and return what to raise."""
        self._drop()
        return Stopped("died", f"The answer to the call of {name} is no result that a function can have.")

    def _place(self, until: str | None) -> int:
        """Return the index of the cell with the id ``until``, that of no cell for None."""
        if until is None:
            return len(self.nb.cells)
        return next(at for at, cell in enumerate(self.nb.cells) if cell.get("id") == until)

    def _waiting(self) -> list[int]:
        """Return the cells up to the place that have never been executed."""
        return [at for at in self._todo if at < self._until and at not in self._executed]

    def _execute_waiting(self) -> None:
        """Go on to the place; what the budget does not suffice for is left out."""
        try:
            self._advance()
        except Stopped as stopped:
            self._leave_out(self._waiting(), Stopped(stopped.status, f"was not executed: {stopped.message}"))

    def _advance(self) -> None:
        """Have a process in which all cells up to the place are executed; those that stop it are left out for good.

        Raises Stopped past the number of processes.
        """
        if self._kernel is None:
            self._spent = 0.0
        start = time.monotonic()
        deadline = start + self._limits.notebook - self._spent
        while True:
            if self._kernel is None:
                self._kernel, self._done = self._start(), 0
            try:
                culprit = self._execute(self._kernel, deadline)
            except BaseException:
                self._drop()
                raise
            if culprit is None:
                break
            self._drop()
            self._stops += 1
            if self._stops > self._limits.restarts:
                after = [at for at in self._todo if at > culprit or self._stops > self._limits.restarts + 1]
                self._leave_out(after, Stopped("died", "was not executed: too many cells had to be stopped"))
        self._spent += time.monotonic() - start

    def _execute(self, kernel: Kernel, deadline: float) -> int | None:
        """Execute the cells up to the place; return the index of the one that stopped the kernel, None if none did."""
        for at in [at for at in self._todo if self._done <= at < self._until]:
            left = min(deadline - time.monotonic(), self._budget.seconds)
            if over := self._exhausted(deadline):
                late = [other for other in self._todo if at <= other < self._until]
                self._leave_out(late, Stopped(over.status, f"was not executed: {over.message}"))
                break
            # What a cell shows is kept once, however many processes execute it.
            outputs = None if at in self._executed else self._outputs
            self._executed.add(at)
            if outputs is not None:
                outputs.begin_cell(self.nb.cells[at], len(self._executed))
            cell, seconds = self.nb.cells[at], min(self._limits.cell, left)
            id_ = cell.get("id", "")
            try:
                if id_ in self._first:
                    kernel.execute(self._first[id_], seconds, None)
                self.faults[id_] = kernel.execute(cell.source, seconds, outputs)
            except TooLarge as refused:
                self._leave_out([at], refused)
            except Stopped as stopped:
                why = f"{stopped.message}; the rest of the notebook was executed without it"
                self._leave_out([at], Stopped(stopped.status, why))
                return at
        self._done = self._until
        return None

    def _exhausted(self, deadline: float) -> Stopped | None:
        """Return what is used up of the time of this pass over the cells, or of the submission's budget."""
        if time.monotonic() > deadline:
            return Stopped("timeout", f"the notebook's {self._limits.notebook:g} s were over")
        return self._budget.exhausted()

    def _leave_out(self, cells: list[int], stopped: Stopped) -> None:
        """Execute the ``cells`` no more, and say in their output why; ``stopped`` has the words for one of them."""
        for at in cells:
            self._todo.remove(at)
            cell = self.nb.cells[at]
            cell.outputs.append(new_output("stream", name="stderr", text=f"This cell {stopped.message}.\n"))
            self.left_out[cell.get("id", "")] = stopped

    def _start(self) -> Kernel:
        """Return a kernel that has started; raises SandboxError, and Stopped if the budget does not suffice for it."""
        if over := self._budget.exhausted_by_starts():
            raise over
        used = self._budget.used
        self._budget.count_process()
        # Where a warm start does not work, a cold one may.
        again = Trusted if self._launch is Trusted else Sandbox
        for launch in (self._launch, again):
            kernel = Kernel(launch, self._limits, self._budget)
            try:
                kernel.start()
                if self._files:
                    kernel.place(self._files)
                return kernel
            except BaseException as error:
                kernel.close()
                if not isinstance(error, SandboxError):
                    raise
                failure = error
        reasons = [] if again is Trusted else missing()
        raise SandboxError(" ".join(reasons) or str(failure), used=used) from failure

    def _drop(self) -> None:
        if self._kernel is not None:
            kernel, self._kernel = self._kernel, None
            kernel.close()
