"""Elements whose text stands in the page as it is.

branca renders an element's macros to text and compiles that text as a template once more: what a
record says in ``{{ … }}`` would run as code. The suite's elements hand their text on as it is.
"""

from typing import Any, Final

from branca.element import Element, MacroElement

_PARTS: Final = ("header", "html", "script")


class Verbatim(Element):
    """A text that is never a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: Any) -> str:
        """Give the text."""
        return self.text


class VerbatimMacros(MacroElement):
    """An element that writes its macros into the figure as they are, then renders its children.

    Comes last among a class's bases, so that it stands before branca's own rendering.
    """

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as branca's macros
        """Write the macros header, html and script into the figure's part of that name."""
        figure, macros = self.get_root(), self._template.module
        for part in _PARTS:
            if macro := getattr(macros, part, None):
                text = Verbatim(macro(self, kwargs))
                getattr(figure, part).add_child(text, name=self.get_name())
        for child in list(self._children.values()):
            child.render(**kwargs)
