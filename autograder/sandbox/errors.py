"""How the work on a submission ends early: by its own doing, or by a fault of the sandbox."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox or the process in it did not work.

    ``used`` is whether the submission's code had run before: then it may have caused the fault.
    """

    def __init__(self, message: str, *, used: bool = False) -> None:
        super().__init__(message)
        self.used = used


class Stopped(Exception):
    """The submission was stopped: ``status`` is the name of the limit or "died", ``message`` one sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class TooLarge(Stopped):
    """A cell does not fit into a frame; the process is as it was."""
