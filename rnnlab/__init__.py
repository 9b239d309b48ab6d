"""Helpers of the course on recurrent neural networks: checks, and modules for plots, data and the like.

The modules are imported when they are asked for, as in ``from rnnlab import plots``: Matplotlib takes a while.
"""

from rnnlab.checks import CheckFailed, check
from rnnlab.environment import check_environment
from rnnlab.gradient import gradient_error

__version__ = "0.1.0"

__all__ = ["CheckFailed", "check", "check_environment", "gradient_error"]
