"""Text that is not ours, where Streamlit reads Markdown: names, labels, replies, reasons.

Streamlit does so in every label, caption, message, heading, tooltip and toast, in the choices of
radio buttons and pills and in figures; not in ``st.text``, ``st.code``, tables, the choices of a
selectbox and placeholders.
"""

from __future__ import annotations

import re

_SEAM = ":small[]"
"""Nothing on screen. It parts what Streamlit looks for in text that is read already, where a
backslash is of no use: icons, emoji, addresses and arrows."""
_SEAMS = re.compile(
    r"(?<=:)(?=[\w+-]+:|//|material/)"
    r"|(?<=www)(?=\.)|(?<=[\w.+-])(?=@[\w-])"
    r"|(?<=[<>~-])(?=[>=-])",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@[-`{-~]|$)"
    r"|[`*\[\]<>$~]|(?<=\])\(|&(?=[#\w])"
    r"|:(?=[^\W\d]|$)"
    r"|(?<![^\W_])_|_(?![^\W_])"  # not amid a word
    r"|^(?:[-+#]|\d{1,9}[.)](?=\s|$))|#$"
)
_GAPS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_EDGES = re.compile(r"^\s|\s$")


def literal(text: str) -> str:
    """Markdown that shows ``text`` letter by letter on one line; plain names stay as they are."""
    line = _GAPS.sub(" ", text)
    marked = _SEAM.join(map(_escaped, _SEAMS.split(line)))
    return _EDGES.sub("&#32;", marked)


def _escaped(piece: str) -> str:
    return _SPECIAL.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", piece)
