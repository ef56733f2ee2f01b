"""The column in jax.numpy and diffrax's implicit solvers for many of them under jax.vmap, on one core, in float64.

The right-hand side is written from the coefficients that `_core.ColumnSystem` hands out; `rates_disagreement` compares
it with the compiled one. A general implicit solver would factor a dense matrix of 1,216 unknowns per run and step;
`cell_chord` gives diffrax's own chord iteration one that is split by cells and classes instead. jax and diffrax are
optional: `missing()` says what is not there.
"""

# mypy: disable-error-code="import-untyped,import-not-found,no-untyped-call,misc,no-any-return"
from __future__ import annotations

import importlib.util
import os
import time
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import peers

if TYPE_CHECKING:
    from inkfade import Scenario

TINY = 1e-300


def missing() -> list[str]:
    """Optional packages that are not installed."""
    return [name for name in ("jax", "diffrax") if importlib.util.find_spec(name) is None]


def start_on_one_core() -> None:
    """Import jax with 64-bit numbers and a pool of one thread: it takes the cores that are allowed at its start."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    jax.block_until_ready(jax.numpy.zeros(1) + 1.0)
    os.sched_setaffinity(0, allowed)


def moment(c: Any, w: Any, t: Any) -> dict[str, Any]:
    """What drives the column at time t [s]: light, wound, lymph flow, macrophages asked for, turnover, conductances."""
    import jax.numpy as jnp

    since = t - w["start"]
    openness = jnp.minimum(w["openness"] * jnp.exp(-since * w["closure_rate"]), 1.0)
    swelling = (w["inflammation_offset"] + w["inflammation_slope"] * since) * jnp.exp(-since * w["inflammation_rate"])
    inflammation = jnp.minimum(swelling, 1.0)
    angle = 2.0 * jnp.pi * ((w["year_phase"] + t * w["year_rate"]) % 1.0) * jnp.arange(1, 4)
    waves = jnp.concatenate([jnp.ones(1), jnp.cos(angle), jnp.sin(angle)])
    uv = jnp.maximum(jnp.sum(w["uv"] * waves), 0.0)
    visible = jnp.maximum(jnp.sum(w["visible"] * waves), 0.0)
    healing = 1.0 - (1.0 - c["turnover_healing_factor"]) * openness
    junction = c["junction_permeability"] * openness
    g = c["conductance"]
    behind = g * junction / jnp.maximum(g + junction, TINY)
    velocity = c["epidermal_velocity"] / (w["turnover_factor"] * healing)
    return {
        "light": c["uv_sensitivity"] * uv * c["uv"] + c["visible_sensitivity"] * visible * c["visible"],
        "wound": c["wound"] * w["wound_factor"] * openness,
        "lymph": c["lymph"] * w["lymph_factor"] * (1.0 + (c["oedema_factor"] - 1.0) * inflammation),
        "target": c["macrophages"] * (1.0 + (c["inflammation_peak"] - 1.0) * inflammation),
        "upwards": velocity * c["moves"],  # (n_cells + 1) faces, 0 from the junction down
        "conductance": jnp.where(c["junction"][:, None], behind, g),
    }


def hops(c: Any, n: Any) -> tuple[Any, Any]:
    """Conductance of the inner faces for laden macrophages, 0 in the epidermis [1/(m2 s)], and 1/n [m3]."""
    import jax.numpy as jnp

    d = c["hop_mobility"] * jnp.cbrt(jnp.maximum(n, 1.0))
    half = 0.5 * c["width"]
    g = d[:-1] * d[1:] / jnp.maximum(half[:-1] * d[1:] + half[1:] * d[:-1], TINY)
    return g * c["hops"], 1.0 / jnp.maximum(n, 1.0)


def pools(y: Any) -> tuple[Any, Any, Any, Any]:
    """f, m, b (n_cells, n_classes) and n (n_cells) of a state (n_cells, 3 n_classes + 1)."""
    k = y.shape[1] // 3
    return y[:, :k], y[:, k : 2 * k], y[:, 2 * k : 3 * k], y[:, 3 * k]


def rates(c: Any, w: Any, t: Any, y: Any) -> Any:
    """dy/dt, equations (M1) to (M4) of models/README.md (n_cells, 3 n_classes + 1)."""
    import jax.numpy as jnp

    now = moment(c, w, t)
    f, m, b, n = pools(y)
    free, held, bound = f.sum(axis=1), m.sum(axis=1), b.sum(axis=1)
    none = jnp.zeros((1, f.shape[1]))
    up = now["upwards"][:, None]
    inner = now["conductance"][1:-1] * (f[:-1] - f[1:]) - up[1:-1] * f[1:]
    down_f = jnp.concatenate([-up[:1] * f[:1], inner, none])
    g, per_n = hops(c, n)
    inner = (g * per_n[:-1])[:, None] * m[:-1] - (g * per_n[1:])[:, None] * m[1:]
    down_m = jnp.concatenate([none, inner, none])
    per_width = (1.0 / c["width"])[:, None]

    room = jnp.maximum(n - held * c["inverse_capacity"], 0.0)
    crowding = 1.0 / (1.0 + jnp.maximum(free, 0.0) * c["inverse_crowding"])
    captured = c["uptake"] * (room * crowding * w["capture_factor"])[:, None] * f
    binding = c["binding_rate"] * jnp.maximum(1.0 - bound * c["inverse_binding"], 0.0) * c["binds"]
    bind = binding[:, None] * f
    light = now["light"][:, None]
    drain = now["lymph"][:, None] * c["lymph_gate"] * f
    breaks = c["fragmentation_rate"] * m.at[:, 0].set(0.0)
    gained = jnp.concatenate([breaks[:, 1:], jnp.zeros((f.shape[0], 1))], axis=1)
    egress = c["egress_rate"] * w["egress_factor"]
    f_rate = (
        (c["release_rate"] * m - captured) + (c["unbinding_rate"] * b - bind) - drain
        - (now["wound"][:, None] + light) * f + (down_f[:-1] - down_f[1:]) * per_width
    )  # fmt: skip
    m_rate = (
        (captured - (c["release_rate"] + egress + c["macrophage_light"] * light) * m) + (gained - breaks)
        + (down_m[:-1] - down_m[1:]) * per_width
    )  # fmt: skip
    b_rate = bind - (c["unbinding_rate"] + c["stroma_light"] * light) * b
    empty = jnp.maximum(1.0 - held * c["inverse_capacity"] * per_n, 0.0)
    n_rate = (
        c["recruitment_rate"] * w["recruitment_factor"] * jnp.maximum(now["target"] - n, 0.0)
        - c["departure_rate"] * jnp.maximum(n - now["target"], 0.0) * empty
    )  # fmt: skip
    return jnp.concatenate([f_rate, m_rate, b_rate, n_rate[:, None]], axis=1)


def scaled_rates(t: Any, z: Any, args: Any) -> Any:
    """Rates of z = y / scale: then one absolute tolerance serves all components."""
    return rates(args["c"], args["w"], t, z * args["scale"]) / args["scale"]


def factors(c: Any, w: Any, t: Any, y: Any, h: Any) -> dict[str, Any]:
    """
    Everything that `solve` needs for (I - h J) x = r, J near the Jacobian at (t, y), in three factors.

    The first is transport and what each class does alone, block tridiagonal with two unknowns (f, m) a cell and
    class, b eliminated. The second is what the classes of a cell share, room and crowding and what is bound: two ranks
    a cell, in the directions that the cell's own reactions leave. The third is fragmentation. The split, and what
    hopping gains and loses with the macrophages of a cell, which is left out, are left to the chord iteration.
    """
    import jax.numpy as jnp

    now = moment(c, w, t)
    own = reactions(c, w, now, y, h)
    k = y.shape[1] // 3
    breaks = h * c["fragmentation_rate"]
    stay = 1.0 / (1.0 + breaks)
    j, i = jnp.arange(k)[:, None], jnp.arange(k)[None, :]
    kept = jnp.where(i > 0, stay, 1.0) * jnp.where(j >= i, (breaks * stay) ** jnp.maximum(j - i, 0), 0.0)
    by_room, by_held, by_free = own["by"]
    return {
        **between_cells(c, now, own, hops(c, y[:, 3 * k]), h), **shared_by_classes(own), "kept": kept,
        "by": (by_room * own["stays_n"], by_held, by_free),
        **{name: own[name] for name in ("stays_b", "unbinds", "binding", "stays_n", "gain")},
    }  # fmt: skip


def reactions(c: Any, w: Any, now: dict[str, Any], y: Any, h: Any) -> dict[str, Any]:
    """What happens inside of cells during h, and how it answers to the state."""
    import jax.numpy as jnp

    f, m, b, n = pools(y)
    free, held, bound = f.sum(axis=1), m.sum(axis=1), b.sum(axis=1)
    room = n - held * c["inverse_capacity"]
    has_room = jnp.where(room > 0.0, 1.0, 0.0)
    room = jnp.maximum(room, 0.0)
    crowding = 1.0 / (1.0 + jnp.maximum(free, 0.0) * c["inverse_crowding"])
    share = 1.0 - bound * c["inverse_binding"]
    binding = h * c["binding_rate"] * jnp.maximum(share, 0.0) * c["binds"]
    falls = h * jnp.where(share > 0.0, c["binding_rate"] * c["inverse_binding"], 0.0) * c["binds"]
    per_n = 1.0 / jnp.maximum(n, 1.0)
    load = held * c["inverse_capacity"] * per_n
    above = n > now["target"]
    part = jnp.where(load < 1.0, (n - now["target"]) * per_n, 0.0) * c["departure_rate"]
    leaving = c["departure_rate"] * jnp.maximum(1.0 - load, 0.0) + part * load
    slope = -jnp.where(above, leaving, c["recruitment_rate"] * w["recruitment_factor"])
    gain = h * jnp.where(above, part * c["inverse_capacity"], 0.0)
    stays_n = 1.0 / (1.0 - h * slope)
    stays_b = 1.0 / (1.0 + h * (c["unbinding_rate"] + c["stroma_light"] * now["light"]))
    unbinds = h * c["unbinding_rate"] * stays_b
    caught = h * (w["capture_factor"] * room * crowding)[:, None] * c["uptake"]
    lost = h * (now["wound"] + now["light"]) + binding * (1.0 - unbinds)
    held_loss = h * (c["release_rate"] + c["egress_rate"] * w["egress_factor"] + c["macrophage_light"] * now["light"])
    by_room = crowding * has_room
    return {
        "caught": caught, "release": h * c["release_rate"], "binding": binding, "unbinds": unbinds, "stays_b": stays_b,
        "stays_f": 1.0 + lost[:, None] + h * now["lymph"][:, None] * c["lymph_gate"] + caught,
        "stays_m": (1.0 + held_loss)[:, None], "stays_n": stays_n, "gain": gain,
        "catch": h * w["capture_factor"] * c["uptake"] * f, "let_go": falls[:, None] * f,
        "by": (by_room, by_room * (stays_n * gain - c["inverse_capacity"]),
               jnp.where(free > 0.0, -room * crowding**2 * c["inverse_crowding"], 0.0)),
    }  # fmt: skip


def between_cells(c: Any, now: Any, own: Any, hopping: tuple[Any, Any], h: Any) -> dict[str, Any]:
    """Transport and each class's own reactions, eliminated from the top: inverses of the pivots, couplings."""
    import jax
    import jax.numpy as jnp

    g, per_n = hopping
    per_width = h / c["width"]
    conductance, up = now["conductance"], now["upwards"][:, None]
    zero, none = jnp.zeros(1), jnp.zeros((1, conductance.shape[1]))
    wide = jnp.ones_like(none)
    hop = per_width * (jnp.concatenate([zero, g]) + jnp.concatenate([g, zero])) * per_n
    ff = own["stays_f"] + per_width[:, None] * (conductance[:-1] + conductance[1:] + up[:-1])
    mm = own["stays_m"] + hop[:, None] * wide
    low = (
        jnp.concatenate([none, per_width[1:, None] * conductance[1:-1]]),
        jnp.concatenate([none, (per_width[1:] * g * per_n[:-1])[:, None] * wide]),
    )
    high = (
        jnp.concatenate([per_width[:-1, None] * (conductance[1:-1] + up[1:-1]), none]),
        jnp.concatenate([(per_width[:-1] * g * per_n[1:])[:, None] * wide, none]),
    )

    def pivot(before: Any, here: Any) -> tuple[Any, Any]:
        (p_ff, p_fm, p_mf, p_mm), (h_f, h_m) = before
        d_ff, d_mf, d_mm, (l_f, l_m), above = here
        e_ff, e_fm = d_ff - l_f * p_ff * h_f, -own["release"] - l_f * p_fm * h_m
        e_mf, e_mm = -d_mf - l_m * p_mf * h_f, d_mm - l_m * p_mm * h_m
        per = 1.0 / (e_ff * e_mm - e_fm * e_mf)
        inverse = (e_mm * per, -e_fm * per, -e_mf * per, e_ff * per)
        return (inverse, above), inverse

    nothing = jnp.zeros(conductance.shape[1])
    _, inverse = jax.lax.scan(pivot, ((nothing,) * 4, (nothing,) * 2), (ff, own["caught"], mm, low, high))
    return {"inverse": inverse, "low": low, "high": high}


