"""The revisions of the schema. Opening a database needs these names, and neither tables nor migrations."""

REVISIONS = ("first", "pauses", "merchant_account", "sign_ins", "one_standing", "keap", "working_day")
"""Every revision, oldest first; a test compares them with the folder of the migrations."""

HEAD = REVISIONS[-1]
"""The newest revision."""
