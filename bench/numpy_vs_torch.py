"""The fast NumPy networks beside PyTorch's: CPU time, forward and backward, one thread, float32.

``python -m bench.numpy_vs_torch`` prints a table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]

Sizes = Sequence[int]  # N, T, D, H
SIZES: tuple[Sizes, ...] = ((32, 50, 64, 128), (64, 100, 128, 256))
REPEATS = 15

# Targets for the CPU time as a fraction of torch's.
BARS = {"RNN": 0.7, "GRU": 0.9, "LSTM": 1.5}
BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}


def measure(sizes: Sequence[Sizes] = SIZES, repeats: int = REPEATS) -> list[dict[str, Any]]:
    """Return a row for each network at each of ``sizes``, measured in a fresh process with one thread.

    A row holds network, N, T, D, H, numpy_ms and torch_ms (medians of CPU time in ms), their ratio and its target;
    and products_ms, of NumPy's matrix products alone, a lower bound.
    Raises subprocess.CalledProcessError if that process fails.
    """
    # The libraries under NumPy and torch read their number of threads once, when they are imported.
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "bench.numpy_vs_torch", json.dumps([list(s) for s in sizes]), str(repeats)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def compare(network: str, sizes: Sizes, repeats: int) -> dict[str, Any]:
    """Return the row of one network at one size, measured in this process; the two sides take turns."""
    N, T, D, H = sizes
    numpy_run, torch_run, products_run = (side(network, N, T, D, H) for side in (numpy_side, torch_side, products))
    spent: dict[Callable[[], object], list[float]] = {numpy_run: [], torch_run: [], products_run: []}
    for side in spent:
        side()  # the first run pays for memory that the others reuse
    for _ in range(repeats):
        for side, times in spent.items():
            start = time.process_time()
            side()
            times.append(time.process_time() - start)
    numpy_ms, torch_ms, products_ms = (1000 * median(spent[side]) for side in (numpy_run, torch_run, products_run))
    row = dict(zip("NTDH", sizes, strict=True), numpy_ms=numpy_ms, torch_ms=torch_ms, products_ms=products_ms)
    return {"network": network, **row, "ratio": numpy_ms / torch_ms, "target": BARS[network]}


def numpy_side(network: str, N: int, T: int, D: int, H: int) -> Callable[[], object]:
    """Return a function that runs the NumPy network once, forward and backward, on random numbers."""
    import numpy as np

    from solutions import fast

    rng, width = np.random.default_rng(0), BLOCKS[network] * H
    biases = 2 if network == "GRU" else 1
    shapes = [(D, width), (H, width), *[(width,)] * biases]
    weights = [rng.uniform(-(H**-0.5), H**-0.5, shape).astype(np.float32) for shape in shapes]
    x, dh_all = (rng.standard_normal(shape, np.float32) for shape in ((N, T, D), (N, T, H)))
    zeros = np.zeros((N, H), np.float32)

    def lstm() -> object:
        _, _, cache = fast.lstm_forward(x, zeros, zeros, *weights)
        return fast.lstm_backward(dh_all, zeros, cache)

    if network == "LSTM":
        return lstm
    forward, backward = {
        "RNN": (fast.rnn_forward, fast.rnn_backward),
        "GRU": (fast.gru_forward, fast.gru_backward),
    }[network]
    return lambda: backward(dh_all, forward(x, zeros, *weights)[1])


def torch_side(network: str, N: int, T: int, D: int, H: int) -> Callable[[], object]:
    """Return a function that runs torch's network once and takes the same gradients."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    module = getattr(torch.nn, network)(D, H, batch_first=True)
    x, dh_all = torch.randn(N, T, D, requires_grad=True), torch.randn(N, T, H)
    states = [torch.zeros(1, N, H, requires_grad=True) for _ in range(2 if network == "LSTM" else 1)]
    asked = [x, *states, *module.parameters()]

    def run() -> object:
        h_all, _ = module(x, tuple(states) if network == "LSTM" else states[0])
        return torch.autograd.grad(h_all, asked, dh_all)

    return run


def products(network: str, N: int, T: int, D: int, H: int) -> Callable[[], object]:
    """Return a function that computes nothing but the matrix products of one run, forward and backward."""
    import numpy as np

    rng, width = np.random.default_rng(0), BLOCKS[network] * H
    shapes = ((T, N, D), (T, N, H), (T, N, width), (D, width), (H, width))
    x, h, da, W_xh, W_hh = (rng.standard_normal(shape, np.float32) for shape in shapes)
    W_hh_T = np.ascontiguousarray(W_hh.T)
    all_x, all_h, all_da = (a.reshape(T * N, -1) for a in (x, h, da))
    from_state, dh = np.empty((N, width), np.float32), np.empty((N, H), np.float32)

    def run() -> object:
        for t in range(T):
            np.matmul(h[t], W_hh, out=from_state)
            np.matmul(da[t], W_hh_T, out=dh)
        return all_x @ W_xh, all_da @ W_xh.T, all_x.T @ all_da, all_h.T @ all_da

    return run


def main() -> None:
    """Print the table, or, given sizes and repeats as ``measure`` does, the rows as JSON."""
    if len(sys.argv) == 3:
        sizes, repeats = json.loads(sys.argv[1]), int(sys.argv[2])
        print(json.dumps([compare(network, size, repeats) for size in sizes for network in BARS]))
        return
    print(f"{'network':<9}{'N, T, D, H':<20}{'NumPy ms':>9}{'torch ms':>10}{'ratio':>7}{'target':>6}{'products':>10}")
    for row in measure():
        size = ", ".join(str(row[letter]) for letter in "NTDH")
        times = f"{row['numpy_ms']:>9.1f}{row['torch_ms']:>10.1f}{row['ratio']:>7.2f}{row['target']:>6}"
        times += f"{row['products_ms'] / row['torch_ms']:>10.2f}"
        print(f"{row['network']:<9}{size:<20}{times}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
