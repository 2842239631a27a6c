"""Seed files from the command line: everything that is wrong in one, in the order of the file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from subtui.cli.main import main
from subtui.domain.errors import FileProblem
from subtui.storage import seed as seeds
from subtui.storage import seed_check
from subtui.storage.seed import demo_seed_path, read_seed

from .small_seed import shop_seed, write_seed


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["data", *map(str, args)])


def found(file: Path, exit_code: int, *more: str) -> Any:
    """What the check says in JSON."""
    result = run("check", file, "--json", *more)
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def spoiled(folder: Path, spoil: Callable[[dict[str, Any]], object]) -> Path:
    seed = shop_seed()
    spoil(seed)
    return write_seed(folder, seed)


def test_the_demo_and_the_small_seeds_are_right(tmp_path: Path) -> None:
    result = run("check", demo_seed_path())
    assert (result.exit_code, result.stderr) == (0, "")
    assert "64 contacts, 326 subscriptions, 448 orders, 492 payments" in result.stdout
    assert result.stdout.endswith("Its day is 2 Mar 2026.\n")
    answer = found(write_seed(tmp_path, shop_seed()), 0)
    assert (answer["right"], answer["usable"], answer["problems"], answer["doubts"]) == (True, True, [], [])
    assert answer["counts"] == {
        "account_invoices": 2,
        "users": 5,
        "requests": 1,
        "tags": 1,
        "products": 1,
        "plans": 1,
        "contacts": 2,
        "subscriptions": 4,
        "orders": 6,
        "payments": 7,
        "history": 1,
    }


def everything(seed: dict[str, Any]) -> None:
    """Something wrong in every part, and some of it twice in one row."""
    seed["account"]["time_zone"] = "Mars/Base"
    seed["account"]["refund_limits"] = {"agent": {"US": 1}}
    seed["users"][1]["role"] = "boss"
    seed["users"][2].update(id="3", verified="yes")
    seed["tags"] = {"id": 1}
    seed["contacts"].append(dict(seed["contacts"][0]))
    seed["subscriptions"].append("a subscription")
    seed["orders"][0]["contact_id"] = 99
    del seed["orders"][2]["title"]
    seed["orders"][3]["items"][0]["price_minor"] = "12"
    seed["orders"][3]["currency"] = "usd"
    seed["orders"][4]["payments"][0].update(paid_on="31.12.2025", returns_payment_id=77)
    seed["history"][0]["subject"] = "weather"
    seed["horders"] = []


def test_every_problem_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    answer = found(spoiled(tmp_path, everything), 2)
    assert [row["path"] for row in answer["problems"]] == [
        "$.account.time_zone",
        "$.account.refund_limits[...]",
        "$.users[1].role",
        "$.users[2].id",
        "$.users[2].verified",
        "$.tags",
        "$.contacts[2].id",
        "$.contacts[2].cards[0].id",
        "$.subscriptions[4]",
        "$.orders[0].contact_id",
        "$.orders[2]",
        "$.orders[3].currency",
        "$.orders[3].items[0].price_minor",
        "$.orders[4].payments[0].paid_on",
        "$.orders[4].payments[0].returns_payment_id",
        "$.history[0].subject",
        "$.horders",
    ]
    assert (answer["usable"], answer["right"], answer["more"]) == (False, False, 0)
    assert answer["counts"]["orders"] == 6
    assert answer["problems"][12]["message"] == "expected `int`, got `str`."


def test_more_than_the_limit_is_counted(tmp_path: Path) -> None:
    file = spoiled(tmp_path, everything)
    result = run("check", file, "--limit", "2")
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "$.account.time_zone: unknown time zone; use a name such as Europe/Paris.",
        "$.account.refund_limits[...]: in one of its keys: expected `str` matching regex '^[A-Z]{3}$'.",
        "... and 15 more.",
    ]
    assert result.stderr == f"{file} would be refused: 17 problems.\n"
    answer = found(file, 2, "--limit", "2")
    assert (len(answer["problems"]), answer["more"]) == (2, 15)


def payment(order: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    """Another payment of an order of the shop's."""

    def add(seed: dict[str, Any]) -> None:
        row = {"id": 900, "paid_on": "2026-02-26", "amount_minor": -1000, "kind": "refund"}
        seed["orders"][order]["payments"].append(row | changes)

    return add


