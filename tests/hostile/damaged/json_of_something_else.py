"""The file is JSON, but of another program."""

import json

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "it has no list of cells; ask the student for the .ipynb file."


def make(folder, nb):
    put(folder, json.dumps({"name": "course", "version": 1, "cells": {"A1": 20}}))
