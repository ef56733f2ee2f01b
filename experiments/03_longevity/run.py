"""How do the presets order in longevity? See README.md beside this file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from rich.console import Console
from rich.table import Table

import inkfade as ink
from inkfade.plot.style import (
    CYCLE,
    GREY,
    look,
    new_grid,
    percent_axis,
    say_below,
    spread_labels,
    subtitle,
    write,
    years_axis,
)
from inkfade.touch_up import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from inkfade.touch_up import TouchUp

HERE = Path(__file__).resolve().parent
YEARS = 40.0
MONTH = 30.4375  # [day]
DRAWN = "people drawn"  # a column of the files: on how many people or animals an interval stands


@dataclass(frozen=True)
class Reported:
    """A preset, and after how many years people are said to come back."""

    preset: str
    label: str
    low: float | None = None
    high: float | None = None  # None with a low: at least


# In the order in which they are reported to fade. Where a rate is reported, the time to 70 %: areola from the 5-80 %
# that patients rated at 14 months, decorative from at most 0.03 per year.
HUMAN = (
    Reported("trichopigmentation", "trichopigmentation", 1.0, 1.5),
    Reported("brow-pmu", "brow", 1.0, 1.5),
    Reported("areola", "areola", 0.3, 8.0),
    Reported("scalp-smp", "scalp (SMP)", 3.0, 5.0),
    Reported("decorative-forearm", "decorative", 12.0, None),
)
OTHER = (Reported("pig", "pig"), Reported("cornea-like", "cornea-like"))
COLOURS = dict(zip((p.preset for p in (*HUMAN, *OTHER)), (*CYCLE[:5], CYCLE[6], GREY), strict=True))


@dataclass(frozen=True)
class Outcome:
    """What the model says of one preset."""

    reported: Reported
    fade: ink.Fade
    healed: float  # of the deposit, on day 42
    touch_up: TouchUp
    same_ink: TouchUp  # with the ink of scalp-smp
    azo_ink: TouchUp  # with the ink of mouse-skh1


@dataclass(frozen=True)
class Row:
    """One validation row."""

    row: str
    what: str
    target: str
    model: str
    verdict: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few draws: a check that all of it runs")
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    draws = 10 if options.quick else 200
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
    out.mkdir(parents=True, exist_ok=True)

    outcomes = [study(p, draws) for p in (*HUMAN, *OTHER)]
    table = longevity(outcomes)
    table.assign(**{DRAWN: draws}).to_csv(out / "longevity.csv")
    show(f"Longevity: touch-up at 70 % of healed, years (80 % of {draws} people or animals drawn)", table)
    console = Console(width=150)
    for name, pick in (("own ink", "touch_up"), ("ink of scalp-smp in all", "same_ink"), ("azo ink in all", "azo_ink")):
        human = [o for o in outcomes if o.reported in HUMAN]
        order = sorted(human, key=lambda o: getattr(o, pick).time)
        console.print(f"order, {name}: " + " < ".join(o.reported.label for o in order), highlight=False)
    rows = pd.DataFrame([vars(r) for r in validation(draws)]).set_index("row")
    rows.assign(**{DRAWN: draws}).to_csv(out / "validation.csv")
    show(f"Validation rows: own values (spread of {draws} people or animals drawn)", rows)

    changed = what_ifs()
    changed.to_csv(out / "what_if.csv")
    show("What if: the inputs that are known least, one at a time, at the presets' own values", changed)

    draw(outcomes, out / "longevity.png", draws)
    console.print(f"table and figure: {out}", highlight=False)


def study(reported: Reported, draws: int) -> Outcome:
    """One preset, as it is and with the inks of others."""
    scenario = longer(ink.Scenario.preset(reported.preset))
    fade = ink.simulate(scenario, fields=False, check=True)
    data = ink.simulate(scenario, times=["42 day"], fields=False, check=True).dataset

    def with_ink(preset: str) -> TouchUp:
        changed = scenario.with_(ink_of(preset))
        return ink.simulate(changed, fields=False, check=True).touch_up(draws=draws)

    return Outcome(
        reported,
        fade,
        float(data["retained_of_deposit"][0]),
        fade.touch_up(draws=draws),
        with_ink("scalp-smp"),
        with_ink("mouse-skh1"),
    )


def longer(scenario: ink.Scenario) -> ink.Scenario:
    """The same over the years of this study, touched up by what is left of the pigment: that is what is reported."""
    by_pigment = {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}
    return scenario.with_({"run.horizon": f"{YEARS:g} year", **by_pigment})


def ink_of(preset: str) -> dict[str, str | float]:
    """The ink of a preset, as settings."""
    table = ink.Scenario.preset(preset).parameters
    table = table[table.index.str.startswith("ink.")]
    return {
        str(name): value if isinstance(value, str) or unit == "1" else f"{value!r} {unit}"
        for name, value, unit in zip(table.index, table["value"], table["unit"], strict=True)
    }


def longevity(outcomes: list[Outcome]) -> pd.DataFrame:
    """The table of the README."""
    rows = []
    for o in outcomes:
        scenario = o.fade.scenario
        curve = o.fade.dataset["retained_of_healed"].values
        years = o.fade.years
        rows.append(
            {
                "preset": o.reported.preset,
                "depth below junction [um]": f"{below_junction(scenario):.0f}",
                "ink [nm]": f"{float(scenario['ink.size_median']) * 1e9:.0f}",
                "of deposit, day 42": f"{100 * o.healed:.0f} %",
                "of healed, 5 y": f"{100 * float(np.interp(5.0, years, curve)):.0f} %",
                "of healed, 10 y": f"{100 * float(np.interp(10.0, years, curve)):.0f} %",
                "touch-up": say(o.touch_up),
                "reported": say_reported(o.reported),
                "with SMP ink": say(o.same_ink),
                "with azo ink": say(o.azo_ink),
            }
        )
    return pd.DataFrame(rows).set_index("preset")


def below_junction(scenario: ink.Scenario) -> float:
    """Depth of the deposit below the dermo-epidermal junction [um]."""
    above = sum(float(scenario[f"skin.{layer}.thickness"]) for layer in epidermis(scenario))
    return 1e6 * (float(scenario["procedure.depth"]) - above)


def epidermis(scenario: ink.Scenario) -> list[str]:
    """Names of the layers above the junction."""
    return [layer for layer in scenario.layers if scenario[f"skin.{layer}.tissue"] == "epidermis"]


def say(touch_up: TouchUp) -> str:
    """For example "3.9 (2.6-6.1)" or "> 40 (12 to > 40)"."""
    beyond = f"> {YEARS:g}"
    end = f" to {beyond}" if np.isinf(touch_up.high) else f"-{number(touch_up.high)}"
    interval = beyond if np.isinf(touch_up.low) else f"{number(touch_up.low)}{end}"
    return f"{number(touch_up.time) if touch_up.observed else beyond} ({interval})"


def say_reported(reported: Reported) -> str:
    """What is reported, in years."""
    if reported.low is None:
        return "-"
    return f">= {reported.low:g}" if reported.high is None else f"{reported.low:g}-{reported.high:g}"


def at(scenario: ink.Scenario, times: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pigment in epidermis and in dermis at the times [mg/cm2], inside the inked skin (n_times,)."""
    data = ink.simulate(longer(scenario), times=times, fields=False, check=True).dataset
    layers = data["layer_mass"].transpose("time", "layer").values
    n_above = len(epidermis(scenario))
    return layers[:, :n_above].sum(axis=1), layers[:, n_above:].sum(axis=1)


