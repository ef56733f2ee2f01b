"""What is seen of a run: what the picture in words says, and what a touch-up by contrast is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import inkfade as ink
from inkfade import appearance
from inkfade.contrast_touch_up import first_below
from inkfade.plot.appearance import turned_to


@pytest.fixture(scope="module")
def seen(fade):
    return fade.appearance()


def seen_of(scenario: ink.Scenario, years: float = 1.0):
    return ink.simulate(scenario, years=years, check=True).appearance()


def healed(data):
    return data.sel(time=42.0)


def test_skin_without_pigment_is_bare_exactly(fade):
    empty = ink.simulate(fade.scenario, times=["0 day", "42 day"])
    empty.dataset["pigment"] = empty.dataset["pigment"] * 0.0
    bare = empty.appearance()
    assert (bare["contrast"] == 0.0).all()
    np.testing.assert_array_equal(bare["lab"], np.tile(bare["bare_lab"], (2, 1)))
    assert np.isnan(bare["contrast_of_healed"]).all()  # a share of nothing
    assert np.isnan(bare["difference_hue"]).all()
    assert (bare["tint"] == "").all()


def test_colours_and_contrast_are_those_of_the_spectra(seen):
    np.testing.assert_allclose(appearance.lab(seen["reflectance"]), seen["lab"], atol=1e-9)
    np.testing.assert_allclose(
        appearance.delta_e_2000(seen["lab"], seen["bare_lab"]), seen["contrast"], rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(seen["lightness_difference"], (seen["lab"] - seen["bare_lab"])[:, 0], atol=1e-12)


def test_early_weeks_look_darker_then_settle(seen):
    """More than twice as dark as when healed, and from then on for ten years within a quarter of that."""
    at = seen.sel(time=[0.0, 42.0])
    assert at["contrast"][0] > 2 * at["contrast"][1]
    assert at["lab"][0, 0] < at["lab"][1, 0]
    later = seen["contrast_of_healed"].where(seen["time"] >= 42.0, drop=True)
    assert ((later > 0.75) & (later < 1.25)).all()


def test_the_fade_that_is_seen_is_not_the_mass_curve(fade, seen):
    """Pigment leaves the large clumps of macrophages, where it absorbs less: mass falls while contrast rises."""
    year = {"time": 365.25}
    assert fade.dataset["retained_of_healed"].sel(year) < 0.9
    assert seen["contrast_of_healed"].sel(year) > 1.1


def test_nothing_is_a_share_of_healed_before_healing(fade, seen):
    early = seen["time"] < 42.0
    for name in ("contrast_of_healed", "colour_drift"):
        assert np.isnan(seen[name][early]).all()
        assert np.isfinite(seen[name][~early]).all()
    assert healed(seen)["contrast_of_healed"] == 1.0
    assert healed(seen)["colour_drift"] == 0.0
    short = ink.simulate(fade.scenario.with_({"run.horizon": "20 day"})).appearance()
    assert np.isnan(short["contrast_of_healed"]).all()


def test_what_is_seen_when_healed_does_not_depend_on_what_is_saved(smp, seen):
    """Exactly, where the steps are the same; the solver's dense output is good to its tolerance."""
    sparse = ink.simulate(smp, times=["0 day", "5 year"]).appearance()
    assert float(sparse["healed_contrast"]) == pytest.approx(float(seen["healed_contrast"]), rel=1e-3)


def test_a_deeper_deposit_is_fainter_and_tinted_more(smp):
    """Relative to how much darker it is, it is greener and bluer: |da|/|dL| and |db|/|dL| rise."""
    looks = [healed(seen_of(smp.with_(depth=depth, depth_sd="60 um"), 0.2)) for depth in ("400 um", "600 um", "800 um")]
    contrast = [float(look["contrast"]) for look in looks]
    assert contrast == sorted(contrast, reverse=True)
    for axis in ("red_green_difference", "blue_yellow_difference"):
        tinted = [abs(float(look[axis] / look["lightness_difference"])) for look in looks]
        assert tinted == sorted(tinted)
        assert all(look[axis] < 0 for look in looks)


