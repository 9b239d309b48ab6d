#!/bin/sh
# Installs the students' package into a fresh environment with the oldest versions that pyproject.toml allows, checks
# that none of them was replaced, and runs every check on its reference answer there.
set -eu
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/autograder build
.venv/bin/python -m venv "$folder/venv"
python=$folder/venv/bin/python
sed -n 's/^ *"\([a-z]*\)>=[0-9.]*",  # tested: \([0-9.]*\) to .*/\1==\2/p' pyproject.toml >"$folder/oldest.txt"
echo "Installing $(tr '\n' ' ' <"$folder/oldest.txt")"
# jupytext reads the units' texts, which contain the reference answers.
"$python" -m pip install -q --disable-pip-version-check -r "$folder/oldest.txt" jupytext
"$python" -m pip freeze | sort >"$folder/before"
"$python" -m pip install -q --disable-pip-version-check build/dist/rnnlab-*.whl
"$python" -m pip freeze | sort >"$folder/after"
echo "Installing the students' package added:"
comm -13 "$folder/before" "$folder/after"
test -z "$(comm -23 "$folder/before" "$folder/after")" || { echo "It replaced something." >&2; exit 1; }
cp -r solutions "$folder/solutions"
cd "$folder"
"$python" - <<'PROGRAM'
import solutions
from rnnlab.checks import marks
from rnnlab.environment import check_environment
from rnnlab.specs import UNITS

print(check_environment())
count = 0
for unit, specs in UNITS.items():
    reference = solutions.reference(unit)
    for spec in specs:
        found = marks(getattr(reference, spec.name))
        assert found.status == "pass", found
        count += 1
print(f"{count} reference answers passed their checks.")
PROGRAM