def shared_by_classes(own: dict[str, Any]) -> dict[str, Any]:
    """Where a cell's own reactions leave a unit of capture and of binding (f, m, b), and the two ranks, solved."""
    stays_f, stays_m, stays_b, caught = own["stays_f"], own["stays_m"], own["stays_b"], own["caught"]
    binding, catch, let_go = own["binding"], own["catch"], own["let_go"]
    per = 1.0 / (stays_f * stays_m - caught * own["release"])
    f1, m1 = catch * (own["release"] - stays_m) * per, catch * (stays_f - caught) * per
    b1 = (stays_b * binding)[:, None] * f1
    given = let_go * (1.0 - own["unbinds"])[:, None]
    f2, m2 = given * stays_m * per, given * caught * per
    b2 = stays_b[:, None] * (binding[:, None] * f2 - let_go)
    _, by_held, by_free = own["by"]
    v11 = 1.0 - by_held * m1.sum(axis=1) - by_free * f1.sum(axis=1)
    v12 = -by_held * m2.sum(axis=1) - by_free * f2.sum(axis=1)
    v21, v22 = -b1.sum(axis=1), 1.0 - b2.sum(axis=1)
    per = 1.0 / (v11 * v22 - v12 * v21)
    return {"two": (v22 * per, -v12 * per, -v21 * per, v11 * per), "room": (f1, m1, b1), "bound": (f2, m2, b2)}