def between_people(scenario: ink.Scenario, times: list[str], draws: int) -> NDArray[np.float64]:
    """Pigment in the skin of drawn people at the times [mg/cm2] (n_people, n_times)."""
    return np.array([np.sum(at(scenario.draw(0, i), times), axis=0) for i in range(draws)])


def validation(draws: int) -> list[Row]:
    """Every row that these presets can speak to."""
    return [row_a4(draws), *rows_a6(), *rows_a7_a8(draws), row_a13(draws), row_cornea(draws)]


def agrees(condition: object) -> str:
    return "agrees" if condition else "disagrees"


def row_a4(draws: int) -> Row:
    """Pig, day 7 to day 28: dermal mass."""
    scenario = ink.Scenario.preset("pig")
    change = [dermis[1] / dermis[0] - 1.0 for dermis in dermal(scenario, ["7 day", "28 day"], draws)]
    own = at(scenario, ["7 day", "28 day"])[1]
    low, high = np.quantile(change, [0.1, 0.9])
    value = own[1] / own[0] - 1.0
    model = f"{100 * value:+.1f} % ({100 * low:+.1f} to {100 * high:+.1f})"
    return Row("A4", "pig: change of dermal mass, day 7 to 28", "0 ± 15 %", model, agrees(abs(value) < 0.15))


def dermal(scenario: ink.Scenario, times: list[str], draws: int) -> list[NDArray[np.float64]]:
    """Pigment in the dermis of drawn animals at the times [mg/cm2], each (n_times,)."""
    return [at(scenario.draw(0, i), times)[1] for i in range(draws)]


