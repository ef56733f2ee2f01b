"""The progress bar of long runs."""

from __future__ import annotations

import warnings
from typing import Any


def progress_bar(*arguments: Any, **options: Any) -> Any:
    """Make a tqdm bar that fits where it runs: a terminal or a notebook, there also without ipywidgets."""
    with warnings.catch_warnings():
        # Without ipywidgets tqdm falls back to text, and says so in a red box that helps nobody.
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    return tqdm(*arguments, **options)
