"""Contacts and companies of a made account, and what every account has a few of: tags, products, users, merchants."""

from datetime import timedelta

from subtui.keap_mock.made_numbers import PRICES, Numbers
from subtui.keap_mock.values import Row, currency, time_text

_GIVEN = ("Ana", "José", "Zoë", "Priya", "Søren", "Mary Ann", "Łukasz", "Chloé", "Omar", "Mei", "D'Arcy", "Jürgen")
_FAMILY = (
    "García",
    "O'Neil",
    "Müller",
    "Nguyễn",
    "Smith",
    "Okafor",
    "Lindqvist",
    "de la Cruz",
    "Šimić",
    "Brown",
    "Çelik",
)
_TOWNS = (("Duluth", "US-MN", "55802"), ("Peoria", "US-IL", "61602"), ("Montréal", "CA-QC", "H2X 1Y4"))
_DAYS = 5 * 365.0


def given_name(numbers: Numbers, number: int) -> str:
    """The first name of a contact."""
    return _GIVEN[numbers.mixed(10, number) % len(_GIVEN)]


def family_name(numbers: Numbers, number: int) -> str:
    """The last name of a contact."""
    return _FAMILY[numbers.mixed(11, number) % len(_FAMILY)]


def email(number: int) -> str | None:
    """The address of a contact; a few have none."""
    return None if number % 97 == 0 else f"member{number}@example.com"


def basic_contact(numbers: Numbers, number: int) -> Row:
    """A contact as orders and transactions name it."""
    return {
        "id": str(number),
        "email": email(number),
        "given_name": given_name(numbers, number),
        "family_name": family_name(numbers, number),
    }


def contact(numbers: Numbers, number: int) -> Row:
    """A contact with all its fields."""
    updated = numbers.spread(number, numbers.contacts, _DAYS)
    town, region, code = _TOWNS[numbers.mixed(12, number) % len(_TOWNS)]
    address = email(number)
    tags = [str(tag) for tag in range(1, 13) if numbers.mixed(20 + tag, number) % 5 == 0]
    row: Row = {
        "id": str(number),
        "given_name": given_name(numbers, number),
        "family_name": family_name(numbers, number),
        "middle_name": None,
        "preferred_name": "",
        "email_addresses": [
            {
                "email": address,
                "field": "EMAIL1",
                "opt_in_reason": "Form",
                "is_opt_in": True,
                "email_opt_status": "SINGLE_OPT_IN" if number % 31 else "PAUSED_BY_CONTACT",
            }
        ]
        if address
        else [],
        "phone_numbers": [
            {"number": f"+1555{number % 10**7:07}", "type": "Mobile", "field": "PHONE1", "extension": None}
        ],
        "addresses": [
            {
                "line1": f"{number % 900 + 1} Elm Street",
                "line2": None,
                "locality": town,
                "field": "BILLING",
                "country_code": "USA" if region.startswith("US") else "CAN",
                "region_code": region,
                "postal_code": code,
                "zip_code": code,
                "zip_four": "",
            }
        ],
        "company": _company_of(numbers, number),
        "owner_id": str(numbers.mixed(13, number) % 4 + 1) if number % 3 else None,
        "tag_ids": tags,
        "custom_fields": [{"id": "3", "content": "1" if number % 2 else None}],
        "source_type": "MANUAL" if number % 41 else "PARTNER_PORTAL",
        "preferred_locale": "en_US",
        "time_zone": "America/New_York",
        "create_time": time_text(updated - timedelta(days=30)),
        "update_time": time_text(updated),
        "website": None,
        "job_title": "",
    }
    if number % 50 == 3:
        row["lifecycle_stage"] = {"name": "Client", "score": 7}
    return row


def _company_of(numbers: Numbers, number: int) -> Row | None:
    if number % 10:
        return None
    company_number = numbers.mixed(14, number) % companies(numbers) + 1
    return {"id": str(company_number), "company_name": _company_name(company_number)}


def companies(numbers: Numbers) -> int:
    """How many companies there are."""
    return max(1, numbers.contacts // 50)


def _company_name(number: int) -> str:
    return f"Atelier Café {number} & Sons"


def company(numbers: Numbers, number: int) -> Row:
    """A company with all its fields."""
    updated = numbers.spread(number, companies(numbers), _DAYS)
    return {
        "id": str(number),
        "company_name": _company_name(number),
        "website": "https://atelier.example",
        "notes": None,
        "address": {"line1": "2 Quay", "locality": "Duluth", "region_code": "US-MN", "country_code": "USA"},
        "email_address": {"email": f"company{number}@example.com", "field": "EMAIL1"},
        "phone_number": {"number": "+15550100", "type": "Work", "field": "PHONE1"},
        "custom_fields": [],
        "create_time": time_text(updated - timedelta(days=30)),
        "update_time": time_text(updated),
    }


def small_rows(numbers: Numbers) -> dict[str, list[Row]]:
    """The kinds of which there are only a few."""
    moment = time_text(numbers.end - timedelta(days=900))
    times = {"create_time": moment, "update_time": moment}
    return {
        "tag_categories": [
            {"id": str(n), "name": name, "description": "", **times}
            for n, name in enumerate(("Members", "Leads", "Ops"), 1)
        ],
        "tags": [
            {"id": str(n), "name": f"Tag {n}", "description": None, "category": {"id": str(n % 3 + 1)}, **times}
            for n in range(1, 13)
        ],
        "products": [_product(n, price, moment) for n, price in enumerate(PRICES, 1)],
        "users": [_user(n, moment) for n in range(1, 7)],
        "merchants": [
            {"id": "11", "name": "Card merchant", "type": "STRIPE", "is_test": False},
            {"id": "12", "name": "Sandbox", "type": "AUTHORIZE", "is_test": True},
        ],
    }


def _product(number: int, price: int, moment: str) -> Row:
    return {
        "id": str(number),
        "name": f"Membership {'ABCDEFGHIJ'[number - 1]}",
        "price": currency(price),
        "active": True,
        "description": None,
        "sku": f"SKU-{number}",
        "shippable": False,
        "weight": 0.0,
        "taxable": False,
        "categories": [],
        "short_description": "",
        "subscription_only": True,
        "subscription_plans": [
            _plan(2 * number - 1, "MONTHLY", price, 0),
            _plan(2 * number, "YEARLY", price * 10, 1),
        ],
        "create_time": moment,
        "update_time": moment,
    }


def _plan(number: int, cycle: str, price: int, index: int) -> Row:
    return {
        "id": str(number),
        "active": True,
        "prorate": False,
        "billing_cycle": cycle,
        "billing_frequency": 1,
        "number_of_cycles": 0,
        "plan_price": currency(price),
        "order_index": index,
    }


def _user(number: int, moment: str) -> Row:
    return {
        "id": str(number),
        "given_name": _GIVEN[number],
        "family_name": _FAMILY[number],
        "email_addresses": [{"email": f"user{number}@example.com", "field": "EMAIL1"}],
        "status": "INACTIVE" if number == 5 else "ACTIVE",
        "admin": number == 1,
        "partner": number == 6,
        "global_user_id": str(900_000 + number),
        "keap_id": f"user{number}@example.com",
        "created_by": 1,
        "updated_by": -1,
        "create_time": moment,
        "update_time": moment,
    }
