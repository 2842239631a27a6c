"""The size of a terminal, as the fixtures take it."""

Size = str | tuple[int, int]
"""`80x24`, or columns and rows."""
