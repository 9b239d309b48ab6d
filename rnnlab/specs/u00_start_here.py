"""Unit 00 has no exercises."""

from rnnlab.checking.spec import Spec

SPECS: tuple[Spec, ...] = ()
