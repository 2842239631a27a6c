"""Handlers that make and end the connection to Keap, and the checks that every reading and sending begins with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import insert, select, update

from subtui.acts.data import Stop, never
from subtui.acts.keap import AllowKeapWriting, ConnectKeap, DisconnectKeap, OpenCalls
from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.keap_api.base_url import checked_base_url, host_of, is_loopback
from subtui.keap_api.calls import Caller
from subtui.keap_api.errors import Declined, NotPermitted, NotThere
from subtui.services.account_repository import load_account, lock_account
from subtui.services.keap.catching_up import note_earlier_changes
from subtui.services.keap.page_import import Rules
from subtui.services.keap.queries import status_of
from subtui.services.registry import Job, handles, runs
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import KEAP_CONNECTION
from subtui.views.keap import NOT_ALLOWED, NOT_CONNECTED, KeapStatus

USER_INFO = "/rest/v2/oauth/connect/userinfo"
PROFILE = "/rest/v2/businessProfile"
_TENANT = "x-keap-tenant-id"


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection as it is stored, and how the amounts and times of the account are read."""

    base_url: str
    tenant: str
    writing_allowed: bool
    rules: Rules


@runs(ConnectKeap)
def connect(job: Job, act: ConnectKeap) -> KeapStatus:
    """Handle `ConnectKeap`."""
    base_url = checked_base_url(act.base_url)
    with act.open_calls(base_url, never) as caller:
        tenant, profile = identity(caller), _profile(caller)
    with job.transaction(Permission.CONNECT_KEAP) as tx:
        account = lock_account(tx)
        if account.demo_day is not None and not is_loopback(host_of(base_url)):
            raise Refused("These are demo data. They can be connected to a Keap on this machine only.")
        stored = tx.session.execute(select(KEAP_CONNECTION)).first()
        if stored is not None and stored.tenant != tenant:
            raise Refused(_other_tenant(stored.tenant, tenant))
        values = {
            "tenant": tenant,
            "base_url": base_url,
            "name": str(profile.get("name") or ""),
            "currency": str(profile.get("currency_code") or account.currency),
            "time_zone": str(profile.get("time_zone") or account.time_zone),
            "connected": True,
            "connected_at": tx.now,
            "connected_by": tx.name,
            "writing_allowed": False,
            "sends_by_itself": False,
        }
        connection = tx.session.connection()
        if stored is None:
            connection.execute(insert(KEAP_CONNECTION).values(id=1, version=1, **values))
        else:
            connection.execute(update(KEAP_CONNECTION).values(**values, version=stored.version + 1))
        entry, _ = tx.log(
            EventType.CONNECT_KEAP,
            subject=Subject(SubjectType.KEAP),
            before={},
            after={"account": values["name"], "keap_account": tenant, "address": base_url},
        )
        if stored is None:
            note_earlier_changes(tx, entry)
        return status_of(tx)


@handles(DisconnectKeap)
def disconnect(tx: Transaction, _act: DisconnectKeap) -> KeapStatus:
    """Handle `DisconnectKeap`."""
    stored = _stored(tx)
    change = {"connected": False, "writing_allowed": False, "sends_by_itself": False, "version": stored.version + 1}
    tx.session.connection().execute(update(KEAP_CONNECTION).values(**change))
    tx.log(
        EventType.DISCONNECT_KEAP,
        subject=Subject(SubjectType.KEAP),
        before={"keap_account": stored.tenant},
        after={},
    )
    return status_of(tx)


@handles(AllowKeapWriting)
def allow_writing(tx: Transaction, act: AllowKeapWriting) -> KeapStatus:
    """Handle `AllowKeapWriting`."""
    account, stored = load_account(tx.session), _stored(tx)
    if act.allowed and account.drill:
        raise Refused("This is a copy to practise on. Nothing is sent to Keap from it.")
    before = {"sending": stored.writing_allowed, "by_itself": stored.sends_by_itself}
    after = {"sending": act.allowed, "by_itself": act.allowed and act.by_itself}
    if before == after:
        raise Refused("That is the setting already.")
    values = {"writing_allowed": after["sending"], "sends_by_itself": after["by_itself"]}
    tx.session.connection().execute(update(KEAP_CONNECTION).values(**values, version=stored.version + 1))
    tx.log(EventType.KEAP_WRITING, subject=Subject(SubjectType.KEAP), before=before, after=after)
    return status_of(tx)


def _stored(tx: Transaction) -> Any:
    stored = tx.session.execute(select(KEAP_CONNECTION).with_for_update()).first()
    if stored is None or not stored.connected:
        raise Refused(NOT_CONNECTED)
    return stored


# --- before every reading and sending ---------------------------------------------------------------------------------


def connected(job: Job, *, writes: bool = False) -> Connected:
    """The connection. Raises Refused without one, and with `writes` where nothing may be sent."""
    with job.work.read() as session:
        stored = session.execute(select(KEAP_CONNECTION)).first()
        account = load_account(session)
        drill, currency, time_zone = account.drill, account.currency, account.time_zone
    if stored is None or not stored.connected:
        raise Refused(NOT_CONNECTED)
    if writes and drill:
        raise Refused("This is a copy to practise on. Nothing is sent to Keap from it.")
    if writes and not stored.writing_allowed:
        raise Refused(NOT_ALLOWED)
    if job.work.why_read_only:
        raise Refused(job.work.why_read_only)
    rules = rules_of(stored, currency, time_zone)
    return Connected(stored.base_url, stored.tenant, stored.writing_allowed, rules)


def rules_of(stored: Any, currency: str, time_zone: str) -> Rules:
    """How amounts and times are read: as Keap's account has them, else as ours has."""
    return Rules(stored.currency or currency, _zone(stored.time_zone, time_zone))


def _zone(name: str, other: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(other)


@contextmanager
def line_to(found: Connected, open_calls: OpenCalls, stop: Stop) -> Iterator[Caller]:
    """The line to the account that the database is bound to. Raises Refused where the key opens another one."""
    with open_calls(found.base_url, stop) as caller:
        tenant = identity(caller)
        if tenant != found.tenant:
            raise Refused(_other_tenant(found.tenant, tenant))
        yield caller


def _other_tenant(mine: str, other: str) -> str:
    return (
        f"The key opens the Keap account {other}, and this database belongs to {mine}. Nothing was read or sent. "
        "Use a key of that account, or another database."
    )


def identity(caller: Caller) -> str:
    """Keap's id of the account that the key opens. Raises Refused where Keap does not say it."""
    answer = caller.get(USER_INFO)
    headers = {name.casefold(): value for name, value in answer.headers.items()}
    tenant = str(answer.body.get("tenant_id") or headers.get(_TENANT) or "").strip(" |")
    if not tenant:
        raise Refused("Keap does not say which account this key belongs to, so it cannot be told from another one.")
    return tenant


def _profile(caller: Caller) -> Mapping[str, Any]:
    try:
        return caller.get(PROFILE).body
    except (NotPermitted, NotThere, Declined):
        return {}


HEARTBEAT = timedelta(minutes=2)
"""How long a reading or sending of another program counts as under way after its last sign."""
