"""Gives itself a higher priority, real-time scheduling and every processor, and others a lower priority."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

gained = []
def tried(name, function, *arguments):
    try:
        function(*arguments)
        gained.append(name)
    except (OSError, AttributeError):
        pass

tried("nice", os.nice, -5)
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    tried("real time", os.sched_setscheduler, 0, policy, os.sched_param(1))
for other in (@grader@, @bystander@):
    tried("another's priority", os.setpriority, os.PRIO_PROCESS, other, 19)
    tried("another's processors", os.sched_setaffinity, other, {0})
tried("every user's priority", os.setpriority, os.PRIO_USER, 0, -5)
assert not gained, gained
"""


def make(nb):
    append(nb, "softmax", CODE)
