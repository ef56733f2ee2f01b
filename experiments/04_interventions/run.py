"""What do interventions do to the pools, and does it agree with what was seen? See README.md beside this file."""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("agg")

import numpy as np
import pandas as pd
from figures import BENCINI, draw_course, draw_pools, show
from rich.console import Console

import inkfade as ink
from inkfade.touch_up import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "models"
POOLS = ("free", "macrophage", "stroma")
BEFORE = 1e-9  # [day] so long before an instant is just before it
COURSE = [365.25 + 56.0 * i for i in range(15)]  # [day] laser sessions
CLEARED = (0.02, 0.05, 0.1, 0.2)  # shares of the mass before a course, below which skin might be called clear


@dataclass(frozen=True)
class Case:
    """Skin that something is done to, and the same skin left alone."""

    name: str
    treated: ink.Scenario
    control: ink.Scenario
    at: float  # [day] when it begins
    until: float  # [day] when it ends
    shown: float  # [day] where the figure ends
    alone: str = "left alone"

    @property
    def preset(self) -> str:
        """Whose skin it is."""
        return self.control.preset_name


@dataclass(frozen=True)
class Row:
    """One claim of the README: target, what the model says, verdict."""

    case: str
    what: str
    target: str
    model: str
    verdict: str


@dataclass(frozen=True)
class Spread:
    """A number at the preset's own values, and the interval of 80 % of people (or animals)."""

    own: float
    low: float
    high: float

    def __str__(self) -> str:
        own, low, high = (
            f"{100 * v:.1f}" if abs(v) < 0.1 else f"{100 * v:.0f}" for v in (self.own, self.low, self.high)
        )
        return f"{own} % ({low} to {high})"

    @property
    def points(self) -> str:
        """A difference of two shares of the deposit, in points of per cent; without the unit."""
        return "{:.1f} ({:.1f} to {:.1f})".format(*(100 * v for v in (self.own, self.low, self.high)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few draws: a check that all of it runs")
    parser.add_argument(
        "--out", type=Path, help="folder for results; out/<name of the study>, with _quick, where not given"
    )
    options = parser.parse_args()
    draws = 6 if options.quick else 200
    out: Path = options.out or HERE.parents[1] / "out" / (HERE.name + ("_quick" if options.quick else ""))
    out.mkdir(parents=True, exist_ok=True)

    ablations, stimulations, laser, course = all_ablations(), all_stimulations(), one_laser(), laser_course()
    rows = [row for case in ablations for row in ablation_rows(case, draws)]
    rows += [stimulation_row(case, draws) for case in stimulations]
    rows += laser_rows(laser, draws)
    sessions, left = follow_course(course, draws)
    rows += course_rows(left)
    verdicts = pd.DataFrame([vars(r) for r in rows]).set_index("case")
    drawn = {"drawn": draws}  # on how many people or animals an interval stands
    verdicts.assign(**drawn).to_csv(out / "verdicts.csv")
    show(f"Interventions: target, model (80 % of {draws} people or animals drawn), verdict", verdicts)
    sessions.assign(**drawn).to_csv(out / "laser_course.csv")
    show(f"Laser course: left after each session, of the mass before it (80 % of {draws} people drawn)", sessions)
    delays = what_if_delay()
    delays.to_csv(out / "ablation_delay.csv")
    show("What if: days without macrophages (mouse-skh1, ablation on day 42), at the preset's own values", delays)
    massages = all_massages()
    massaged = massage_table(massages, draws)
    massaged.assign(**drawn).to_csv(out / "massage.csv")
    show(f"Massage of the fresh tattoo (80 % of {draws} people drawn)", massaged)

    draw_pools([ablations[1], ablations[3]], out / "ablation.png", "Macrophage ablation")
    draw_pools(stimulations[:3], out / "stimulation.png", "Immune stimulation")
    draw_pools([laser], out / "laser.png", "One laser session")
    draw_pools([course], out / "laser_course_pools.png", "Laser: sessions eight weeks apart")
    draw_course(left, CLEARED, course, out / "laser_course.png")
    draw_pools(massages[1:], out / "massage.png", "Massage of the fresh tattoo")
    Console().print(f"tables and figures: {out}", highlight=False)


def intervened(name: str, preset: str, interventions: list[dict[str, str]], span: tuple[float, float, float]) -> Case:
    """A case of interventions; span: from, to and end of the figure [day]."""
    by_pigment = {"touch_up.measure": "retained_of_healed", "touch_up.threshold": 0.7}
    control = ink.Scenario.preset(preset).with_({"run.horizon": "10 year", **by_pigment})
    return Case(name, control.with_(intervention=interventions), control, *span)


def all_ablations() -> list[Case]:
    """Human scalp on three days, and the mouse."""
    return [
        intervened(
            f"{preset}, day {day}",
            preset,
            [{"kind": "macrophage_ablation", "at": f"{day} day"}],
            (day, day, day + 120.0),
        )
        for preset, day in (("scalp-smp", 42), ("scalp-smp", 180), ("scalp-smp", 730), ("mouse-skh1", 42))
    ]


def all_stimulations() -> list[Case]:
    """Seven days from the first on; sixteen weeks of a fresh and of a mature tattoo."""
    spans = ((0, 7, 60.0), (0, 112, 240.0), (180, 292, 420.0))
    return [
        intervened(
            f"{preset}, day {first} to {last}",
            preset,
            [{"kind": "immune_stimulation", "from": f"{first} day", "to": f"{last} day"}],
            (first, last, end),
        )
        for preset in ("scalp-smp", "mouse-skh1")
        for first, last, end in spans
    ]


def one_laser() -> Case:
    """The mouse of Engel 2010."""
    return intervened("mouse-skh1, day 42", "mouse-skh1", [{"kind": "laser", "at": "42 day"}], (42, 42, 120.0))


def laser_course() -> Case:
    """Sessions on a decorative tattoo that is a year old."""
    lasers = [{"kind": "laser", "at": f"{day} day"} for day in COURSE]
    return intervened("decorative-forearm", "decorative-forearm", lasers, (COURSE[0], COURSE[-1], 1300.0))


def all_massages() -> list[Case]:
    """Typical aftercare with massage for a share of the day; the first, without massage, is the control of all."""

    def massaged(share: float) -> ink.Scenario:
        spans = tomllib.loads((MODELS / "aftercare.toml").read_text())["regime"]
        typical = [{k: v for k, v in span.items() if k != "name"} for span in spans if span["name"] == "typical"]
        return ink.Scenario.preset("scalp-smp").with_(aftercare=[{**span, "massage": share} for span in typical])

    none = massaged(0.0)
    return [
        Case(f"scalp-smp, massage {share:g} of the day", massaged(share), none, 0, 42, 60.0, "no massage")
        for share in (0.0, 0.02, 0.1)
    ]


def pigment(scenario: ink.Scenario, days: list[float]) -> pd.DataFrame:
    """Shares of the deposit by pool and fate at the days."""
    return ink.simulate(scenario, times=[f"{d!r} day" for d in days], fields=False, check=True).ledger


def people(case: Case, days: list[float], draws: int) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """The treated and the control at the preset's own values, then of every person drawn."""
    drawn = [(case.treated.draw(0, i), case.control.draw(0, i)) for i in range(draws)]
    return [(pigment(t, days), pigment(c, days)) for t, c in [(case.treated, case.control), *drawn]]


def agrees(condition: object) -> str:
    return "agrees" if condition else "disagrees"


def spread(values: list[float]) -> Spread:
    """The first of the values is the preset's own."""
    low, high = np.quantile(values[1:], [0.1, 0.9])
    return Spread(values[0], float(low), float(high))


def to_millionths(change: float) -> str:
    """A change in per cent, to the 1e-6 of the whole below which it counts as none."""
    return f"{round(100 * change, 4) + 0.0:g}"  # + 0.0: no minus before nothing


def total(shares: pd.DataFrame) -> NDArray[np.float64]:
    """Pigment in the skin, of the deposit (n_times,)."""
    return shares[list(POOLS)].sum(axis=1).to_numpy()


def ablation_rows(case: Case, draws: int) -> list[Row]:
    """Row B1: unchanged, free, recaptured."""
    days = [case.at - BEFORE, case.at, *(case.at + d for d in (7.0, 14.0, 30.0, 60.0, 90.0))]
    runs = people(case, days, draws)
    jump = spread([total(t)[1] / total(t)[0] - 1.0 for t, _ in runs])
    freed = spread([(t.free.iloc[1] - t.free.iloc[0]) / t.macrophage.iloc[0] for t, _ in runs])
    least = spread([float(np.min(total(t) / total(c))) - 1.0 for t, c in runs])
    again = spread([t.macrophage.iloc[-1] / c.macrophage.iloc[-1] for t, c in runs])
    free = spread([t.free.iloc[-1] / total(t)[-1] for t, _ in runs])
    who = f"ablation, {case.name}"
    return [
        Row(who, "total at the instant", "0 %", f"{to_millionths(jump.own)} %", agrees(abs(jump.own) < 1e-6)),
        Row(who, "freed, of macrophage pigment", ">= 90 %", str(freed), agrees(freed.own >= 0.9)),
        Row(who, "total beside control, most within 90 days", "0 ± 10 %", str(least), agrees(least.own >= -0.1)),
        Row(who, "in macrophages on day 90, of control", ">= 80 %", str(again), agrees(again.own >= 0.8)),
        Row(who, "free on day 90, of all", "<= 5 %", str(free), agrees(free.own <= 0.05)),
    ]


def what_if_delay() -> pd.DataFrame:
    """The input that row B1 hangs on: how long no macrophages come."""
    rows = []
    for delay in (0, 3, 7, 14, 28):
        ablation = {"kind": "macrophage_ablation", "at": "42 day", "ablation_delay": f"{delay} day"}
        case = intervened("", "mouse-skh1", [ablation], (42, 42, 160.0))
        [(treated, control)] = people(case, [42.0, 132.0], 0)
        change = float((total(treated) / total(control))[-1]) - 1.0
        macrophages = treated.macrophage.iloc[-1] / control.macrophage.iloc[-1]
        rows.append([f"{100 * change:.0f} %", f"{100 * macrophages:.0f} %"])
    columns = ["total on day 90, beside control", "in macrophages, of control"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index((0, 3, 7, 14, 28), name="delay [day]"))


def stimulation_row(case: Case, draws: int) -> Row:
    """Solis (a week): removed; Magee (16 weeks): fades."""
    runs = people(case, [case.until], draws)
    gone = spread([float((total(t) / total(c))[-1]) - 1.0 for t, c in runs])
    week = case.until - case.at < 10.0
    target = "removed: <= -90 %" if week else "fades: <= -10 %"
    verdict = agrees(gone.own <= (-0.9 if week else -0.1))
    return Row(f"stimulation, {case.name}", "total beside control at its end", target, str(gone), verdict)


def laser_rows(case: Case, draws: int) -> list[Row]:
    """Engel 2010: half of the unlasered is gone; on which day is not known."""
    after = {0.0: "at once", 1.0: "1 day later", 7.0: "7 days later", 42.0: "42 days later"}
    runs = people(case, [case.at + d for d in after], draws)
    rows = []
    for i, when in enumerate(after.values()):
        gone = spread([float((total(t) / total(c))[i]) - 1.0 for t, c in runs])
        verdict = agrees(abs(gone.own + 0.51) <= 0.1)
        what = f"total beside control, {when}"
        rows.append(Row(f"laser, {case.name}", what, "-51 ± 10 %", str(gone), verdict))
    return rows


def follow_course(case: Case, draws: int) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """What is left 8 weeks after each session, of the mass before the first: table, and array (1 + draws, 16)."""
    days = [COURSE[0] - BEFORE, *(day + 56.0 - BEFORE for day in COURSE)]
    runs = people(case, days, draws)
    left = np.array([total(t) / total(t)[0] for t, _ in runs])
    alone = total(runs[0][1]) / total(runs[0][1])[0]
    rows = []
    for i in range(len(days)):
        say = spread(list(left[:, i]))
        below = [f"{100 * np.mean(left[1:, i] < share):.0f} %" for share in CLEARED]
        rows.append([str(say), f"{100 * alone[i]:.0f} %", *below])
    columns = ["left", "control", *(f"people below {100 * share:g} %" for share in CLEARED)]
    return pd.DataFrame(rows, columns=columns, index=pd.RangeIndex(len(days), name="sessions")), left


def course_rows(left: NDArray[np.float64]) -> list[Row]:
    """Bencini 2012: for several meanings of clear; and by 15 sessions, with the one that fits 10."""
    who, ten, fifteen = "laser course, decorative-forearm", left[1:, 10], left[1:, 15]
    eye, no_verdict = "47 % cleared (eye)", "none: mass is not what is seen"
    rows = [
        Row(who, f"people below {100 * c:g} % after 10", eye, f"{100 * np.mean(ten < c):.0f} %", no_verdict)
        for c in CLEARED
    ]
    limit = float(np.quantile(ten, BENCINI[10][0]))
    share = float(np.mean(fifteen < limit))
    _, low, high = BENCINI[15]
    what = f"people below {100 * limit:.1f} % (fits 10 sessions) after 15"
    return [*rows, Row(who, what, "75 % (69-81)", f"{100 * share:.0f} %", agrees(low <= share <= high))]


def massage_table(cases: list[Case], draws: int) -> pd.DataFrame:
    """Day 42 and the touch-up by share of the day."""
    rows = []
    for case in cases:
        runs = people(case, [42.0], draws)
        kept = spread([float(total(t)[-1]) for t, _ in runs])
        drained = spread([float(t.drained.iloc[-1]) for t, _ in runs])
        lost = spread([float(total(t)[-1] - total(c)[-1]) for t, c in runs])
        due = ink.simulate(case.treated, fields=False, check=True).touch_up(draws=max(draws, 2))
        end = "> 10" if np.isinf(due.high) else number(due.high)
        touch_up = f"{number(due.time)} ({number(due.low)} to {end})"
        rows.append([str(kept), str(drained), lost.points, touch_up])
    columns = ["of deposit, day 42", "drained by day 42", "points beside no massage", "touch-up [year]"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index([c.name for c in cases], name="massage"))


if __name__ == "__main__":
    main()
