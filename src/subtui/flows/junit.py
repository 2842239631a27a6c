"""The outcome of checks in the XML that build servers read."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from subtui.domain.plain_text import sanitize_lines
from subtui.flows.check import Outcome


def junit(outcomes: Sequence[Outcome]) -> str:
    """A test suite with a case for each flow; a failure includes the screen at that moment."""
    failed = sum(not outcome.passed for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    head = (
        f'<testsuite name="subtui flows" tests="{len(outcomes)}" failures="{failed}" errors="0" time="{seconds:.3f}">'
    )
    return "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', head, *(_case(outcome) for outcome in outcomes), "</testsuite>", ""]
    )


def _case(outcome: Outcome) -> str:
    name, title = quoteattr(outcome.flow.name), quoteattr(_clean(outcome.flow.title))
    head = f'  <testcase classname="flows" name={name} time="{outcome.seconds:.3f}"'
    if outcome.passed:
        return head + "/>"
    failures = [
        f"    <failure message={quoteattr(_clean(f'step {each.step}: {each.sentence}'))}>"
        f"{escape(_clean(each.screen))}</failure>"
        for each in outcome.problems
    ]
    return "\n".join(
        [f"{head}>", f'    <properties><property name="title" value={title}/></properties>', *failures, "  </testcase>"]
    )


def _clean(text: str) -> str:
    """Remove the control characters that XML cannot contain."""
    return sanitize_lines(text)
