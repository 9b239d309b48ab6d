"""What every process of the grader imports before it can begin."""

import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("module", ["autograder.grading.grade", "autograder.grading.worker"])
def test_no_grammar_is_built_that_notebooks_do_not_need(module):
    code = f"import sys, {module}; print('lark' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
