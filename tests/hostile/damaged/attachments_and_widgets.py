"""Pasted pictures, the state of widgets, and a picture that is no base64."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "title").attachments = {"image.png": {"image/png": "!!! no base64 !!!"}}
    cell_of(nb, "title").source += "\n![](attachment:image.png)"
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "gone", "version_major": 2}}
    picture = nbformat.v4.new_output("display_data", {"image/png": "!!! no base64 !!!"})
    cell_of(nb, "softmax").outputs = [nbformat.v4.new_output("display_data", widget), picture]
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    put(folder, nb)
