"""Saved by Colab, with its own ids and metadata."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    cells = [dict(cell) for cell in nb.cells]
    for number, cell in enumerate(cells):
        cell["metadata"] = {
            **cell["metadata"],
            "id": f"Xy{number:010}",
            "outputId": "4a6e",
            "executionInfo": {"elapsed": 3},
        }
        del cell["id"]
    metadata = {"colab": {"provenance": [], "gpuType": "T4"}, "accelerator": "GPU", "kernelspec": {"name": "python3"}}
    put(folder, json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 0}))
