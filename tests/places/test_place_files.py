"""Files of places by whatever columns, and refusals that say what to do."""

import gzip
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from made_places import GEONAMES, NARENA, geonames_line, write_csv

from mali_incidents.errors import LocateError
from mali_incidents.places.place_files import FIELDS, read_place_file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_is_read_whatever_parts_and_encodes_it(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [NARENA, {**NARENA, "name": "Djélibani", "admin2": "", "latitude": "12,25"}]
    file = write_csv(tmp_path / "a.csv", rows, delimiter=delimiter, encoding=encoding)
    read = read_place_file(file)
    assert (read.shape, read.rows) == ("table", 2)
    assert list(read.places.columns) == ["row", *FIELDS, "seat"]
    assert read.places["name"].tolist() == ["Narena", "Djélibani"]
    assert read.places["latitude"].tolist() == [12.23, 12.25]
    assert read.places["admin2"].tolist() == ["Kangaba", ""]


def test_french_headers_are_known_and_a_mapping_goes_before(tmp_path: Path) -> None:
    row = {
        "Nom": "Narena", "Autres noms": "Naréna, Narenna", "Région": "Koulikoro",
        "Cercle": "Kangaba", "Commune": "Narena", "Type": "Quartier", "LAT": "12.23",
        "Long.": "-8.62", "ortho, 2015": "Naréna", "Population": "1 250",
    }  # fmt: skip
    file = write_csv(tmp_path / "a.csv", [row])
    place = read_place_file(file).places.iloc[0]
    assert place["name"] == "Narena"
    assert place["other_names"] == "Naréna;Narenna"
    assert (place["admin1"], place["admin2"], place["admin3"]) == ("Koulikoro", "Kangaba", "Narena")
    assert (place["kind"], place["extent_km"]) == ("district of a city", 1.0)
    assert place["population"] == 1250
    mapped = read_place_file(file, columns={"name": "ortho, 2015"}).places
    assert mapped["name"].tolist() == ["Naréna"]


def test_what_is_wrong_with_the_columns_is_said_at_once(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [{"quoi": "Narena", "lat": "12.23"}])
    with pytest.raises(LocateError) as refused:
        read_place_file(file, columns={"nom": "quoi", "kind": "type"})
    for said in ("'nom' is no field", "no column 'type'", "its name", "its longitude", "'quoi'"):
        assert said in str(refused.value)
    assert "its latitude" not in str(refused.value)


def test_rows_with_too_many_cells_are_listed_and_short_ones_filled(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name,lat,lon\nTo,Bikoto,12.2,-8.6\nNarena,12.2,-8.6,,\n\nKita,13\n", "utf-8")
    read = read_place_file(file)
    assert read.rows == 3
    assert read.places["row"].tolist() == [2, 4]
    assert read.places["longitude"].isna().tolist() == [False, True]
    assert read.findings[["row", "name", "code"]].values.tolist() == [[1, "To", "broken-row"]]


def test_text_is_data_and_stays_one_line(tmp_path: Path) -> None:
    names = ["None", "NA", "<b>\x1b[31mNa\u200brena\n</b>", "a;b", "nan", "N\u0065\u0301ma"]
    file = write_csv(tmp_path / "a.csv", [{**NARENA, "name": name} for name in names])
    read = read_place_file(file).places["name"].tolist()
    assert read == ["None", "NA", "<b> [31mNa rena </b>", "a,b", "nan", "Néma"]


def test_what_is_no_number_is_missing(tmp_path: Path) -> None:
    odd = ["", "inf", "-inf", "NaN", "12°13'N", "1e999", "0x1F"]
    rows = [{**NARENA, "latitude": cell, "population": cell, "extent_km": cell} for cell in odd]
    places = read_place_file(write_csv(tmp_path / "a.csv", rows)).places
    assert places["latitude"].isna().all()
    assert places["population"].isna().all()
    assert (places["extent_km"] == 1.5).all()


@pytest.mark.parametrize(
    ("kind", "people", "km"),
    [("town", "", 3), ("Ville", "90234", 3.79), ("town", "4227569", 15), ("village", "50000", 1.5),
     ("forêt", "", 10), ("Puits", "", 1), ("souk", "", 1.5)],
)  # fmt: skip
def test_a_kind_has_its_usual_extent(tmp_path: Path, kind: str, people: str, km: float) -> None:
    row = {**NARENA, "kind": kind, "population": people}
    place = read_place_file(write_csv(tmp_path / "a.csv", [row])).places.iloc[0]
    assert place["extent_km"] == pytest.approx(km, abs=0.01)


def test_an_id_that_is_not_unique_is_no_id(tmp_path: Path) -> None:
    rows = [{**NARENA, "id": "7"}, {**NARENA, "id": "7"}]
    places = read_place_file(write_csv(tmp_path / "a.csv", rows)).places
    assert places["place_id"].tolist() == ["1", "2"]


def test_the_settlements_of_ocha_are_known_by_their_shape(tmp_path: Path) -> None:
    row = {
        "featureNam": "Djélibougou", "pcode": "ML090101003", "featureRef": "Dielibougou",
        "popPlaceCl": "5", "admin1Name": "Bamako", "admin2Name": "Bamako",
        "admin3Name": "Commune I", "longitude": "-7.94", "latitude": "12.66",
    }  # fmt: skip
    rows = [row] + [
        {**row, "pcode": str(level), "admin1Name": "Kayes", "popPlaceCl": str(level)}
        for level in range(1, 6)
    ]
    read = read_place_file(write_csv(tmp_path / "a.csv", rows))
    assert read.shape == "ocha-settlements"
    first = read.places.iloc[0]
    assert (first["place_id"], first["other_names"]) == ("ML090101003", "Dielibougou")
    assert read.places[["kind", "extent_km"]].values.tolist() == [
        ["district of a city", 1.0], ["town", 13.0], ["town", 5.0], ["town", 3.0],
        ["village", 2.0], ["village", 1.5],
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["ML.txt", "ML.txt.gz", "ML.zip"])
def test_a_country_file_of_geonames_is_known_by_its_shape(tmp_path: Path, form: str) -> None:
    file = tmp_path / form
    if form.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "name\nof columns")
            archive.writestr("ML.txt", GEONAMES)
    else:
        pack = gzip.compress if form.endswith(".gz") else bytes
        file.write_bytes(pack(GEONAMES.encode("utf-8")))
    read = read_place_file(file)
    assert (read.shape, read.rows) == ("geonames", 7)
    assert read.places[["place_id", "name", "kind", "extent_km"]].values.tolist() == [
        ["3", "Narena", "village", 1.5],
        ["4", 'Puits "Bir', "well", 1.0],
        ["5", "Kati", "town", pytest.approx(3.26, abs=0.01)],
        ["7", "Forêt du Baoulé", "forest", 10.0],
    ]
    narena = read.places.iloc[0]
    assert narena["other_names"] == "Naréna;نارينا"
    assert (narena["admin1"], narena["admin2"]) == ("Koulikoro Region", "Cercle de Kangaba")
    assert read.places["population"].isna().tolist() == [True, True, False, True]
    assert read.findings["code"].tolist() == ["other-feature"] * 3
    assert read.findings["row"].tolist() == [1, 2, 6]


def test_points_are_read_from_geojson(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"nom": name, "pop": people}, "geometry": shape}
        for name, people, shape in (
            ("Narena", 12, {"type": "Point", "coordinates": [-8.62, 12.23]}),
            ("Kati", None, {"type": "MultiPoint", "coordinates": [[-8.07, 12.75]]}),
            ("Niger", None, {"type": "LineString", "coordinates": [[-8, 12], [-7, 13]]}),
            ("Rien", None, None),
        )
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    places = read_place_file(file).places
    assert places["name"].tolist() == ["Narena", "Kati", "Niger", "Rien"]
    assert places["longitude"].fillna(0).tolist() == [-8.62, -8.07, 0, 0]
    assert places["latitude"].fillna(0).tolist() == [12.23, 12.75, 0, 0]
    assert places["population"].fillna(0).tolist() == [12, 0, 0, 0]


