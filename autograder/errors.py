"""The exceptions that the autograder raises on purpose, in one tree: callers can catch AutograderError."""

from __future__ import annotations


class AutograderError(Exception):
    """What the autograder raises on purpose; the message says what was seen, and what to do where that is known."""


class Unreadable(AutograderError):
    """The file is no submission that can be judged; the message says why and what to do, in one sentence."""


class Missing(Unreadable):
    """There is no such file."""


class CourseError(AutograderError):
    """The course folder cannot be used as it is; the message says what to do."""


class UnusableWorkers(AutograderError):
    """The workers must not be used as they are; the message says what to do."""


class NoWorkers(AutograderError):
    """Workers cannot be kept alive; the message says what happened."""


class CannotRecord(AutograderError):
    """Nothing can be written at the moment, and nothing was; the message says why."""


class Stopped(AutograderError):
    """A submission was stopped: ``status`` is the name of the limit or "died", ``message`` one sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class TooLarge(Stopped):
    """A cell does not fit into a frame; the process is as it was."""


class TooMuch(AutograderError):
    """Work on untrusted data took more memory or time than it may."""


class InternalError(AutograderError):
    """The grader failed, not the submission: nothing may be recorded."""


class SandboxError(InternalError):
    """The sandbox or the process in it did not work.

    ``used`` is whether the submission's code had run before: then it may have caused the fault.
    """

    def __init__(self, message: str, *, used: bool = False) -> None:
        super().__init__(message)
        self.used = used
