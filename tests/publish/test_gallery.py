from made_located import HOSTILE

from mali_incidents.publish.gallery import Exhibit, gallery_page

MANIFEST = {
    "rows": {"read": 3, "attacks": 1, "for_review": 2, "by_level": {"place": 1, "none": 2}},
    "versions": {"mali-incidents": "0", "folium": "0", "python": "3"},
    "frame": [HOSTILE],
    "inputs": {HOSTILE: "0" * 64},
    "coverage": None,
}


def page(lang="en"):
    shown = Exhibit("mali.html", HOSTILE, HOSTILE, HOSTILE, b"picture")
    return gallery_page(
        [shown],
        notebooks=["notebooks/01-look.html"],
        files=["incidents.csv", "manifest.json"],
        manifest=MANIFEST,
        title=HOSTILE,
        lead=HOSTILE,
        lang=lang,
    )


def test_hostile_text_stays_text():
    assert "<script" not in page()
    assert "<img src=x" not in page()
    assert "Content-Security-Policy" in page()


def test_it_links_maps_notebooks_and_tables():
    for link in ("mali.html", "notebooks/01-look.html", "incidents.csv", "manifest.json"):
        assert f'href="{link}"' in page()


def test_it_asks_nothing_of_the_network():
    assert "http:" not in page()
    assert "https:" not in page()


def test_it_speaks_french():
    assert '<html lang="fr">' in page("fr")
    assert "Ouvrir la carte" in page("fr")
    # What a French build leaves in English is said to be.
    assert "Carnets (en anglais)" in page("fr")
    assert "findings.csv est en anglais" in page("fr")


def test_levels_are_said_in_words():
    assert "1 to a town or village, 2 not located" in page()
    assert "1 à la ville ou au village, 2 non localisés" in page("fr")
