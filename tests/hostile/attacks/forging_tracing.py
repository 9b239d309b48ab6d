"""Follows every call by trace and profile functions, and changes the variables of those that judge."""

from tests.hostile.attack_tools import NOTHING, last, wrong

POINTS = NOTHING

CODE = """
import ctypes, sys, threading

GIFT = {"points": 20, "max_points": 20, "status": "pass", "cost": 0, "found": None, "outcome": True}

def change(frame, event, argument):
    if event in ("call", "return", "line") and not frame.f_code.co_filename.endswith("threading.py"):
        names = [name for name in GIFT if name in frame.f_locals]
        for name in names:
            frame.f_locals[name] = GIFT[name]
        if names:
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return change

threading.setprofile(change)
sys.setprofile(change)
"""


def make(nb):
    wrong(nb)
    last(nb, CODE)
