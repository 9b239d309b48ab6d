"""The rules of every exercise, a module per unit: what a function takes and returns, and what is asked of it."""

import importlib
import pkgutil
from dataclasses import replace

from rnnlab.checking.spec import Spec


def _specs(unit: str) -> tuple[Spec, ...]:
    """Return the specs of a unit in the order in which its module defines them, each named as its constant."""
    constants = vars(importlib.import_module(f"{__name__}.{unit}"))
    return tuple(replace(value, name=name.lower()) for name, value in constants.items() if isinstance(value, Spec))


# A unit is there when its module is, an exercise when its spec is: nothing lists them.
UNITS: dict[str, tuple[Spec, ...]] = {
    name: _specs(name) for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
}

SPECS: dict[str, Spec] = {spec.name: spec for specs in UNITS.values() for spec in specs}
