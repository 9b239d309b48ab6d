"""The login page of the course's site, saved in place of the file."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    put(folder, "<!DOCTYPE html><html><title>Log in</title><body>Your session has expired.</body></html>")
