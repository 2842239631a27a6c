"""The Textual program. It reaches the database through the backend only."""
