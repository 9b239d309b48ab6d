"""The course's helper package: checks, plots, data.

Modules such as ``plots`` are imported only by ``from rnnlab import plots``, because Matplotlib takes a while.
"""

from rnnlab.checks import CheckFailed, check
from rnnlab.environment import check_environment
from rnnlab.gradient_check import gradient_error
from rnnlab.unsolved import stand_in

__version__ = "0.1.0"

__all__ = ["CheckFailed", "check", "check_environment", "gradient_error", "stand_in"]
