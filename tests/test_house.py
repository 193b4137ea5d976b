"""The plan of the house: imports point one way, one module writes, one talks, one package draws."""

import ast
from pathlib import Path

import pytest

import mali_incidents

HOME = Path(mali_incidents.__file__).parent
ORDER = (
    "errors",
    "tables",
    "storage",
    "remote",
    "places",
    "records",
    "release",
    "counts",
    "maps",
    "publish",
    "locating",
    "drawing",
    "job",
    "cli",
)
MODULES = sorted(path for path in HOME.rglob("*.py") if path != HOME / "__init__.py")


def room_of(path: Path) -> str:
    """The room a module is in."""
    return path.relative_to(HOME).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_imports_point_one_way(path: Path) -> None:
    rank = ORDER.index(room_of(path))
    own = {name.split(".")[1] for name in imports_of(path) if name.startswith("mali_incidents.")}
    assert {room for room in own if ORDER.index(room) > rank} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_only_maps_draw_with_folium_and_only_storage_writes(path: Path) -> None:
    if room_of(path) != "maps":
        assert not {name for name in imports_of(path) if name.split(".")[0] in {"folium", "branca"}}
    if room_of(path) != "storage":
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not calls & {
            "write_text",
            "write_bytes",
            "mkdir",
            "unlink",
            "rename",
            "replace_file",
        }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_only_remote_talks_to_the_network(path: Path) -> None:
    if room_of(path) != "remote":
        network = {"http", "pooch", "requests", "socket", "urllib3"}
        assert not {name for name in imports_of(path) if name.split(".")[0] in network}
        assert "urllib.request" not in imports_of(path)


def test_public_names_are_sorted_and_all_there() -> None:
    assert mali_incidents.__all__ == sorted(mali_incidents.__all__)
    assert all(getattr(mali_incidents, name) is not None for name in mali_incidents.__all__)
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = mali_incidents.nothing_such
