"""The acts and queries that front ends send to the backend, by subject. This package never touches the database."""
