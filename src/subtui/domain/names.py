"""How a contact is called in lists, on letters and in breadcrumbs."""


def list_name(first: str, last: str, company: str = "", email: str = "", contact_id: int = 0) -> str:
    """`López, María`; whatever there is when a part is missing, and never empty."""
    name = ", ".join(part for part in (last.strip(), first.strip()) if part)
    return name or company.strip() or email.strip() or f"Contact {contact_id}"


def letter_name(first: str, last: str, company: str = "") -> str:
    """`María López`, as one is addressed; the company when there is no name, else `Customer`."""
    name = " ".join(part for part in (first.strip(), last.strip()) if part)
    return name or company.strip() or "Customer"
