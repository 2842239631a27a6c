import click


@click.group()
def data() -> None:
    """x"""