def test_density_matters_for_what_is_seen_though_not_for_what_is_kept(smp):
    runs = [ink.simulate(smp.with_(dot_density=density), years=1) for density in ("60 cm-2", "200 cm-2")]
    few, many = (run.appearance() for run in runs)
    assert healed(many)["contrast"] > 2 * healed(few)["contrast"]
    kept = [float(run.dataset["retained_of_healed"].sel(time=365.25)) for run in runs]
    assert kept[0] == pytest.approx(kept[1], abs=1e-3)  # the solver's tolerance


def test_contrast_falls_with_melanin(smp):
    skins = [smp.with_(skin__melanosome_fraction=share) for share in (0.019, 0.037, 0.072)]
    seen = [healed(seen_of(skin, 0.2)) for skin in skins]
    contrast = [float(one["contrast"]) for one in seen]
    assert contrast == sorted(contrast, reverse=True)
    noticed = [float(one["noticed_from"]) for one in seen]
    assert noticed == sorted(noticed)  # and a viewer needs more of it
    assert noticed[0] < 0.7
    assert noticed[-1] > 1.4


@pytest.mark.parametrize("depth", ["250 um", "400 um", "600 um"])
def test_what_a_run_sees_by_itself_is_what_a_full_look_sees(smp, depth):
    """Within 1 %, of what it was when healed within 0.5 %; and without steps where layers are merged otherwise."""
    run = ink.simulate(smp.with_(depth=depth), years=10)
    full = run.appearance("full")
    np.testing.assert_allclose(run.dataset["patch_contrast"], full["contrast"], rtol=0.01)
    np.testing.assert_allclose(run.dataset["patch_contrast_of_healed"], full["contrast_of_healed"], atol=0.005)
    # Four streams are lighter than six by the same 0.2, patch and skin alike.
    np.testing.assert_allclose(run.dataset["patch_lab"], full["lab"], atol=0.25)
    np.testing.assert_allclose(run.dataset["bare_lab"], full["bare_lab"], atol=0.25)
    np.testing.assert_allclose(run.dataset["colour_drift"], full["colour_drift"], atol=0.3)
    assert float(run.dataset["healed_contrast"]) == pytest.approx(float(full["healed_contrast"]), rel=0.01)
    later = run.years > 2
    steps = np.diff(run.dataset["patch_contrast"].values[later] / full["contrast"].values[later])
    assert np.abs(steps).max() < 0.002


def test_an_ensemble_sees_the_same(smp):
    times = ["42 day", "2 year", "8 year"]
    names = ["patch_contrast", "patch_contrast_of_healed", "lightness_difference", "colour_drift"]
    many = ink.ensemble(smp, {"depth": (np.array([400.0]), "um")}, times=times, observables=names, progress=False)
    run = ink.simulate(smp, times=times)
    for name in (*names[:2], "colour_drift"):
        np.testing.assert_allclose(many[name][0], run.dataset[name], rtol=1e-8)  # 400 um rounds otherwise
    seen = run.appearance("full")
    np.testing.assert_allclose(many["lightness_difference"][0], seen["lightness_difference"], rtol=0.02)
    np.testing.assert_allclose(many["colour_drift"][0], seen["colour_drift"], atol=0.3)
    assert many["colour_drift"].attrs["units"] == "degree"


@pytest.mark.parametrize(("fidelity", "share"), [("fast", 0.04), ("preview", 0.09)])
def test_a_quick_look_is_within_its_stated_error_over_a_run(fade, seen, fidelity, share):
    quick = fade.appearance(fidelity)["contrast"]
    assert (abs(quick - seen["contrast"]) <= share * seen["contrast"] + 0.1).all()
    assert quick.attrs == seen["contrast"].attrs


def test_every_number_has_a_unit_and_the_whole_its_terms(seen):
    for name, variable in seen.data_vars.items():
        assert variable.attrs["long_name"], name
        assert name == "tint" or variable.attrs["units"] in ("1", "degree")
    said = {"geometry": "specular component excluded", "illuminant": "D65", "observer": "2 degrees"}
    assert seen.attrs.items() >= {**said, "comment": "predictions of a model, not medical advice"}.items()
    assert "weakest evidence: assumed" in seen.attrs["evidence"]


def test_what_is_given_away_can_be_changed_without_harm(fade, seen):
    mine, before = fade.appearance(), seen["contrast"].values.copy()
    mine["contrast"] = mine["contrast"] * 2
    np.testing.assert_array_equal(fade.appearance()["contrast"], before)


