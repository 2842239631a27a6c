"""The backend and its handlers: each act is one transaction that checks its permission and writes the log."""
