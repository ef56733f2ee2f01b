"""Bad input of the appearance module and of what is asked of a run's appearance."""

# a message stands on one line, as it is said

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from bad_input import Bad, check, each

import inkfade as ink
from inkfade import appearance

if TYPE_CHECKING:
    from collections.abc import Callable

FACES = np.linspace(0.0, 1e-3, 5)


def row(name: str, provoke: Callable[[], object], message: str, entry: str) -> Bad:
    """A row that needs no folder and no preset."""
    return Bad(name, lambda _: provoke(), message, entry)


def layers(**changed: object) -> Callable[[], object]:
    """One layer, with what is wrong with it."""
    arguments = {"mu_a": [100.0], "mu_s": [1e4], "g": [0.8], "thickness": [1e-3], **changed}
    return lambda: appearance.layered_reflectance(**arguments)


def model(**changed: object) -> Callable[[], object]:
    """A model of four cells, with what is wrong with it."""
    arguments = {"skin": "light", "ink": "carbon_black", "faces": FACES, **changed}
    return lambda: appearance.AppearanceModel(**arguments)


def look(concentration: object) -> Callable[[], object]:
    return lambda: appearance.AppearanceModel("light", "carbon_black", faces=FACES).look(concentration)


def patch(**changed: object) -> Callable[[], object]:
    return lambda: appearance.render_patch(FACES, [0, 1, 0, 0], **changed)


LAYERS = [
    row(
        "negative absorption",
        layers(mu_a=[-1.0]),
        "mu_a[0, 0] = -1 1/m: must be between 0 1/m and 1e+09 1/m",
        "out-of-range",
    ),
    row(
        "infinite scattering",
        layers(mu_s=[np.inf]),
        "mu_s[0, 0] = inf 1/m: must be between 0 1/m and 1e+09 1/m",
        "out-of-range",
    ),
    row("mean cosine of 1", layers(g=[1.0]), "g[0, 0] = 1: must be between -0.99 and 0.99", "out-of-range"),
    row("index below 1", layers(n=0.9), "n = 0.9: must be between 1 and 2", "out-of-range"),
    row("index below the layers", layers(n_below=3.0), "n_below = 3: must be between 1 and 2", "out-of-range"),
    row("NaN", layers(mu_a=[np.nan]), "mu_a has NaN at [0]: must be numbers", "appearance-numbers"),
    row("words", layers(g=["forward"]), "g = ['forward']: must be numbers", "appearance-numbers"),
    row("odd streams", layers(streams=5), "streams = 5: must be an even number from 4 to 64", "appearance-numbers"),
    row(
        "half a stream", layers(streams=4.5), "streams = 4.5: must be an even number from 4 to 64", "appearance-numbers"
    ),
    row(
        "unknown method",
        layers(method="kubelka_munk"),
        "method = 'kubelka_munk': must be one of adding_doubling, delta_eddington",
        "appearance-name",
    ),
    row("no layers", layers(thickness=[]), "thickness has the shape (0,): must be (n_layers,)", "appearance-shape"),
    row(
        "too many values",
        layers(mu_a=[1.0, 2.0]),
        "mu_a has the shape (2,): must be (1,) or (n_wavelengths, 1)",
        "appearance-shape",
    ),
    row(
        "wavelengths that differ",
        layers(mu_a=np.ones((3, 1)), mu_s=np.ones((2, 1))),
        "mu_a, mu_s, g have the shapes mu_a (3, 1), mu_s (2, 1), g (1,): must fit each other",
        "appearance-shape",
    ),
    row(
        "endless upper layer",
        layers(mu_a=[1, 1], mu_s=[1, 1], g=0.0, thickness=[np.inf, 1.0]),
        "thickness[0] = inf m: only the last layer may be infinitely thick",
        "appearance-layers",
    ),
    row(
        "negative thickness", layers(thickness=[-1.0]), "thickness[0] = -1 m: must be 0 m or more", "appearance-layers"
    ),
    row(
        "negative packaging",
        lambda: appearance.packaging_factor(-1.0),
        "optical_thickness = -1.0: must be 0 or more",
        "appearance-numbers",
    ),
]

