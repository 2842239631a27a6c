"""Made-up data of any size, the same for the same number and seed on every machine.

`names` draws pools of names once, `people` makes contacts out of them, `subscriptions` and `orders` what they bought,
`paying` what became of it, `writing` puts all of it into the tables, and `making` is the whole.
"""

from subtui.storage.made_data.generator import Made, Wanted, generate

__all__ = ["Made", "Wanted", "generate"]
