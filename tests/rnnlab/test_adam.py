"""Adam in NumPy takes the steps of torch's."""

import numpy as np
import torch

from rnnlab.adam import Adam


def test_the_steps_are_those_of_torchs_adam():
    rng = np.random.default_rng(0)
    weights = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    theirs = {name: torch.tensor(weight, requires_grad=True) for name, weight in weights.items()}
    ours, optimizer = Adam(weights, lr=0.02), torch.optim.Adam(theirs.values(), lr=0.02)

    for _ in range(5):
        gradients = {f"d{name}": rng.normal(size=weight.shape) for name, weight in weights.items()}
        for name, tensor in theirs.items():
            tensor.grad = torch.tensor(gradients[f"d{name}"])
        optimizer.step()
        ours.step({**gradients, "dx": 0.0})

    for name, weight in weights.items():
        np.testing.assert_allclose(weight, theirs[name].detach().numpy(), rtol=0, atol=1e-12)
