"""What a reading from Keap and a sending to it have done, in sentences for the screen and the terminal."""

from collections.abc import Iterator

from subtui.domain.outbox import SendState
from subtui.domain.plain_text import counted
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.keap import PullReport, PushReport

_SENT_WORDS = {
    SendState.VERIFIED: "verified in Keap",
    SendState.WAITING: "still to be sent",
    SendState.SENDING: "being sent by another program",
    SendState.UNKNOWN: "sent without an answer",
    SendState.CONFLICT: "in conflict",
    SendState.REFUSED: "refused by Keap",
    SendState.MANUAL: "to be done by hand in Keap",
    SendState.REPLACED: "replaced by a later change",
}


def pull_line(report: PullReport) -> str:
    """A reading in one line: `Read 1,204 rows: 3 new, 12 changed.`"""
    what = f"{counted(report.rows, 'row')}: {report.new:,} new, {report.changed:,} changed."
    return f"{report.stopped} Read until then: {what}" if report.stopped else f"Read from Keap: {what}"


def pull_sentences(report: PullReport) -> Iterator[str]:
    """What else a reading has brought."""
    if report.verified > 0:
        yield f"Verified in Keap now: {counted(report.verified, 'change')} of ours."
    if report.conflicts:
        yield f"Changed in Keap too: {counted(report.conflicts, 'change')} of ours. See: subtui keap outbox"
    for kind, why in report.refused.items():
        yield f"No {kind}: {why}"
    if report.left_out:
        yield f"Not taken: {counted(report.left_out, 'row')}. See: subtui keap left-out"
    if report.gone:
        yield f"In Keap no longer: {counted(report.gone, 'row')}. See: subtui keap left-out"
    yield from dict.fromkeys(report.notes)
    ends = [f"{count:,} {DATA_ISSUE_LABELS[issue]}" for issue, count in report.loose_ends if count]
    if ends:
        yield f"Loose ends: {', '.join(ends)}."


def push_line(report: PushReport) -> str:
    """A sending in one line: `5 verified in Keap, 1 in conflict.`"""
    counts = [
        f"{report.by_state[state]:,} {words}" for state, words in _SENT_WORDS.items() if report.by_state.get(state)
    ]
    done = f"{', '.join(counts)}." if counts else "Nothing was waiting to be sent."
    return f"{done} {report.stopped}".strip()
