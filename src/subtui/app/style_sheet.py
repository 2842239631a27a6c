"""Textual's style sheet with a memory: what was parsed and matched once is not worked out again.

Textual finds the rules of a widget again whenever a class, the focus or the size of the screen changes, and reads every
sheet again in each app and for each theme. Here both are remembered, for all apps of the process: tests open hundreds.
The rules are always found by Textual itself; only the answers are kept, under everything that they depend on.

The state of nodes that rules ask for, and the parts of the sheet that are kept, are private in Textual, so this is the
only module that touches them; `tests/app/test_style_sheet.py` compares every answer with Textual's own.
"""

from collections.abc import Hashable
from itertools import count
from typing import Any, cast
from weakref import WeakKeyDictionary

from textual.app import App
from textual.css._style_properties import LayoutProperty, ScrollbarColorProperty, StringEnumProperty
from textual.css.model import RuleSet
from textual.css.styles import RULE_NAMES, RulesMap, Styles, StylesBase
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

MOST = 200_000
"""The places of widgets that are told apart before all memory is cleared; a day's work has some thousands."""
MOST_SHEETS = 300
"""The states of the sheet, one more with each new kind of widget, that are remembered."""


_STEPWISE = tuple(
    name
    for name in RULE_NAMES
    if isinstance(vars(StylesBase)[name], (StringEnumProperty, LayoutProperty, ScrollbarColorProperty))
)
"""The rules that do more than to be set: an own layout for each node, scrollbars, and what the layout looks for."""


class _Answer:
    """The rules of a node, as Textual found them."""

    __slots__ = ("at_once", "rules", "stepwise")

    def __init__(self, rules: RulesMap) -> None:
        self.rules = rules
        self.at_once: RulesMap | None = None
        """What they come to on a node that has none; None until that is known."""
        self.stepwise: tuple[tuple[str, Any], ...] = ()

    def alike(self, other: "_Answer | None") -> bool:
        """Whether it has the same rules."""
        return self is other or (other is not None and self.rules == other.rules)

    def learn(self, styles: Styles) -> None:
        """Take what the rules came to on a new node."""
        self.stepwise = tuple((name, self.rules.get(name)) for name in _STEPWISE if name in self.rules)
        self.at_once = cast("RulesMap", {name: each for name, each in styles._rules.items() if name not in _STEPWISE})

    def fill(self, styles: Styles) -> None:
        """Set the rules on a new node."""
        if self.at_once is not None:
            styles.merge_rules(self.at_once)
        for name, each in self.stepwise:
            setattr(styles, name, each)


_NOTHING, _NOT_FOUND = _Answer({}), _Answer({})


class _Given:
    """What a node was given last."""

    __slots__ = ("answer", "parts", "updates")

    def __init__(self, answer: _Answer, updates: int) -> None:
        self.answer, self.updates = answer, updates
        """The count of changes of its styles by then: they are still the same while that is."""
        self.parts: list[_Answer] | None = None
        """The answers of its component classes."""


class _Kind:
    """What a kind of node has of the rules: those whose last part names its type, its id or one of its classes."""

    __slots__ = ("flags", "found")

    def __init__(self, flags: tuple[bool, bool]) -> None:
        self.flags = flags
        """Whether such a rule asks for `:hover`, and whether one asks for what the place alone does not tell."""
        self.found: dict[int, _Answer | None] = {}
        """The rules by place; None where there are none."""


class _Sheet:
    """A parsed state of the sheet."""

    __slots__ = ("by_name", "kinds", "rules")

    def __init__(self, rules: list[RuleSet], by_name: dict[str, list[RuleSet]]) -> None:
        self.rules, self.by_name = rules, by_name
        self.kinds: dict[Hashable, _Kind] = {}


