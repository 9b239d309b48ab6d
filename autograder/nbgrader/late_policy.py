"""nbgrader's plugin for late penalties: the policy in the course's rules.json, else nbgrader's own setting."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin

from autograder.rules import LatePolicy, read_rules


class CourseLatePolicy(LateSubmissionPlugin):
    """Reads the policy once, from the course folder that is configured, or else the working folder."""

    @cached_property
    def policy(self) -> LatePolicy | None:
        """The policy, None if rules.json has none; raises CourseError if that file is wrong."""
        root = self.config.get("CourseDirectory", {}).get("root")
        return read_rules(Path(root) if isinstance(root, str) else Path.cwd()).late

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points that being late by so many seconds costs of ``score``."""
        if self.policy is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return self.policy.penalty(score, total_seconds_late)
