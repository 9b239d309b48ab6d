"""The targets and the simulation as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from bench.simulate import SIZE, Run
from bench.targets import Target

MET, MISSED = "#2a7f62", "#c0392b"


def draw(targets: Sequence[Target], runs: Sequence[Run], path: Path) -> None:
    """Write the picture to ``path``."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 0.36 * len(targets) + 2), width_ratios=(3, 2))
    _shares(left, targets)
    _workers(right, runs)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _shares(axes: Axes, targets: Sequence[Target]) -> None:
    places = range(len(targets))
    axes.barh(places, [target.share for target in targets], color=[MET if target.met else MISSED for target in targets])
    axes.axvline(1, color="black", linewidth=1)
    axes.set_yticks(places, [_label(target) for target in targets])
    axes.invert_yaxis()
    axes.set_xscale("log")
    shares = [tenths / 10 for tenths in (1, 2, 5, 10, 20, 50)]
    axes.set_xticks(shares, [f"{share:g}" for share in shares])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("share of the target that is used up; right of the line it is missed")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _label(target: Target) -> str:
    return f"{target.what}: {target.value:.3g} {target.unit}{'' if target.met else ', missed'}"


def _workers(axes: Axes, runs: Sequence[Run]) -> None:
    workers = [run.workers for run in runs]
    axes.plot(workers, [run.seconds for run in runs], "o-", color=MET, label="simulated")
    axes.plot(
        workers, [runs[0].seconds / count for count in workers], "--", color="grey", label="if nothing were shared"
    )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(workers, [str(count) for count in workers])
    axes.set_xlabel("workers, a core each")
    axes.set_ylabel("seconds")
    axes.set_title(f"{SIZE} submissions of unit 01, one writer")
    axes.legend(frameon=False)