SKINS_AND_INKS = [
    row(
        "unknown skin",
        lambda: appearance.skin_optics("pale"),
        "preset = 'pale': the skins are light, medium, dark",
        "appearance-name",
    ),
    row(
        "two skins",
        lambda: appearance.skin_optics("light", ita=30.0),
        "skin_optics: give exactly one of preset, ita and lab",
        "appearance-skin",
    ),
    row(
        "green skin",
        lambda: appearance.skin_optics(lab=(50, -40, 0)),
        "lab = (50, -40, 0): must be a colour of skin; the nearest one, ({any}), differs by dE00 = {any}",
        "appearance-skin",
    ),
    row(
        "angle of no skin",
        lambda: appearance.skin_optics(ita=89.0),
        "ita = 89 degree: must be between {any} degree and {any} degree",
        "out-of-range",
    ),
    row(
        "too much blood",
        lambda: appearance.SkinOptics(blood=2.0),
        "blood = 2: must be between 0 and 0.3",
        "out-of-range",
    ),
    row(
        "thick epidermis",
        lambda: appearance.SkinOptics(epidermis_thickness=0.1),
        "epidermis_thickness = 100000 um: must be between 1 um and 50000 um",
        "out-of-range",
    ),
    row(
        "skin as text",
        lambda: appearance.SkinOptics(blood="1 %"),
        "blood = '1 %': must be a bare number, in SI units",
        "appearance-numbers",
    ),
    row(
        "unknown pigment",
        lambda: appearance.InkOptics.pigment("henna"),
        "pigment = 'henna': the pigments are {any}",
        "appearance-name",
    ),
    row(
        "empty mixture",
        lambda: appearance.InkOptics.mixture({"carbon_black": 0.0}),
        "mixture: no pigment has a share above 0",
        "appearance-ink",
    ),
    row(
        "short spectrum",
        lambda: appearance.InkOptics(np.ones(30)),
        "absorption has 30 values: must have 31, one for each 10 nm from 400 nm to 700 nm",
        "appearance-shape",
    ),
    row(
        "negative absorption of ink",
        lambda: appearance.InkOptics(-np.ones(31)),
        "absorption(400 nm) = -0.001 m2/g: must be between 0 m2/g and 1000 m2/g",
        "out-of-range",
    ),
    row(
        "falling wavelengths",
        lambda: appearance.InkOptics.from_table([6e-7, 5e-7], [1.0, 2.0]),
        "wavelength: must be two or more rising numbers [m]",
        "appearance-ink",
    ),
    row(
        "table that does not fit",
        lambda: appearance.InkOptics.from_table([5e-7, 6e-7], [1.0, 2.0, 3.0]),
        "absorption has the shape (3,): must be (2,) or a number",
        "appearance-shape",
    ),
]

PROFILES = [
    row(
        "one face",
        model(faces=[0.0]),
        "faces: there must be two at least, the surface and the end of the cell",
        "appearance-faces",
    ),
    row(
        "faces below the surface",
        model(faces=[1e-4, 1e-3]),
        "faces[0] = 100 um: must be 0 um, the surface of the skin",
        "appearance-faces",
    ),
    row(
        "falling faces",
        model(faces=[0.0, 1e-3, 5e-4]),
        "faces[2] = 500 um: must be above 1000 um, the face before it",
        "appearance-faces",
    ),
    row(
        "unknown fidelity",
        model(fidelity="best"),
        "fidelity = 'best': must be full, fast or preview",
        "appearance-name",
    ),
    row("few cells", model(most_cells=2), "most_cells = 2: must be at least 4", "appearance-layers"),
    row(
        "coverage above 1",
        model(dots=appearance.Dots(coverage=1.2)),
        "coverage = 1.2: must be between 0 and 1",
        "out-of-range",
    ),
    row(
        "clump of more than pigment",
        model(clumps=appearance.Clumps(free=(1.5, 1e-6))),
        "free.fraction = 1.5: must be between 0 and 1",
        "out-of-range",
    ),
    row(
        "profile of another mesh",
        look(np.ones(3)),
        "concentration has the shape (3,): must be (4,), (4, 3), (4, 3, n_classes) or (n_profiles, 4, 3, n_classes)",
        "appearance-shape",
    ),
    row(
        "infinite pigment", look([0, np.inf, 0, 0]), "concentration = inf at [1]: must be finite", "appearance-numbers"
    ),
    row(
        "wide dots",
        patch(lattice=appearance.Lattice(radius=2e-3)),
        "pitch = 1000 um: must be above 2000 um and at most 1 m, and radius < pitch <= width",
        "appearance-patch",
    ),
    row("no pixels", patch(pixels=2), "pixels = 2: must be between 8 and 2000", "out-of-range"),
    row(
        "eye at no distance",
        lambda: appearance.dot_contrast(np.ones((8, 8, 3)), pixel=1e-4, distance=0.0),
        "distance = 0 m: must be above 0 m and below 1000 m",
        "appearance-patch",
    ),
    row(
        "picture of no colours",
        lambda: appearance.dot_contrast(np.ones((8, 8)), pixel=1e-4, distance=1.0),
        "xyz has the shape (8, 8): must be (n, n, 3)",
        "appearance-shape",
    ),
    row(
        "faces and profile of a patch",
        lambda: appearance.render_patch(FACES, [1.0]),
        "faces (5,), concentration (1,): must be (n_cells + 1,) and one profile of n_cells",
        "appearance-patch",
    ),
    row(
        "colour of two numbers",
        lambda: appearance.ita([50.0, 10.0]),
        "lab has the shape (2,): must end in 3, L*, a* and b*",
        "appearance-shape",
    ),
    row(
        "colours that do not fit",
        lambda: appearance.delta_e_2000(np.ones((2, 3)), np.ones((3, 3))),
        "second has the shape (3, 3): must fit first, which has (2, 3)",
        "appearance-shape",
    ),
]


