"""A kernel provisioner for jupyter_client that starts the kernel in a sandbox.

A kernel spec asks for it by the name ``bubblewrap``, under which pyproject.toml registers it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Dict, Instance

from autograder import sandbox
from autograder.limits import Limits

KERNEL = ["-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
SANDBOXED, PLAIN = "sandboxed", "plain"


class BubblewrapProvisioner(LocalProvisioner):
    """Starts a kernel in bubblewrap.

    It may write to the folder of its connection file, and read what ``readable`` names (host's path: path inside).
    """

    limits: Limits = Instance(Limits, ())  # type: ignore[assignment]
    readable: dict[str, str] = Dict()  # type: ignore[assignment]

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Return the arguments of the launch, with the command put into the sandbox.

        Raises RuntimeError if the kernel would talk over TCP, which no sandbox has.
        """
        manager = self.parent
        if manager is None or manager.transport != "ipc":
            raise RuntimeError("a kernel in a sandbox has no network: its manager needs transport='ipc'")
        kwargs = await super().pre_launch(**kwargs)
        uid = sandbox.new_user()
        connection_file = Path(manager.connection_file)
        folder = connection_file.parent
        if os.geteuid() == 0:
            # The folder stays root's, so that it can be closed as soon as the kernel has made its sockets in it.
            os.chown(connection_file, uid, uid)
            os.chown(folder, 0, uid)
            folder.chmod(0o770)
        kwargs["cmd"] = sandbox.command(kwargs["cmd"], uid, folder, self.readable, self.limits)
        # bubblewrap itself stays in sight of the sandbox: it must not have the grader's environment either.
        kwargs["env"] = {"PATH": os.defpath}
        return kwargs

    async def kill(self, restart: bool = False) -> None:
        """Kill everything in the sandbox at once."""
        if self.process is not None:
            kill(self.process.pid)


def kill(pid: int) -> None:
    """Kill the sandbox whose bubblewrap is process ``pid``.

    bubblewrap waits for its child, the first process of the sandbox, and that one ends last:
    killing the child instead of bubblewrap means that all are gone when bubblewrap is.
    """
    try:
        bubblewrap = psutil.Process(pid)
        for process in bubblewrap.children() or [bubblewrap]:
            process.kill()
    except psutil.NoSuchProcess:
        return


class Specs(KernelSpecManager):
    """The two kernels that the grader knows; nothing needs to be installed in Jupyter's folders."""

    limits: Limits = Instance(Limits, ())  # type: ignore[assignment]
    readable: dict[str, str] = Dict()  # type: ignore[assignment]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the spec of ``sandboxed``, or of ``plain`` for submissions that are trusted."""
        spec = {"display_name": kernel_name, "language": "python", "interrupt_mode": "message"}
        if kernel_name == PLAIN:
            return KernelSpec(argv=[sys.executable, *KERNEL], env={"OMP_NUM_THREADS": "1"}, **spec)
        provisioner = {"provisioner_name": "bubblewrap", "config": {"limits": self.limits, "readable": self.readable}}
        return KernelSpec(argv=[sandbox.python(), *KERNEL], metadata={"kernel_provisioner": provisioner}, **spec)
