"""A function of the submission, called in its session: what stops a call is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import Stopped
from autograder.results import StoppedBy
from autograder.sandbox.session import Session
from rnnlab.checking.calling import Parameter, Raised, Returned
from rnnlab.checking.marking import Supply
from rnnlab.checking.spec import Spec

SAME_LIMIT = 2  # times that a function may meet one limit of the operating system before it is not called any more
# What Python, torch and the C library say when the operating system refuses more, and which limit that is.
LIMIT_MESSAGES: dict[str, StoppedBy] = {
    "MemoryError": "memory",
    "can't allocate memory": "memory",
    "Cannot allocate memory": "memory",
    "Resource temporarily unavailable": "processes",
    "can't start new thread": "processes",
    "No space left on device": "disk",
    "File too large": "disk",
}


@dataclass
class RemoteFunction:
    """A function that lives in the submission's process.

    Once a call has been stopped, the answer to every later one is the same: an endless loop is waited for only once.
    So it is when calls have met the same limit of the operating system ``SAME_LIMIT`` times.
    """

    session: Session
    spec: Spec
    stopped: dict[bool, Stopped] = field(default_factory=dict)
    limits: Counter[tuple[bool, StoppedBy]] = field(default_factory=Counter)

    def parameters(self) -> tuple[Parameter, ...] | None:
        """See `rnnlab.checking.marking.Candidate`."""
        return self.session.parameters(self.spec.name)

    def call(self, inputs: Mapping[str, Any], supply: Supply) -> Returned | Raised:
        """See `rnnlab.checking.marking.Candidate`."""
        helped = bool(supply)
        if helped not in self.stopped:
            try:
                outcome = self.session.call(self.spec.name, inputs, opaque=self.spec.free, supply=supply)
                limit = _limit_met(outcome)
                if limit:
                    # What it has started or written is still there, and must not be counted against the next exercise.
                    self.session.end_process()
                    self.limits[helped, limit] += 1
                    if self.limits[helped, limit] == SAME_LIMIT:
                        self.stopped[helped] = Stopped(limit, f"{self.spec.name} met the same limit again.")
                return outcome
            except Stopped as stopped:
                self.stopped[helped] = stopped
        stop = self.stopped[helped]
        return Raised(stop.status, stop.message)


def _limit_met(outcome: Returned | Raised) -> StoppedBy | None:
    """Return which limit of the operating system the exception names; a process that lies harms only itself."""
    if isinstance(outcome, Raised):
        said = f"{outcome.kind}: {outcome.message}"
        return next((status for words, status in LIMIT_MESSAGES.items() if words in said), None)
    return None
