"""Contacts, companies, tags, users: how they are listed."""

from typing import Any

from subtui.keap_mock.filters import Filter, How
from subtui.keap_mock.kind import IDS, NUMBERS, Kind, since, texts, times, until
from subtui.keap_mock.values import Row

CONTACT_OPTIONAL = frozenset(
    {
        "anniversary_date",
        "birth_date",
        "contact_type",
        "create_time",
        "custom_fields",
        "fax_numbers",
        "job_title",
        "leadsource_id",
        "links",
        "notes",
        "origin",
        "owner_id",
        "preferred_locale",
        "referral_code",
        "score_value",
        "social_accounts",
        "source_type",
        "spouse_name",
        "time_zone",
        "update_time",
        "utm_parameters",
        "website",
        "account_id",
        "assistant_name",
        "assistant_phone",
        "billing_information",
        "created_by",
        "groups",
        "last_updated_by",
    }
)
CONTACT_USUAL = frozenset(
    {
        *("given_name", "family_name", "middle_name", "preferred_name", "prefix", "suffix"),
        *("email_addresses", "phone_numbers", "addresses", "company", "tag_ids"),
    }
)
COMPANY_OPTIONAL = frozenset(
    {"notes", "fax_number", "address", "email_address", "phone_number", "update_time", "create_time", "custom_fields"}
)


def _times_at(path: str) -> dict[str, Filter]:
    return {"since_applied_time": since(path), "until_applied_time": until(path)}


def _address_texts() -> dict[str, Filter]:
    found = {}
    for place in ("billing", "shipping", "other"):
        for name, of_address in _ADDRESS.items():
            found[f"{place}_address_{name}"] = Filter("", read=_reader(place.upper(), of_address))
    return found


_ADDRESS = {
    "line": "line1",
    "locality": "locality",
    "region": "region_code",
    "postal_code": "postal_code",
    "country_code": "country_code",
}


def _reader(place: str, name: str) -> Any:
    def read(row: Row) -> list[Any]:
        return [each.get(name) for each in row.get("addresses") or () if each.get("field") == place and each.get(name)]

    return read


PEOPLE: tuple[Kind, ...] = (
    Kind(
        "contacts",
        "contacts",
        {
            **texts(
                email="email_addresses.email",
                given_name="given_name",
                family_name="family_name",
                middle_name="middle_name",
                company_id="company.id",
                phone_number="phone_numbers.number",
                phone_fields="phone_numbers.field",
                city="addresses.locality",
                state="addresses.region_code",
                website="website",
                lead_source_name="lead_source_name",
            ),
            **_address_texts(),
            "contact_id": NUMBERS,
            "contact_ids": IDS,
            "ids": IDS,
            "start_update_time": since("update_time"),
            "end_update_time": until("update_time"),
        },
        {"id": "id", "create_time": "create_time", "email": "email_addresses.email", "update_time": "update_time"},
        custom=True,
        optional=CONTACT_OPTIONAL,
        usual=CONTACT_USUAL,
    ),
    Kind(
        "companies",
        "companies",
        {
            **texts(
                company_name="company_name",
                name="company_name",
                email="email_address.email",
                city="address.locality",
                state="address.region_code",
            ),
            "since_time": since("update_time"),
            "until_time": until("update_time"),
            "company_id": NUMBERS,
        },
        {"id": "id", "create_time": "create_time", "name": "company_name", "email": "email_address.email"},
        custom=True,
        optional=COMPANY_OPTIONAL,
    ),
    Kind(
        "tags",
        "tags",
        {
            **texts(name="name", description="description", category_id="category.id"),
            "tag_ids": IDS,
            **times("create_time", "update_time"),
        },
        {"name": "name", "create_time": "create_time", "update_time": "update_time"},
    ),
    Kind(
        "tag_categories",
        "tag_categories",
        {**texts(name="name", description="description"), **times("create_time", "update_time")},
        {"name": "name", "create_time": "create_time", "update_time": "update_time"},
    ),
    Kind(
        "users",
        "users",
        {
            **texts(email="email_addresses.email", given_name="given_name"),
            "user_ids": IDS,
            # These two widen the list; what they mean is decided where the list is made.
            "include_inactive": Filter("", How.FLAG, read=lambda _: [True]),
            "include_partners": Filter("", How.FLAG, read=lambda _: [True]),
        },
        {"create_time": "create_time", "email": "email_addresses.email", "name": "given_name"},
        largest_page=100,
    ),
    Kind(
        "contact_tags",
        "tags",
        {"contact_ids": Filter("contact_id", How.MANY), **_times_at("applied_at")},
        {"applied_time": "applied_at"},
    ),
    Kind(
        "tag_contacts",
        "contacts",
        {"tag_ids": Filter("tag_id", How.MANY), **_times_at("applied_at")},
        {"applied_time": "applied_at"},
    ),
    Kind(
        "applied_tags",
        "tags",
        {
            **texts(name="tag.name", description="tag.description", category_id="tag.category.id"),
            **_times_at("applied_time"),
            "since_create_time": since("tag.create_time"),
            "until_create_time": until("tag.create_time"),
            "since_update_time": since("tag.update_time"),
            "until_update_time": until("tag.update_time"),
        },
        {
            "name": "tag.name",
            "create_time": "tag.create_time",
            "update_time": "tag.update_time",
            "applied_time": "applied_time",
            "category_id": "tag.category.id",
        },
    ),
    Kind(
        "tagged_contacts",
        "contacts",
        {**texts(given_name="given_name", family_name="family_name", email="email"), **_times_at("applied_time")},
        {"given_name": "given_name", "family_name": "family_name", "email": "email", "applied_time": "applied_time"},
    ),
)
