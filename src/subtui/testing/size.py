"""The type of a terminal's size, for the fixtures."""

Size = str | tuple[int, int]
"""`80x24`, or columns and rows."""
