"""A screen in a frame of lines, where it stands among other text."""

from rich.cells import cell_len, set_cell_size


def boxed(screen: str, width: int | None = None) -> str:
    """The lines of a screen, framed; as wide as the widest unless `width` cells are given."""
    lines = screen.split("\n")
    room = width or max(cell_len(line) for line in lines)
    rule = "─" * room
    return "\n".join([f"┌{rule}┐", *(f"│{set_cell_size(line, room)}│" for line in lines), f"└{rule}┘"])
