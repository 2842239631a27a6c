"""The ticket commands: list the queue, and ask a question."""

import click

from subtui.acts.tickets import AskQuestion, ListTickets
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.tickets import reach_options
from subtui.domain.plain_text import sanitize
from subtui.domain.requests import ContactDetails, Preferred, QuestionDraft, Topic


@click.command()
@click.option("--all", "everything", is_flag=True, help="Include closed tickets.")
@json_option
@with_start
def requests(context: CliContext, everything: bool, as_json: bool) -> None:
    """List the cancellations team's tickets by due date."""
    from subtui.cli.screens import SHOWN  # noqa: PLC0415

    with signed_in(context) as backend:
        page, fmt = backend.read(ListTickets(only_open=not everything)), context.format(backend)
    SHOWN["requests"].say(page, fmt, as_json=as_json)


@click.command()
@click.option("--topic", type=click.Choice([topic.value for topic in Topic]), required=True, help="The topic.")
@click.option("--subject", type=WORDS, required=True, metavar="S", help="A short subject.")
@click.option("--text", type=WORDS, required=True, metavar="T", help="Your question.")
@reach_options
@once()
@json_option
@with_start
def ask(
    context: CliContext,
    topic: str,
    subject: str,
    text: str,
    email: str | None,
    phone: str | None,
    prefer: str | None,
    as_json: bool,
) -> None:
    """Open a ticket with a question about a refund or a cancellation, and print its number."""
    with signed_in(context) as backend:
        own = backend.person.email if backend.person else ""
        reach = ContactDetails(own if email is None else email, phone or "", Preferred(prefer or Preferred.EMAIL))
        filed = backend.do(AskQuestion(QuestionDraft(reach, Topic(topic), subject, text)), route="/help/ticket")
    if as_json:
        say_json({"filed": jsonify(filed)})
        return
    say(sanitize(filed.sentence))
    say(f"The ticket: subtui show /requests/{filed.request.id}")
