"""Run `python -m tools NAME`; the jobs are in `tools/jobs.py`."""

import runpy
from pathlib import Path

# By its path: the modules of this folder are imported by their own names, in the tests too.
runpy.run_path(str(Path(__file__).with_name("jobs.py")), run_name="__main__")
