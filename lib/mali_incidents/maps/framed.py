"""A map in a frame of another page, over its picture, which remains where there are no frames."""

import html
from typing import Final

# A map may run its own scripts, open a source in a new tab and save what a reader asks for; it is
# no part of the page round it.
SANDBOX: Final = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"
_COVERING: Final = "position:absolute;left:0;top:0;width:100%;height:100%"
# As its picture is; on a phone as tall as panel, map and dates need.
_SHAPE: Final = "position:relative;width:100%;overflow:hidden;aspect-ratio:14/9"
_LEAST: Final = 560
# On paper the picture says more than what the frame happens to show; alone it needs no more room.
_ALONE: Final = "min-height:0!important;max-height:none!important;aspect-ratio:auto!important"
_STYLE: Final = (
    "<style>@media print { .mali-live { display: none } "
    f".mali-frame {{ {_ALONE} }} .mali-frame img {{ height: auto!important }} }} "
    f".mali-frame:not(:has(.mali-live)) {{ {_ALONE} }}</style>"
)


def framed_map(
    *,
    source: str,
    title: str,
    alt: str,
    picture: str | None,
    height: int,
    link: str | None = None,
    link_words: str = "",
) -> str:
    """Write a map as a frame that covers its picture.

    Where frames are not drawn (on paper, in mail, in a page that strips them) the picture remains,
    and where styles are stripped as well it stands above the frame.

    Parameters
    ----------
    source : str
        What the frame shows: ``src`` with an address or ``srcdoc`` with a page, as an attribute
        whose value is escaped.
    title : str
        What the frame is; plain text.
    alt : str
        What the map shows; plain text.
    picture : str or None
        The address of the picture; a data URI will do.
    height : int
        How tall it is at most, in CSS pixels; in a narrow column it is less.
    link : str, optional
        The address of the map as a page of its own.
    link_words : str
        The words of that link; plain text.

    Returns
    -------
    str
        Markup.
    """
    image = ""
    if picture is not None:
        image = (
            f'<img src="{html.escape(picture)}" alt="{html.escape(alt)}" '
            'style="display:block;width:100%;height:100%;object-fit:contain">'
        )
    caption = ""
    if link is not None:
        address = html.escape(link)
        image = image and f'<a href="{address}">{image}</a>'
        caption = f'<p class="mali-link"><a href="{address}">{html.escape(link_words)}</a></p>'
    return (
        f'{_STYLE}<div class="mali-frame" style="{_SHAPE};min-height:{min(_LEAST, height)}px;'
        f'max-height:{height}px">{image}'
        f'<iframe class=\'mali-live\' {source} title="{html.escape(title)}" width="100%" '
        f'height="{height}" loading="lazy" sandbox="{SANDBOX}" style="{_COVERING};border:0">'
        f"</iframe></div>{caption}"
    )


def as_srcdoc(page: str) -> str:
    """Write a page as the attribute that carries it inside a frame."""
    # Only these two mean anything in an attribute in single quotes.
    return "srcdoc='" + page.replace("&", "&amp;").replace("'", "&#39;") + "'"
