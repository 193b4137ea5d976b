"""Incident records located in Mali's administrative units and drawn as honest, one-file maps.

The stages, in their order: :func:`read_incidents`, :func:`locate_incidents`,
:func:`prepare_release`, :func:`count_around` and :func:`count_by_unit`, :func:`incident_map` and
:func:`incident_figure`, :func:`write_files`; :func:`build` chains them. Figures for print are
written by :func:`write_figure` and :func:`write_atlas`, a whole pack by :func:`write_report`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mali_incidents.counts.around import count_around
    from mali_incidents.counts.periods import count_by_period
    from mali_incidents.counts.totals import totals_by
    from mali_incidents.counts.units import count_by_unit
    from mali_incidents.job import build
    from mali_incidents.maps.atlas import incident_atlas, write_atlas
    from mali_incidents.maps.changes import changes_layer
    from mali_incidents.maps.figure import incident_figure
    from mali_incidents.maps.figure_files import write_figure
    from mali_incidents.maps.incident_map import incident_map
    from mali_incidents.maps.multiples import incident_multiples
    from mali_incidents.places.corrections import read_corrections
    from mali_incidents.places.frames import read_frame
    from mali_incidents.places.gazetteer import read_gazetteer
    from mali_incidents.places.locate import locate_incidents, where
    from mali_incidents.places.review import rows_for_review
    from mali_incidents.publish.editions import (
        compare_editions,
        comparison_sentences,
        keep_edition,
        read_edition,
        read_editions,
    )
    from mali_incidents.publish.embed import embed
    from mali_incidents.publish.files import write_annex, write_files
    from mali_incidents.publish.inputs import job_inputs
    from mali_incidents.publish.leaks import check_leaks
    from mali_incidents.publish.report import write_report
    from mali_incidents.publish.show import show_table
    from mali_incidents.records.check import check_incidents
    from mali_incidents.records.coverage import coverage_beside, read_coverage
    from mali_incidents.records.read import read_incidents
    from mali_incidents.release.prepare import prepare_release
    from mali_incidents.release.profiles import read_profile
    from mali_incidents.release.suppress import suppress_small
    from mali_incidents.storage import shipped
    from mali_incidents.tables import is_attack

__all__ = [
    "build",
    "changes_layer",
    "check_incidents",
    "check_leaks",
    "compare_editions",
    "comparison_sentences",
    "count_around",
    "count_by_period",
    "count_by_unit",
    "coverage_beside",
    "embed",
    "incident_atlas",
    "incident_figure",
    "incident_map",
    "incident_multiples",
    "is_attack",
    "job_inputs",
    "keep_edition",
    "locate_incidents",
    "prepare_release",
    "read_corrections",
    "read_coverage",
    "read_edition",
    "read_editions",
    "read_frame",
    "read_gazetteer",
    "read_incidents",
    "read_profile",
    "rows_for_review",
    "shipped",
    "show_table",
    "suppress_small",
    "totals_by",
    "where",
    "write_annex",
    "write_atlas",
    "write_figure",
    "write_files",
    "write_report",
]

# Nothing is imported before it is used, so that a command answers at once.
_HOMES: Final = {
    "build": "job",
    "changes_layer": "maps.changes",
    "check_incidents": "records.check",
    "compare_editions": "publish.editions",
    "comparison_sentences": "publish.editions",
    "check_leaks": "publish.leaks",
    "count_around": "counts.around",
    "count_by_period": "counts.periods",
    "count_by_unit": "counts.units",
    "coverage_beside": "records.coverage",
    "embed": "publish.embed",
    "incident_atlas": "maps.atlas",
    "incident_figure": "maps.figure",
    "incident_map": "maps.incident_map",
    "incident_multiples": "maps.multiples",
    "is_attack": "tables",
    "job_inputs": "publish.inputs",
    "keep_edition": "publish.editions",
    "locate_incidents": "places.locate",
    "prepare_release": "release.prepare",
    "read_corrections": "places.corrections",
    "read_coverage": "records.coverage",
    "read_edition": "publish.editions",
    "read_editions": "publish.editions",
    "read_frame": "places.frames",
    "read_gazetteer": "places.gazetteer",
    "read_incidents": "records.read",
    "read_profile": "release.profiles",
    "rows_for_review": "places.review",
    "shipped": "storage",
    "show_table": "publish.show",
    "suppress_small": "release.suppress",
    "totals_by": "counts.totals",
    "where": "places.locate",
    "write_atlas": "maps.atlas",
    "write_figure": "maps.figure_files",
    "write_annex": "publish.files",
    "write_files": "publish.files",
    "write_report": "publish.report",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
