"""Columns of other programs are taken where their meaning is certain; every other is named and kept."""

import pytest

from tests.services.importing import Business
from tests.services.keap_files import answer

HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Street Address,City,State/Region,"
    "Postal Code,Country/Region,Company name,Website URL,Lifecycle Stage\n"
    "51,Pat,Lee,pat@x.example,602 555 0142,602 555 0143,1 Main St,Phoenix,AZ,85001,United States,Acme,x.example,lead\n"
)
QUICKBOOKS = (
    "Customer,Company,Street Address,City,State,ZIP,Country,Phone,Email\n"
    "Pat Lee,Acme,1 Main St,Phoenix,AZ,85001,United States,602 555 0142,pat@x.example\n"
)
WOOCOMMERCE = (
    "Email,Billing First Name,Billing Last Name,Billing Company,Billing Address 1,Billing City,Billing State,"
    "Billing Postcode,Billing Country,Billing Phone\n"
    "pat@x.example,Pat,Lee,Acme,1 Main St,Phoenix,AZ,85001,United States,602 555 0142\n"
)
STRIPE = (
    "Email,Name,Address Line1,Address City,Address State,Address Postal Code,Address Country,Phone,Business Name\n"
    "pat@x.example,Pat Lee,1 Main St,Phoenix,AZ,85001,United States,602 555 0142,Acme\n"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,Address,City,State/Province,Zip/Postal Code,Country,Phone Number,Company\n"
    "pat@x.example,Pat,Lee,1 Main St,Phoenix,AZ,85001,United States,602 555 0142,Acme\n"
)


@pytest.mark.parametrize("content", [HUBSPOT, QUICKBOOKS, WOOCOMMERCE, STRIPE, MAILCHIMP])
def test_contacts_of_other_programs(business: Business, content: str) -> None:
    business.bring(content)
    row = business.row("SELECT first_name, last_name, company, email, phone1, billing_address FROM contact")
    assert row == {
        "first_name": "Pat",
        "last_name": "Lee",
        "company": "Acme",
        "email": "pat@x.example",
        "phone1": "602 555 0142",
        "billing_address": '["1 Main St","Phoenix, AZ 85001","United States"]',
    }
    assert len(business.found("6025550142")) == 1


def test_a_customer_who_is_a_company_has_no_name(business: Business) -> None:
    business.bring("Customer,Company,Email\nAcme,ACME,info@x.example\n")
    assert business.row("SELECT first_name, last_name, company FROM contact") == {
        "first_name": "",
        "last_name": "",
        "company": "ACME",
    }


def test_orders_of_a_shop_are_no_contacts(business: Business) -> None:
    head = "Order Number,Billing First Name,Billing Last Name,Billing Email,Order Total Amount\n"
    assert "its columns" in business.refusal(f"{head}7,Pat,Lee,pat@x.example,49.00\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Frist Name", "First Name"),
        ("Emial", "Email"),
        ("Phnoe 1", "Phone 1"),
        ("Comapny", "Company Name"),
        ("Date Craeted", "Date Created"),
        ("Favourite Colour", None),
        ("Score", None),
    ],
)
def test_near_misses(business: Business, written: str, meant: str | None) -> None:
    report = business.bring(f"Id,Last Name,{written}\n1,Lee,x\n", dry_run=True)
    assert report.files[0].kept == (written,)
    assert report.notes == ((f"file.csv: {written}: did you mean {meant}?",) if meant else ())


def test_each_column_that_is_kept_is_named(business: Business) -> None:
    report = business.bring(HUBSPOT)
    assert report.files[0].kept == ("Record ID", "Lifecycle Stage")
    report = business.bring(answer("contacts", {"id": 7, "given_name": "Pat", "modification_time": "x", "pin": 1}))
    assert (report.files[0].kept, report.files[0].dropped) == (("modification_time",), ("pin",))


def test_a_column_without_a_name(business: Business) -> None:
    report = business.bring("Id,,Last Name\n1,x,Lee\n")
    assert report.notes == ("file.csv: 1 column has no name and cannot be stored.",)
