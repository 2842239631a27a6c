"""Writes the report of the screens that differ from their records: one HTML file without network access or scripts.

Data is escaped, and pictures are embedded as images, so that they run nothing and their ids cannot clash.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from subtui.domain.plain_text import sanitize
from subtui.testing.differences import Difference, Picture

MOST_PICTURES = 200
"""The most tests whose pictures are shown: a release of Textual changes all screens, too many for a browser."""

_VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_CLASSES = {" ": "", "-": "went", "+": "came", "~": "colour"}

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
  --went: #ffdcd7; --came: #d2f3d9; --colour: #fbefb6; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1318; --ink: #dde3ea; --soft: #94a0ad; --line: #313944;
  --panel: #171c23; --went: #5b2420; --came: #1c4429; --colour: #4d4310; } }
body { margin: 0 auto; max-width: 110rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
section { border-top: 1px solid var(--line); padding: 1.5rem 0; }
p { margin: .25rem 0; color: var(--soft); } p.what { color: var(--ink); }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .85rem; }
code { overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem;
  margin: 1rem 0; }
body:has(#large:checked) .pictures { grid-template-columns: 1fr; }
figure { margin: 0; } figcaption { color: var(--soft); }
.picture { width: 100%; aspect-ratio: var(--shape); background: var(--panel); }
.before, .after { background: center / contain no-repeat; }
.before { background-image: var(--before); } .after { background-image: var(--after); }
.difference { background: center / contain no-repeat, center / contain no-repeat, #000;
  background-image: var(--before), var(--after); background-blend-mode: difference, normal; filter: brightness(2.5); }
.none { display: grid; place-items: center; color: var(--soft); border: 1px dashed var(--line);
  box-sizing: border-box; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .5rem 0; overflow-x: auto;
  line-height: 1.35; }
pre span { display: block; padding: 0 .75rem; min-width: max-content; white-space: pre; }
pre i { color: var(--soft); font-style: normal; user-select: none; }
.went { background: var(--went); } .came { background: var(--came); } .colour { background: var(--colour); }
"""


def carried(difference: Difference, name: str) -> dict[str, Any]:
    """A difference as plain data, which a worker can send."""
    before = difference.before
    return {
        "name": name,
        "route": difference.route,
        "record": difference.record,
        "picture_at": difference.picture_at,
        "before": None if before is None else [before.text, before.svg],
        "after": [difference.after.text, difference.after.svg],
    }


def _difference(data: Mapping[str, Any]) -> Difference:
    before = data["before"]
    return Difference(
        before=None if before is None else Picture(*before),
        after=Picture(*data["after"]),
        route=data["route"],
        record=data["record"],
        picture_at=data["picture_at"],
    )


def write(path: Path, changed: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the report of these screens, by test. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_page(changed)), encoding="utf-8")


def _page(changed: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    count = len(changed)
    title = "1 screen differs from its snapshot" if count == 1 else f"{count} screens differ from their snapshots"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    # A second defence against unescaped data: the policy forbids loading and running anything.
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    yield '<p><label><input type="checkbox" id="large"> Pictures one below the other</label></p>'
    if count > MOST_PICTURES:
        yield f"<p>The first {MOST_PICTURES} have their pictures here, the others their text.</p>"
    for number, (test, data) in enumerate(sorted(changed.items())):
        yield from _section(test, str(data["name"]), _difference(data), pictures=number < MOST_PICTURES)
    yield "</body>\n</html>\n"


def _section(test: str, name: str, difference: Difference, *, pictures: bool) -> Iterator[str]:
    yield f"<section>\n<h2>{_safe(test)}</h2>"
    yield f'<p class="what">{_safe(difference.summary)}</p>'
    yield f"<p>{f'Its screen “{_safe(name)}”: ' if name else ''}<code>{_safe(difference.record)}</code></p>"
    if pictures:
        yield from _pictures(difference)
    lines = (
        f'<span class="{_CLASSES[mark]}"><i>{number:>3}</i> {mark} {_safe(line)}</span>'
        for mark, number, line in difference.marked_lines()
    )
    yield f"<pre>{''.join(lines)}</pre>\n</section>"


def _pictures(difference: Difference) -> Iterator[str]:
    before, after = difference.before, difference.after
    shape = _VIEW_BOX.search(after.svg)
    properties = [f"--shape:{shape[1]}/{shape[2]}" if shape else "--shape:4/3", f"--after:{_image(after.svg)}"]
    if before is not None:
        properties.append(f"--before:{_image(before.svg)}")
    # Each picture is embedded once, however often it is shown.
    yield f'<div class="pictures" style="{";".join(properties)}">'
    if before is None:
        yield _figure("Before", '<div class="picture none">no snapshot yet</div>')
    else:
        yield _figure("Before: the snapshot", _shown("before", "the screen in the snapshot"))
    yield _figure("After: as it is now", _shown("after", "the screen as it is now"))
    if before is not None:
        yield _figure("Difference: everything not black", _shown("difference", "what is different"))
    yield "</div>"


def _figure(caption: str, content: str) -> str:
    return f"<figure><figcaption>{caption}</figcaption>{content}</figure>"


def _shown(which: str, label: str) -> str:
    return f'<div class="picture {which}" role="img" aria-label="{label}"></div>'


def _image(svg: str) -> str:
    return f"url(data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _safe(text: str) -> str:
    return escape(sanitize(text))
