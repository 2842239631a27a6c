"""The backend and its handlers: each act is one transaction, checks its permission, and writes the log in it."""
