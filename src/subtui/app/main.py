"""Runs the screens until the user leaves them."""

import sys
from contextlib import suppress

from subtui.app.app import SubtuiApp
from subtui.app_config import AppConfig

TAKE_TURNS = 0.0005
"""Seconds after which a busy thread lets the other go on: the one that draws, and the one of the database.

With the interpreter's own 5 ms, each answer of the database would wait as long for what is being drawn.
"""


def run(app_config: AppConfig) -> int:
    """Run the program until the user leaves it. Returns the exit code; a failure is one sentence on standard error."""
    sys.setswitchinterval(TAKE_TURNS)
    app = SubtuiApp(app_config)
    try:
        code = app.run_to_its_end()
    finally:
        app.backend.close()
    if app.failure:
        with suppress(OSError):
            sys.stderr.write(app.failure + "\n")
        return code or app.return_code or 2
    return code or 0
