"""Writes the record to files: rows out of the database one after the other, in bounded memory, whole files or none.

`tables` holds what goes out of each kind, `row_ids` under which id; `sheets` and `lines` are the two forms it can have,
`places` where it ends up. `changes` reads what was done, out of the log.
"""
