"""Deletes the folder that it works in, and the home, under its own feet."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os, shutil

os.makedirs("/tmp/gone")
os.chdir("/tmp/gone")
os.rmdir("/tmp/gone")
shutil.rmtree("/home/student", ignore_errors=True)
shutil.rmtree("/tmp", ignore_errors=True)
"""


def make(nb):
    append(nb, "softmax", CODE)
