"""What is seen of pigment: the public module, against independent programs and as a user calls it."""

from __future__ import annotations

import numpy as np
import pytest

from inkfade import appearance

RANDOM_LAYERS = 20


def test_adding_doubling_agrees_with_iadpython():
    """16 nodes against 16: both are within 1e-4 of the limit for these albedos and anisotropies."""
    iad = pytest.importorskip("iadpython", reason="iadpython is not installed")
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    print("seed", seed)
    random = np.random.default_rng(seed)
    for _ in range(RANDOM_LAYERS):
        albedo, thickness, g = random.uniform(0.3, 0.99), random.uniform(0.2, 4.0), random.uniform(0.0, 0.8)
        for n in (1.0, 1.4):
            theirs = iad.Sample(a=albedo, b=thickness, g=g, n=n, quad_pts=16).rt()
            mine = appearance.layered_reflectance(
                [1 - albedo], [albedo], g=g, thickness=[thickness], n=n, streams=16, n_below=1.0
            )
            for peer, own in zip(
                theirs, (mine.sci, mine.transmittance, mine.diffuse, mine.diffuse_transmittance), strict=True
            ):
                assert own[0] == pytest.approx(peer, abs=5e-4 if n > 1 else 1e-4)


@pytest.mark.filterwarnings("ignore::Warning")  # it says how it aligns tables
def test_colours_agree_with_colour_science():
    """Spectra by ASTM E308 at 10 nm there, by weights of 1 nm here: 0.05 of L*a*b*. The difference is one formula."""
    with np.printoptions():  # importing it changes how NumPy prints, for all tests after this one
        colour = pytest.importorskip("colour", reason="colour-science is not installed")
    random = np.random.default_rng(5)
    lab = np.stack([random.uniform(10, 90, 200), *random.uniform(-60, 60, (2, 200))], axis=1)
    theirs = colour.delta_E(lab[:100], lab[100:], method="CIE 2000")
    np.testing.assert_allclose(appearance.delta_e_2000(lab[:100], lab[100:]), theirs, atol=1e-9)
    skin = appearance.skin_optics("medium").reflectance
    distribution = colour.SpectralDistribution(skin, np.arange(400, 710, 10))
    xyz = colour.sd_to_XYZ(distribution, illuminant=colour.SDS_ILLUMINANTS["D65"]) / 100
    white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    np.testing.assert_allclose(appearance.lab(skin), colour.XYZ_to_Lab(xyz, white), atol=0.1)
    screen = colour.XYZ_to_sRGB(xyz)
    np.testing.assert_allclose(appearance.srgb(appearance.lab(skin)), screen, atol=2e-3)


# Means of groups as published (Alaluf 2002; Xiao 2017), D65 and the observer of 10 degrees.
GROUPS = [
    (65.0, 7.1, 13.3),
    (62.1, 8.4, 16.3),
    (53.7, 10.3, 17.9),
    (53.94, 12.57, 19.23),
    (43.71, 12.89, 17.15),
    (38.14, 12.66, 15.04),
    (59.2, 11.6, 15.1),
    (56.4, 11.7, 16.3),
]


@pytest.mark.filterwarnings("ignore::Warning")  # it says how it aligns tables
def test_eight_published_groups_are_skins_of_this_room():
    """Melanin and blood are fitted to each group as its observer sees it; colour-science has that observer."""
    from scipy.optimize import minimize

    with np.printoptions():
        colour = pytest.importorskip("colour", reason="colour-science is not installed")
    shape = colour.SpectralShape(360, 780, 1)
    observer = colour.MSDS_CMFS["CIE 1964 10 Degree Standard Observer"].copy().align(shape).values
    weights = observer * colour.SDS_ILLUMINANTS["D65"].copy().align(shape).values[:, None]
    white = weights.sum(axis=0)

    def lab(skin):
        reflectance = np.interp(np.arange(360, 781), np.arange(400, 701, 10), skin.reflectance)
        xyz = (weights * reflectance[:, None]).sum(axis=0) / white
        x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    def difference(logs, group):
        melanosomes, blood = np.exp(logs)
        if not (melanosomes < 0.6 and blood < 0.3):
            return 100.0
        skin = appearance.SkinOptics(melanosomes=float(melanosomes), blood=float(blood))
        return float(appearance.delta_e_2000(lab(skin), np.array(group)))

    start, ends = np.log([0.04, 0.012]), {"xatol": 1e-3, "fatol": 1e-3}
    left = [minimize(difference, start, args=(g,), method="Nelder-Mead", options=ends).fun for g in GROUPS]
    assert max(left) < 2.5
    assert np.median(left) < 0.9


