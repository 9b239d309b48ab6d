"""Kernels start in the sandbox through jupyter_client's own seam."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from autograder.provisioner import PLAIN, SANDBOXED, BubblewrapProvisioner, Specs


def manager(folder: Path, name: str, transport: str = "ipc") -> AsyncKernelManager:
    (folder / "connection").mkdir(mode=0o700)
    return AsyncKernelManager(
        kernel_name=name,
        kernel_spec_manager=Specs(),
        transport=transport,
        connection_file=str(folder / "connection" / "kernel.json"),
    )


def test_the_provisioner_is_registered_under_its_name() -> None:
    entries = KernelProvisionerFactory.instance().get_provisioner_entries()
    assert entries["bubblewrap"] == "autograder.provisioner:BubblewrapProvisioner"


def test_the_two_kernels_differ_in_who_starts_them() -> None:
    sandboxed, plain = Specs().get_kernel_spec(SANDBOXED), Specs().get_kernel_spec(PLAIN)
    factory = KernelProvisionerFactory.instance()
    assert isinstance(factory.create_provisioner_instance("1", sandboxed, None), BubblewrapProvisioner)
    assert type(factory.create_provisioner_instance("2", plain, None)) is LocalProvisioner


def test_a_kernel_that_would_talk_over_tcp_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no network"):
        asyncio.run(manager(tmp_path, SANDBOXED, "tcp").start_kernel())


@pytest.mark.sandbox
def test_killing_the_kernel_leaves_no_process(tmp_path: Path) -> None:
    async def start_and_kill() -> list[psutil.Process]:
        kernel = manager(tmp_path, SANDBOXED)
        await kernel.start_kernel()
        assert isinstance(kernel.provisioner, BubblewrapProvisioner)
        assert kernel.provisioner.process is not None
        bubblewrap = psutil.Process(kernel.provisioner.process.pid)
        await asyncio.sleep(0.3)
        processes = bubblewrap.children(recursive=True)
        await kernel.provisioner.kill()
        await kernel.provisioner.wait()
        await kernel.cleanup_resources()
        return processes

    processes = asyncio.run(start_and_kill())
    assert len(processes) >= 2
    assert not any(process.is_running() for process in processes)
