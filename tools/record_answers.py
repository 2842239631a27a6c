"""Record the answer of every plain command on the demo data, to compare before and after a change of the code.

    python tools/record_answers.py FILE [--program COMMAND]

Runs scenes, each on a new demo database with the clock held still, and writes what each command was, its exit code, its
output and its errors to FILE. Two versions of the program that do the same write the same file: `diff` tells the rest.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

NOW = "2026-03-02T15:00:00+00:00"

# Each line is a command. `@role` signs in, `+2026-03-10` moves the clock, `$` is the folder of the scene.
SCENES = {
    "looking": """
        show /
        show /contacts/1007
        show /contacts/1007/orders
        show /contacts/1007/activity
        show /contacts/1001
        show /contacts/99999
        show /subscriptions
        show /subscriptions/1029
        show /subscriptions/1042
        show /subscriptions/1047
        show /subscriptions/1056
        show /subscriptions/99999
        show /orders/1925
        show /orders/1963
        show /orders/1967
        show /orders/1967/refund
        show /orders/1967/payment
        show /refunds
        show /reports
        show /reports/months
        show /letters/1
        @owner show /admin/billing
        @owner show /admin/settings
        @owner show /account
        @owner show /account/cancel
        show /account
        show /account/phone
        show /requests
        show /help
        show /import
        show /nowhere
        find müller
        find raman
        find an --limit 5
        find 1017
        find "(602) 555"
        find zzzz
        order show 1925
        order show 1967
        order show 99999
        account show
        @owner account show
        @viewer account show
        reasons
        keys
        requests
        requests --all
        refunds list
        log show
        log show --contact 1007
        log show --subscription 1087 --limit 2
        log verify
        db info
        report refunds
        report reasons
        report months
        report ending
        report loose
        report refunds --csv
        report loose --csv
        report nothing
        flow list
        data schema
        show / +2026-03-20
        show /subscriptions/1042 +2026-03-20
        report ending +2026-03-20
    """,
    "cancelling": """
        @viewer cancel 1042 --end-date paid --reason too_expensive
        @agent cancel 1042 --end-date paid --reason nonsense
        @agent cancel 1042 --end-date yesterday --reason unused
        @agent cancel 1042 --end-date "31 feb" --reason unused
        @agent cancel 1042 --end-date paid --reason other
        @agent cancel 99999 --end-date paid --reason unused
        @agent cancel 1042 --end-date paid --reason unused --dry-run
        @agent cancel 1042 --end-date "14 mar" --reason unused --requested-on -3d --intention one
        @agent cancel 1042 --end-date "14 mar" --reason unused --requested-on -3d --intention one
        @agent cancel 1042 --end-date "15 mar" --reason unused --intention one
        @agent cancel 1042 --end-date paid --reason unused
        @agent show /subscriptions/1042
        @agent show /contacts/1007
        @agent refunds later 1042
        @agent refunds list
        @agent undo 1042
        @agent undo 1042
        @agent cancel 1042 --end-date today --reason unused
        @agent cancel 1043 --end-date eom --reason other --note "as the letter says"
        @agent cancel 1045 --end-date +10d --reason low_quality
        @agent cancel 1029 --end-date paid --reason unused
        @agent log show
        @agent export-changes $/changes.csv
        @agent export-changes $/changes.jsonl
        @agent log verify
        @agent roll +2026-04-02
        @agent show /subscriptions/1042 +2026-04-02
        @agent undo 1042 +2026-04-02
        @agent report reasons
        @agent show /
    """,
    "refunding": """
        @viewer refund 1967 --reason duplicate
        @agent refund 1967 --reason nonsense
        @agent refund 99999 --reason duplicate
        @agent refund 1967 --reason requested_by_customer --dry-run
        @agent refund 1967 --reason requested_by_customer --amount 10 --dry-run
        @agent refund 1967 --reason requested_by_customer --amount 10 --key a
        @agent refund 1967 --reason requested_by_customer --amount 10 --key a
        @agent refund 1967 --reason requested_by_customer --amount 11 --key a
        @agent refund 1967 --reason requested_by_customer --amount 100000
        @agent refund 1967 --reason other
        @agent refund 1967 --reason duplicate --kind void
        @agent refund 1967 --reason not_delivered --line 20452 --note "lost"
        @agent refund 1967 --reason not_delivered
        @agent refund 1963 --reason duplicate
        @agent refunds approve 1
        @admin refunds decline 1
        @admin refunds decline 1 --note no
        @agent refund 1963 --reason duplicate --note again
        @admin refunds approve 2
        @admin refund 1957 --reason unsatisfactory --owed-after 10
        @admin refund 1953 --reason fraudulent --kind manual
        @agent refunds list
        @agent show /refunds
        @agent order show 1967
        @agent order show 1957
        @agent order show 1963
        @agent order reference 1967 --row 40493 --reference R-1
        @agent order correct 1967 --row 40493
        @agent order pay 1007 --amount 5 --type Check --dry-run
        @agent order pay 1007 --amount 5 --type Check
        @agent order pay 1957 --amount 5 --type Cash --date yesterday
        @agent order pay 1957 --amount 30 --kind credit --note goodwill
        @agent order pay 1007 --amount 5 --kind credit --note goodwill
        @agent order pay 1957 --amount 5 --kind adjustment --note slip
        @agent order pay 1957 --amount -5 --kind adjustment
        @admin refunds approve 2
        @owner refunds approve 3
        @agent order show 1967
        @agent order show 1957
        @agent order show 1963
        @agent report refunds
        @agent report refunds --csv
        @agent log show
        @agent show /contacts/1007/orders
        @agent log verify
    """,
    "ending the account": """
        @agent account call --phone "+1 555 0100" --note "please"
        @viewer account cancel --reason unused --acknowledge
        @admin account cancel --reason unused --acknowledge
        @admin account call --phone "+1 555 0100" --note "please"
        @agent show /account/phone
        @owner account cancel --reason nonsense
        @owner account cancel --reason unused
        @owner account cancel --reason unused --dry-run
        @owner account cancel --reason other --acknowledge
        @owner account cancel --reason unused --acknowledge --comment "costs" --phone "+1 555 0101"
        @owner account cancel --reason unused --acknowledge
        @owner requests --all
        @owner show /requests/1
        @owner account show
        @owner account withdraw 1
        @owner account withdraw 2
        @owner requests --all
        @owner account cancel --reason unused --acknowledge --requested-on -3d
        @owner account show
        @agent ask --topic refund --subject "A question" --text "How long does it take?"
        @agent requests
        @owner log show
        @owner log verify
    """,
    "data": """
        @owner export $/all
        @owner export $/all.jsonl
        @owner export $/one.jsonl --contact 1007
        @owner import $/all.jsonl --dry-run
        @owner import $/all/contacts.csv $/all/subscriptions.csv
        @owner import $/all.jsonl
        @agent import $/all.jsonl
        @owner user add --password-stdin new@example.com --name New --role agent
        @owner user verify new@example.com
        @agent user add --password-stdin other@example.com --name Other --role agent
        @owner db info
        @owner log show
        @owner log verify
    """,
}
NOT_THE_SAME = re.compile(r"in \d+\.\d s|\"seconds\": [\d.e-]+|\"file\": \"[^\"]*/flows/shipped/")
WITH_DAY = re.compile(r" \+20\d\d-\d\d-\d\d$")
NO_JSON = ("show /nowhere", "data schema", "export-changes", "report refunds --csv")


def commands(scene: str) -> list[str]:
    """The lines of a scene."""
    return [line.strip() for line in SCENES[scene].strip().splitlines()]


def scene_in(scene: str, program: list[str], *, as_json: bool) -> str:
    """Run one scene in a folder of its own, and tell what was answered."""
    answered = []
    with place_of(scene, as_json=as_json) as folder:
        for line in commands(scene):
            command_line, _, day = line.partition(" +20") if WITH_DAY.search(line) else (line, "", "")
            words = shlex.split(command_line.replace("$", folder))
            role = words.pop(0)[1:] if words[0].startswith("@") else "agent"
            ask_json = as_json and not line.split(" ", 1)[-1].startswith(NO_JSON) and not line.startswith(NO_JSON)
            command = [*program, "--db", f"{folder}/demo.db", "--as", role, *words, *(["--json"] if ask_json else [])]
            answer = subprocess.run(
                command,
                capture_output=True,
                text=True,
                input="a password of some length\n",
                check=False,
                env=surroundings(folder, f"20{day}T15:00:00+00:00" if day else NOW),
            )
            shown = f"$ {line}{' --json' if ask_json else ''}\n[{answer.returncode}]\n{answer.stdout}"
            if answer.stderr:
                shown += f"-- errors\n{answer.stderr}"
            answered.append(NOT_THE_SAME.sub("…", shown))
        for file in sorted(Path(folder).rglob("*")):
            if file.suffix in (".csv", ".jsonl"):
                answered.append(f"== {file.relative_to(folder)}\n{file.read_text()}")
    return f"# {scene}{' in JSON' if as_json else ''}\n\n" + "\n".join(answered)


@contextmanager
def place_of(scene: str, *, as_json: bool) -> Iterator[str]:
    """A folder that is the same in every run: its path is in the log, and so in every hash behind it."""
    folder = Path(gettempdir()) / "subtui-answers" / f"{scene}{'-json' if as_json else ''}".replace(" ", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder)


def surroundings(folder: str, now: str) -> dict[str, str]:
    """Variables that leave nothing to the machine."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    return kept | {"HOME": folder, "SUBTUI_NOW": now, "TZ": "UTC", "COLUMNS": "100", "NO_COLOR": "1"}


def main() -> None:
    """Record every scene, as text and in JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--program", default=f"{sys.executable} -m subtui", help="how the program is started")
    options = parser.parse_args()
    program = shlex.split(options.program)
    scenes = [(scene, as_json) for scene in SCENES for as_json in (False, True)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        answers = pool.map(lambda each: scene_in(each[0], program, as_json=each[1]), scenes)
        options.file.write_text("\n\n".join(answers))


if __name__ == "__main__":
    main()