def test_hue_turns_towards_the_next_colour():
    assert [turned_to(hue, drift) for hue, drift in ((200, 20), (250, -20), (350, 20), (10, -20))] == [
        "blue",
        "green",
        "red",
        "red",
    ]


def test_a_touch_up_by_contrast_is_where_the_contrast_crosses(fade):
    due = fade.touch_up_by_contrast(None, below=4.0, draws=0)
    assert due.observed
    day = due.time * 365.25
    around = ink.simulate(fade.scenario, times=[f"{day + side} day" for side in (-3.0, 0.0, 3.0)]).appearance()
    before, at, after = around["contrast"].values
    assert before > 4.0 > after
    # Straight between two times 1.9 days apart; the contrast falls by 0.15 in a year and bends less than that.
    assert at == pytest.approx(4.0, abs=1e-4)
    assert due.error == pytest.approx(30.4375 / 16 / 365.25, rel=1e-6)
    assert due.contrast == pytest.approx(4.0, abs=1e-4)


def test_the_earlier_of_two_levels_counts(fade):
    both = fade.touch_up_by_contrast(0.9, below=4.0, draws=0)
    each = [fade.touch_up_by_contrast(0.9, below=None, draws=0), fade.touch_up_by_contrast(None, below=4.0, draws=0)]
    assert both.time == min(one.time for one in each)


def test_disagreement_with_the_pigment_is_said(fade):
    due = fade.touch_up_by_contrast(below=4.0, draws=0)
    assert due.pigment_time == fade.touch_up(0.7, measure="retained_of_healed", draws=2).time
    assert due.time > due.pigment_time + 2
    for said in ("no threshold for a touch-up by contrast is published", "below 70 %", "weakest evidence: assumed"):
        assert said in repr(due)
    assert "by pigment" in due._repr_html_()
    assert fade.touch_up_by_contrast(below=4.0, draws=0) is due


def test_what_does_not_fall_is_censored(fade):
    due = fade.touch_up_by_contrast(draws=0)
    assert str(due) == "not within 10 years (no interval: nobody drawn)"
    assert (due.observed, due.time, due.error) == (False, 10.0, 0.0)
    assert due.unseen_time == np.inf
    with pytest.raises(dataclasses.FrozenInstanceError):
        due.time = 1.0


def test_skin_that_is_pale_when_healed_is_due_then(fade):
    due = fade.touch_up_by_contrast(below=5.0, draws=0)
    assert due.time == pytest.approx(42 / 365.25)


def test_the_interval_between_people_holds_the_run_of_nobody_special(smp):
    fade = ink.simulate(smp, years=10)
    due = fade.touch_up_by_contrast(below=4.0, draws=40, seed=3)
    assert due.low < due.time < due.high
    assert due == ink.simulate(smp, years=10).touch_up_by_contrast(below=4.0, draws=40, seed=3)
    assert "40 people drawn" in due.meaning


def test_a_fall_is_found_on_straight_lines():
    years, values = np.array([0.0, 1.0, 3.0]), np.array([5.0, 4.0, 2.0])
    assert first_below(years, values, 3.0) == (2.0, (1, 2))
    assert first_below(years, values, 6.0) == (0.0, (0, 0))
    assert first_below(years, values, 1.0) == (np.inf, None)


@pytest.mark.parametrize("preset", ["scalp-smp", "brow-pmu", "areola"])
def test_a_picture_has_the_colour_of_the_patch_on_average(preset):
    """
    Within a fifth of the contrast, and a tenth of it when healed.

    The patch is solved for its mean, the picture pixel by pixel with light blurred by a formula that is good to 20 %;
    the two share no step but the dots.
    """
    fade = ink.simulate(ink.Scenario.preset(preset), years=1)
    for day, share in ((0.0, 0.2), (42.0, 0.1)):
        patch = fade.appearance().sel(time=day)
        mean = fade.render_patch(f"{day} day", pixels=120).xyz.mean(axis=(0, 1))
        picture = ink._core.lab_of_xyz(mean[None])[0]
        assert appearance.delta_e_2000(picture, patch["lab"].values) < share * float(patch["contrast"])


