"""What a submission may use: one table, each number with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.inside.frames import FrameLimits

KIB = 2**10
MIB = 2**20
GIB = 2**30


@dataclass(frozen=True)
class Bounds:
    """What all processes of a sandbox may use together: bytes, bytes, bytes, seconds of CPU, processes and threads.

    ``reserve`` is what the machine keeps: with less than that available, a sandbox that uses more than ``fair`` ends.
    """

    memory: int
    fair: int
    reserve: int
    cpu: float
    processes: int


@dataclass(frozen=True)
class Limits:
    """The bounds on one submission; past each of them something is stopped, and the student reads which."""

    # Seconds on the wall.
    start: float = 60.0  # a sandbox starts in less than 1 s; a busy machine gets time, and then it is our fault
    cell: float = 20.0  # defining functions takes milliseconds, importing torch on a busy machine several seconds
    call: float = 10.0  # a call takes milliseconds, the first step of a torch optimizer about a second
    notebook: float = 120.0  # one pass over all cells, restarts included: a class of looping notebooks still ends
    submission: float = 300.0  # all processes and all tries together: a submission of many faults still ends
    supplied: float = 5.0  # computing a reference function for the submission; it takes a millisecond
    stop: float = 5.0  # a killed sandbox is gone in milliseconds

    # Counts.
    restarts: int = 10  # cells of one notebook that may stop the process before the rest is left out
    kernels: int = 40  # processes started for one submission, over all its calls
    processes: int = 64  # Python has one thread, torch and its data loaders a dozen
    open_files: int = 128  # Python has about 10; for each the kernel keeps memory that belongs to no process
    signals: int = 256  # that wait to be delivered, timers included; Python uses none of either
    output_messages: int = 1000  # per cell, after joining what was printed in one piece
    frame_items: int = 200_000  # values in one frame, an array counting as one
    frame_depth: int = 20  # nested lists, tuples and dicts; no exercise returns more than four

    # Bytes.
    total_memory: int = 2 * GIB  # all processes and files together; a right notebook with figures needs 0.5 GiB
    fair_memory: int = 768 * MIB  # what it keeps even if the machine has less than the reserve left
    memory_reserve: int = 512 * MIB  # what the machine keeps for itself
    address_space: int = 4 * GIB  # per process: torch and a backward pass need 0.8 GiB of it
    supplied_memory: int = 1 * GIB  # for the same, beyond what the judge itself has
    file_size: int = 64 * MIB  # per file
    temporary: int = 256 * MIB  # each of /tmp, the home and shared memory; they are memory
    output_bytes: int = 1 * MIB  # per cell: a few figures, or more text than anybody reads
    notebook_output_bytes: int = 8 * MIB  # all cells together: what a feedback page can hold
    flood_bytes: int = 64 * MIB  # what one cell or call may print or show before it is stopped
    total_flood_bytes: int = 256 * MIB  # the same for all cells and calls of a submission: reading it takes 10 s
    message_price: int = (
        1 * KIB
    )  # what a message counts for at least: the shortest one takes the grader 30 µs and 2 KiB
    frame_bytes: int = 32 * MIB  # one call's inputs or results
    header_bytes: int = 4 * MIB  # the part of a frame that is not array data

    # Seconds of CPU: per process, what holds if the clock outside should not; and of one submission, over all its
    # processes, restarts and tries.
    cpu: int = 300
    total_cpu: float = 110.0  # a right notebook needs 20
    supplied_cpu: int = 10  # the same for the reference functions; a right notebook needs 1

    @property
    def frame(self) -> FrameLimits:
        """Return the limits of a frame, in the form in which both ends of the channel take them."""
        return FrameLimits(self.frame_bytes, self.header_bytes, self.frame_depth, self.frame_items)

    @property
    def together(self) -> Bounds:
        """Return what the watchdog is to hold all processes of a sandbox to."""
        return Bounds(self.total_memory, self.fair_memory, self.memory_reserve, self.total_cpu, self.processes)


LIMITS = Limits()
