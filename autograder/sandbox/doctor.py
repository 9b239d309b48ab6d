"""Checks whether submissions can be isolated on this machine, and if not, names the command that fixes it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.limits import LIMITS
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.warm import Warm


def missing() -> list[str]:
    """Return what isolation lacks on this machine, each a sentence with the command to run; [] if it works."""
    if sys.platform != "linux":
        return ["Submissions are isolated by Linux; on this system run the grader in a Linux container or machine."]
    packages = {"bwrap": "bubblewrap", "choom": "util-linux", "prlimit": "util-linux", "setpriv": "util-linux"}
    lacking = sorted({package for program, package in packages.items() if shutil.which(program) is None})
    if lacking:
        names = " ".join(lacking)
        return [f"Not installed, but needed to isolate submissions: {names}. Run: sudo apt-get install {names}"]
    if lacking_filter := seccomp.missing():
        return lacking_filter
    failure = probe()
    return [] if failure is None else [_explain(failure)]


def without_warm_starts() -> list[str]:
    """Try a warm start; return a sentence that says why it fails and what that costs, [] if it works."""
    warm = Warm(imports="import numpy")
    kernel = Kernel(warm, LIMITS, Budget())
    try:
        kernel.start()
    except SandboxError as error:
        return [f"Warm starts fail here; each submission starts cold, which takes seconds longer. {error}"]
    finally:
        kernel.close()
        warm.close()
    return []


def probe() -> str | None:
    """Start a sandbox once; return None if it works, else bubblewrap's error."""
    with bubblewrap.prepared([bubblewrap.python(), "-c", "pass"]) as (line, descriptors):
        try:
            done = subprocess.run(
                line, capture_output=True, text=True, timeout=30, env={"PATH": os.defpath}, pass_fds=descriptors
            )
        except subprocess.TimeoutExpired:
            return "it did not start within 30 s"
    return None if done.returncode == 0 else (done.stderr.strip() or f"exit code {done.returncode}")


def _explain(failure: str) -> str:
    switches = {
        "/proc/sys/kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        "/proc/sys/user/max_user_namespaces": ("0", "user.max_user_namespaces=15000"),
    }
    for path, (off, setting) in switches.items():
        if Path(path).exists() and Path(path).read_text().strip() == off:
            return f"User namespaces are switched off ({failure}). Run: sudo sysctl -w {setting}"
    return f"bubblewrap cannot start a sandbox here ({failure}). To see why, run: bwrap --unshare-all --bind / / true"
