"""Keap's REST interface: the calls, their limits, their errors and the credential. It knows no database."""
