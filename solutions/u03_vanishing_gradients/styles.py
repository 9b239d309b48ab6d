"""Right answers to the exercises of unit 03 in other styles than the text's."""

import numpy as np

from solutions.styles import style

# -- activation --------------------------------------------------------------------------------------------------------


@style("activation")
def masks(name, a):
    if name == "sigmoid":
        v = np.empty_like(a)
        v[a >= 0] = 1 / (1 + np.exp(-a[a >= 0]))
        e = np.exp(a[a < 0])
        v[a < 0] = e / (1 + e)
        return [v, v - v * v]
    if name == "tanh":
        v = np.tanh(a)
        return v, 1 / np.cosh(np.clip(a, -300, 300)) ** 2
    if name == "relu":
        return np.where(a > 0, a, 0), np.where(a > 0, 1, 0).astype(a.dtype)
    if name == "linear":
        return a.copy(), np.ones(a.shape, a.dtype)
    raise ValueError


@style("activation")
def torch_autograd(name, a):
    import torch

    functions = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda t: t * 1}
    if name not in functions:
        raise ValueError(name)
    t = torch.tensor(a, requires_grad=True)
    v = functions[name](t)
    v.sum().backward()
    return v.detach().numpy(), t.grad.numpy()


# -- scalar_chain ------------------------------------------------------------------------------------------------------


@style("scalar_chain")
def closed_form(w, h0, T, act="linear"):
    hs = [np.array([h0])]
    for _ in range(T):
        hs.append(activation(act, w * hs[-1])[0])
    return np.prod([w * activation(act, w * h)[1] for h in hs[:-1]])


# -- gradient_norms ----------------------------------------------------------------------------------------------------


@style("gradient_norms")
def a_buffer(x, h0, W_xh, W_hh, b_h, act, dh_T):
    N, T, D = x.shape
    norms = np.zeros(T + 1, dtype=dh_T.dtype)
    slopes, h = [None] * T, h0
    for t in range(T):
        h, slopes[t] = activation(act, np.einsum("nd,dh->nh", x[:, t], W_xh) + h.dot(W_hh) + b_h)
    norms[T] = np.sqrt(np.sum(dh_T**2))
    for t in range(T - 1, -1, -1):
        dh_T *= slopes[t]
        dh_T = np.einsum("nj,ij->ni", dh_T, W_hh)
        norms[t] = np.sqrt(np.sum(dh_T**2))
    return norms


@style("gradient_norms")
def autograd(x, h0, W_xh, W_hh, b_h, act, dh_T):
    import torch

    x, h, W_xh, W_hh, b_h, dh_T = map(torch.tensor, (x, h0, W_xh, W_hh, b_h, dh_T))
    f = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda a: a}[act]
    hs = [h.requires_grad_()]
    for t in range(x.shape[1]):
        hs.append(f(x[:, t] @ W_xh + hs[-1] @ W_hh + b_h))
    return torch.stack([g.norm() for g in torch.autograd.grad((hs[-1] * dh_T).sum(), hs)]).numpy()


# -- decay_rate --------------------------------------------------------------------------------------------------------


@style("decay_rate")
def logarithms(norms):
    return np.exp(-np.diff(np.log(norms)).mean())


# -- gradient_bound ----------------------------------------------------------------------------------------------------


@style("gradient_bound")
def eigenvalues_of_the_square(W_hh, gamma, k):
    return np.array((gamma * np.sqrt(np.linalg.eigvalsh(W_hh @ W_hh.T)[-1])) ** k)


# -- init_hidden -------------------------------------------------------------------------------------------------------


@style("init_hidden")
def uniform(kind, H, rng):
    if kind == "identity":
        return np.diag(np.ones(H))
    if kind == "orthogonal":
        u, _, vt = np.linalg.svd(rng.standard_normal((H, H)))
        return u @ vt
    u = {"small": 0.01 * np.sqrt(3), "xavier": np.sqrt(3 / H), "he": np.sqrt(6 / H)}
    if kind not in u:
        raise ValueError("unknown")
    return rng.uniform(-u[kind], u[kind], (H, H))


# -- clip_by_value -----------------------------------------------------------------------------------------------------


@style("clip_by_value")
def in_place(grads, c):
    for g in grads.values():
        np.clip(g, -c, c, out=g)
    return grads


# -- clip_by_global_norm -----------------------------------------------------------------------------------------------


@style("clip_by_global_norm")
def as_torch_does(grads, max_norm):
    total = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    for name in grads:
        grads[name] *= min(1.0, max_norm / (total + 1e-6))
    return grads, total


@style("clip_by_global_norm")
def one_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.reshape(-1) for g in grads.values()]))
    clipped = {}
    for name, g in grads.items():
        clipped[name] = g * (max_norm / norm).astype(g.dtype) if norm > max_norm else g
    return clipped, norm


# -- vanishing_quiz ----------------------------------------------------------------------------------------------------


@style("vanishing_quiz")
def branches(question):
    if question == "clipping":
        return "c"
    return "a" if question == "relu" else "d" if question == "sigmoid" else "b"
