"""Made-up data of any size, the same for the same size and seed on every machine.

`names` draws pools of names once, `people` makes contacts from them, `subscriptions` and `orders` make what they
bought, `payments` and `cancellations` what followed, `sheet_writer` writes the tables, and `generator` runs all of it.
"""

from subtui.made_data.generator import Made, Wanted, generate

__all__ = ["Made", "Wanted", "generate"]