def solve(p: dict[str, Any], r: Any) -> Any:
    """X of (I - h J) x = r for the three factors (n_cells, 3 n_classes + 1)."""
    import jax
    import jax.numpy as jnp

    rf, rm, rb, rn = pools(r)

    def down(before: Any, here: Any) -> tuple[Any, Any]:
        (ff, fm, mf, mm), (low_f, low_m), f, m = here
        f, m = f + low_f * before[0], m + low_m * before[1]
        z = (ff * f + fm * m, mf * f + mm * m)
        return z, z

    def up(below: Any, here: Any) -> tuple[Any, Any]:
        (ff, fm, mf, mm), (high_f, high_m), (f, m) = here
        g, n = high_f * below[0], high_m * below[1]
        x = (f + (ff * g + fm * n), m + (mf * g + mm * n))
        return x, x

    start = (jnp.zeros(rf.shape[1]),) * 2
    right = rf + p["unbinds"][:, None] * rb
    _, z = jax.lax.scan(down, start, (p["inverse"], p["low"], right, rm))
    _, (f, m) = jax.lax.scan(up, start, (p["inverse"], p["high"], z), reverse=True)
    b = p["stays_b"][:, None] * (rb + p["binding"][:, None] * f)
    by_n, by_held, by_free = p["by"]
    s1 = by_n * rn + by_held * m.sum(axis=1) + by_free * f.sum(axis=1)
    s2 = b.sum(axis=1)
    t11, t12, t21, t22 = p["two"]
    s1, s2 = (t11 * s1 + t12 * s2)[:, None], (t21 * s1 + t22 * s2)[:, None]
    f, m, b = (x + s1 * one + s2 * two for x, one, two in zip((f, m, b), p["room"], p["bound"], strict=True))
    n = p["stays_n"] * (rn + p["gain"] * m.sum(axis=1))
    return jnp.concatenate([f, m @ p["kept"], b, n[:, None]], axis=1)


