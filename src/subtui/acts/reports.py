"""Queries for the reports."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from subtui.acts.act import Query
from subtui.domain.permissions import Permission
from subtui.domain.reports import Report, ReportName


@dataclass(frozen=True, slots=True)
class GetReport(Query[Report]):
    """A report over a range of days, by default the last twelve months. Raises WrongInput."""

    permission: ClassVar = Permission.VIEW_REPORTS
    name: ReportName
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class SaveReport(Query[Path]):
    """Write a report to a new file, as JSON where its name ends so, else as CSV; answers where. Raises FileProblem."""

    permission: ClassVar = Permission.EXPORT_DATA
    report: Report
    path: Path