def mie(index, size):
    """Efficiencies of extinction and of scattering, and mean cosine, of a sphere (Bohren and Huffman, chapter 4)."""
    from scipy.special import spherical_jn, spherical_yn

    n = np.arange(1, int(size + 4 * size ** (1 / 3) + 12))
    psi, slope = size * spherical_jn(n, size), spherical_jn(n, size) + size * spherical_jn(n, size, derivative=True)
    chi = -size * spherical_yn(n, size)
    chi_slope = -spherical_yn(n, size) - size * spherical_yn(n, size, derivative=True)
    xi, xi_slope = psi - 1j * chi, slope - 1j * chi_slope
    inner = spherical_jn(n, index * size) * index * size
    inner_slope = spherical_jn(n, index * size) + index * size * spherical_jn(n, index * size, derivative=True)
    a = (index * inner * slope - psi * inner_slope) / (index * inner * xi_slope - xi * inner_slope)
    b = (inner * slope - index * psi * inner_slope) / (inner * xi_slope - index * xi * inner_slope)
    extinction = 2 / size**2 * np.sum((2 * n + 1) * (a + b).real)
    scattering = 2 / size**2 * np.sum((2 * n + 1) * (abs(a) ** 2 + abs(b) ** 2))
    m = n[:-1]
    mixed = m * (m + 2) / (m + 1) * (a[:-1] * a[1:].conj() + b[:-1] * b[1:].conj()).real
    cosine = 4 / size**2 / scattering * (np.sum(mixed) + np.sum((2 * n + 1) / (n * (n + 1)) * (a * b.conj()).real))
    return extinction, scattering, cosine


def test_the_mie_series_is_that_of_a_published_sphere():
    extinction, scattering, cosine = mie(1.55, 5.21282)
    assert extinction == pytest.approx(3.10542, abs=1e-5)
    assert scattering == pytest.approx(extinction, rel=1e-12)  # it does not absorb
    assert cosine == pytest.approx(0.63314, abs=1e-5)


def test_carbon_black_absorbs_as_small_spheres_do():
    """Spheres of 100 nm, index 1.95 - 0.79i, in tissue of 1.38: 8.5 m2/g at 550 nm; measured is 7.5 +- 1.2."""
    extinction, scattering, _ = mie((1.95 + 0.79j) / 1.38, np.pi * 100 * 1.38 / 550)
    mac = 1.5 * (extinction - scattering) / (1.8e6 * 100e-9)
    assert mac == pytest.approx(8.5, abs=0.1)
    assert appearance.InkOptics.pigment("carbon_black").absorption[15] / 1000 == pytest.approx(mac, abs=1.2)


def test_specular_light_is_named_and_never_mixed():
    solved = appearance.layered_reflectance([100.0], [1e4], g=0.8, thickness=[np.inf])
    assert solved.sci - solved.sce == pytest.approx((0.4 / 2.4) ** 2, abs=1e-15)


def test_layers_take_one_or_many_wavelengths():
    one = appearance.layered_reflectance([100.0, 50.0], [1e4, 2e4], g=0.8, thickness=[1e-4, np.inf])
    many = appearance.layered_reflectance(np.full((3, 2), [100.0, 50.0]), [1e4, 2e4], g=0.8, thickness=[1e-4, np.inf])
    assert one.sce.shape == (1,)
    np.testing.assert_array_equal(many.sce, np.repeat(one.sce, 3))


@pytest.mark.parametrize("name", ["light", "medium", "dark"])
def test_skin_is_found_again_from_its_colour_and_angle(name):
    skin = appearance.skin_optics(name)
    assert appearance.skin_optics(lab=skin.lab).melanosomes == pytest.approx(skin.melanosomes, rel=1e-3)
    assert appearance.skin_optics(ita=skin.ita, blood=skin.blood).melanosomes == pytest.approx(
        skin.melanosomes, rel=1e-6
    )


def profile(faces: np.ndarray, depth: float, dose: float) -> np.ndarray:
    """A sheet of 0.1 mm around a depth [m], of a dose [kg/m2]."""
    centre = 0.5 * (faces[1:] + faces[:-1])
    inside = np.abs(centre - depth) < 0.05e-3
    return dose * inside / (inside * np.diff(faces)).sum()


