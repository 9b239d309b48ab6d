"""Request workers from SLURM, each a job with one core, and print the command that grades with them; Ctrl-C ends them.

Run it on the login node, in the course's environment, with dask-jobqueue==0.9.0 installed beside it:

    python docs/cluster/slurm.py 20

The checkout and its environment must be in a folder that the nodes share and only you can read.
Set DASK_CONFIG to docs/cluster/dask.yaml first, as docs/cluster.md says.
"""

import sys
import time
from pathlib import Path

from dask_jobqueue import SLURMCluster
from distributed.security import Security

CHECKOUT = Path(__file__).resolve().parents[2]


def cluster() -> SLURMCluster:
    """Return a cluster without workers; its scheduler runs in this process."""
    return SLURMCluster(
        cores=1,
        processes=1,
        memory="4GiB",  # 2 GiB for a submission, see autograder/sandbox/limits.py, and 1 GiB for the judge
        walltime="04:00:00",
        protocol="tls://",
        security=Security(),  # the certificates that DASK_CONFIG names
        local_directory="/tmp",
        job_script_prologue=[f"cd {CHECKOUT}", "umask 077"],
        worker_extra_args=["--preload", "autograder.grading.cluster_worker", "--no-dashboard"],
        python=sys.executable,
    )


def main() -> None:
    """Keep as many workers as the first argument says."""
    with cluster() as started:
        started.scale(jobs=int(sys.argv[1]))
        print(f"autograder grade UNIT --scheduler {started.scheduler_address}", flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    main()
