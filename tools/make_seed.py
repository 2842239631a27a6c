"""Write the demo data, `data/seed.json`: the same bytes on every run. Run as `python tools/make_seed.py`.

What is in it stands in `tools/seed/`: what is sold (`catalog`), the customers (`people`), their subscriptions and
orders (`ledger`), and what must be true of them all (`checks`).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from seed.build import build
from seed.checks import check

TARGET = Path(__file__).resolve().parent.parent / "data" / "seed.json"


def plain(value: Any) -> Any:
    """Structs as dicts without the keys that stand at their default; everything else as JSON has it."""
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, msgspec.Struct):
        kept = {}
        for field in msgspec.structs.fields(value):
            held = getattr(value, field.name)
            default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
            if held != default:
                kept[field.name] = plain(held)
        return kept
    return msgspec.to_builtins(value)


def lines(value: dict[str, Any]) -> Iterator[str]:
    """A JSON object with one line for every entry of its lists."""
    yield "{"
    for place, (key, held) in enumerate(value.items(), 1):
        end = "," if place < len(value) else ""
        if isinstance(held, list):
            yield f" {json.dumps(key)}: ["
            yield ",\n".join(f"  {_compact(entry)}" for entry in held)
            yield f" ]{end}"
        else:
            yield f" {json.dumps(key)}: {_compact(held)}{end}"
    yield "}"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    data = ("\n".join(lines(plain(build()))) + "\n").encode()
    seed = check(data)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(data)
    print(
        f"{TARGET.name}: {len(seed.contacts)} contacts, {len(seed.subscriptions)} subscriptions, "
        f"{len(seed.orders)} orders, {len(data):,} bytes"
    )


if __name__ == "__main__":
    main()
