"""What a person can do. Each act is one transaction, asks for permission here, and writes the log in it."""
