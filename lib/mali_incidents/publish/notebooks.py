"""Notebooks executed and kept: as HTML that opens offline, and as papers to hand over."""

import asyncio
import html
import os
import re
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

from mali_incidents.errors import PublishError
from mali_incidents.publish.inputs import inputs_as_environment
from mali_incidents.publish.papers import write_papers
from mali_incidents.storage import HOME, user_folder, write_text

_LONGEST_CELL_S: Final = 300
# The template breaks what a cell prints inside words.
_STYLE: Final = "<style>.jp-OutputArea-output pre { word-break: normal; }</style>"


class Executed(NamedTuple):
    """What executing notebooks left.

    Attributes
    ----------
    pages : tuple of pathlib.Path
        A HTML file a notebook, in the order of the notebooks' names.
    papers : tuple of pathlib.Path
        A DOCX and a PDF a notebook, whose maps are pictures, in the same order.
    made : tuple of pathlib.Path
        What the notebooks wrote themselves.
    """

    pages: tuple[Path, ...]
    papers: tuple[Path, ...]
    made: tuple[Path, ...]


def run_notebooks(
    folder: str | Path,
    out: str | Path,
    *,
    records: str | Path | None = None,
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    notice: Mapping[str, str] | None = None,
) -> Executed:
    """Execute every notebook of a folder and write each as one HTML file, a DOCX and a PDF.

    Notebooks find what is given here with :func:`mali_incidents.job_inputs`, which reads it from
    environment variables.

    Parameters
    ----------
    folder : str or pathlib.Path
        Where the notebooks are; they are not changed.
    out : str or pathlib.Path
        The folder of the job. Notebooks write only below ``notebooks/`` in it; the files
        made of them stand there too.
    records : str or pathlib.Path, optional
        The file of records that the notebooks are to read; without it they read what ships.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers the notebooks are to know: those added as well, or what ships alone.
    corrections : str or pathlib.Path, optional
        A file of corrections; ``corrections.csv`` beside the records, if there is one, by default.

    notice : mapping of str to str, optional
        The line, by language, that their maps are to have on their face.

    Returns
    -------
    Executed
        A page's language is what its notebook's metadata say under ``lang``, else English.

    Raises
    ------
    PublishError
        When there is no notebook, or a cell fails; the message names it.
    """
    notebooks = sorted(Path(folder).glob("*.ipynb"))
    if not notebooks:
        raise PublishError(f"there is no notebook (*.ipynb) in {folder}")
    target = Path(out).resolve()
    given = inputs_as_environment(
        target,
        records=records,
        dates=dates,
        frame=frame,
        corrections=corrections,
        notice=notice,
    )
    before = _files(target / "notebooks")
    with TemporaryDirectory() as no_places:
        if places == "shipped":
            given[HOME] = no_places
            # Frames that were added are still known: the job, or a coverage, may name one.
            if user_folder("frames").is_dir():
                shutil.copytree(user_folder("frames"), Path(no_places, "frames"))
        done = [_run(notebook, target, given) for notebook in notebooks]
    after = _files(target / "notebooks")
    written = [path for path in sorted(after) if after[path] != before.get(path)]
    pages = tuple(page for page, *_ in done)
    papers = tuple(path for _, *paths in done for path in paths)
    made = tuple(path for path in written if path not in {*pages, *papers})
    return Executed(pages, papers, made)


def _files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Tell the files below a folder apart from what stands there later by the same names."""
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _run(notebook: Path, out: Path, given: dict[str, str]) -> list[Path]:
    """Execute one notebook, with what it is given in its environment, and write it."""
    try:
        content = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise PublishError(f"{notebook.name} is not a notebook that can be read") from error
    client = NotebookClient(
        content,
        timeout=_LONGEST_CELL_S,
        kernel_name="python3",
        # A kernel warns of every socket on this machine; what fails is said by the cell.
        extra_arguments=["--log-level=ERROR"],
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(notebook.parent)}},
    )
    try:
        _execute(client, {**os.environ, **given})
    except CellExecutionError as error:
        cell = next(cell for cell in content.cells if _failed(cell))
        raise PublishError(
            f"{notebook.name} stopped at its cell {cell.id!r}: {error.ename}: {error.evalue}"
        ) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise PublishError(
            f"{notebook.name} did not finish: its kernel died or a cell took over "
            f"{_LONGEST_CELL_S} seconds"
        ) from error
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="lab",
        # All three would be fetched from a CDN.
        require_js_url="",
        mathjax_url="",
        mermaid_js_url="",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    title, lang = _title(content, notebook), content.metadata.get("lang", "en")
    page, _ = exporter.from_notebook_node(content, {"metadata": {"name": title}})
    place = out / "notebooks" / notebook.stem
    return [
        write_text(place.with_name(f"{place.name}.html"), _offline(page, lang)),
        *write_papers(content, place, title=title, lang=lang),
    ]


def _execute(client: NotebookClient, environment: dict[str, str]) -> None:
    """Execute a notebook's cells; stopping it ends its kernel at once.

    It runs in a thread of its own: in the main thread nbclient would take Ctrl-C for itself and
    report a dead kernel.
    """
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(max_workers=1) as pool:
        done = pool.submit(_run_in, loop, client, environment)
        try:
            done.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(_cancel_all, loop)
            raise


def _run_in(
    loop: asyncio.AbstractEventLoop, client: NotebookClient, environment: dict[str, str]
) -> None:
    """Execute a notebook in a loop, and close it in the same thread: another may run elsewhere."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(client.async_execute(env=environment))


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel whatever runs in a loop."""
    for task in asyncio.all_tasks(loop):
        task.cancel()


def _failed(cell: Any) -> bool:
    """Tell whether a cell's output is an error."""
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _title(content: Any, notebook: Path) -> str:
    """Take the notebook's first heading as the page's title."""
    heading = re.search(r"^# (.+)$", content.cells[0].source, flags=re.MULTILINE)
    return heading[1] if heading else notebook.stem


def _offline(page: str, lang: str) -> str:
    """Take out what an empty address would still load, and mend the page's look and language."""
    page = page.replace("</head>", f"{_STYLE}</head>", 1)
    page = re.sub(r'<script[^>]*\bsrc=""[^>]*>\s*</script>', "", page)
    # The template imports mermaid as a module, whatever its address.
    page = re.sub(r'<script type="module">.*?</script>', "", page, flags=re.DOTALL)
    # pandas draws the ids of styled tables at random; the same notebook must give the same bytes.
    styled = dict.fromkeys(re.findall(r'<table id="(T_[0-9a-f]{5})"', page))
    for number, drawn in enumerate(styled):
        page = page.replace(drawn, f"T_table{number}")
    return re.sub(r'<html lang="\w*"', f'<html lang="{html.escape(lang)}"', page, count=1)
