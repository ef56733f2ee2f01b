"""Monte Carlo of light in layers with a square lattice of absorbing cylinders in them. Lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

N = 1.4  # refractive index of all layers
BATCH = 50_000
_FAINT, _KEPT = 1e-3, 0.1  # below this weight a photon goes on in this share of cases, with so much more weight


@dataclass(frozen=True)
class Layer:
    """Absorption and scattering [1/mm], mean cosine of scattering, thickness [mm]."""

    mu_a: float
    mu_s: float
    g: float
    thickness: float


@dataclass(frozen=True)
class Lattice:
    """Upright cylinders at a pitch, between two depths [mm], which absorb more than what is around them [1/mm]."""

    pitch: float
    radius: float
    top: float
    bottom: float
    mu_a: float


def reflectance(
    layers: Sequence[Layer], dots: Lattice | None, photons: int, seed: int = 0, *, cosine: float = 1.0, index: float = N
) -> tuple[float, float]:
    """
    Diffuse reflectance, without what the surface itself reflects, and its standard error.

    Parameters
    ----------
    layers
        From the top; the last may be endless.
    dots
        The lattice, or None.
    photons
        How many, in whole batches.
    seed
        Of the first batch; the others follow.
    cosine
        Of the angle at which light enters, inside of the layers.
    index
        Refractive index of all layers; air is above.
    """
    batches = [
        _batch(layers, dots, np.random.default_rng([seed, i]), cosine, index) for i in range(max(2, photons // BATCH))
    ]
    return float(np.mean(batches)), float(np.std(batches, ddof=1) / np.sqrt(len(batches)))


def _batch(
    layers: Sequence[Layer], dots: Lattice | None, random: np.random.Generator, cosine: float, index: float
) -> float:
    """Share of light that leaves through the surface."""
    mu_a, mu_s, g = (np.array([getattr(layer, name) for layer in layers]) for name in ("mu_a", "mu_s", "g"))
    face = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers])])
    pitch = 1.0 if dots is None else dots.pitch
    longest = np.inf if dots is None else pitch - 2.0 * dots.radius  # so that a step meets one dot at most
    place = np.column_stack([random.uniform(0, pitch, (BATCH, 2)), np.zeros(BATCH)])
    way = np.tile([np.sqrt(1.0 - cosine**2), 0.0, cosine], (BATCH, 1))
    weight = np.full(BATCH, 1.0 - _fresnel(np.array([cosine]), index)[0])
    inside = np.zeros(BATCH, dtype=np.intp)  # layer
    out = 0.0
    while len(weight):
        free = random.exponential(size=len(weight)) / mu_s[inside]
        down = way[:, 2] > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            to_face = np.where(down, face[inside + 1] - place[:, 2], face[inside] - place[:, 2]) / way[:, 2]
        to_face = np.where(way[:, 2] == 0, np.inf, np.maximum(to_face, 0.0))
        step = np.minimum(np.minimum(free, to_face), longest)
        absorbed = mu_a[inside] * step
        if dots is not None:
            absorbed += dots.mu_a * _inside_dots(place, way, step, dots)
        weight *= np.exp(-absorbed)
        place += way * step[:, None]
        crosses = (to_face <= free) & (to_face <= longest)
        place[crosses, 2] = face[inside + down][crosses]
        surface = crosses & ~down & (inside == 0)
        back = _fresnel(-way[surface, 2], index)
        out += float(np.sum(weight[surface] * (1.0 - back)))
        weight[surface] *= back
        way[surface, 2] *= -1.0
        inside = np.where(crosses & ~surface, inside + np.where(down, 1, -1), inside)
        scatters = (free < to_face) & (free <= longest)
        way[scatters] = _scattered(way[scatters], g[inside[scatters]], random)
        faint = weight < _FAINT
        lives = random.uniform(size=int(faint.sum())) < _KEPT
        weight[faint] = np.where(lives, weight[faint] / _KEPT, 0.0)
        alive = (weight > 0) & (inside < len(layers))  # what passes the last face is gone
        place, way, weight, inside = place[alive], way[alive], weight[alive], inside[alive]
    return out / BATCH


def _inside_dots(place: Array, way: Array, step: Array, dots: Lattice) -> Array:
    """How much of each step lies in a dot; the nearest to its middle is the only one that it can meet."""
    middle = place[:, :2] + 0.5 * step[:, None] * way[:, :2]
    centre = (np.floor(middle / dots.pitch) + 0.5) * dots.pitch
    rest = place[:, :2] - centre
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([dots.top - place[:, 2], dots.bottom - place[:, 2]]) / way[:, 2]
        flat = way[:, 2] == 0
        within = (place[:, 2] > dots.top) & (place[:, 2] < dots.bottom)
        enter = np.where(flat, np.where(within, -np.inf, np.inf), ends.min(axis=0))
        leave = np.where(flat, np.where(within, np.inf, -np.inf), ends.max(axis=0))
        a = way[:, 0] ** 2 + way[:, 1] ** 2
        b = np.sum(rest * way[:, :2], axis=1)
        c = np.sum(rest**2, axis=1) - dots.radius**2
        root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
        upright = a < 1e-20
        first = np.where(upright, np.where(c < 0, -np.inf, np.inf), (-b - root) / a)
        last = np.where(upright, np.where(c < 0, np.inf, -np.inf), (-b + root) / a)
    hits = upright | (b**2 > a * c)
    begin = np.maximum(np.maximum(enter, first), 0.0)
    end = np.minimum(np.minimum(leave, last), step)
    return np.where(hits, np.maximum(end - begin, 0.0), 0.0)


def _scattered(way: Array, g: Array, random: np.random.Generator) -> Array:
    """New directions, by Henyey and Greenstein."""
    u, turn = random.uniform(size=len(g)), random.uniform(0, 2 * np.pi, len(g))
    part = (1 - g**2) / (1 - g + 2 * g * u)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.where(np.abs(g) < 1e-6, 2 * u - 1, (1 + g**2 - part**2) / (2 * g))
    cosine = np.clip(cosine, -1.0, 1.0)
    sine = np.sqrt(1 - cosine**2)
    x, y, z = way.T
    level = np.sqrt(np.maximum(1 - z**2, 0.0))
    steep = level < 1e-6
    safe = np.where(steep, 1.0, level)
    across, along = sine * np.cos(turn), sine * np.sin(turn)
    new = np.stack(
        [
            np.where(steep, across, (x * z * across - y * along) / safe + x * cosine),
            np.where(steep, along, (y * z * across + x * along) / safe + y * cosine),
            np.where(steep, np.sign(z) * cosine, -level * across + z * cosine),
        ],
        axis=1,
    )
    return new / np.linalg.norm(new, axis=1)[:, None]


def _fresnel(cosine: Array, index: float) -> Array:
    """Reflection from inside at the surface, of light that is not polarised."""
    sine = index * np.sqrt(np.maximum(1 - cosine**2, 0.0))
    through = np.sqrt(np.maximum(1 - sine**2, 0.0))
    s = (index * cosine - through) / (index * cosine + through)
    p = (cosine - index * through) / (cosine + index * through)
    return np.where(sine >= 1.0, 1.0, 0.5 * (s**2 + p**2))