class _Memory:
    """What all sheets of the process share. Threads may find the same answer twice, but never a wrong one."""

    def __init__(self) -> None:
        self.parsed: dict[Hashable, dict[Any, list[RuleSet]]] = {}
        """By the variables: the rules by source."""
        self.sheets: dict[Hashable, _Sheet] = {}
        self.kinds: dict[tuple[RuleSet, ...], _Kind] = {}
        self.places: dict[Hashable, int] = {}
        """The number of a place: a node's own state, below the number of its parent's place."""
        self.numbers = count(1)

    def place(self, own: Hashable) -> int:
        """The number of a place."""
        number = self.places.get(own)
        if number is None:
            if len(self.places) >= MOST:
                self.forget()
            number = self.places[own] = next(self.numbers)  # never used twice, so that what is forgotten fits nothing
        return number

    def forget(self) -> None:
        """Clear everything."""
        for kind in self.kinds.values():
            kind.found.clear()
        for each in (self.parsed, self.sheets, self.kinds, self.places):
            each.clear()


_MEMORY = _Memory()
# What the place alone does not tell: the brothers and sisters of a node, its children, or what has the focus below it.
_BEYOND = frozenset(
    {"first-of-type", "last-of-type", "first-child", "last-child", "odd", "even", "empty", "focus-within"}
)
_KNOWN = (DOMNode._PSEUDO_CLASSES, Widget._PSEUDO_CLASSES, App._PSEUDO_CLASSES)


