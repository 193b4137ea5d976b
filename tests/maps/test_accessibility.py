"""What axe-core says of the pages, as a reader meets them: at rest, with all open, on a phone."""

import os
from pathlib import Path

import pytest

AXE = Path(__file__).parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"
HERE = AXE.exists() or os.environ.get("CI") == "true"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not HERE, reason="axe-core is not here: `make test` installs it with npm"),
]
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
CHECK = """() => axe.run(document, {resultTypes: ["violations"]}).then((found) =>
    found.violations.flatMap((one) => one.nodes.map((node) =>
        `${one.id}: ${node.target} ${node.failureSummary}`)))"""


def violations(opened) -> list[str]:
    """All that axe-core finds wrong with a page as it stands."""
    if not opened.page.evaluate("'axe' in window"):
        opened.page.evaluate(AXE.read_text("utf-8"))
    return opened.page.evaluate(CHECK)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("name", "lang"), [("bamako", "en"), ("mali", "fr")])
def test_axe_finds_nothing_wrong(saved, open_page, viewport, name, lang):
    opened = open_page(saved(name, lang), viewport)
    assert violations(opened) == []
    for fold in opened.page.locator("details:not([open]) > summary").all():
        if fold.is_visible():
            fold.click()
    assert violations(opened) == []


def test_axe_finds_nothing_wrong_with_an_incident_and_a_list(saved, open_page):
    opened = open_page(saved("bamako"), WIDE)
    opened.page.locator(".mi-inner > summary").last.click()
    opened.page.locator(".mi-list button").first.click()
    opened.page.wait_for_selector(".mi-card")
    assert violations(opened) == []


def test_axe_does_look(saved, open_page):
    opened = open_page(saved("mali"), WIDE)
    opened.page.evaluate(
        "document.querySelector('.mi-panel').append(document.createElement('img'))"
    )
    assert any(found.startswith("image-alt") for found in violations(opened))
