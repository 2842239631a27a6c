"""Texts as bad as any that may stand in data, and the signs of which none may reach the screen."""

HOSTILE = (
    "[/foo] b",
    "[@click=app.quit]Bob[/]",
    "[b",
    "cost [$5]",
    "[red]x[/red]",
    "\x1b]52;c;aGFjaw==\x07",
    "\x1b[2J\x9b31m",
    "a\tb\nc\rd\x00\x7f",
    "\u202eevil\u2066x\u200bz\u2028",
    "{0} %s \\ \" '",
)
FORBIDDEN = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u202e\u2066\u200b\u2028"} - {"\n"}
