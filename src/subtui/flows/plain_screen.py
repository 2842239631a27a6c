"""Draws a screen in a box, for use among other text."""

from rich.cells import cell_len, set_cell_size


def boxed(screen: str, width: int | None = None) -> str:
    """The lines of a screen in a box, `width` cells wide, by default as wide as the widest line."""
    lines = screen.split("\n")
    room = width or max(cell_len(line) for line in lines)
    rule = "─" * room
    return "\n".join([f"┌{rule}┐", *(f"│{set_cell_size(line, room)}│" for line in lines), f"└{rule}┘"])
