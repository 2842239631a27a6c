"""Write every resolved version into `[tool.uv] constraint-dependencies` of pyproject.toml.

The lock file names the registry it was resolved from, so it stays out of git; these pins hold the same versions
without it. Run `python tools/pin.py` after changing a dependency, or with `--upgrade` to take newer versions.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^constraint-dependencies = \[.*?^\]$|^constraint-dependencies = \[\]$", re.MULTILINE | re.DOTALL)


def resolved() -> list[str]:
    """Every third-party requirement of the lock, as `name==version ; marker`, sorted by name."""
    text = subprocess.run(
        [
            "uv",
            "export",
            "--all-groups",
            "--all-extras",
            "--no-hashes",
            "--no-annotate",
            "--no-header",
            "--no-emit-project",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def main() -> None:
    pyproject = ROOT / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    if "--upgrade" in sys.argv[1:]:
        pyproject.write_text(BLOCK.sub("constraint-dependencies = []", text), encoding="utf-8")
        (ROOT / "uv.lock").unlink(missing_ok=True)
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)
    pins = "".join(f'    "{pin.replace(chr(34), chr(39))}",\n' for pin in resolved())
    pyproject.write_text(BLOCK.sub(f"constraint-dependencies = [\n{pins}]", text), encoding="utf-8")
    print(f"pinned {pins.count(chr(10))} versions in {pyproject.name}")


if __name__ == "__main__":
    main()