def rows_a6() -> list[Row]:
    """Epidermis at 8 weeks, dermis at 40 years."""
    shares = {}
    for p in HUMAN:
        above, below = at(ink.Scenario.preset(p.preset), ["56 day"])
        shares[p.label] = float(above[0] / (above[0] + below[0]))
    worst = max(shares, key=lambda label: shares[label])
    _, dermis = at(ink.Scenario.preset("decorative-forearm"), ["42 day", "40 year"])
    left = float(dermis[1] / dermis[0])
    return [
        Row(
            "A6",
            "epidermis at 8 weeks, of all in skin (most among human presets)",
            "< 2 %",
            f"{100 * shares[worst]:.2g} % ({worst})",
            agrees(shares[worst] < 0.02),
        ),
        Row(
            "A6b", "decorative: in dermis at 40 years, of healed", "present", f"{100 * left:.0f} %", agrees(left > 0.02)
        ),
    ]


def rows_a7_a8(draws: int) -> list[Row]:
    """Areola: fade at 14 months and its course."""
    scenario = ink.Scenario.preset("areola")
    times = ["42 day", f"{14 * MONTH} day"]
    own = np.sum(at(scenario, times), axis=0)
    people = between_people(scenario, times, draws)
    fade = 1.0 - own[1] / own[0]
    low, high = np.quantile(1.0 - people[:, 1] / people[:, 0], [0.05, 0.95])
    months = (0, 1, 3, 6, 12)
    course = np.sum(at(scenario, [f"{m * MONTH} day" for m in months]), axis=0) / own[0]
    rates = -np.diff(course) / np.diff(months)
    return [
        Row(
            "A7",
            "areola: fade at 14 months (mass of healed; target: rated by patients)",
            "32 ± 10 %, people 5-80 %",
            f"{100 * fade:.1f} %, people {100 * low:.1f}-{100 * high:.1f} %",
            agrees(0.22 <= fade <= 0.42),
        ),
        Row(
            "A8",
            "areola: loss in months 0-1, 1-3, 3-6, 6-12, of healed per month",
            "largest first, slowing, not 0",
            ", ".join(f"{100 * r:.2g} %" for r in rates),
            agrees(np.all(np.diff(rates) < 0.0) and rates[-1] > 0.0),
        ),
    ]


def row_a13(draws: int) -> Row:
    """A red azo ink in a forearm, 5 and 20 years on; red inks hold 0.3-1.2 mg/cm2 after tattooing."""
    scenario = ink.Scenario.preset("decorative-forearm").with_(
        {**ink_of("mouse-skh1"), "procedure.local_dose": "0.6 mg/cm2"}
    )
    times = ["5 year", "20 year"]
    own = 1e3 * np.sum(at(scenario, times), axis=0)
    people = 1e3 * between_people(scenario, times, draws)
    (low5, low20), (high5, high20) = np.quantile(people, [0.1, 0.9], axis=0)
    model = f"{own[0]:.0f} ({low5:.0f}-{high5:.0f}) at 5 years, {own[1]:.0f} ({low20:.0f}-{high20:.0f}) at 20"
    inside = all(25.0 <= mass <= 330.0 for mass in own)
    return Row("A13", "red azo, 0.6 mg/cm2 deposited: residue in ug/cm2", "25-330", model, agrees(inside))


def row_cornea(draws: int) -> Row:
    """Corneal tattoos at 29 months."""
    scenario = ink.Scenario.preset("cornea-like")
    times = ["42 day", f"{29 * MONTH} day"]
    own = np.sum(at(scenario, times), axis=0)
    people = between_people(scenario, times, draws)
    low, high = np.quantile(people[:, 1] / people[:, 0], [0.1, 0.9])
    left = own[1] / own[0]
    return Row(
        "cornea",
        "corneal tattoos at 29 months: left of healed",
        "9/16 no loss, 5/16 minimal",
        f"{100 * left:.1f} % ({100 * low:.1f}-{100 * high:.1f})",
        agrees(left > 0.9),
    )


def what_ifs() -> pd.DataFrame:
    """Touch-up and loss at 14 months with one input changed."""
    diameters = [{"ink.size_median": f"{d} nm"} for d in (100, 150, 200, 280, 400)]
    changes: list[tuple[str, dict[str, str]]] = [
        *(("brow-pmu", d) for d in diameters),
        ("brow-pmu", {"ink.particle_density": "1.8 g cm-3"}),
        ("brow-pmu", {"procedure.depth": "200 um"}),
        *(("areola", d) for d in diameters),
        *(("trichopigmentation", d) for d in diameters[:3]),
        ("trichopigmentation", {"procedure.depth": "120 um"}),
        ("decorative-forearm", {"procedure.depth": "300 um", "procedure.depth_sd": "100 um"}),
        ("decorative-forearm", {"procedure.local_dose": "0.08 mg cm-2"}),
        ("decorative-forearm", {"procedure.local_dose": "1.2 mg cm-2"}),
    ]
    rows = []
    for preset, change in changes:
        scenario = longer(ink.Scenario.preset(preset)).with_(change)
        fade = ink.simulate(scenario, fields=False, check=True)
        left = np.interp(14 * MONTH / 365.25, fade.years, fade.dataset["retained_of_healed"].values)
        rows.append(
            {
                "preset": preset,
                "changed": ", ".join(f"{name.rpartition('.')[2]} {value}" for name, value in change.items()),
                "touch-up [year]": number(float(fade.dataset["touch_up_time"])),
                "lost by month 14": f"{100 * (1.0 - float(left)):.0f} %",
            }
        )
    return pd.DataFrame(rows).set_index("preset")


