"""The words in which the rules of an exercise are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.calling import Raised, Returned
from rnnlab.checking.compare import Difference, shortened

Inputs = dict[str, Any]
Rng = np.random.Generator
Sizes = Mapping[str, int]  # by letter, as in {"N": 3}
Draw = Callable[[Rng, Sizes], Inputs]
Change = Callable[[Inputs, Rng, Sizes], Inputs]
Examination = Callable[[tuple[Any, ...], Inputs], Difference | None]

# Calls the student's function; what it returned is a tuple, an item for each of the spec's outputs.
Ask = Callable[[Inputs], Returned | Raised]


@dataclass(frozen=True)
class Array:
    """A returned array, with the letters of its axes ("N T H"), or without where they depend on the input."""

    name: str
    axes: str | None = None


@dataclass(frozen=True)
class Value:
    """A returned number or string, or a list or dict of them."""

    name: str


@dataclass(frozen=True)
class Unchecked:
    """A returned object of the student's own making, such as a cache; ``length`` names the size that it must have."""

    name: str
    length: str | None = None


@dataclass(frozen=True)
class TupleOf:
    """A returned tuple of arrays whose contents the text fixes, such as a cache that a later exercise takes.

    Only the cases that name it in ``of`` compare it; for the others it may be anything.
    """

    name: str
    of: tuple[Array, ...]


Output = Array | Value | Unchecked | TupleOf


# Stands for a parameter that is not given, in a spec's inputs or in a case's.
OMITTED = object()


@dataclass(frozen=True)
class Case:
    """One call of the student's function, whose outcome must equal the reference's.

    ``inputs`` are those that differ from the spec's, each a value or a way to draw one; or a function that draws all of
    them. ``change`` alters what was drawn, where one input depends on another; with ``float32`` arrays of float64
    become float32 at the end. ``sizes`` replaces some of the spec's, as in {"N": 1}.
    An ``edge`` case that fails costs one point, one that is a ``remark`` nothing, any other all of them.
    With ``examine`` the outcome is not compared with the reference's, because there is more than one right one, as of
    random weights; it gets what was returned, a tuple with an item for each of the spec's outputs, and the inputs, and
    returns None if all is well, otherwise the difference.
    A ``worked`` case is one whose numbers the text works out by hand, or one as small; failing it costs all points, or
    one if all is right that concerns the idea, because then only its small sizes are to blame.
    With ``of`` only the output of that name is compared.
    With ``quiet`` the function must not make NumPy warn.
    With ``choices``, words of which one is the answer, the judge asks for that one; the student's own check only looks
    whether the answer is one of them, because an answer out of so few is found by trying if it can be compared.
    """

    title: str
    inputs: Mapping[str, Any] | Draw = field(default_factory=dict)
    sizes: Sizes = field(default_factory=dict)
    change: Change | None = None
    float32: bool = False
    edge: bool = False
    remark: bool = False
    worked: bool = False
    examine: Examination | None = None
    of: str | None = None
    quiet: bool = False
    choices: tuple[str, ...] = ()

    def public(self) -> Case:
        """Return what the student's own check asks in the place of this case."""
        if not self.choices:
            return self
        title = f"{self.title} has one of the answers; whether the right one, only the grading says"
        return replace(self, title=title, examine=partial(_not_offered, self.choices))

    def compares(self, output: Output) -> bool:
        """Return whether this case compares ``output`` with the reference's."""
        return self.of == output.name if self.of else not isinstance(output, TupleOf)


@dataclass(frozen=True)
class Property:
    """A relation that must hold between calls of the student's function, whatever the numbers.

    ``broken`` returns None if it holds on these inputs, otherwise the difference.
    An ``edge`` property that does not hold costs one point, any other all of them.
    ``unchanged`` names the input of which it asks that the function does not change it.
    """

    title: str
    broken: Callable[[Ask, Inputs], Difference | None]
    edge: bool = False
    unchanged: str = ""


@dataclass(frozen=True)
class Spec:
    """What is asked of one exercise's function: the worked cases, the properties, and the other cases.

    ``name`` is that of the exercise; `rnnlab.specs` takes it from the constant (SOFTMAX is the spec of softmax).
    ``inputs`` are the ordinary ones, for each parameter in its order a value, a way to draw it
    (`rnnlab.checking.inputs`), a tuple, list or dict of such, or OMITTED. Where one depends on another, ``change``
    alters what was drawn; not for cases whose ``inputs`` draw all.
    ``sizes`` are those of the student's own check; the judge draws others.
    ``cases`` starts with the worked ones; then comes the ordinary one, from which shapes, dtypes and properties are
    taken.
    With ``as_dict`` the function returns a dict whose keys are the outputs' names, otherwise a tuple or the one value;
    the last ``beside_dict`` outputs are returned after the dict, as in (dict, number).
    ``builds_on`` names the exercises whose functions this one may call: where the student's own is wrong, a right one
    is supplied.
    With ``proportional`` the cases are independent questions, and the points are in proportion to those that are right.
    """

    inputs: Mapping[str, Any]
    returns: tuple[Output, ...]
    cases: tuple[Case, ...]
    name: str = ""
    change: Change | None = None
    sizes: Sizes = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    builds_on: tuple[str, ...] = ()
    as_dict: bool = False
    beside_dict: int = 0
    proportional: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(self.inputs)

    @property
    def worked(self) -> tuple[Case, ...]:
        """The cases that are worked by hand."""
        return tuple(case for case in self.cases if case.worked)

    @property
    def ordinary(self) -> Case:
        """The first case that is not worked by hand."""
        return next(case for case in self.cases if not case.worked)

    def draw(self, case: Case, rng: Rng, sizes: Sizes) -> Inputs:
        """Return the inputs of ``case``, drawn from ``rng`` one after the other."""
        if callable(case.inputs):
            drawn = case.inputs(rng, sizes)
        else:
            recipes = {**self.inputs, **case.inputs}
            given = {name: value for name, value in recipes.items() if value is not OMITTED}
            drawn = each(lambda value: value(rng, sizes) if callable(value) else value, given)
            drawn = self.change(drawn, rng, sizes) if self.change else drawn
        drawn = case.change(drawn, rng, sizes) if case.change else drawn
        return with_dtype(drawn, np.float64, np.float32) if case.float32 else drawn

    @property
    def free(self) -> tuple[int, ...]:
        """The positions of the returned objects that are looked at from outside only."""
        return tuple(i for i, output in enumerate(self.returns) if isinstance(output, Unchecked))


def _not_offered(choices: tuple[str, ...], value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    if isinstance(value[0], str) and value[0] in choices:
        return None
    return Difference(shortened(repr(value[0])), f"one of {', '.join(map(repr, choices))}")


def returned(*arrays: str) -> tuple[Array, ...]:
    """Return the arrays that are described like "dx_t N D": name, then axes, if they are checked."""
    return tuple(Array(name, axes or None) for name, _, axes in (text.partition(" ") for text in arrays))


def with_dtype(value: Any, old: Any, new: Any) -> Any:
    """Return ``value`` with its arrays of dtype ``old`` given the dtype ``new``, also within containers."""
    return each(lambda item: item.astype(new) if isinstance(item, np.ndarray) and item.dtype == old else item, value)


def each(change: Callable[[Any], Any], value: Any) -> Any:
    """Return ``change(value)``; of a tuple, list or dict, the same container with its items changed like this."""
    if isinstance(value, (tuple, list)):
        return type(value)(each(change, item) for item in value)
    if isinstance(value, dict):
        return {name: each(change, item) for name, item in value.items()}
    return change(value)
