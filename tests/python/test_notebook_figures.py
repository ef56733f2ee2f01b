"""Figures show in a notebook: each cell that plots displays one picture."""

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.filterwarnings("ignore")


def pictures(cells: list[str]) -> list[int]:
    """How many pictures each cell displays."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in notebook.cells]


def test_every_cell_that_plots_shows_one_picture_from_the_first_on(monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel chooses its own, as a user's does
    cells = [
        "import inkfade as ink\nfade = ink.simulate(ink.Scenario.preset('scalp-smp'), years=1);",
        "fade.plot();",
        "fade.plot_ledger();",
        "ink.compare_plot(fade, fade);",
        "fade.plot_patch([0, '6 week'], pixels=40);",
        "1 + 1",
    ]
    assert pictures(cells) == [0, 1, 1, 1, 1, 0]
