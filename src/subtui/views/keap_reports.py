"""What else a reading from Keap has brought, in sentences for the terminal: the first line is in `keap_entries`."""

from collections.abc import Iterator

from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.keap import PullReport


def pull_sentences(report: PullReport) -> Iterator[str]:
    """Why kinds were not given, how a list had to be read, the loose ends, and the commands that show more."""
    for kind, why in report.refused.items():
        yield f"No {kind}: {why}"
    yield from dict.fromkeys(report.notes)
    if report.left_out or report.gone:
        yield "The rows left out and those no longer there: subtui keap left-out"
    if report.conflicts:
        yield "Keap was changed too: subtui keap outbox"
    ends = [f"{count:,} {DATA_ISSUE_LABELS[issue]}" for issue, count in report.loose_ends if count]
    if ends:
        yield f"Loose ends: {', '.join(ends)}."
