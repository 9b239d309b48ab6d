"""The rules of every exercise, a module per unit: what a function takes and returns, and what is asked of it."""

import importlib
import pkgutil

from rnnlab.checking.spec import Spec

# A unit is there when its module is: nothing lists them.
UNITS: dict[str, tuple[Spec, ...]] = {
    name: importlib.import_module(f"{__name__}.{name}").SPECS
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
}

SPECS: dict[str, Spec] = {spec.name: spec for specs in UNITS.values() for spec in specs}