def test_contrast_falls_with_depth_and_is_0_without_pigment():
    faces = np.linspace(0, 1.6e-3, 81)
    model = appearance.AppearanceModel("light", "carbon_black", faces=faces)
    seen = [float(model.look(profile(faces, depth, 1e-4)).contrast) for depth in (0.2e-3, 0.4e-3, 0.8e-3, 1.2e-3)]
    assert seen == sorted(seen, reverse=True)
    assert model.look(np.zeros(80)).contrast == 0.0
    np.testing.assert_array_equal(model.look(np.zeros(80)).lab, model.bare.lab)


def test_shapes_of_a_profile_mean_the_same():
    faces = np.linspace(0, 1.6e-3, 41)
    model = appearance.AppearanceModel("medium", "carbon_black", faces=faces)
    free = profile(faces, 0.4e-3, 1e-4)
    by_pool = np.stack([free, 0 * free, 0 * free], axis=1)
    by_class = np.repeat(by_pool[:, :, None], 2, axis=2) / 2
    first = model.look(free)
    for given in (by_pool, by_class):
        assert model.look(given).contrast == pytest.approx(first.contrast, abs=1e-12)
    several = model.look(np.stack([by_class, 0 * by_class]))
    assert several.lab.shape == (2, 3)
    assert several.contrast.tolist() == [pytest.approx(first.contrast, abs=1e-12), 0.0]


def test_appearance_of_is_a_model_used_once():
    faces = np.linspace(0, 1.6e-3, 41)
    pigment = profile(faces, 0.4e-3, 1e-4)
    once = appearance.appearance_of(faces, pigment, skin="dark", ink="iron_oxide_red", fidelity="fast")
    model = appearance.AppearanceModel("dark", "iron_oxide_red", faces=faces, fidelity="fast")
    assert once.contrast == model.look(pigment).contrast
    assert ((once.srgb >= 0) & (once.srgb <= 1)).all()


def test_inks_are_mixed_by_mass_and_compare_by_value():
    grey = appearance.InkOptics.mixture({"carbon_black": 1.0, "titanium_dioxide": 3.0})
    black = appearance.InkOptics.pigment("carbon_black")
    np.testing.assert_allclose(grey.absorption, 0.25 * black.absorption, rtol=1e-12)
    assert black == appearance.InkOptics.carbon_black()
    assert black != grey
    table = appearance.InkOptics.from_table([400e-9, 700e-9], [1000.0, 400.0])
    np.testing.assert_allclose(table.absorption, np.linspace(1000.0, 400.0, 31))
    assert {pigment.evidence for pigment in appearance.pigments()} == {"measured", "inferred", "assumed"}


def patch_of(depth: float) -> appearance.Patch:
    faces = np.linspace(0, 1.6e-3, 41)
    return appearance.render_patch(
        faces, profile(faces, depth, 1e-3), lattice=appearance.Lattice(jitter=0.0), width=4e-3, pixels=80
    )


def test_deep_dots_merge_into_a_haze():
    """Dot contrast falls by more than half from 0.2 to 0.6 mm, the patch mean by less."""
    shallow, deep = patch_of(0.2e-3), patch_of(0.6e-3)
    assert deep.dot_contrast(0.3) < 0.5 * shallow.dot_contrast(0.3)
    bare = appearance.skin_optics("light").lab
    mean = [appearance.delta_e_2000(patch.lab.mean(axis=(0, 1)), bare) for patch in (shallow, deep)]
    assert mean[1] > 0.5 * mean[0]


def test_dots_fuse_with_distance_and_an_even_picture_has_none():
    patch = patch_of(0.2e-3)
    seen = [patch.dot_contrast(distance) for distance in (0.2, 0.5, 1.0, 2.0, 5.0)]
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < 0.6  # below what an eye can see
    assert appearance.dot_contrast(np.full((16, 16, 3), 30.0), pixel=1e-4, distance=0.5) < 1e-9
    assert ((patch.srgb >= 0) & (patch.srgb <= 1)).all()


def test_spreading_dots_darkens_the_patch_and_softens_its_dots():
    """At constant mass, until they nearly touch: what is called the helmet look."""
    faces = np.linspace(0, 1.6e-3, 41)
    patches = []
    for radius in (0.15e-3, 0.45e-3):
        pigment = profile(faces, 0.25e-3, 3e-4 * (0.15e-3 / radius) ** 2)
        lattice = appearance.Lattice(radius=radius, jitter=0.0)
        patches.append(appearance.render_patch(faces, pigment, lattice=lattice, width=4e-3, pixels=80))
    narrow, wide = patches
    assert wide.lab[:, :, 0].mean() < narrow.lab[:, :, 0].mean()
    assert wide.dot_contrast(0.3) < narrow.dot_contrast(0.3)
