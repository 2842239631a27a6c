"""In which of the ways that cannot be known beforehand the mock behaves, and how many calls it allows."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_type_hints

from subtui.keap_mock.errors import ErrorShape


@dataclass(frozen=True, slots=True)
class Switches:
    """One way to behave. The defaults are the newest interface as described, with the strictest reading of it."""

    generation: Literal["2026", "2025-11"] = "2026"
    """"2025-11": no modification_time of subscriptions, few filters, contact_id required in PATCH, no /sales."""
    integer_ids: bool = False
    """Ids are JSON numbers instead of text."""
    next_page: Literal["bare", "url"] = "bare"
    next_page_host: str = ""
    """With next_page "url": the scheme and host in it, "http://elsewhere.example"; empty: the server's own."""
    last_page: Literal["empty", "absent", "null"] = "empty"
    """What next_page_token is on the last page."""
    paging: Literal["keyset", "offset"] = "keyset"
    """With "offset" a row that is deleted between two pages makes the next page leave one out."""
    default_page_size: int = 50
    users_page_limit: int = 100
    unknown_filter: Literal["refuse", "ignore"] = "refuse"
    ignored_filters: frozenset[str] = frozenset()
    """Names of filters that have no effect, as if the back end were too old for them."""
    unknown_order: Literal["refuse", "ignore"] = "refuse"
    strict_times: bool = True
    """A time in a filter needs three digits of milliseconds and Z; 400 without them."""
    fields_needed: bool = True
    """Contacts and companies come with a small set of fields unless `fields` asks for more."""
    inactive_listed: bool = True
    """False: the list of subscriptions has the inactive ones only if the filter asks for them."""
    order_items_listed: bool = True
    """False: a listed order has no items; the single one has."""
    plans_name_product: bool = False
    """True: rows of /products/-/subscriptions still have product_id and allow_prorating."""
    mask: Literal["lenient", "strict"] = "lenient"
    """"lenient" splits update_mask at commas; "strict" takes a joined mask as one unknown name."""
    named_but_absent: Literal["ignores", "clears"] = "ignores"
    """What happens to a field that the mask names and the body does not have."""
    null: Literal["clears", "ignores", "refuses"] = "ignores"
    past_dates: Literal["refuse", "accept"] = "refuse"
    reason_patched: bool = True
    """False: PATCH takes reason_stopped and ignores it."""
    active_patched: bool = True
    """False: PATCH of `active` is refused with 400."""
    patch_bumps: bool = True
    """Whether an accepted PATCH sets modification_time to now."""
    deactivate: Literal["active", "reason", "auto_charge", "end_date"] = "reason"
    """How far `:deactivate` goes: each includes the ones before it."""
    deactivate_again: Literal["ok", "conflict"] = "ok"
    """What `:deactivate` answers when the subscription is inactive already: 200 or 409."""
    error_shape: ErrorShape = ErrorShape.V2
    """The body of 400, 403, 404, 405 and 409 from the application."""
    key_error_shape: ErrorShape = ErrorShape.FAULT
    """The body of a 401."""
    limit_shape: ErrorShape = ErrorShape.GATEWAY
    """The body of a 429."""
    retry_after: Literal["absent", "seconds", "date"] = "absent"
    limit_headers: Literal["full", "blank", "absent"] = "full"
    """Of every answer that is given to a valid key; without one they are blank, whole account `|`."""
    forbidden: frozenset[str] = frozenset()
    """Kinds ("orders", "order_payments", "plans", "settings") whose every call is answered 403."""
    read_only: frozenset[str] = frozenset()
    """Kinds that may be read; every change of them is answered 403."""
    missing: frozenset[str] = frozenset()
    """Kinds whose paths do not exist: 404 with HTML."""
    redirect_to: str = ""
    """Every call is answered 302 to this host: "http://127.0.0.1:9"."""

    @property
    def old(self) -> bool:
        """Whether this is the interface of November 2025."""
        return self.generation == "2025-11"

    def with_text(self, name: str, value: str) -> "Switches":
        """A copy with one switch set from text, as a command line has it; ValueError names what is possible."""
        if name not in {each.name for each in fields(self)}:
            raise ValueError(f"There is no switch {name!r}; there are: {', '.join(f.name for f in fields(self))}.")
        changed: dict[str, Any] = {name: _value(name, value)}
        return replace(self, **changed)


def _value(name: str, text: str) -> object:
    kind = get_type_hints(Switches)[name]
    if kind is bool:
        if text not in {"true", "false"}:
            raise ValueError(f"{name} is true or false, not {text!r}.")
        return text == "true"
    if kind is int:
        return int(text)
    if kind is str:
        return text
    if kind is ErrorShape:
        return ErrorShape(text)
    choices = get_args(kind)
    if kind == frozenset[str]:
        return frozenset(text.split(",")) if text else frozenset()
    if text not in choices:
        raise ValueError(f"{name} is one of {', '.join(map(str, choices))}, not {text!r}.")
    return text


@dataclass(frozen=True, slots=True)
class Limits:
    """How many calls are allowed; the defaults are those of a personal access token."""

    second: int = 10
    minute: int = 240
    day: int = 30_000
    account_minute: int = 10_000
    """Of the whole account; only told in the headers."""
    account_day: int = 250_000

    def times(self, factor: int) -> "Limits":
        """The same limits, `factor` times as wide, for a test that goes faster than a user."""
        return replace(self, second=self.second * factor, minute=self.minute * factor, day=self.day * factor)
