"""Exports a list as it is shown on a screen, with a log entry."""

import os
from pathlib import Path

from subtui.acts.data import ExportList
from subtui.keap.exports.destination import Destination
from subtui.services.data_export import publish, require_export
from subtui.services.registry import Job, runs
from subtui.views.list_file import list_format, list_text


@runs(ExportList)
def export_list(job: Job, act: ExportList) -> Path:
    """Handle `ExportList`."""
    form = list_format(act.path)
    require_export(job)
    with Destination(act.path, folder=False) as place:
        with place.open() as handle, os.fdopen(os.dup(handle), "w", encoding="utf-8", newline="") as file:
            file.write(list_text(act.labels, act.rows, form))
        publish(job, place, {"file": str(place.wanted), "list": act.title, "rows": len(act.rows)})
    return place.wanted
