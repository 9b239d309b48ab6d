"""The captioning networks of unit 06: where the image enters, what is written, and what training does."""

import numpy as np
import pytest
import torch

from rnnlab import captioners
from rnnlab.captioners import END, NULL, START, AttentiveCaptioner, Captioner

V = 9
IMAGES = torch.linspace(-1, 1, 3 * 3 * 36 * 36).reshape(3, 3, 36, 36)
TOKENS = torch.tensor([[START, 4, 5, END], [START, 6, END, NULL], [START, 7, 8, END]])


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def gradient_at_image_vector(model, step):
    """Return how much the scores of a step depend on the image vector."""
    vector = model.see(IMAGES).detach().requires_grad_()
    model.see = torch.nn.Identity()
    model(vector, TOKENS)[:, step].pow(2).sum().backward()
    return vector.grad.abs().sum().item()


@pytest.mark.parametrize(
    ("inject", "cell"),
    [("h0", "RNN"), ("first", "RNN"), ("every", "RNN"), ("h0", "LSTM"), ("h0 and c0", "LSTM"), ("every", "LSTM")],
)
def test_every_wiring_scores_every_word_and_lets_the_image_reach_all_steps(inject, cell):
    model = Captioner(V, inject, cell)

    assert model(IMAGES, TOKENS).shape == (3, 4, V)
    assert gradient_at_image_vector(model, step=3) > 0


def test_the_image_at_the_first_step_reaches_later_ones_through_the_state_only():
    model = Captioner(V, "first")
    with torch.no_grad():
        model.rnn.weight_hh_l0.zero_()

    assert gradient_at_image_vector(model, step=1) == 0.0


def test_the_image_as_h0_of_an_lstm_leaves_c0_zero():
    model = Captioner(V, "h0", "LSTM")
    h0, c0 = model._initial(torch.ones(1, 3, 96))

    assert h0.abs().sum() > 0
    assert c0.abs().sum() == 0


@pytest.mark.parametrize(("inject", "cell"), [("each", "RNN"), ("h0 and c0", "RNN")])
def test_an_unknown_wiring_is_refused(inject, cell):
    with pytest.raises(ValueError, match="inject must be"):
        Captioner(V, inject, cell)


@pytest.mark.parametrize(("row", "column"), [(2, 3), (0, 0), (5, 4)])
def test_a_position_depends_on_its_receptive_field_and_nothing_else(row, column):
    cnn = captioners.vision(8, batch_norm=False)
    picture = torch.rand(1, 3, 36, 36, requires_grad=True)
    cnn[:-1](picture)[0, :, row, column].pow(2).sum().backward()  # before the last ReLU, which could hide a pixel

    seen = (picture.grad[0].abs().sum(dim=0) > 0).nonzero()
    top, bottom, left, right = (min(max(edge, 0), 35) for edge in captioners.receptive_field(row, column))
    assert seen.min(dim=0).values.tolist() == [top, left]
    assert seen.max(dim=0).values.tolist() == [bottom, right]


def test_attention_weights_sum_to_one_and_come_with_the_states_that_asked():
    model = AttentiveCaptioner(V)
    looks = model.look(IMAGES, TOKENS)

    assert looks.grid.shape == (3, 36, 48)
    torch.testing.assert_close(looks.alpha.sum(dim=2), torch.ones(3, 4))
    again, _ = captioners.attend(looks.states[:, 2], looks.grid, model.W_q)
    torch.testing.assert_close(again, looks.alpha[:, 2])


def test_looking_back_repeats_the_looks_of_writing():
    model = AttentiveCaptioner(V)
    rows = captioners.write(model, IMAGES, length=4)

    words = model.look_back(IMAGES, rows).scores.argmax(dim=2)

    finished = torch.cumsum(rows == END, dim=1) - (rows == END).int()  # words after END are NULL, whatever is scored
    assert torch.equal(words[finished == 0], rows[finished == 0])


class Fixed(torch.nn.Module):
    """Writes the words of a table, whatever it sees: row n of the table for image n."""

    def __init__(self, table):
        super().__init__()
        self.table, self.weight = torch.tensor(table), torch.nn.Parameter(torch.zeros(1))

    def forward(self, images, tokens):
        word = self.table[images[:, 0].long(), tokens.shape[1] - 1]
        return torch.nn.functional.one_hot(word, V)[:, None].float()


def test_rows_end_each_at_its_own_end_and_writing_stops_when_all_have():
    numbers = torch.arange(2.0)[:, None]

    rows = captioners.write(Fixed([[4, END, 5, 5, 5], [4, 5, 6, END, 7]]), numbers)

    assert rows.tolist() == [[4, END, NULL, NULL], [4, 5, 6, END]]


def test_parts_of_a_large_batch_are_joined_at_the_longest():
    numbers = torch.arange(2.0)[:, None]

    rows = captioners.write(Fixed([[4, END, 5], [4, 5, END]]), numbers, batch=1)

    assert rows.tolist() == [[4, END, NULL], [4, 5, END]]


def test_writing_leaves_the_mode_of_the_model_as_it_was():
    model = Captioner(V, "every")
    captioners.write(model, IMAGES, length=2)
    assert model.training

    model.eval()
    captioners.write(model, IMAGES, length=2)
    assert not model.training


def test_sentences_end_before_end_or_with_the_row():
    vocab = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3, "red": 4, "hat": 5}

    assert captioners.spell([[4, 5, 2, 0], [5, 5, 4, 5], [2, 0, 0, 0]], vocab) == ["red hat", "hat hat red hat", ""]
    assert captioners.spell(np.zeros((0, 3), dtype=int), vocab) == []


def test_training_pairs_each_caption_with_the_image_that_which_names(capsys):
    images, which = torch.tensor([[-1.0], [1.0]]).repeat(1, 64), torch.tensor([1, 0, 1])
    tokens = torch.tensor([[START, 4, END], [START, 5, END], [START, 4, END]])
    model = Captioner(V, "every", see=torch.nn.Identity())

    losses = captioners.train(model, images, tokens, epochs=40, rate=0.01, which=which, title="two")

    assert losses[0] > 2 * losses[-1]
    assert captioners.write(model, images)[:, 0].tolist() == [5, 4]
    assert capsys.readouterr().out.startswith("two ")


def test_a_loss_counts_words_and_end_but_no_null():
    model = Fixed([[0] * 4] * 3)
    model.forward = lambda images, tokens: torch.zeros(*tokens.shape, V)

    loss = captioners._loss(model, IMAGES, TOKENS)

    assert loss.item() == pytest.approx((3 + 2 + 3) / 3 * np.log(V), rel=1e-5)
