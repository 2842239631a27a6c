"""Files as rows: archives, encodings, CSV, JSON and workbooks, in bounded memory.

The package knows nothing of customers or orders: it hands out cells and objects with the line where they stand, and
explains in a sentence why a file cannot be read. `files` is the entrance, `types` holds what comes out.
"""