@functools.cache
def fade(**options: object) -> ink.Fade:
    """A run of a year, or what these options make of it."""
    return ink.simulate(ink.Scenario.preset("scalp-smp"), **{"years": 1, **options})


def asked(name: str, provoke: Callable[[ink.Fade], object], message: str, entry: str, **options: object) -> Bad:
    """A row that asks a run for what is seen of it."""
    return Bad(name, lambda _: provoke(fade(**options)), message, entry)


LEFT_OUT = "this run kept no profiles over depth: simulate with fields=True"
NO_DEPTH = "the well_mixed rung has no depth, so no profiles over it: simulate with rung='column'"
TIMES = "expected a list of years or of times with a unit, for example years=[0, '6 week', 1]"
RUNS = [
    asked("no profiles", lambda f: f.appearance(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no profiles to picture", lambda f: f.plot_patch(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no profiles to swatch", lambda f: f.plot_swatches(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no profiles to plot", lambda f: f.plot_appearance(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no profiles to wait on", lambda f: f.touch_up_by_contrast(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no profiles to render", lambda f: f.render_patch(), LEFT_OUT, "what-is-seen", fields=False),
    asked("no depth", lambda f: f.appearance(), NO_DEPTH, "what-is-seen", rung="well_mixed"),
    asked("no depth to plot", lambda f: f.plot_profile(), NO_DEPTH, "what-is-seen", rung="well_mixed"),
    asked(
        "no such measure",
        lambda f: f.touch_up(0.5, measure="contrast_of_healed"),
        "measure = 'contrast_of_healed' (did you mean patch_contrast_of_healed?): no such measure; there are "
        "patch_contrast_of_healed, retained_of_healed, retained_of_deposit",
        "touch-up-measure",
    ),
    asked(
        "another measure without threshold",
        lambda f: f.touch_up(measure="retained_of_deposit"),
        "measure = 'retained_of_deposit' is not the scenario's, which is 'patch_contrast_of_healed' with the threshold "
        "0.5: give its threshold, too",
        "touch-up-measure",
    ),
    asked(
        "what is seen without depth",
        lambda f: f.touch_up(),
        "measure = 'patch_contrast_of_healed': what is seen depends on depth, and the well_mixed rung has none; "
        "simulate with rung='column', or ask for measure='retained_of_healed' with its threshold",
        "touch-up-measure",
        rung="well_mixed",
    ),
    asked(
        "nobody looked",
        lambda f: f.plot(quantity="patch_contrast"),
        "quantity = 'patch_contrast': not in this run: nobody looked at the patch; simulate with appearance=True",
        "touch-up-measure",
        appearance=False,
    ),
    Bad(
        "visits by what is seen without depth",
        lambda b: ink.simulate(b.smp.with_({"touch_up.schedule": "when_due"}), rung="well_mixed"),
        "touch_up.measure = patch_contrast_of_healed with touch_up.schedule = when_due: what is seen depends on depth, "
        "and the well_mixed rung has none; take rung column, or touch_up.measure = retained_of_healed",
        "touch-up-measure",
    ),
    Bad(
        "another measure than that of the visits",
        lambda b: ink.simulate(b.smp.with_({"touch_up.schedule": "when_due"}), years=1).touch_up(
            0.7, measure="retained_of_healed"
        ),
        "measure = 'retained_of_healed': this run touches up by touch_up.measure = patch_contrast_of_healed "
        "(touch_up.schedule = when_due); simulate it with touch_up.measure = retained_of_healed, or without schedule",
        "touch-up-measure",
    ),
    Bad(
        "a measure without its threshold",
        lambda b: b.smp.with_({"touch_up.measure": "retained_of_healed"}),
        "touch_up.measure = retained_of_healed: its threshold is another than that of patch_contrast_of_healed; give "
        "touch_up.threshold, too",
        "touch-up-measure",
    ),
    Bad(
        "a measure without its threshold in a file",
        lambda _: ink.Scenario.from_toml(
            'format = 1\npreset = "scalp-smp"\n[touch_up]\nmeasure = "retained_of_deposit"\n'
        ),
        "touch_up.measure = retained_of_deposit: its threshold is another than that of patch_contrast_of_healed; give "
        "touch_up.threshold, too (<text>:4:1)",
        "touch-up-measure",
    ),
    Bad(
        "a contrast as a level of pigment",
        lambda b: b.smp.with_(
            {
                "touch_up.measure": "retained_of_healed",
                "touch_up.threshold": 0.7,
                "touch_up.contrast_floor": 3.0,
            }
        ),
        "touch_up.contrast_floor = 3: must be 0 where touch_up.measure = retained_of_healed; a contrast is a level of "
        "patch_contrast_of_healed",
        "touch-up-measure",
    ),
    asked(
        "a band of what is seen without depth",
        lambda f: f.band(quantity="patch_contrast", draws=2),
        "no band of 'patch_contrast': what is seen depends on depth, and the well_mixed rung has none",
        "touch-up-measure",
        rung="well_mixed",
    ),
    Bad(
        "a fidelity for a switch",
        lambda b: ink.simulate(b.smp, appearance="fast"),
        "appearance = 'fast': must be True or False; Fade.appearance takes a fidelity",
        "touch-up-measure",
    ),
    Bad(
        "a word for a switch of a sweep",
        lambda b: ink.Sweep(b.smp, depth=["0.3 mm"]).run(appearance="yes"),
        "appearance = 'yes': must be True or False; Fade.appearance takes a fidelity",
        "touch-up-measure",
    ),
    asked(
        "unknown fidelity of a run",
        lambda f: f.appearance("best"),
        "fidelity = 'best': must be full, fast or preview",
        "appearance-name",
    ),
    asked("one year", lambda f: f.plot_patch(1), f"years = 1: {TIMES}", "times-of-pictures"),
    asked("no years", lambda f: f.plot_swatches([]), f"years = []: {TIMES}", "times-of-pictures"),
    asked("a flag as year", lambda f: f.plot_patch([True]), f"years = True: {TIMES}", "times-of-pictures"),
    asked(
        "a year outside the run",
        lambda f: f.plot_patch([0, 2]),
        "years = 2: the run goes from 0 to 1 years",
        "times-of-pictures",
    ),
    asked(
        "NaN years",
        lambda f: f.render_patch(float("nan")),
        "years = nan: the run goes from 0 to 1 years",
        "times-of-pictures",
    ),
    asked(
        "no level",
        lambda f: f.touch_up_by_contrast(None, below=None),
        "threshold and below are both None: give one of them",
        "contrast-levels",
    ),
    asked(
        "a contrast below nothing",
        lambda f: f.touch_up_by_contrast(below=0),
        "below = 0: must be a bare number above 0 and at most 100 (dE00)",
        "contrast-levels",
    ),
    asked(
        "a contrast with a unit",
        lambda f: f.touch_up_by_contrast(below="3 dE"),
        "below = '3 dE': must be a bare number above 0 and at most 100 (dE00)",
        "contrast-levels",
    ),
    asked(
        "a share in per cent",
        lambda f: f.touch_up_by_contrast(50),
        "threshold = 50: must be a number between 0 and 1: 50 % is 0.5",
        "interval",
    ),
    asked(
        "too few pixels",
        lambda f: f.render_patch(pixels=2),
        "pixels = 2: a picture has 8 to 2000",
        "appearance-patch",
    ),
    asked(
        "a patch of a hair's width",
        lambda f: f.render_patch(width=1e-5),
        "width = 1e-05: a picture has 0.001 to 1 m",
        "appearance-patch",
    ),
    row(
        "nothing to compare",
        appearance.compare_patches,
        "compare_patches needs at least one run: compare_patches(a, b)",
        "patches-side-by-side",
    ),
    row(
        "a list to compare",
        lambda: appearance.compare_patches([1, 2]),
        "compare_patches takes results of simulate, or scenarios, one by one, compare_patches(a, b): got list",
        "patches-side-by-side",
    ),
    asked(
        "one label for two patches",
        lambda f: appearance.compare_patches(f, f, labels=["a"]),
        "compare_patches got 2 runs and 1 labels: give one label for each",
        "patches-side-by-side",
    ),
    Bad(
        "touch-up by contrast of a failed run",
        lambda b: ink.simulate(b.smp.with_({"numerics.max_steps": 5})).touch_up_by_contrast(),
        "no touch-up of a failed run: too_many_steps after {any} day. The step limit was reached: raise "
        "numerics.max_steps or loosen numerics.rtol. (status too_many_steps)",
        "too_many_steps",
        ink.IntegrationError,
    ),
]
ROWS = LAYERS + SKINS_AND_INKS + PROFILES + RUNS


@each(ROWS)
def test_bad_appearance_is_refused_in_words(row, tmp_path, record_property):
    check(row, tmp_path, record_property)
