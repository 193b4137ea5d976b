"""Boundaries as others publish them: read in every form, checked, refused with all reasons."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_boundaries import (
    GENERATIONS,
    boundaries,
    pack,
    today,
    write_geojson,
    write_shapefile_zip,
)
from made_located import HOSTILE
from shapely.affinity import translate

from mali_incidents.errors import LocateError
from mali_incidents.places.frame_files import FrameFiles, read_frame_files
from mali_incidents.places.frames import AdminFrame

HERE = "cod-ab-2015"


def all_levels(fields: str = "2015") -> dict[int, gpd.GeoDataFrame]:
    return {depth: boundaries(depth, fields=fields) for depth in (1, 2, 3)}


def read(folder: Path, levels: dict[int, gpd.GeoDataFrame], **options) -> FrameFiles:
    """Read levels through GeoJSON files in a folder."""
    return read_frame_files(write_geojson(levels, folder, stem="mli_admin"), **options)


def found(files: FrameFiles, code: str) -> list[str]:
    """What was found of a kind: the unit and the message."""
    rows = files.checks[files.checks["code"] == code]
    return [f"{row.level} {row.unit} {row.message}" for row in rows.itertuples()]


# Every form


@pytest.mark.parametrize("fields", GENERATIONS)
def test_every_generation_of_cod_names_is_read(tmp_path, fields):
    files = read(tmp_path, all_levels(fields))
    assert (files.name, files.vintage, len(files.checks)) == (f"cod-ab-{fields}", int(fields), 0)
    units = files.units.set_index("unit_id")
    assert list(units.index[:3]) == ["ML", f"{files.name}/ML01", f"{files.name}/ML02"]
    nara = units.loc[f"{files.name}/ML02/ML0202"]
    assert (nara["level"], nara["name"], nara["pcode"]) == ("cercle", "Nara", "ML0202")
    # English names are other names of what French reports call it.
    assert fields == "2015" or nara["other_names"] == "Nara (en)"
    assert units["level"].value_counts().to_dict() == {
        "commune": 8,
        "cercle": 4,
        "region": 2,
        "country": 1,
    }


def test_geoboundaries_is_nested_by_place(tmp_path):
    files = read(tmp_path, all_levels("geoboundaries"), vintage=2017)
    assert files.name == "geoboundaries-2017"
    assert files.units["pcode"].isna().all()
    nara = files.units.set_index("name").loc["Nara", "unit_id"]
    assert nara == "geoboundaries-2017/92416918B0000000002/92416918B0000000202"
    assert [line.split()[:4] for line in found(files, "by-place")] == [
        ["cercle", "no", "cercle", "says"],
        ["commune", "no", "commune", "says"],
    ]


def test_one_level_of_geoboundaries_alone_is_a_frame(tmp_path):
    communes = boundaries(3, fields="geoboundaries").drop(columns="shapeType")
    file = tmp_path / "geoBoundaries-MLI-ADM3.geojson"
    communes.to_file(file, driver="GeoJSON")
    files = read_frame_files(file)
    assert set(files.units["level"]) == {"country", "commune"}
    assert set(files.units["unit_id"].str.count("/")) == {0, 1}


def test_communes_alone_bring_the_units_they_say_they_belong_to(tmp_path):
    files = read_frame_files(write_shapefile_zip(boundaries(3), tmp_path / "adm3.zip"))
    assert files.units["level"].value_counts()["region"] == 2
    assert [line.split()[0] for line in found(files, "made")] == ["cercle", "region"]
    whole = files.units.set_index("unit_id").loc[f"{HERE}/ML01", "geometry"]
    assert whole.equals(boundaries(1).geometry[1])


def test_a_shapefile_a_geopackage_a_folder_and_a_zip_give_the_same(tmp_path):
    levels = all_levels()
    package = tmp_path / "all.gpkg"
    for depth, units in levels.items():
        units.to_file(package, layer=f"admin{depth}", driver="GPKG")
        write_shapefile_zip(units, tmp_path / "zips" / f"admin{depth}.zip")
    zips = tmp_path / "only-zips"
    zips.mkdir()
    for file in (tmp_path / "zips").glob("*.zip"):
        file.rename(zips / file.name)
    (zips / "readme.txt").write_text("nothing")
    geojson = write_geojson(levels, tmp_path / "geojson", stem="mli_admin")
    forms = (package, zips, pack(geojson, tmp_path / "packed.zip"))
    expected = read_frame_files(geojson).units
    for form in forms:
        units = read_frame_files(form).units
        assert units["unit_id"].tolist() == expected["unit_id"].tolist()
        assert shapely.equals(units.geometry, expected.geometry).all()


def test_a_shapefile_stands_alone(tmp_path):
    boundaries(2).to_file(tmp_path / "adm2.shp")
    boundaries(1).to_file(tmp_path / "adm1.shp")
    files = read_frame_files(tmp_path / "adm2.shp")
    assert set(files.units["level"]) == {"country", "region", "cercle"}
    with pytest.raises(LocateError, match="wanted is a shapefile"):
        read_frame_files(tmp_path / "adm2.dbf")


def test_todays_regions_and_cercles_are_a_frame_without_communes(tmp_path):
    files = read(tmp_path, today())
    assert (files.name, len(files.checks)) == ("cod-ab-2025", 0)
    units = files.units.set_index("name")
    assert units.loc["Taoudénit", "other_names"] is not None
    assert "commune" not in set(files.units["level"])
    assert files.simplified["unit_id"].str.count("/").eq(2).all()


def test_what_is_no_level_is_left_out_and_said(tmp_path):
    levels = all_levels()
    levels[0] = levels[1].rename(columns={"admin1Name": "admin0Name", "admin1Pcod": "admin0Pcod"})
    levels[4] = levels[3].assign(admin4Name="x", admin4Pcod="y")
    folder = write_geojson(levels, tmp_path / "all", stem="mli_admin")
    lines = boundaries(1).set_geometry(boundaries(1).boundary)
    lines.to_file(folder / "lines.geojson", driver="GeoJSON")
    roads = gpd.GeoDataFrame({"road": ["RN6"]}, geometry=[shapely.box(-9, 12, -8, 13)], crs=4326)
    roads.to_file(folder / "roads.geojson", driver="GeoJSON")
    (folder / "about.json").write_text('{"boundaryYearRepresented": "2017"}')
    assert sorted(found(read_frame_files(folder), "layer")) == [
        "  about.json left out: it is no GeoJSON",
        "  mli_admin0.geojson left out: it is the country's outline",
        "  mli_admin4.geojson left out: it is of units finer than communes",
        "  roads.geojson left out: no names of units are known among its fields (road)",
    ]


def test_the_full_layer_is_taken_before_the_simplified(tmp_path):
    folder = write_geojson({3: boundaries(3)}, tmp_path / "all", stem="ADM")
    boundaries(3).to_file(folder / "ADM3_simplified.geojson", driver="GeoJSON")
    boundaries(3).to_file(folder / "ADM3.gpkg")
    said = found(read_frame_files(folder), "left-out")
    assert len(said) == 2
    assert any("ADM3_simplified.geojson left out" in line for line in said)


# What is wrong and mended


def test_another_reference_system_is_brought_to_wgs84_and_said(tmp_path):
    projected = boundaries(3).to_crs("EPSG:32629")
    files = read_frame_files(write_shapefile_zip(projected, tmp_path / "utm.zip"))
    (said,) = found(files, "crs")
    assert said.endswith("utm.shp was brought from WGS 84 / UTM zone 29N to WGS 84")
    west, south, east, north = files.units.total_bounds
    assert np.allclose([west, south, east, north], [-10, 12, -8, 14], atol=0.01)


def test_degrees_without_a_reference_system_are_taken_and_metres_refused(tmp_path):
    folder = tmp_path / "shp"
    folder.mkdir()
    boundaries(3).to_file(folder / "a.shp")
    (folder / "a.prj").unlink()
    assert "WGS 84 was assumed" in found(read_frame_files(folder), "crs")[0]
    boundaries(3).to_crs("EPSG:32629").to_file(folder / "a.shp")
    (folder / "a.prj").unlink()
    with pytest.raises(LocateError, match=r"are no degrees .*: add its \.prj file"):
        read_frame_files(folder)


def test_invalid_outlines_are_mended_and_empty_ones_left_out(tmp_path):
    communes = boundaries(3)
    bow = shapely.Polygon([(-10, 12), (-9.5, 13), (-9.5, 12), (-10, 13)])
    communes.loc[0, "geometry"] = bow
    communes.loc[1, "geometry"] = None
    files = read(tmp_path, {3: communes})
    (mended,) = found(files, "invalid")
    assert mended.startswith("commune Commune 000 (ML020101) its outline is not valid (Self-inter")
    (lost,) = found(files, "no-area")
    assert lost.startswith("commune Commune 001 (ML020102)")
    assert files.units["level"].value_counts()["commune"] == 7
    assert shapely.is_valid(files.units.geometry).all()


def test_overlaps_and_gaps_are_counted_and_measured(tmp_path):
    communes = boundaries(3)
    first, second = communes.geometry[:2]
    communes.loc[0, "geometry"] = shapely.union(first, shapely.box(-9.5, 12.4, -9.45, 12.6))
    communes.loc[1, "geometry"] = second.difference(shapely.box(-9.3, 12.4, -9.2, 12.6))
    files = read(tmp_path, all_levels() | {3: communes})
    (overlap,) = found(files, "overlap")
    assert overlap.startswith("commune  1 overlap of 1")
    assert "Commune 000 (ML020101) and Commune 001 (ML020102)" in overlap
    (gap,) = found(files, "gap")
    assert gap.startswith("commune  1 gap of 2")
    # For maps the units are made to meet.
    assert shapely.coverage_is_valid(files.simplified.geometry.to_numpy())
    assert len(found(files, "map")) == 1


def test_units_outside_the_unit_they_belong_to_are_listed(tmp_path):
    communes = boundaries(3)
    communes.loc[0, "geometry"] = translate(communes.geometry[0], xoff=-0.1)
    communes.loc[1, "geometry"] = translate(communes.geometry[1], yoff=4)
    files = read(tmp_path, all_levels() | {3: communes})
    rows = files.checks[files.checks["code"] == "outside-parent"]
    assert rows["severity"].tolist() == ["warning", "error"]
    assert rows["message"].tolist() == [
        "20% of its area lies outside Kati (ML0201), which it belongs to",
        "100% of its area lies outside Kati (ML0201), which it belongs to",
    ]


def test_a_unit_of_an_unknown_holder_is_given_to_the_one_it_lies_in(tmp_path):
    communes = boundaries(3)
    communes.loc[0, ["admin2Name", "admin2Pcod"]] = ["Nowhere", "XX"]
    files = read(tmp_path, all_levels() | {3: communes})
    (said,) = found(files, "by-place")
    assert said.startswith(
        "commune Commune 000 (ML020101) it says Nowhere, which is no known cercle"
    )
    assert said.endswith("given to Kati (ML0201), where 100% of it lies")
    assert f"{HERE}/ML02/ML0201/ML020101" in set(files.units["unit_id"])


def test_missing_codes_and_names_are_listed_and_the_units_kept(tmp_path):
    communes = boundaries(3)
    communes.loc[0, "admin3Pcod"] = None
    communes.loc[1, "admin3Name"] = " "
    communes.loc[2, ["admin3Pcod", "admin3Name"]] = None
    files = read(tmp_path, {3: communes})
    units = files.units.set_index("unit_id")
    assert units.loc[f"{HERE}/ML02/ML0201/commune-000", "name"] == "Commune 000"
    assert units.loc[f"{HERE}/ML02/ML0201/ML020102", "name"] == "ML020102"
    assert units.loc[f"{HERE}/ML02/ML0202/row-3", "name"] == "row 3"
    assert len(found(files, "no-code")) == 2
    assert len(found(files, "no-name")) == 2


def test_a_code_of_several_units_parts_them_and_is_an_error(tmp_path):
    communes = boundaries(3)
    communes.loc[1, "admin3Pcod"] = communes.loc[0, "admin3Pcod"]
    files = read(tmp_path, {3: communes})
    (repeated,) = found(files, "code-repeated")
    assert "ML020101 is that of several units: Commune 000 (ML020101), Commune 001" in repeated
    assert files.units["unit_id"].is_unique
    assert f"{HERE}/ML02/ML0201/ML020101-2" in set(files.units["unit_id"])
    frame = AdminFrame(name=HERE, units=files.units, simplified=files.simplified)
    assert len(frame.find_pcode("ML020101")) == 2


def test_a_unit_drawn_in_several_rows_is_one(tmp_path):
    communes = boundaries(3)
    communes.loc[1, ["admin3Name", "admin3Pcod"]] = ["Commune 000", "ML020101"]
    files = read(tmp_path, {3: communes})
    assert files.units["level"].value_counts()["commune"] == 7
    assert found(files, "several-rows")[0].endswith("drawn in 2 rows: taken as one unit")


def test_a_cercle_without_communes_is_said_and_still_found(tmp_path):
    files = read(tmp_path, all_levels() | {3: boundaries(3).iloc[2:]})
    assert found(files, "holds-none") == ["cercle Kati (ML0201) it holds no commune"]
    frame = AdminFrame(name=HERE, units=files.units, simplified=files.simplified)
    at = frame.units_at(np.array([-9.75, -9.75, 2.35]), np.array([12.5, 13.5, 48.85]))
    assert at == [f"{HERE}/ML02/ML0201", f"{HERE}/ML02/ML0202/ML020201", None]
    assert f"{HERE}/ML02/ML0201" in set(files.simplified["unit_id"])


# What is refused


def test_everything_that_stands_against_a_frame_is_said_at_once(tmp_path):
    folder = write_geojson(all_levels(), tmp_path / "all", stem="mli_admin")
    elsewhere = boundaries(2).set_geometry(boundaries(2).translate(xoff=60))
    elsewhere.to_file(folder / "mli_admin2.geojson", driver="GeoJSON")
    boundaries(3).to_file(folder / "other3.geojson", driver="GeoJSON")
    (folder / "bad.shp").write_bytes(b"shape")
    (folder / "bad.zip").write_bytes(b"zip")
    with pytest.raises(LocateError, match="cannot be made into a frame of units") as refused:
        read_frame_files(folder)
    assert "2 layers are of communes (mli_admin3.geojson, other3.geojson)" in str(refused.value)
    assert "bad.shp is not what its ending .shp says" in str(refused.value)
    assert "bad.zip cannot be unpacked" in str(refused.value)
    assert "mli_admin2.geojson does not lie in Mali (longitudes from 50 to 52" in str(refused.value)


def test_units_that_belong_nowhere_are_left_out_and_if_all_do_refused(tmp_path):
    communes = boundaries(3, fields="geoboundaries")
    communes.loc[0, "geometry"] = shapely.box(2, 20, 3, 21)
    levels = {2: boundaries(2, fields="geoboundaries"), 3: communes}
    files = read(tmp_path, levels)
    (lost,) = found(files, "nowhere")
    assert lost.endswith("belongs to no known cercle and lies in none: left out")
    assert files.units["level"].value_counts()["commune"] == 7
    with pytest.raises(LocateError, match="no commune lies in a cercle"):
        read(tmp_path, levels | {3: communes.head(1)})


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.geojson", b"<OGRVRTDataSource/>", "is not what its ending .geojson says"),
        ("a.gpkg", b"{}", "is not what its ending .gpkg says"),
        ("a.shp", b"", "is not what its ending .shp says"),
        ("a.zip", b"PK but no zip", "cannot be unpacked"),
        ("a.geojson", b"{", "cannot be read"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "."),
        ("a.pdf", b"%PDF", "holds no boundaries to read"),
    ],
)
def test_a_file_that_is_no_boundaries_is_refused(tmp_path, name, content, reason):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(LocateError, match=reason):
        read_frame_files(file)


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LocateError, match="there is no file or folder"):
        read_frame_files(tmp_path / "none.zip")


def test_hostile_names_stay_one_line_of_printable_text(tmp_path):
    communes = boundaries(3)
    communes.loc[0, "admin3Name"] = HOSTILE + "\n\x1b[31m"
    communes.loc[0, "admin3Pcod"] = "../../ML\n01"
    files = read(tmp_path, {3: communes})
    unit = files.units.set_index("unit_id").loc[f"{HERE}/ML02/ML0201/-ML-01"]
    assert unit["name"].isprintable()
    assert "</script>" in unit["name"]


words = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(["Kati", "ML01", "0", HOSTILE]),
)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(table=st.lists(st.tuples(words, words, words, words), min_size=8, max_size=8))
def test_any_names_and_codes_are_read_into_nested_units(tmp_path_factory, table):
    communes = boundaries(3)
    columns = ["admin2Name", "admin2Pcod", "admin3Name", "admin3Pcod"]
    for at, row in enumerate(table):
        communes.loc[at, columns] = list(row)
    files = read(tmp_path_factory.mktemp("any"), all_levels() | {3: communes})
    ids = set(files.units["unit_id"])
    assert len(ids) == len(files.units)
    assert all(
        unit == "ML" or unit.count("/") == 1 or unit.rpartition("/")[0] in ids for unit in ids
    )
    assert files.units["name"].str.len().gt(0).all()
    kept = files.units.loc[files.units["level"] == "commune", "geometry"]
    ground = [shapely.area(shapes.to_numpy()).sum() for shapes in (kept, communes.geometry)]
    assert np.isclose(*ground)


@pytest.mark.shared
def test_the_real_dataset_of_2015_is_whole(shared):
    files = read_frame_files(shared / "data" / "cod-ab-mli-2015")
    assert files.units["level"].value_counts().to_dict() == {
        "commune": 701,
        "cercle": 50,
        "region": 9,
        "country": 1,
    }
    assert (files.name, files.vintage) == ("cod-ab-2015", 2015)
    # It is drawn without gap or overlap, and its levels fit.
    assert files.checks["code"].tolist() == ["layer"]
    assert shapely.coverage_is_valid(files.simplified.geometry.to_numpy())
