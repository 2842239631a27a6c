"""One valid act about batches of each kind, as in `valid_acts`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from subtui.acts.act import Act
from subtui.acts.batches import (
    ApproveBatch,
    DeclineBatch,
    DropBatch,
    PreviewBatch,
    RunBatch,
    StartBatch,
    StopBatch,
    UndoBatch,
)
from subtui.domain.batches import BatchAction, BatchDraft
from subtui.services.backend import Backend
from subtui.views.batches import BatchRecord, Selection

from .asking import TODAY, desk_on
from .database import run_with
from .ordering import ADMIN, AGENT, SUBSCRIPTION

CANCEL = BatchDraft(action=BatchAction.CANCEL, paid_through=True, reason_code="too_expensive")
SOME = (SUBSCRIPTION, 1047, 1052)


def prepare(backend: Backend, draft: BatchDraft = CANCEL, ids: tuple[int, ...] = SOME) -> StartBatch:
    """The act that begins a batch, confirmed as its dry run shows it."""
    found = backend.read(PreviewBatch(draft, Selection(ids)))
    return StartBatch(draft, found.versions, f"{len(ids)} marked subscriptions", found.done)


def begin(backend: Backend, draft: BatchDraft = CANCEL, ids: tuple[int, ...] = SOME) -> BatchRecord:
    """Begin a batch that nothing is done of yet."""
    return backend.do(prepare(backend, draft, ids)).batch


def limit(path: Path, role: str = "agent", most: int = 0) -> None:
    """Set the number of subscriptions above which a batch of the role is to be approved."""
    run_with(path, "UPDATE account SET batch_limits = ?", f'{{"{role}": {most}}}')


def ask(path: Path) -> BatchRecord:
    """Begin a batch of an agent's that awaits approval."""
    limit(path)
    with desk_on(path, TODAY, AGENT) as agent:
        return begin(agent)


def approve(path: Path, _backend: Backend) -> Act[Any]:
    waiting = ask(path)
    return ApproveBatch(waiting.id, version=waiting.version)


def decline(path: Path, _backend: Backend) -> Act[Any]:
    waiting = ask(path)
    return DeclineBatch(waiting.id, "Only the first ten.", version=waiting.version)


def undo(_path: Path, backend: Backend) -> Act[Any]:
    batch = begin(backend)
    backend.do(RunBatch(batch.id))
    return UndoBatch(batch.id)


VALID_BATCH: dict[type, tuple[str, Callable[[Path, Backend], Act[Any]]]] = {
    StartBatch: (AGENT, lambda _path, backend: prepare(backend)),
    RunBatch: (AGENT, lambda _path, backend: RunBatch(begin(backend).id)),
    UndoBatch: (AGENT, undo),
    StopBatch: (AGENT, lambda _path, backend: StopBatch(begin(backend).id)),
    DropBatch: (AGENT, lambda _path, backend: DropBatch(begin(backend).id)),
    ApproveBatch: (ADMIN, approve),
    DeclineBatch: (ADMIN, decline),
}
