"""The connection to Keap: what is read from it, what is sent to it, and what is compared."""