class StyleSheet(Stylesheet):
    """The style sheet of an app."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._sheet: _Sheet | None = None
        self._given: WeakKeyDictionary[DOMNode, _Given] = WeakKeyDictionary()
        self._asking = False
        self._asked: RulesMap | None = None
        self._remember_for(variables)

    # --- parsing ----------------------------------------------------------------------------------------------------

    def _remember_for(self, variables: dict[str, str]) -> None:
        self._words = tuple(sorted(variables.items()))
        self._parse_cache = cast("Any", _MEMORY.parsed.setdefault(self._words, {}))

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of another theme."""
        self._parse_cache = cast("Any", {})  # Textual clears it
        super().set_variables(variables)
        self._remember_for(variables)

    def parse(self) -> None:
        """Parse the sources, or take what they were parsed to before."""
        state = (self._words, tuple(self.source.items()))
        sheet = _MEMORY.sheets.get(state)
        if sheet is None:
            super().parse()
            sheet = _Sheet(self._rules, self.rules_map)
            if not self._invalid_css:  # otherwise a source was left out
                if len(_MEMORY.sheets) >= MOST_SHEETS:
                    _MEMORY.sheets.clear()
                _MEMORY.sheets[state] = sheet
        self._sheet, self._rules, self._rules_map = sheet, sheet.rules, sheet.by_name
        self._require_parse = False

    def reparse(self) -> None:
        """Parse the sources with new variables; with an error the old rules stay."""
        self.parse()

    # --- applying ---------------------------------------------------------------------------------------------------

    def apply(self, node: DOMNode, *, animate: bool = False, cache: dict[Any, RulesMap] | None = None) -> None:
        """Give a node its styles."""
        known = cast("dict[Any, Any]", cache if cache is not None else {})
        place = self._place(node, known)
        kind = self._kind(node)
        if kind.flags[1] or place == 0:
            super().apply(node, animate=animate)
            return
        if place in kind.found:
            node._has_hover_style = kind.flags[0]
            node._has_focus_within = node._has_order_style = node._has_odd_or_even = False
            answer = kind.found[place]
            if answer is not None:
                self._give(node, answer, animate)
        else:
            self._asked, self._asking = None, True
            try:
                super().apply(node, animate=animate)  # calls replace_rules
            finally:
                self._asking = False
            asked = cast("RulesMap | None", self._asked)
            answer = kind.found[place] = _Answer(asked) if asked is not None else None
            if answer is not None:
                self._give(node, answer, animate)
        self._give_parts(node, place)

    def replace_rules(  # type: ignore[override]  # Textual's belongs to the class, and is called on the sheet
        self, node: DOMNode, rules: RulesMap, animate: bool = False
    ) -> None:
        """Take what Textual found, which is set afterwards."""
        if self._asking:
            self._asked = rules
        else:
            super().replace_rules(node, rules, animate=animate)

    def _process_component_classes(self, node: DOMNode) -> None:
        if not self._asking:
            super()._process_component_classes(node)

    def _give(self, node: DOMNode, answer: _Answer, animate: bool) -> None:
        styles = node.styles.base
        given = self._given.get(node)
        if given is not None and given.updates == styles._updates and given.answer.alike(answer):
            node.notify_style_update()
            return
        new = not (styles._rules or styles._updates or node._is_mounted)
        if new and answer.at_once is not None:
            answer.fill(styles)
            node.notify_style_update()
        else:
            super().replace_rules(node, answer.rules, animate=animate)
            if new and "transitions" not in answer.rules:
                answer.learn(styles)
        if given is None:
            self._given[node] = _Given(answer, styles._updates)
        else:
            given.answer, given.updates = answer, styles._updates

    def _give_parts(self, node: DOMNode, place: int) -> None:
        """Give the parts of a widget, named by component classes, their styles, unless they have them."""
        names = node._get_component_classes()
        if not names:
            return
        given = self._given.get(node)
        answers = self._parts(names, place)
        if given is None or given.parts is None or not all(map(_Answer.alike, answers, given.parts)):
            super()._process_component_classes(node)
            if given is not None:
                answers = self._parts(names, place)
                given.parts = None if _NOT_FOUND in answers else answers

    def _parts(self, names: frozenset[str], place: int) -> list[_Answer]:
        answers = []
        for name in names:
            classes = frozenset((name,))
            kind = self._kind_of(DOMNode, None, classes)
            part = _MEMORY.place((place, DOMNode, None, classes, ()))
            answers.append(kind.found.get(part, _NOT_FOUND) or _NOTHING)
        return answers

    # --- what the rules of a node depend on -------------------------------------------------------------------------

    def _kind(self, node: DOMNode) -> _Kind:
        return self._kind_of(type(node), node._id, frozenset(node._classes))

    def _kind_of(self, type_: type[DOMNode], id_: str | None, classes: frozenset[str]) -> _Kind:
        rules = self.rules  # parses what is new
        sheet = self._sheet
        if sheet is None or sheet.rules is not rules:
            sheet = self._sheet = _Sheet(rules, self.rules_map)
        kind = sheet.kinds.get((type_, id_, classes))
        if kind is None:
            names = {"*", *type_._css_type_names, *(f".{name}" for name in classes)}
            if id_ is not None:
                names.add(f"#{id_}")
            chosen = {rule for name in sheet.by_name.keys() & names for rule in sheet.by_name[name]}
            ordered = tuple(rule for rule in rules if rule in chosen)
            asked = set().union(*(rule.pseudo_classes for rule in ordered))
            kind = _MEMORY.kinds.get(ordered)
            if kind is None:
                kind = _MEMORY.kinds[ordered] = _Kind(("hover" in asked, not asked.isdisjoint(_BEYOND)))
            sheet.kinds[type_, id_, classes] = kind
        return kind

    def _place(self, node: DOMNode, known: dict[Any, Any] | None) -> int:
        """The number of the place of a node, 0 for one that cannot be told apart. `known` are the numbers of parents.

        Whether an ancestor has changed while a number of nodes are given their styles is not asked by Textual either.
        """
        parent = node._parent
        above = -1
        if isinstance(parent, DOMNode):
            found = known.get(parent) if known is not None else None
            if found is None:
                found = self._place(parent, known)
                if known is not None:
                    known[parent] = found
            above = found
        if above == 0 or node._PSEUDO_CLASSES not in _KNOWN:
            return 0
        state: tuple[Any, ...] = ()
        if isinstance(node, Widget):
            state = (node.mouse_hover, node.has_focus, node.disabled, node.allow_focus())
        elif isinstance(node, App):
            state = (
                node.app_focus,
                node.current_theme.dark,
                node.is_inline,
                node.native_ansi_color,
                node.no_color,
            )
        return _MEMORY.place((above, type(node), node._id, frozenset(node._classes), state))