def test_a_picture_is_the_same_every_time_and_can_be_of_any_moment(smp):
    pictures = [ink.simulate(smp, years=1).render_patch(when, pixels=40).xyz for when in ("100 day", 100 / 365.25)]
    np.testing.assert_allclose(*pictures, rtol=1e-9)
    again = ink.simulate(smp, years=1).render_patch("100 day", pixels=40).xyz
    np.testing.assert_array_equal(again, pictures[0])


def test_deep_dots_blur_into_a_haze_in_the_picture(smp):
    """Dot contrast falls to a quarter, patch contrast to nine tenths."""
    shallow, deep = (ink.simulate(smp.with_(depth=depth), years=0.2) for depth in ("300 um", "700 um"))
    dots = [run.render_patch("42 day", pixels=150).dot_contrast(0.3) for run in (shallow, deep)]
    patch = [float(healed(run.appearance())["contrast"]) for run in (shallow, deep)]
    assert dots[1] / dots[0] < 0.35 * patch[1] / patch[0]


@pytest.mark.parametrize("unseen", [{"ink.visible_absorption": "0 m2/g"}, {"deposit_per_dot": "1e-6 ug"}])
def test_a_patch_that_nobody_sees_is_drawn_and_never_due(smp, unseen):
    scenario = smp.with_(unseen, touch_up__schedule="when_due", touch_up__contrast_floor=0.0)
    fade = ink.simulate(scenario, years=2)
    assert float(fade.dataset["healed_contrast"]) < 1e-3
    assert not fade.touch_up(draws=2).observed
    for quantity in ("retained_of_deposit", "retained_of_healed", "patch_contrast", "patch_contrast_of_healed"):
        fade.plot(quantity=quantity)
    fade.plot_schedule()
    assert "Touch-up" in fade._repr_html_()


def test_of_a_contrast_of_nothing_there_is_no_share(smp):
    sessions = [
        {"kind": "treatment", "at": "0 day", "deposit_per_dot": "1e-6 ug"},
        {"kind": "touch_up", "at": "200 day"},
    ]
    black = smp.with_({"ink.visible_absorption": "0 m2/g"}, session=sessions)
    fade = ink.simulate(black, years=1)
    assert np.isnan(fade.dataset["patch_contrast_of_healed"]).all()
    assert np.isnan(fade.appearance()["contrast_of_healed"]).all()
    assert np.isnan(fade.dataset["visit_measure"]).all()


def test_a_level_that_is_not_reached_when_healed_is_due_then(smp):
    """Also where that is the end of the run."""
    for days in (42.0, 42.5):
        due = ink.simulate(smp.with_({"run.horizon": f"{days} day", "touch_up.contrast_floor": 50.0}))
        assert int(due.dataset["touch_up_observed"]) == 1
        assert float(due.dataset["touch_up_time"]) == pytest.approx(42 / 365.25)
        assert due.dataset["touch_up_time"].attrs["contrast_floor"] == 50.0


def test_a_later_session_far_below_does_not_hide_the_fall(smp):
    """Deep pigment is not seen in the place of what was lost above: the fall is where looks at saved times find it."""
    sessions = [
        {
            "kind": "treatment",
            "at": "0 day",
            "procedure": {"depth": "200 um", "depth_sd": "60 um", "deposit_per_dot": "3 ug", "epidermal_fraction": 0},
        },
        {
            "kind": "touch_up",
            "at": "200 day",
            "procedure": {
                "depth": "1000 um",
                "depth_sd": "60 um",
                "deposit_per_dot": "100 ug",
                "epidermal_fraction": 0,
            },
        },
    ]
    dense = {"procedure.dot_diameter": "0.8 mm", "procedure.dot_density": "400 cm-2", "procedure.placement": "random"}
    fast = {"ink.size_median": "60 nm", "skin.lymph.rate": "8 1/day", "touch_up.threshold": 0.7}
    thick = {"skin.lower_reticular_dermis.thickness": "1500 um"}
    fade = ink.simulate(smp.with_({**dense, **fast, **thick}, session=sessions), years=10, check=True)
    share = fade.dataset["patch_contrast_of_healed"].values
    below = np.flatnonzero(share < 0.7)
    assert len(below)
    assert int(fade.dataset["touch_up_observed"]) == 1
    assert float(fade.dataset["touch_up_time"]) <= fade.years[below[0]] + 1e-9