def cell_chord() -> Any:
    """Diffrax's VeryChord, one factorisation a step, with `factors` and `solve` in place of a dense matrix."""
    import diffrax as dfx
    import jax
    import jax.numpy as jnp
    import optimistix as optx
    from diffrax._root_finder._verychord import _VeryChordState

    class CellChord(dfx.VeryChord):  # type: ignore[valid-type, name-defined]
        def init(self, _fn: Any, y: Any, args: Any, options: Any, *_rest: Any, **_named: Any) -> Any:
            if "init_state" in options:
                return options["init_state"]
            _, diagonal, _, prod, t, partial_y, system, control = args
            z = partial_y + diagonal * prod(y, control)
            h = diagonal * control  # the time step
            state = system["scale"] * z

            def made() -> Any:
                return factors(system["c"], system["w"], t, state, h)

            def nothing() -> Any:  # the matrix of the explicit first stage, which nothing is solved with
                return jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), jax.eval_shape(made))

            return _VeryChordState(
                linear_state=(jax.lax.cond(diagonal > 0.0, made, nothing), system["scale"]),
                diff=jnp.full_like(y, jnp.inf),
                diffsize=jnp.array(jnp.inf),
                diffsize_prev=jnp.array(1.0),
                result=optx.RESULTS.successful,
                step=jnp.array(0),
            )

        def step(self, fn: Any, y: Any, args: Any, _options: Any, state: Any, _tags: Any) -> Any:
            residual, aux = fn(y, args)
            factored, scale = state.linear_state
            diff = solve(factored, residual * scale) / scale
            new = y - diff
            size = self.norm(diff / (self.atol + self.rtol * jnp.abs(new)))
            return (
                new,
                _VeryChordState(
                    linear_state=state.linear_state, diff=diff, diffsize=size, diffsize_prev=state.diffsize,
                    result=state.result, step=state.step + 1,
                ),
                aux,
            )  # fmt: skip

    return dfx.with_stepsize_controller_tols(CellChord)(kappa=0.1)


