"""Helpers of the course on recurrent neural networks: checks, plots, data and a numerical gradient."""

from rnnlab import data, plots
from rnnlab.checks import CheckFailed, check
from rnnlab.environment import check_environment
from rnnlab.gradient import gradient_error

__version__ = "0.1.0"

__all__ = ["CheckFailed", "check", "check_environment", "data", "gradient_error", "plots"]
