"""The handler of a contact's General tab."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.contacts import GetContact
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.subscriptions import Status
from subtui.services.contact_edits import why_not_undo
from subtui.services.contacts import automations_of, duplicates_of, name_of, staying_contact, tags_of
from subtui.services.notes import notes_about
from subtui.services.order_rows import balances
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.search import PHONES
from subtui.storage.tables import Subscription, User
from subtui.views.customers import Address, ContactRecord


@answers(GetContact)
def contact_record(reader: Reader, query: GetContact) -> ContactRecord:
    """Handle `GetContact`."""
    session = reader.session
    contact = staying_contact(session, query.contact_id)
    contact_id = contact.id or 0
    owner = session.get(User, contact.owner_id) if contact.owner_id else None
    addresses = (("Billing", contact.billing_address), ("Shipping", contact.shipping_address))
    return ContactRecord(
        id=contact_id,
        version=contact.version,
        why_not_undo=why_not_undo(session, contact),
        merged=duplicates_of(session, contact_id),
        opened_as=query.contact_id,
        name=name_of(contact),
        company=contact.company,
        job_title=contact.job_title,
        emails=tuple(filter(None, (contact.email, contact.email2, contact.email3))),
        phones=tuple(filter(None, (getattr(contact, field) for field in PHONES))),
        website=contact.website,
        addresses=tuple(Address(kind, tuple(lines)) for kind, lines in addresses if lines),
        tags=tags_of(session, contact_id),
        automations=automations_of(session, contact_id),
        owner=owner.name if owner else "",
        created_on=contact.created_on,
        person_notes=contact.person_notes,
        notes=notes_about(session, Subject(SubjectType.CONTACT, contact_id)),
        balance=balances(session, contact_id),
        active=_active(session, contact_id),
        keap_id="" if contact.keap_id is None or contact.keap_id.startswith("~") else contact.keap_id,
        more=tuple(sorted(contact.more.items())),
    )


def _active(session: Session, contact_id: int) -> int:
    counted = select(func.count()).where(
        col(Subscription.contact_id) == contact_id, col(Subscription.status) == Status.ACTIVE.value
    )
    return int(session.execute(counted).scalar_one())
