"""The screens. Everything that knows Textual lives here; the database is reached through the backend only."""
