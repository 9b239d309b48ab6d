"""Functions that stand in for exercises which a reader has not solved yet, so that the demonstrations run.

A module per unit, named like it; ``rnnlab.unsolved`` puts them into the notebook.
They let PyTorch compute, or go another way than the answers do; the sandbox in which submissions are graded does not
contain this folder.
"""
