"""The file of an unsaved form, kept from when the program ended until it is restored or discarded.

It holds the typed and chosen values, the route, the user and the database; nothing else of the record. Passwords are
never kept. Only its owner can read it, and it is deleted after some days.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from textual.widget import Widget
from textual.widgets import Input, TextArea

from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.dropdown import Dropdown
from subtui.clock import Clock

DAYS_KEPT = 14
_SECONDS_OF_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The values filled in at a route. `dialog` is the purpose of the open dialog, if the form was one."""

    route: str
    values: Mapping[str, str] = field(default_factory=dict)
    dialog: str = ""


class FormKeeper:
    """Keeps one form for each user of each database in `folder`; None keeps none."""

    def __init__(self, folder: Path | None, database: str) -> None:
        self._folder = folder
        self._database = os.path.realpath(database)

    def _file(self, person: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{sha256(f'{self._database}|{person.casefold()}'.encode()).hexdigest()[:24]}.json"

    def keep(self, person: str, form: KeptForm) -> bool:
        """Write the form. Returns whether that was possible."""
        file = self._file(person)
        if file is None:
            return False
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.unlink(missing_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
                json.dump({"database": self._database, "person": person, **asdict(form)}, out)
        except (OSError, ValueError):
            return False
        return True

    def find(self, person: str) -> KeptForm | None:
        """The form of this user on this database, if one is kept and not too old."""
        file = self._file(person)
        if file is None:
            return None
        try:
            if Clock().now().timestamp() - file.stat().st_mtime > DAYS_KEPT * _SECONDS_OF_A_DAY:
                self.forget(person)
                return None
            data = json.loads(file.read_text(encoding="utf-8"))
            if (data["database"], data["person"]) != (self._database, person):
                return None
            values = {str(name): str(value) for name, value in dict(data["values"]).items()}
            return KeptForm(str(data["route"]), values, str(data["dialog"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self, person: str) -> None:
        """Delete the form, after it was restored or discarded."""
        file = self._file(person)
        if file is not None:
            with suppress(OSError):
                file.unlink()


def filled_in(form: Widget) -> dict[str, str]:
    """The values of a form's fields, by their ids; no passwords."""
    values: dict[str, str] = {}
    for control in form.query("*"):
        if not control.id:
            continue
        if isinstance(control, Input) and not control.password:
            values[control.id] = control.value
        elif isinstance(control, TextArea):
            values[control.id] = control.text
        elif isinstance(control, Dropdown):
            values[control.id] = control.chosen or ""
        elif isinstance(control, Checkbox):
            values[control.id] = "yes" if control.ticked else ""
    return values


def fill_in(form: Widget, values: Mapping[str, str]) -> None:
    """Set the values of the fields: choices first, because other fields may depend on them."""
    controls = [control for control in form.query("*") if control.id in values]
    for control in sorted(controls, key=lambda control: not isinstance(control, Dropdown)):
        value = values[control.id or ""]
        if isinstance(control, Dropdown):
            if value in [code for code, _ in control.choices]:
                control.choose(value)
        elif isinstance(control, TextArea):
            control.text = value
        elif isinstance(control, Input) and not control.password:
            control.value = value
        elif isinstance(control, Checkbox):
            control.put(bool(value))
