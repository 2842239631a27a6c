"""Which tag is on which contact, in the three forms in which the interface tells it."""

from collections.abc import Iterator

from subtui.keap_mock.account import Account
from subtui.keap_mock.values import Row, row_number, values_at


def associations(account: Account) -> Iterator[Row]:
    """All pairs of contact and tag. When a tag was applied is not kept: the contact's creation stands for it."""
    for _, contact in account.tables["contacts"].rows():
        for tag_id in contact.get("tag_ids") or ():
            yield {"contact_id": contact["id"], "tag_id": str(tag_id), "applied_at": contact.get("create_time")}


def applied_tags(account: Account, contact: Row) -> Iterator[Row]:
    """The tags of one contact."""
    for tag_id in contact.get("tag_ids") or ():
        number = row_number(tag_id)
        tag = account.tables["tags"].get(number) if number is not None else None
        yield {"tag": tag or {"id": str(tag_id)}, "applied_time": contact.get("create_time")}


def tagged_contacts(account: Account, tag_id: str) -> Iterator[Row]:
    """The contacts with one tag."""
    for _, contact in account.tables["contacts"].rows():
        if tag_id in map(str, contact.get("tag_ids") or ()):
            emails = values_at(contact, ("email_addresses", "email"))
            yield {
                "id": contact["id"],
                "email": emails[0] if emails else None,
                "given_name": contact.get("given_name"),
                "family_name": contact.get("family_name"),
                "applied_time": contact.get("create_time"),
            }
