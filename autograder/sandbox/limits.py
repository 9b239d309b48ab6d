"""The limits on a submission: one table, each number with its unit and its reason."""

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
    """The limits on one submission; when one is exceeded something is stopped, and the student reads which."""

    # Seconds of wall time.
    start: float = (
        60.0  # a sandbox starts in less than 1 s, on a busy machine later; after that it is an internal error
    )
    cell: float = 20.0  # defining functions takes milliseconds, importing torch on a busy machine several seconds
    call: float = 10.0  # a call takes milliseconds, the first step of a torch optimizer about a second
    notebook: float = 120.0  # one pass over all cells, restarts included: bounds a class of endless loops
    submission: float = 300.0  # all processes and attempts together: bounds a submission with many faults
    supplied: float = 5.0  # computing a reference function for the submission; it takes a millisecond
    stop: float = 5.0  # a killed sandbox is gone in milliseconds

    # Counts.
    restarts: int = 10  # times that cells of one notebook may end the process before the rest is skipped
    kernels: int = 40  # processes started for one submission, over all its calls
    processes: int = 64  # Python has one thread, torch and its data loaders a dozen
    open_files: int = 128  # Python has about 10; for each the kernel keeps memory that belongs to no process
    signals: int = 256  # pending signals, timers included; Python uses neither
    output_messages: int = 1000  # per cell, after joining consecutive prints
    frame_items: int = 200_000  # values in one frame; an array counts as one
    frame_depth: int = 20  # levels of lists, tuples and dicts; no exercise returns more than four

    # Bytes.
    total_memory: int = 2 * GIB  # all processes and files together; a correct notebook with figures needs 0.5 GiB
    fair_memory: int = 768 * MIB  # what it may use even if the machine has less than the reserve left
    memory_reserve: int = 512 * MIB  # kept free on the machine
    address_space: int = 4 * GIB  # per process: torch and a backward pass need 0.8 GiB of it
    supplied_memory: int = 1 * GIB  # for computing supplied functions, beyond what the judge itself uses
    file_size: int = 64 * MIB  # per file
    temporary: int = 256 * MIB  # each of /tmp, the home and shared memory; they are memory
    output_bytes: int = 1 * MIB  # per cell: a few figures, or a lot of text
    notebook_output_bytes: int = 8 * MIB  # all cells together: as much as a feedback page can hold
    flood_bytes: int = 64 * MIB  # printed or shown by one cell or call before it is stopped
    total_flood_bytes: int = 256 * MIB  # the same for all cells and calls of a submission; reading it takes 10 s
    message_price: int = 1 * KIB  # the least that a message counts: even the shortest takes the grader 30 µs and 2 KiB
    frame_bytes: int = 32 * MIB  # one call's inputs or results
    header_bytes: int = 4 * MIB  # the part of a frame that is not array data

    # Seconds of CPU: per process, in case the deadlines outside fail; and of one submission, over all its processes,
    # restarts and attempts.
    cpu: int = 300
    total_cpu: float = 110.0  # a correct notebook needs 20
    supplied_cpu: int = 10  # for computing supplied functions; a correct notebook needs 1

    @property
    def frame(self) -> FrameLimits:
        """Return the limits of a frame, as both ends of the channel take them."""
        return FrameLimits(self.frame_bytes, self.header_bytes, self.frame_depth, self.frame_items)

    @property
    def together(self) -> Bounds:
        """Return the limits on all processes of a sandbox together, which the watchdog enforces."""
        return Bounds(self.total_memory, self.fair_memory, self.memory_reserve, self.total_cpu, self.processes)


LIMITS = Limits()