class Batch:
    """Columns with the same grid and the same events, side by side."""

    def __init__(self, scenarios: list[Scenario], times: peers.Array, solver: str, *, dense: bool = False) -> None:
        self.columns = [peers.Column(scenario) for scenario in scenarios]
        self.times = times
        first = self.columns[0].system
        self.breakpoints = list(first.breakpoints)
        for column in self.columns:
            if list(column.system.breakpoints) != self.breakpoints:
                raise ValueError("the columns have different events: they cannot run side by side")
        self.coefficients = stacked([constants(column.system) for column in self.columns])
        self.forcings = [
            stacked([column.system.forcing(i) for column in self.columns]) for i in range(len(self.breakpoints))
        ]
        self.jumps = [
            np.stack([column.system.jump(i) for column in self.columns]) for i in range(len(self.breakpoints))
        ]
        self.weights = np.stack([column.weights for column in self.columns])
        self.start = np.stack([column.system.initial_state() for column in self.columns])
        self.fraction = float(scenarios[0]["numerics.atol_fraction"])
        self.shape = (first.n_cells, first.stride)
        self.steps = 0
        self._segment = segment_solver(solver, dense=dense)
        self.compile_seconds = 0.0

    def tolerances(self, y: peers.Array) -> peers.Array:
        """What a component's absolute tolerance is a share of, as for the other peers (n_runs, n)."""
        return np.stack([c.tolerances(y[i], 1.0) for i, c in enumerate(self.columns)]) / self.fraction

    def retained(self, rtol: float) -> peers.Array:
        """Share of what was deposited that is still in the skin at the saved times [1] (n_runs, n_times)."""
        import jax

        n = len(self.columns)
        y = self.start
        deposited = np.sum(self.weights * y, axis=1)
        scale = self.tolerances(y)
        share = np.empty((n, len(self.times)))
        self.steps = 0
        ends = [*self.breakpoints, self.columns[0].system.horizon]
        for i, (start, end) in enumerate(pairwise(ends)):
            if i > 0 and self.jumps[i].any():
                y = y + self.jumps[i]
                deposited = deposited + np.sum(self.weights * self.jumps[i], axis=1)
                scale = np.maximum(scale, self.tolerances(y))
            here = (self.times >= start) & (self.times < end)
            points = padded(self.times[here], end)
            tall = (n, *self.shape)
            args = {"c": self.coefficients, "w": self.forcings[i], "scale": scale.reshape(tall)}
            mass, last, steps = jax.device_get(
                self._segment(
                    y.reshape(tall), args, self.weights.reshape(tall), points, start, end, rtol, self.fraction
                )
            )
            if not np.isfinite(last).all():
                raise RuntimeError(f"diffrax did not reach the end of segment {i} at rtol {rtol:g}")
            share[:, here] = (mass[:, : int(here.sum())]) / deposited[:, None]
            y = last.reshape(n, -1)
            self.steps += int(steps.max())
        share[:, self.times >= ends[-1]] = (np.sum(self.weights * y, axis=1) / deposited)[:, None]
        return share

    def compile(self, rtol: float) -> None:
        """Run once, so that everything is compiled; the time is kept apart."""
        begin = time.perf_counter()
        self.retained(rtol)
        self.compile_seconds = time.perf_counter() - begin


def padded(times: peers.Array, end: float) -> peers.Array:
    """Saved times, filled up with the end to one of few lengths: each length is compiled once."""
    length = next(size for size in (4, 16, 64, 256, 1024, 1 << 20) if len(times) <= size)
    return np.concatenate([times, np.full(length - len(times), end)])


