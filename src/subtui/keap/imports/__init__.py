"""The import: inspects the rows of files, and writes them kind by kind."""
