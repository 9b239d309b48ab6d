"""Uses more processor time than a submission has, in processes of which each uses little."""

from tests.hostile.attack_tools import put

POINTS = {"image_to_sequence": (0, "cpu")}
LIMITS = {"call": 20.0, "total_cpu": 4.0}

CODE = """
def image_to_sequence(images, order):
    import os, time

    while True:
        if os.fork() == 0:
            end = time.process_time() + 0.5
            while time.process_time() < end:
                pass
            os._exit(0)
        os.wait()
"""


def make(nb):
    put(nb, "image_to_sequence", CODE)
