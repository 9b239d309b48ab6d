"""Claims of unit 06 that hold for several seeds, measured anew; docs/claims/u06_image_captioning.md lists them."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import solutions
from rnnlab import captioners, scenes
from rnnlab.captioners import AttentiveCaptioner, Captioner, spell, train, write
from rnnlab.reversal import reverse

U06 = solutions.reference("u06_image_captioning")
SEEDS = (0, 1, 2)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]


def prepared(count, seed, new_seed, things, withheld_seed, T):
    """Return scenes as the notebook draws them: pictures, tokens and vocabulary, new ones, and withheld ones."""
    drawn, new = scenes.draw(count, seed=seed, things=things), scenes.draw(500, seed=new_seed, things=things)
    strange = scenes.draw(300, seed=withheld_seed, things=things, withheld=True)
    captions = [scenes.caption(scene) for scene in drawn]
    vocab = U06.build_vocab(captions, 1)
    pictures = scenes.images(drawn, seed=seed)
    centre = pictures.mean(axis=(0, 2, 3), keepdims=True)
    return SimpleNamespace(
        vocab=vocab,
        x=torch.tensor(pictures - centre),
        raw=torch.tensor(pictures),
        y=torch.tensor(U06.encode_captions(captions, vocab, T)),
        new=new,
        x_new=torch.tensor(scenes.images(new, seed=new_seed) - centre),
        raw_new=torch.tensor(scenes.images(new, seed=new_seed)),
        strange=strange,
        x_strange=torch.tensor(scenes.images(strange, seed=withheld_seed) - centre),
    )


@cache
def one():
    return prepared(2000, seed=10, new_seed=11, things=1, withheld_seed=30, T=10)


@cache
def two():
    return prepared(3000, seed=20, new_seed=21, things=2, withheld_seed=31, T=11)


@cache
def learn(seed, inject, cell="RNN", epochs=8, norm=True, raw=False):
    """Return a network trained as in the notebook, once for all tests, what it writes about new scenes, its truth."""
    data = one()
    torch.manual_seed(seed)
    model = Captioner(len(data.vocab), inject, cell, batch_norm=norm)
    train(model, data.raw if raw else data.x, data.y, epochs)
    written = spell(write(model, data.raw_new if raw else data.x_new), data.vocab)
    return model, written, scenes.truth_rate(written, data.new)


@cache
def attentive(seed):
    """Return the network with attention, trained as in the notebook, once for all tests."""
    torch.manual_seed(seed)
    model = AttentiveCaptioner(len(two().vocab))
    train(model, two().x, two().y, epochs=10, rate=0.007)
    return model


each_seed = pytest.mark.parametrize("seed", SEEDS)


@each_seed
@pytest.mark.parametrize("cell", ["RNN", "LSTM"])
def test_the_image_at_every_step_is_found_at_once(seed, cell):
    assert learn(seed, "every", cell)[2] > 0.9


@each_seed
@pytest.mark.parametrize(("inject", "cell"), [("h0", "RNN"), ("first", "RNN"), ("h0", "LSTM")])
def test_an_image_that_is_seen_once_is_not_found_in_eight_epochs(seed, inject, cell):
    _, written, truth = learn(seed, inject, cell)

    assert truth < 0.1
    assert len(set(written)) <= 10


@each_seed
def test_an_image_in_c0_gives_size_and_place_before_colour_and_shape(seed):
    _, written, truth = learn(seed, "h0 and c0", "LSTM")
    right = scenes.parts_right(written, one().new)

    assert 0.1 < truth < 0.5
    assert min(right["size"], right["place"]) > 0.9
    assert max(right["colour"], right["shape"]) < 0.7


@each_seed
def test_after_25_epochs_of_one_look_some_words_are_right_and_the_place_is_guessed(seed):
    _, written, truth = learn(seed, "first", epochs=25)
    right = scenes.parts_right(written, one().new)

    assert truth < 0.3
    assert max(right["size"], right["colour"], right["shape"]) > 0.9
    assert right["place"] < 0.5


def test_how_far_one_look_is_learned_after_60_epochs_depends_on_the_seed():
    after_60 = [learn(seed, "first", epochs=60)[2] for seed in SEEDS]

    assert max(after_60) > 0.4
    assert max(after_60) - min(after_60) > 0.1


@each_seed
def test_batch_norm_matters_more_than_centring(seed):
    only_norm, only_centre, neither = (
        learn(seed, "every", norm=norm, raw=raw)[2] for norm, raw in ((True, True), (False, False), (False, True))
    )

    assert min(learn(seed, "every")[2], only_norm) > 0.9
    assert neither + 0.1 < only_centre < 0.6


@each_seed
def test_looks(seed):
    """Captions are true, and the largest weight lies on the thing that is named, though the RNN reads the context."""
    model, data = attentive(seed), two()
    rows = write(model, data.x_new)
    written = spell(rows, data.vocab)
    row, column = np.divmod(model.look_back(data.x_new, rows).alpha.argmax(dim=2).numpy(), captioners.GRID)
    hits = [
        (thing.row, thing.column) == (row[i, t] // 2, column[i, t] // 2)
        for i, scene in enumerate(data.new)
        for t, thing in enumerate(scenes.named_things(written[i], scene))
        if thing is not None and scenes.is_true(written[i], scene)
    ]

    assert scenes.truth_rate(written, data.new) > 0.98
    assert np.mean(hits) > 0.98


@each_seed
def test_new_combinations(seed):
    """A vector at every step hardly ever names a withheld pair; the network with attention usually does."""
    from_a_vector = spell(write(learn(seed, "every")[0], one().x_strange), one().vocab)
    looking = spell(write(attentive(seed), two().x_strange), two().vocab)

    assert scenes.truth_rate(from_a_vector, one().strange) < 0.1
    assert scenes.truth_rate(looking, two().strange) > 0.7


@each_seed
def test_recurrent_keys_are_looked_at_beside_the_place_that_is_needed(seed):
    mirrored = np.arange(8)[::-1]
    digits, states = reverse("digits", seed=seed), reverse("states", seed=seed)

    assert min(digits.accuracy, states.accuracy) > 0.99
    assert np.mean(digits.alpha.argmax(axis=2) == mirrored) > 0.98
    assert np.mean(states.alpha.argmax(axis=2) == mirrored) < 0.2
    assert np.mean(states.alpha.argmax(axis=2) == mirrored + 1) > 0.8
