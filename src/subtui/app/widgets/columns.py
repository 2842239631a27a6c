"""Computes which columns of a table fit, and their widths. Plain Python, without Textual."""

from collections.abc import Sequence

from subtui.views.entries import Column


def fit(
    columns: Sequence[Column], room: int, gap: int, unused: frozenset[int] = frozenset()
) -> tuple[tuple[int, int], ...]:
    """The columns that fit into `room` cells, as (index, width), with `gap` cells between neighbours.

    `unused` are the indexes of columns that are left out.
    """
    kept = [at for at in range(len(columns)) if at not in unused]

    def needed() -> int:
        return sum(columns[at].width for at in kept) + gap * max(len(kept) - 1, 0)

    while needed() > room:
        droppable = [at for at in kept if columns[at].drop]
        if not droppable:
            break
        kept.remove(max(droppable, key=lambda at: columns[at].drop))
    widths = {at: columns[at].width for at in kept}
    _share_out(columns, widths, room - needed())
    return tuple((at, width) for at, width in widths.items())


def _share_out(columns: Sequence[Column], widths: dict[int, int], spare: int) -> None:
    if spare < 0:
        # Too narrow even for the fixed columns: shrink the widest flexible one.
        widest = max((at for at in widths if columns[at].share), key=lambda at: widths[at], default=None)
        if widest is not None:
            widths[widest] = max(widths[widest] + spare, 4)
        return
    while spare > 0:
        growing = [at for at in widths if columns[at].share and widths[at] < columns[at].most]
        if not growing:
            return
        for at in growing:
            step = min(columns[at].share, columns[at].most - widths[at], spare)
            widths[at] += step
            spare -= step