def test_a_geopackage_is_brought_to_degrees(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    area.to_file(file, layer="areas")
    points = gpd.GeoDataFrame(
        {"name": ["Narena"], "admin3": ["Narena"]},
        geometry=gpd.points_from_xy([-8.62], [12.23]),
        crs="EPSG:4326",
    )
    points.to_crs("EPSG:32629").to_file(file, layer="places")
    place = read_place_file(file).places.iloc[0]
    assert (place["longitude"], place["latitude"]) == pytest.approx((-8.62, 12.23), abs=1e-7)
    assert (place["name"], place["admin3"]) == ("Narena", "Narena")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"x", r"a\.docx must be a file of places \(.csv, .*got '\.docx'"),
        ("a", b"x", "got 'no ending'"),
        ("a.geojson.gz", b"x", "must be a file of places"),
        ("a.csv", b"", "has no rows"),
        ("a.csv", b"name,lat,lon\n\n", "has no rows"),
        ("a.csv", b"name,lat,lon\n" + b"x" * 200_000, "not a table of text"),
        ("a.csv.gz", b"name,lat,lon", "Is it whole"),
        ("a.csv.gz", gzip.compress(b"name,lat,lon" * 999, mtime=0)[:60], "Is it whole"),
        ("a.zip", b"<html>404</html>", "Is it whole"),
        ("a.geojson", b"<html>404</html>", "cannot read a.geojson"),
        ("a.gpkg", b"<html>404</html>", "cannot read a.gpkg"),
        ("a.json", b'{"rows": 1}', "cannot read a.json"),
    ],
)
def test_what_is_no_file_of_places_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(LocateError, match=said):
        read_place_file(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("a.csv", "a.gpkg", "a.zip", "a.csv.gz"):
        with pytest.raises(LocateError, match="there is no such file"):
            read_place_file(tmp_path / name)


def test_an_archive_of_several_tables_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.csv", "name,lat,lon")
        archive.writestr("two.csv", "name,lat,lon")
    with pytest.raises(LocateError, match=r"must hold one table.*one\.csv, two\.csv"):
        read_place_file(file)


def test_a_file_without_rows_or_points_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "a.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    with pytest.raises(LocateError, match="has no rows"):
        read_place_file(empty)
    bare = tmp_path / "b.gpkg"
    gpd.GeoDataFrame({"name": ["Narena"]}, geometry=[None], crs="EPSG:4326").to_file(bare)
    assert read_place_file(bare).places["latitude"].isna().all()


def test_the_readers_findings_are_typed_even_when_there_are_none(tmp_path: Path) -> None:
    findings = read_place_file(write_csv(tmp_path / "a.csv", [NARENA])).findings
    assert list(findings.columns) == ["row", "name", "severity", "code", "message"]
    assert isinstance(findings, pd.DataFrame)
    assert findings.empty


def test_a_first_line_of_19_cells_that_are_not_geonames_is_a_header(tmp_path: Path) -> None:
    cells = geonames_line(1, "Narena", "P.PPL").split("\t")
    header = ["name", "lat", "lon", *(f"c{number}" for number in range(16))]
    file = tmp_path / "a.txt"
    file.write_text("\t".join(header) + "\n" + "\t".join(["Narena", "12", "-8", *cells[3:]]))
    read = read_place_file(file)
    assert (read.shape, read.rows) == ("table", 1)
