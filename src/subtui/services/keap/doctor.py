"""The check of an account: finds out by a few calls what its Keap can do, where no description says it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from subtui.acts.keap import CheckKeap
from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.keap.answers import instant
from subtui.keap_api.calls import Answer, Caller
from subtui.keap_api.errors import CallFailed, CallStopped, Declined, KeyRefused, LimitReached
from subtui.keap_api.pages import page_of
from subtui.services.keap.connection import PROFILE, Connected, connected, line_to
from subtui.services.keap.findings import keep_findings
from subtui.services.keap.page_import import id_of
from subtui.services.keap.questions import INACTIVE, as_finding
from subtui.services.keap.trial import try_writing
from subtui.services.keap.walks import CONTACTS, METHODS, ORDERS, PAYMENTS, SUBSCRIPTIONS, TRANSACTIONS, Listing
from subtui.services.registry import Job, runs
from subtui.storage.tables.core import KEAP_OUTBOX
from subtui.views.keap import Finding

YES, NO, UNKNOWN = "yes", "no", "unknown"
_FEW = 50
_ENDS_ALL = (KeyRefused, LimitReached, CallStopped)
_CYCLES = {"MONTH": 28, "WEEK": 7, "YEAR": 365}


@runs(CheckKeap)
def check(job: Job, act: CheckKeap) -> tuple[Finding, ...]:
    """Handle `CheckKeap`."""
    found = connected(job, writes=bool(act.write_id))
    if act.write_id:
        with job.transaction(Permission.CONNECT_KEAP) as tx:  # to try out is the owner's to decide
            _refuse_pending(tx.session, act.write_id)
            subject = Subject(SubjectType.KEAP)
            tx.log(EventType.KEAP_TRIED, subject=subject, before={}, after={"keap_subscription": act.write_id})
    with line_to(found, act.open_calls, act.stop) as caller:
        checking = _Checking(caller, found, act)
        checking.run()
        if act.write_id:
            checking.findings += try_writing(caller, act.write_id, job.work.today)
    keep_findings(job, checking.findings)
    return tuple(checking.findings)


def _refuse_pending(session: Any, keap_id: str) -> None:
    """Refuse to try things out on a subscription that a change waits for."""
    mine = KEAP_OUTBOX.c.keap_id == keap_id, KEAP_OUTBOX.c.state.in_(("waiting", "sending", "unknown"))
    if session.execute(select(KEAP_OUTBOX.c.id).where(*mine)).first() is not None:
        raise Refused(f"A change of subscription {keap_id} waits to be sent. Send it first, or choose another one.")


@dataclass(frozen=True, slots=True)
class _List:
    """One page of a list, or why there is none."""

    rows: Sequence[Mapping[str, Any]] = ()
    why: str = ""


class _Checking:
    """One check under way: each question is a few calls at most."""

    def __init__(self, caller: Caller, found: Connected, act: CheckKeap) -> None:
        self._caller, self._found, self._act = caller, found, act
        self.findings: list[Finding] = []
        self._headers: Mapping[str, str] = {}

    def run(self) -> None:
        """Ask all questions that only read."""
        for at, question in enumerate(_QUESTIONS):
            if self._act.stop():
                raise CallStopped
            if self._act.tell is not None:
                self._act.tell(Progress(at, len(_QUESTIONS), at, "checking"))
            question(self)

    def say(self, name: str, answer: str, detail: str = "") -> None:
        """Add a finding."""
        self.findings.append(as_finding(name, answer, detail))

    def _get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Answer:
        answer = self._caller.get(path, query)
        self._headers = {name.casefold(): value for name, value in answer.headers.items()} or self._headers
        return answer

    def _list(self, listing: Listing, query: Sequence[tuple[str, str]]) -> _List:
        try:
            return _List(page_of(self._get(listing.path, query), listing.key).rows)
        except _ENDS_ALL:
            raise
        except CallFailed as failure:
            return _List(why=str(failure))

    # --- the questions -----------------------------------------------------------------------------------------------

    def _account(self) -> None:
        try:
            profile = self._get(PROFILE).body
        except _ENDS_ALL:
            raise
        except CallFailed as failure:
            self.say("account", self._found.tenant)
            self.say("zone", UNKNOWN, str(failure))
            return
        self.say("account", self._found.tenant, str(profile.get("name") or ""))
        zone, currency = profile.get("time_zone"), profile.get("currency_code")
        self.say("zone", f"{zone or UNKNOWN}, {currency or UNKNOWN}")

    def _merchants(self) -> None:
        try:
            merchants = self._get("/rest/v2/merchants").body.get("merchant_accounts")
        except _ENDS_ALL:
            raise
        except CallFailed as failure:
            self.say("test_merchant", UNKNOWN, str(failure))
            return
        listed = [one for one in merchants if isinstance(one, Mapping)] if isinstance(merchants, list) else []
        real = [str(one.get("name") or one.get("id")) for one in listed if one.get("is_test") is not True]
        answer = UNKNOWN if not listed else NO if real else YES
        self.say("test_merchant", answer, f"Cards are really charged by: {', '.join(real)}." if real else "")

    def _limits(self) -> None:
        told = {
            name: value for name, value in self._headers.items() if name.startswith("x-keap-") and value.strip(" |")
        }
        names = ("x-keap-product-quota-limit", "x-keap-product-quota-available", "x-keap-product-throttle-limit")
        words = [f"{name.removeprefix('x-keap-product-')} {told[name]}" for name in names if name in told]
        self.say("limits", YES if told else NO, ", ".join(words))

    def _page_size(self) -> None:
        found = self._list(CONTACTS, CONTACTS.after("0", 500))
        self.say("page_size", "500" if not found.why else UNKNOWN, found.why)

    def _rising(self, name: str, listing: Listing) -> Sequence[Mapping[str, Any]]:
        first = self._list(listing, listing.after("0", _FEW))
        if first.why or not first.rows:
            self.say(name, UNKNOWN if not first.why else NO, first.why or "There are none.")
            return first.rows
        middle = id_of(first.rows[len(first.rows) // 2])
        second = self._list(listing, listing.after(middle, _FEW))
        numbers = [id_of(row) for row in second.rows]
        rising = all(number.isdigit() and int(number) > int(middle) for number in numbers)
        rising = rising and numbers == sorted(numbers, key=int)
        self.say(name, YES if rising else "read, but not by rising ids", second.why)
        return first.rows

    def _contacts(self) -> None:
        self._rising("contacts", CONTACTS)

    def _subscriptions(self) -> None:
        rows = self._rising("subscriptions", SUBSCRIPTIONS)
        inactive = any(row.get("active") is False for row in rows)
        few = "" if inactive or len(rows) >= _FEW else f"Only {len(rows)} were looked at."
        self.say(INACTIVE, YES if inactive else UNKNOWN if few else NO, few)
        times = [row.get(SUBSCRIPTIONS.changed) for row in rows]
        self.say("modified", YES if rows and all(map(instant, times)) else NO if rows else UNKNOWN)
        newest = self._list(SUBSCRIPTIONS, SUBSCRIPTIONS.newest_first(_FEW, None))
        order = [at for row in newest.rows if (at := SUBSCRIPTIONS.changed_at(row)) is not None]
        works = bool(order) and len(order) == len(newest.rows) and order == sorted(order, reverse=True)
        self.say("newest", YES if works else NO if rows else UNKNOWN, newest.why)
        days = [row for row in rows if _counts_days(row)]
        detail = f"Subscription {id_of(days[0])}: {days[0].get('billing_frequency')} by the month." if days else ""
        self.say("frequency", NO if days else YES if rows else UNKNOWN, detail)

    def _orders(self) -> None:
        rows = self._rising("orders", ORDERS)
        lines = [bool(row.get("order_items")) for row in rows]
        self.say("order_items", YES if lines and any(lines) else NO if lines else UNKNOWN)
        times = sorted(at for row in rows if (at := ORDERS.changed_at(row)) is not None)
        if not times:
            self.say("since", UNKNOWN, "No order says when it was changed.")
            return
        begin = times[len(times) // 2]
        since = self._list(ORDERS, ORDERS.since_when(begin, _FEW, None))
        earlier = [
            at for row in since.rows if (at := ORDERS.changed_at(row)) is not None and at < begin - timedelta(days=1)
        ]
        self.say("since", NO if since.why or earlier else YES, since.why)

    def _unknown_filter(self) -> None:
        try:
            self._get(CONTACTS.path, (("page_size", "1"), ("filter", "no_such_field==1")))
        except Declined:
            self.say("unknown_filter", "refused")
        except _ENDS_ALL:
            raise
        except CallFailed as failure:
            self.say("unknown_filter", UNKNOWN, str(failure))
        else:
            self.say("unknown_filter", "ignored", "A filter of an older Keap would be answered with the whole list.")

    def _payments(self) -> None:
        rows = self._rising("payments", PAYMENTS)
        listed = self._list(TRANSACTIONS, TRANSACTIONS.from_the_start(_FEW, None))
        self.say("transactions", NO if listed.why else YES, listed.why)
        back = [row for row in listed.rows if row.get("transaction_method") in ("REFUND", "VOID")]
        back += [row for row in rows if str(row.get("type", "")).casefold() in ("refund", "void")]
        signs = {"negative" if _amount(row) < 0 else "positive" for row in back}
        self.say("refund_sign", " and ".join(sorted(signs)) or UNKNOWN, "" if signs else "No refund was met.")

    def _methods(self) -> None:
        listed = self._list(METHODS, METHODS.from_the_start(_FEW, None))
        self.say("methods", NO if listed.why else YES, listed.why)

    def _plans(self) -> None:
        plans = Listing("plans", "/rest/v2/products/-/subscriptions", "subscriptions")
        listed = self._list(plans, plans.from_the_start(_FEW, None))
        named = [bool(row.get("product_id")) for row in listed.rows]
        self.say("plan_product", YES if named and all(named) else NO if named else UNKNOWN, listed.why)


def _counts_days(row: Mapping[str, Any]) -> bool:
    frequency = row.get("billing_frequency")
    least = _CYCLES.get(str(row.get("billing_cycle")))
    return least is not None and isinstance(frequency, int) and frequency >= least


def _amount(row: Mapping[str, Any]) -> Decimal:
    try:
        return Decimal(str(row.get("amount")))
    except InvalidOperation:
        return Decimal(0)


_QUESTIONS: tuple[Callable[[_Checking], None], ...] = (
    _Checking._account,
    _Checking._merchants,
    _Checking._limits,
    _Checking._page_size,
    _Checking._contacts,
    _Checking._subscriptions,
    _Checking._orders,
    _Checking._unknown_filter,
    _Checking._payments,
    _Checking._methods,
    _Checking._plans,
)
