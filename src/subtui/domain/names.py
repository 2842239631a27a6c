"""The names of a contact for lists, letters and breadcrumbs."""


def list_name(first: str, last: str, company: str = "", email: str = "", contact_id: int = 0) -> str:
    """The name for lists, `López, María`; from the parts that exist when one is missing, and never empty."""
    name = ", ".join(part for part in (last.strip(), first.strip()) if part)
    return name or company.strip() or email.strip() or f"Contact {contact_id}"


def letter_name(first: str, last: str, company: str = "") -> str:
    """The name for a letter, `María López`; the company when there is no name, else `Customer`."""
    name = " ".join(part for part in (first.strip(), last.strip()) if part)
    return name or company.strip() or "Customer"