DOUBTFUL: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a card of somebody else's": (
        lambda seed: seed["subscriptions"][1].update(credit_card_id=1),
        "$.subscriptions[1].credit_card_id",
        "card 1 does not belong to the contact.",
    ),
    "a subscription of somebody else's": (
        lambda seed: seed["orders"][0].update(contact_id=2),
        "$.orders[0].subscription_id",
        "subscription 11 does not belong to the contact.",
    ),
    "an act on somebody else's": (
        lambda seed: seed["history"][0].update(contact_id=2),
        "$.history[0].contact_id",
        "subscription:13 does not belong to the contact.",
    ),
    "a reason that there is not": (
        lambda seed: seed["subscriptions"][2].update(reason_code="bored"),
        "$.subscriptions[2].reason_code",
        "unknown reason; use one of customer_service",
    ),
    "a payment of another order": (
        payment(1, returns_payment_id=1),
        "$.orders[1].payments[2].returns_payment_id",
        "payment 1 does not belong to this order.",
    ),
    "more back than was paid": (
        payment(1, returns_payment_id=2, amount_minor=-6001),
        "$.orders[1].payments[2].amount_minor",
        "more of payment 2 is refunded than was paid.",
    ),
    "a refund that is paid": (
        payment(1, returns_payment_id=2, amount_minor=5),
        "$.orders[1].payments[2].amount_minor",
        "a refund must be negative, since money is paid back.",
    ),
    "a charge below nothing": (
        payment(1, kind="charge"),
        "$.orders[1].payments[2].amount_minor",
        "a charge cannot be negative",
    ),
    "a reason for a refund that there is not": (
        payment(1, returns_payment_id=2, reason_code="whim"),
        "$.orders[1].payments[2].reason_code",
        "unknown reason; use one of duplicate",
    ),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_makes_screens_lie_is_doubtful(name: str, tmp_path: Path) -> None:
    spoil, path, words = DOUBTFUL[name]
    file = spoiled(tmp_path, spoil)
    read_seed(file)
    answer = found(file, 1)
    assert [row["path"] for row in answer["doubts"]] == [path]
    assert words in answer["doubts"][0]["message"]
    result = run("check", file)
    assert result.stdout.startswith(f"{path}: doubtful: ")
    assert result.stderr == f"{file} can be used, but look at 1 doubtful place.\n"


def test_a_key_that_is_there_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text('{"format": 1, "account": {"name": "A", "name": "B", "currency": "USD"}}')
    assert [row["path"] for row in found(file, 2)["problems"]] == ["$.account.name"]


def test_the_editor_may_be_told_the_schema_and_may_mark_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    text = '{"$schema": "./seed.schema.json", "format": 1, "account": {"name": "A", "currency": "USD"}}'
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert found(file, 0)["right"]
    assert read_seed(file).account.name == "A"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", " is empty."),
        (b" \n", " is empty."),
        (b'{"format": 1,\n "account": }', ", line 2, column 13: this is not JSON: expecting value."),
        (b'{"format": 1', ", line 1, column 13: this is not JSON: expecting ',' delimiter."),
        (b'{"a":\n "\xff"}', ", line 2, byte 3: this is not UTF-8 text."),
        (b'{"a": NaN}', " is not JSON: NaN is not a number."),
        (b'{"a": ' + b"9" * 5000 + b"}", " is not JSON: Exceeds the limit"),
        (b"[" * 100_000, " is not a seed file: it is nested too deeply."),
    ],
)
def test_what_is_no_json_is_one_sentence(data: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_bytes(data)
    result = run("check", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{file}{words}")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("data", [b"null", b"[]", b"1", b'"x"', b"{}", b'{"format": 2, "account": 3}'])
def test_json_that_is_no_seed_is_told(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_bytes(data)
    assert found(file, 2)["problems"]


def test_a_file_that_is_too_large_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_seed(tmp_path, shop_seed())
    monkeypatch.setattr(seeds, "LARGEST_FILE", 1000)
    result = run("check", file)
    assert result.exit_code == 2
    assert "is too large for a seed file" in result.stderr
    with pytest.raises(FileProblem, match="too large"):
        read_seed(file)
    for other in (tmp_path, tmp_path / "no.json"):
        result = run("check", other)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_the_schema_names_every_field(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    result = run("schema", "-o", file)
    assert (result.exit_code, result.stdout) == (0, f"Written to {file}.\n")
    assert file.read_text(encoding="utf-8") == run("schema").stdout == seed_check.schema()
    made = json.loads(seed_check.schema())
    assert set(shop_seed()) < set(made["$defs"]["Seed"]["properties"])
    assert made["$defs"]["Seed"]["additionalProperties"] is False
    assert run("schema", "-o", tmp_path / "none" / "s.json").exit_code == 2


WRONG_VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1.0,
    1.5,
    2**60,
    "",
    "x",
    "\ud800",
    "2026-02-30",
    [],
    {},
    [1],
    {"id": 1},
    [[]],
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a seed that something else could stand in: what holds it, and its key or number there."""
    inside = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(value, key) for key, _ in inside] + [place for _, below in inside for place in places(below)]


@given(number=st.integers(0, 10_000), wrong=st.sampled_from(WRONG_VALUES), drop=st.booleans())
@settings(max_examples=150)
def test_the_check_and_the_reader_agree(
    tmp_path_factory: pytest.TempPathFactory, number: int, wrong: Any, drop: bool
) -> None:
    """Whatever is spoilt, the check calls the file usable just when it is taken."""
    seed = json.loads(json.dumps(shop_seed()))
    every = places(seed)
    held, key = every[number % len(every)]
    if drop:
        del held[key]
    else:
        held[key] = wrong
    file = tmp_path_factory.getbasetemp() / "spoilt.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    try:
        read_seed(file)
        taken = True
    except FileProblem:
        taken = False
    assert (seed_check.check_seed(file).problems == ()) is taken
