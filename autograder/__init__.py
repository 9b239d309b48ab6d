"""A submission's journey from the notebook to the gradebook: sandbox ← judging ← gradebook ← grading."""

import sys

# When jsonschema is imported it has a grammar of internationalised addresses built, which takes every process a second;
# what checks notebooks has no address in it, and jsonschema does without where the grammar is missing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