@lru_cache
def segment_solver(solver: str, *, dense: bool) -> Any:
    """One segment of many runs: retained mass at the points, the state at the end, steps; compiled."""
    import diffrax as dfx
    import jax

    chord = dfx.with_stepsize_controller_tols(dfx.VeryChord)() if dense else cell_chord()
    method = getattr(dfx, solver)(root_finder=chord)
    term = dfx.ODETerm(scaled_rates)

    def one(y: Any, args: Any, weights: Any, points: Any, start: Any, end: Any, rtol: Any, fraction: Any) -> Any:
        def mass(_t: Any, z: Any, args: Any) -> Any:
            return (weights * args["scale"] * z).sum()

        solution = dfx.diffeqsolve(
            term, method, start, end, None, y / args["scale"], args,
            saveat=dfx.SaveAt(subs=[dfx.SubSaveAt(ts=points, fn=mass), dfx.SubSaveAt(t1=True)]),
            stepsize_controller=dfx.PIDController(rtol=rtol, atol=rtol * fraction), max_steps=20_000, throw=False,
        )  # fmt: skip
        masses, last = solution.ys
        return masses, last[0] * args["scale"], solution.stats["num_steps"]

    return jax.jit(jax.vmap(one, in_axes=(0, 0, 0, None, None, None, None, None)))


def constants(system: Any) -> dict[str, Any]:
    """The coefficients of a column, and which of its faces are what."""
    c = dict(system.coefficients())
    faces = np.arange(system.n_cells + 1)
    c["moves"] = np.where(faces < system.first_dermal_cell, 1.0, 0.0)
    c["junction"] = faces == system.first_dermal_cell
    c["hops"] = np.where(faces > system.first_dermal_cell, 1.0, 0.0)[1:-1]
    return c


def stacked(all_of_them: list[dict[str, Any]]) -> dict[str, peers.Array]:
    """One array with the runs in front for each name."""
    return {name: np.stack([np.asarray(one[name]) for one in all_of_them]) for name in all_of_them[0]}


def rates_disagreement(scenario: Scenario, states: int = 8) -> tuple[float, float]:
    """
    How far jax's rates are from the compiled ones, and `solve` from a matrix solved densely, on random states.

    The first is relative to the terms of a rate, |J| |y|: a rate is a difference of terms that are rounded before. The
    second, for a step of an hour, is relative to the largest entry; it is what `factors` leaves to the iteration.
    """
    import jax

    column = peers.Column(scenario)
    system = column.system
    c = constants(system)
    shape = (system.n_cells, system.stride)
    random = np.random.default_rng(7)
    compiled, factored, solved = jax.jit(rates), jax.jit(factors), jax.jit(solve)
    ours, matrix = np.empty(system.n), np.zeros((system.n, system.n))
    rate_gap = solve_gap = 0.0
    scale = column.tolerances(system.initial_state(), 1.0).reshape(shape)
    for i in range(states):
        segment = i % len(system.breakpoints)
        system.enter(segment)
        start = system.breakpoints[segment]
        t = start + 10.0 ** random.uniform(3.0, 6.5)
        y = system.initial_state().reshape(shape)
        cells = y[:, : system.n_classes].max() * 10.0 ** random.uniform(-4, 0, shape)
        cells[:, -1] = 0.0
        cells[: system.first_dermal_cell, system.n_classes :] = 0.0
        y = y * random.uniform(0.7, 2.0, shape) + cells
        system.rates(t, y.ravel(), ours)
        system.jacobian(t, y.ravel(), matrix)
        theirs = np.asarray(compiled(c, system.forcing(segment), t, y)).ravel()
        size = np.abs(matrix) @ np.abs(y.ravel()) + np.abs(ours)
        gap = np.abs(theirs - ours)
        rate_gap = max(rate_gap, float(np.max(np.where(gap > 0.0, gap / np.maximum(size, TINY), 0.0))))
        h = 3600.0
        right = (scale * random.uniform(-1, 1, shape)) * (y > 0)
        exact = np.linalg.solve(np.eye(system.n) - h * matrix, right.ravel()).reshape(shape)
        got = np.asarray(solved(factored(c, system.forcing(segment), t, y, h), right))
        off = np.abs(got - exact) / scale
        solve_gap = max(solve_gap, float(off.max() / (np.abs(exact) / scale).max()))
    return rate_gap, solve_gap
