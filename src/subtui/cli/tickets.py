"""The parameters of ticket commands: a ticket's number, and the contact details for the answer."""

import re
from collections.abc import Callable
from typing import Any

import click

from subtui.cli.context import WORDS
from subtui.domain.requests import Preferred

_LARGEST_ID = 2**53
_NUMBER = re.compile("(?:T-)?([0-9]{1,16})", re.IGNORECASE)


class Ticket(click.ParamType[int]):
    """The id of a ticket, written `T-1005` or `1005`."""

    name = "ticket"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number after the T."""
        found = _NUMBER.fullmatch(str(value).strip())
        number = int(found[1]) if found else 0
        if not 1 <= number <= _LARGEST_ID:
            self.fail(f"“{str(value)[:40]}” is not a ticket number: enter T-1005 or 1005.", param, ctx)
        return number


TICKET = Ticket()


def reach_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the contact details."""
    ways = click.Choice([way.value for way in Preferred])
    for option in (
        click.option("--prefer", type=ways, help="How to contact you; default: e-mail."),
        click.option("--phone", type=WORDS, metavar="P", help="Your phone number."),
        click.option("--email", type=WORDS, metavar="E", help="Your e-mail address; default: your sign-in e-mail."),
    ):
        command = option(command)
    return command
