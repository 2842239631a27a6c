"""The fields of a contact that can be corrected: what one is called, how long it can be, and where it is found."""

from dataclasses import dataclass

LONGEST_NAME = 120
LONGEST_ADDRESS = 400
LONGEST_TAG = 120
MOST_TAGS = 200


@dataclass(frozen=True, slots=True)
class ContactField:
    """A field: its name in the draft, the log and the table, its label, and the heading above it, if it begins one."""

    name: str
    label: str
    section: str = ""
    lines: bool = False  # a text of several lines


CONTACT_FIELDS = (
    ContactField("first_name", "First name", "Person"),
    ContactField("last_name", "Last name"),
    ContactField("company", "Company"),
    ContactField("job_title", "Job title"),
    ContactField("email", "E-mail", "E-mail and phone"),
    ContactField("email2", "E-mail 2"),
    ContactField("email3", "E-mail 3"),
    ContactField("phone1", "Phone 1"),
    ContactField("phone2", "Phone 2"),
    ContactField("phone3", "Phone 3"),
    ContactField("phone4", "Phone 4"),
    ContactField("phone5", "Phone 5"),
    ContactField("website", "Website"),
    ContactField("billing_address", "Billing", "Addresses", lines=True),
    ContactField("shipping_address", "Shipping", lines=True),
    ContactField("tags", "Tags", "Tags", lines=True),
)
"""The fields in the order of the form."""

NOTES = "person_notes"
"""What is known of the person: no field of the form, but a merge joins it."""

CONTACT_LABELS = {known.name: known.label for known in CONTACT_FIELDS} | {NOTES: "Person notes"}
EMAILS = ("email", "email2", "email3")
PHONES = ("phone1", "phone2", "phone3", "phone4", "phone5")
ADDRESSES = ("billing_address", "shipping_address")
TAGS = "tags"
FOUND_BY = ("first_name", "last_name", "company", *EMAILS, *PHONES)
"""A contact keeps at least one of these."""
