"""Pictures of what is seen, read back from what was drawn."""

from __future__ import annotations

import subprocess
import sys

import matplotlib.image
import numpy as np
import pytest
from matplotlib.text import Text

import inkfade as ink
from inkfade import appearance
from inkfade.plot.patches import moment_text
from inkfade.plot.style import FOOTER, figure_of


def texts(figure) -> str:
    return "\n".join(t.get_text() for t in figure.findobj(Text))


def test_every_picture_says_that_it_is_a_prediction_and_on_what_skin(fade):
    axes = [fade.plot_swatches(), fade.plot_patch(pixels=40)[0], fade.plot_appearance()[0, 0]]
    axes += [appearance.compare_patches(fade, fade, pixels=40)[0, 0]]
    for ax in axes:
        said = texts(figure_of(ax)).replace("\n", " ")
        assert FOOTER in said
        assert "weakest evidence: assumed" in said
        assert "skin as healed" in said


def test_patches_are_labelled_with_their_time_and_contrast(fade):
    axes = fade.plot_patch(pixels=40)
    assert [ax.get_title() for ax in axes] == ["day 0", "6 weeks", "1 year", "3 years", "5 years", "10 years"]
    contrast = fade.appearance()["contrast"].sel(time=[0.0, 42.0, 365.25, 1095.75, 1826.25, 3652.5])
    assert [ax.get_xlabel() for ax in axes] == [f"ΔE₀₀ {c:.1f}" for c in contrast.values]


def test_around_the_patch_is_bare_skin(fade):
    """To a byte: the optics of the picture are the fast ones, within 0.1 dE00."""
    bare = np.round(appearance.srgb(fade.appearance("fast")["bare_lab"].values) * 255)
    for ax in fade.plot_patch([0, "6 week"], pixels=60):
        [image] = ax.get_images()
        corners = np.asarray(image.get_array())[[0, 0, -1, -1], [0, -1, 0, -1]].astype(float)
        assert np.abs(corners - bare).max() <= 1


def test_times_are_numbers_of_years_or_text(fade):
    assert [ax.get_title() for ax in fade.plot_patch([1, "10 day", "2 week"], pixels=20)] == [
        "10 days",
        "2 weeks",
        "1 year",
    ]
    assert [moment_text(day) for day in (0, 1, 7, 182.625, 1278.375)] == [
        "day 0",
        "1 day",
        "1 week",
        "0.5 years",
        "3.5 years",
    ]


def test_swatches_have_the_colours_of_the_patch_on_bare_skin(fade):
    ax = fade.plot_swatches([0, 1])
    seen = fade.appearance()
    strip, *squares = [patch.get_facecolor()[:3] for patch in ax.patches]
    np.testing.assert_allclose(strip, appearance.srgb(seen["bare_lab"].values))
    np.testing.assert_allclose(squares, seen["srgb"].sel(time=[0.0, 365.25]))


def test_runs_side_by_side_are_named_by_what_differs(smp, fade):
    axes = appearance.compare_patches(fade, smp.with_(depth="800 um"), years=[0, 1], pixels=40)
    assert axes.shape == (2, 2)
    said = texts(figure_of(axes[0, 0]))
    assert "depth 400 µm" in said
    assert "depth 800 µm" in said
    short = ink.simulate(smp, years=2)
    assert appearance.compare_patches(fade, short, pixels=20).shape == (2, 3)  # what both have


def test_the_figure_of_contrast_shows_both_curves(fade):
    axes = fade.plot_appearance()
    seen = fade.appearance()
    np.testing.assert_array_equal(axes[0, 1].get_lines()[0].get_ydata(), seen["contrast"])
    drawn = {line.get_label(): line.get_ydata() for line in axes[1, 1].get_lines()}
    np.testing.assert_array_equal(drawn["patch contrast"], seen["contrast_of_healed"])
    np.testing.assert_array_equal(drawn["pigment"], fade.dataset["retained_of_healed"])
    assert "turns by 0.7° at most, towards green" in texts(figure_of(axes[0, 0]))


def test_what_is_seen_jumps_upright_at_a_visit(by_pigment):
    """The fall of a year is 0.15: within a microday of the visit the contrast rises by more than that."""
    kept_up = ink.simulate(by_pigment.with_(touch_up__schedule="when_due"), years=6)
    axes = kept_up.plot_appearance()
    years, drawn = axes[0, 1].get_lines()[0].get_data()
    after = int(np.searchsorted(years, float(kept_up.dataset["visit_time"][0])))
    assert years[after] - years[after - 1] < 1e-8
    assert drawn[after] - drawn[after - 1] > 0.15
    assert "touch-up" in texts(axes[0, 1])


def test_a_run_that_failed_is_drawn_as_far_as_it_came(smp):
    failed = ink.simulate(smp.with_(numerics__max_steps=5))
    assert len(failed.plot_patch(pixels=20)) == 1
    assert len(failed.plot_swatches().patches) == 2
    assert failed.plot_appearance()[0, 1].get_xlim()[1] == 10.0


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_pictures_are_the_same_bytes_every_time(fade, tmp_path, ending):
    for name, draw in {
        "patch": lambda: fade.plot_patch([0, 1], pixels=40)[0],
        "swatches": fade.plot_swatches,
        "contrast": lambda: fade.plot_appearance()[0, 0],
    }.items():
        paths = [tmp_path / f"{name}{i}.{ending}" for i in range(2)]
        for path in paths:
            figure_of(draw()).savefig(path)
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_labels_of_a_picture_are_text(fade, tmp_path):
    figure_of(fade.plot_patch([0, 1], pixels=20)[0]).savefig(tmp_path / "patch.svg")
    assert ">day 0</text>" in (tmp_path / "patch.svg").read_text()


def test_the_command_writes_the_picture_and_says_what_is_due(tmp_path, environment):
    line = [sys.executable, "-m", "inkfade", "patch", "scalp-smp", "--beside", "brow-pmu", "--years", "0, 6 week, 1"]
    done = subprocess.run(
        [*line, "-o", str(tmp_path / "patch.png"), "--draws", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "scalp-smp: touch-up by what is seen: not within 10 years" in done.stdout
    assert "brow-pmu: touch-up by what is seen:" in done.stdout
    picture = matplotlib.image.imread(tmp_path / "patch.png")
    assert min(picture.shape[:2]) > 800  # two rows of three


def test_the_command_takes_a_level_and_a_horizon(tmp_path, environment, smp):
    line = [sys.executable, "-m", "inkfade", "patch", "scalp-smp", "--years", "0", "-o", str(tmp_path / "patch.png")]
    done = subprocess.run(
        [*line, "--draws", "0", "--horizon", "20", "--threshold", "0.7", "--below", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    by_share = ink.simulate(smp, years=20).touch_up_by_contrast(0.7, below=None, draws=0)
    assert by_share.observed
    assert f"scalp-smp: touch-up by what is seen: {by_share}" in done.stdout
