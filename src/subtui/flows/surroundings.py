"""What a machine has set must not colour a picture, nor choose a setting of it."""

import os

_BEGINNINGS = ("TEXTUAL", "SUBTUI_")


def make_neutral() -> None:
    """Take out of the environment what would change how the screens are drawn.

    To be called before anything imports Textual, which reads some of it then and there.
    """
    for name in [name for name in os.environ if name == "NO_COLOR" or name.startswith(_BEGINNINGS)]:
        del os.environ[name]
    os.environ["COLORTERM"] = "truecolor"
