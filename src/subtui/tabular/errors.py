"""What is wrong with a file: every error is a sentence that names the file, and the line where there is one."""


class TabularError(Exception):
    """A file cannot be read; `str(error)` says why, and what helps."""


class EmptyFile(TabularError):
    """There is nothing in a file."""


class NoText(TabularError):
    """A file is no text, but a picture, a program or an archive."""


class BrokenHeader(TabularError):
    """The first line of a sheet cannot be read."""


class UnclearEncoding(TabularError):
    """The letters of a file can be those of several code pages. `evidence` is how its first such word would read."""

    def __init__(self, name: str, line: int, western: str, readings: tuple[str, ...]) -> None:
        others = f", as {', as '.join(readings)}" if readings else ""
        usual = readings[0].split(" ")[0] if readings else "cp1250"
        self.name = name
        self.evidence = f"Line {line:,} would read “{western}” as Windows-1252{others}."
        super().__init__(
            f"{name}: the encoding of this file is unclear. {self.evidence} "
            f"Choose with --encoding, such as --encoding {usual}, or save the file as UTF-8."
        )


class NoData(TabularError):
    """A text in an archive, or one of several files, is none of those that are read; `why` in a few words."""

    def __init__(self, sentence: str, why: str) -> None:
        super().__init__(sentence)
        self.why = why


def problem(name: str, line: int, sentence: str) -> TabularError:
    """The error for what is wrong on one line of the file called `name`."""
    return TabularError(f"{name}, line {line}: {sentence}")
