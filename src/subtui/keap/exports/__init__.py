"""Exports the record to files: rows are read one after the other, in bounded memory; files are complete or absent.

`tables` reads the rows of each kind, `row_ids` their exported ids; `sheets` and `lines` write the two formats,
`destination` publishes the files. `changes` reads the changes from the log.
"""
