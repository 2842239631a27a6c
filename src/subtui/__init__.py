"""subtui: find a customer, end a subscription completely, and be able to prove it."""

__version__ = "0.1.0"
