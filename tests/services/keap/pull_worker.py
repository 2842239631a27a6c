"""A process that reads from Keap: the database, the key and the time of its clock as arguments."""

import sys
from datetime import datetime
from pathlib import Path

from subtui.acts.keap import PullFromKeap
from subtui.clock import Clock
from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from subtui.services.keap.line import line_opener


def main() -> None:
    """Read, and say when it begins and when it is done."""
    place, key, at = sys.argv[1:4]
    with Backend.open(place, clock=Clock(datetime.fromisoformat(at))) as backend:
        backend.sign_in_demo(Role.OWNER)
        folder = Path(place).parent
        sys.stdout.write("begins\n")
        sys.stdout.flush()
        backend.do(PullFromKeap(line_opener({"SUBTUI_KEAP_KEY": key}, folder, folder)))
        sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