def show(title: str, frame: pd.DataFrame) -> None:
    """A table on the screen."""
    table = Table(str(frame.index.name), *map(str, frame.columns), title=title, title_justify="left", box=None)
    for row in frame.itertuples():
        table.add_row(*map(str, row))
    Console(width=170).print(table)


def draw(outcomes: list[Outcome], path: Path, draws: int) -> None:
    """Curves on the left, touch-up times on the right."""
    with look():
        left, right = new_grid(1, 2, 12.0, 5.4, width_ratios=[1.15, 1.0])[0]
        draw_curves(left, outcomes)
        draw_touch_ups(right, outcomes, draws)
        drawn = f"at the presets' own values; pale bars: 80 % of {draws} people or animals drawn"
        say_below(left, [o.fade.scenario for o in outcomes], drawn)
        write(left, path)


def draw_curves(ax: Axes, outcomes: list[Outcome]) -> None:
    """Retained of healed over twenty years."""
    end = 20.0
    lasts = []
    for o in outcomes:
        curve = o.fade.dataset["retained_of_healed"].values
        after = o.fade.years >= 42.0 / 365.25
        style = "-" if o.reported in HUMAN else "--"
        colour = COLOURS[o.reported.preset]
        ax.plot(o.fade.years[after], curve[after], style, color=colour)
        lasts.append(float(np.interp(end, o.fade.years, curve)))
    places = spread_labels(lasts, 0.05, 0.0, 1.0)
    for o, place in zip(outcomes, places, strict=True):
        ax.annotate(
            o.reported.label,
            (end, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=COLOURS[o.reported.preset],
            annotation_clip=False,
        )
    ax.axhline(0.7, color=GREY, lw=0.8, ls=":")
    ax.annotate("touch-up", (end, 0.7), (-4, 3), textcoords="offset points", ha="right", fontsize=8.5, color=GREY)
    years_axis(ax, end)
    percent_axis(ax, "retained of healed")
    ax.set_title("Pigment that is left, each preset at its own values")
    subtitle(ax, "dashed: not human skin")


def draw_touch_ups(ax: Axes, outcomes: list[Outcome], draws: int) -> None:
    """Touch-up time and 80 % interval; the same with one ink in all; what is reported, where it is."""
    for place, o in enumerate(reversed(outcomes)):
        colour = COLOURS[o.reported.preset]
        for touch_up, shift, face in ((o.touch_up, 0.16, colour), (o.same_ink, -0.06, "white")):
            low, high = (min(v, YEARS) for v in (touch_up.low, touch_up.high))
            ax.plot([low, high], [place + shift] * 2, color=colour, lw=6, alpha=0.22, solid_capstyle="butt")
            time = touch_up.time if touch_up.observed else YEARS
            ax.plot(time, place + shift, "o" if touch_up.observed else ">", mfc=face, mec=colour, ms=7, clip_on=False)
        if o.reported.low is not None:
            high = o.reported.high or YEARS
            ax.plot([o.reported.low, high], [place - 0.26] * 2, color=GREY, lw=2, solid_capstyle="butt")
            if o.reported.high is None:
                ax.plot(high, place - 0.26, ">", color=GREY, ms=5, clip_on=False)
    ax.set_yticks(range(len(outcomes)), [o.reported.label for o in reversed(outcomes)])
    ax.set_ylim(-0.55, len(outcomes) - 0.5)
    ax.set_xscale("log")
    ax.set_xlim(0.25, YEARS)
    ticks = [0.25, 0.5, 1, 2, 5, 10, 20, 40]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set_xlabel("years until 70 % of healed is left")
    signs = [
        Line2D([], [], color=GREY, marker="o", ls="", ms=7, label="own ink"),
        Line2D([], [], mec=GREY, mfc="white", marker="o", ls="", ms=7, label="SMP ink"),
        Line2D([], [], color=GREY, lw=6, alpha=0.3, label=f"80 % of {draws} drawn"),
        Line2D([], [], color=GREY, lw=2, label="reported"),
    ]
    options = {"ncols": 4, "fontsize": 8.5, "borderaxespad": 0.0}
    options |= {"columnspacing": 1.0, "handletextpad": 0.4, "handlelength": 1.3}
    ax.legend(handles=signs, loc="lower left", bbox_to_anchor=(0.0, 1.02), **options)
    ax.set_title("Touch-up time, in the order reported", pad=24)


if __name__ == "__main__":
    main()
