#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "inkfade/appearance/appearance_model.hpp"
#include "inkfade/appearance/layer_solver.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/simulation/case_appearance.hpp"

namespace py = pybind11;

namespace inkfade::bindings {
namespace {

using namespace appearance;
using Array = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Fields = std::map<std::string, double>;

std::vector<std::pair<std::string, double SkinOptics::*>> skin_fields() {
  return {{"melanosomes", &SkinOptics::melanosomes},
          {"blood", &SkinOptics::blood},
          {"epidermis_thickness", &SkinOptics::epidermis_thickness},
          {"dermis_thickness", &SkinOptics::dermis_thickness},
          {"saturation", &SkinOptics::saturation},
          {"haemoglobin", &SkinOptics::haemoglobin},
          {"vessel_radius", &SkinOptics::vessel_radius},
          {"subcutis_blood", &SkinOptics::subcutis_blood},
          {"subcutis_vessel_radius", &SkinOptics::subcutis_vessel_radius},
          {"n", &SkinOptics::n}};
}

Fields fields_of(const SkinOptics& skin) {
  Fields fields;
  for (const auto& [name, member] : skin_fields()) fields[name] = skin.*member;
  return fields;
}

SkinOptics skin_of(const Fields& fields) {
  SkinOptics skin;
  for (const auto& [name, member] : skin_fields()) skin.*member = fields.at(name);
  skin.check();
  return skin;
}

py::array_t<double> array_of(const Spectrum& spectrum) {
  return to_array(std::vector<double>(spectrum.begin(), spectrum.end()), {static_cast<py::ssize_t>(n_visible)});
}

Spectrum spectrum_of(const Array& values, const char* name) {
  if (values.size() != static_cast<py::ssize_t>(n_visible)) {
    throw ParameterError(std::string(name) + " has " + std::to_string(values.size()) +
                         " values: must have 31, one for each 10 nm from 400 nm to 700 nm");
  }
  Spectrum spectrum{};
  std::copy_n(values.data(), n_visible, spectrum.begin());
  return spectrum;
}

/// f over rows of 3 numbers, to rows of n_out.
template <class F>
py::array_t<double> over_triples(const Array& rows, py::ssize_t n_out, F&& f) {
  const py::ssize_t n = rows.size() / 3;
  std::vector<double> out(static_cast<std::size_t>(n * n_out));
  for (py::ssize_t i = 0; i < n; ++i) f(rows.data() + 3 * i, out.data() + n_out * i);
  return to_array(std::move(out), {n, n_out});
}

Lab lab_at(const double* row) { return {row[0], row[1], row[2]}; }

py::tuple solve_layers(const Array& mu_a, const Array& mu_s, const Array& g, const Array& thickness, double n,
                       double n_below, int streams, bool two_streams) {
  const auto n_layers = static_cast<std::size_t>(thickness.size());
  const auto n_wavelengths = static_cast<std::size_t>(mu_a.size()) / std::max<std::size_t>(1, n_layers);
  Layers layers(n_wavelengths);
  for (std::size_t l = 0; l < n_layers; ++l) {
    layers.append(thickness.data()[l]);
    for (std::size_t i = 0; i < n_wavelengths; ++i) {
      layers.mu_a(l)[i] = mu_a.data()[i * n_layers + l];
      layers.mu_s(l)[i] = mu_s.data()[i * n_layers + l];
      layers.g(l)[i] = g.data()[i * n_layers + l];
    }
    layers.pad(l);
  }
  Reflectance r;
  {
    const py::gil_scoped_release release;  // the arrays were copied
    r = layered_reflectance(layers, {streams, n, n_below, 1.0},
                            two_streams ? Method::delta_eddington : Method::adding_doubling);
  }
  const auto out = [&](std::vector<double>& values) {
    return to_array(std::move(values), {static_cast<py::ssize_t>(n_wavelengths)});
  };
  return py::make_tuple(out(r.sce), out(r.sci), out(r.diffuse), out(r.transmittance), out(r.diffuse_transmittance));
}

Fidelity fidelity_of(const std::string& name) {
  if (name == "full") return Fidelity::full;
  if (name == "fast") return Fidelity::fast;
  if (name == "preview") return Fidelity::preview;
  throw ParameterError("fidelity = '" + name + "': must be full, fast or preview");
}

Clump clump_of(const std::pair<double, double>& pair) { return {pair.first, pair.second}; }

AppearanceModel make_model(const Fields& skin, const InkOptics& ink, const Array& faces, const Array& class_diameter,
                           const std::vector<std::pair<double, double>>& clumps, const std::vector<double>& dots,
                           const std::string& fidelity, int streams, int most_cells) {
  AppearanceOptions options;
  options.fidelity = fidelity_of(fidelity);
  options.streams = streams;
  options.most_cells = static_cast<std::size_t>(std::max(0, most_cells));
  const auto span = [](const Array& values) {
    return std::span<const double>(values.data(), static_cast<std::size_t>(values.size()));
  };
  return {skin_of(skin),
          ink,
          span(faces),
          span(class_diameter),
          {clump_of(clumps.at(0)), clump_of(clumps.at(1)), clump_of(clumps.at(2))},
          {dots.at(0), dots.at(1), dots.at(2)},
          options};
}

/// Looks at profiles (n, n_cells, 3, n_classes): reflectance (n, 31), L*a*b* (n, 3), contrast (n).
py::tuple look_at(const AppearanceModel& model, const Array& pigment) {
  if (pigment.ndim() != 4 || pigment.shape(1) != static_cast<py::ssize_t>(model.n_cells()) || pigment.shape(2) != 3) {
    throw ParameterError("pigment must have the shape (n_profiles, n_cells, 3, n_classes)");
  }
  const auto n = static_cast<std::size_t>(pigment.shape(0));
  const auto n_classes = static_cast<std::size_t>(pigment.shape(3));
  const std::size_t size = model.n_cells() * 3 * n_classes;
  std::vector<double> reflectance;
  std::vector<double> lab;
  std::vector<double> contrast;
  {
    const py::gil_scoped_release release;  // `pigment` is held by the caller
    AppearanceModel::Work work(model);
    for (std::size_t i = 0; i < n; ++i) {
      const Appearance seen = model.look({{pigment.data() + i * size, size}, 3 * n_classes, n_classes}, work);
      reflectance.insert(reflectance.end(), seen.reflectance.begin(), seen.reflectance.end());
      lab.insert(lab.end(), {seen.lab.l, seen.lab.a, seen.lab.b});
      contrast.push_back(seen.contrast);
    }
  }
  const auto rows = static_cast<py::ssize_t>(n);
  return py::make_tuple(to_array(std::move(reflectance), {rows, static_cast<py::ssize_t>(n_visible)}),
                        to_array(std::move(lab), {rows, 3}), to_array(std::move(contrast), {rows}));
}

void bind_colour(py::module_& module) {
  module.def(
      "colour_of",
      [](const Array& reflectance) {
        const auto n = reflectance.size() / static_cast<py::ssize_t>(n_visible);
        std::vector<double> out;
        for (py::ssize_t i = 0; i < n; ++i) {
          Spectrum spectrum{};
          std::copy_n(reflectance.data() + i * static_cast<py::ssize_t>(n_visible), n_visible, spectrum.begin());
          const Xyz xyz = xyz_of(spectrum);
          out.insert(out.end(), {xyz.x, xyz.y, xyz.z});
        }
        return to_array(std::move(out), {n, 3});
      },
      py::arg("reflectance"), "XYZ (n, 3) of spectra (n, 31), D65 and 2 degrees.");
  module.def(
      "lab_of_xyz",
      [](const Array& rows) {
        return over_triples(rows, 3, [](const double* in, double* out) {
          const Lab lab = lab_of(Xyz{in[0], in[1], in[2]});
          out[0] = lab.l;
          out[1] = lab.a;
          out[2] = lab.b;
        });
      },
      py::arg("xyz"), "L*a*b* (n, 3).");
  module.def(
      "srgb_of_xyz",
      [](const Array& rows) {
        return over_triples(rows, 3, [](const double* in, double* out) {
          const Srgb colour = srgb_of({in[0], in[1], in[2]});
          out[0] = colour.red;
          out[1] = colour.green;
          out[2] = colour.blue;
        });
      },
      py::arg("xyz"), "sRGB (n, 3), 0 to 1.");
  module.def(
      "xyz_of_lab",
      [](const Array& rows) {
        return over_triples(rows, 3, [](const double* in, double* out) {
          const Xyz xyz = xyz_of(lab_at(in));
          out[0] = xyz.x;
          out[1] = xyz.y;
          out[2] = xyz.z;
        });
      },
      py::arg("lab"), "XYZ (n, 3).");
  module.def(
      "ita_of_lab",
      [](const Array& rows) {
        return over_triples(rows, 1,
                            [](const double* in, double* out) { *out = individual_typology_angle(lab_at(in)); });
      },
      py::arg("lab"), "Individual typology angle (n, 1) [degree].");
  module.def(
      "delta_e_2000",
      [](const Array& first, const Array& second) {
        if (first.size() != second.size()) throw ParameterError("delta_e_2000: as many colours in both");
        const double* other = second.data();
        return over_triples(first, 1, [&](const double* in, double* out) {
          *out = delta_e_2000(lab_at(in), lab_at(other));
          other += 3;
        });
      },
      py::arg("first"), py::arg("second"), "CIEDE2000 (n, 1) of L*a*b* (n, 3).");
}

void bind_skin_and_ink(py::module_& module) {
  module.def("skin_presets", &SkinOptics::preset_names);
  module.def("skin_preset", [](const std::string& name) { return fields_of(SkinOptics::preset(name)); });
  module.def("skin_from_ita", [](double ita, double blood) { return fields_of(SkinOptics::from_ita(ita, blood)); });
  module.def("skin_from_lab", [](double l, double a, double b) { return fields_of(SkinOptics::from_lab({l, a, b})); });
  module.def("check_skin", [](const Fields& fields) { static_cast<void>(skin_of(fields)); });
  module.def("skin_layers", [](const Fields& fields) {
    const Layers layers = skin_layers(skin_of(fields));
    py::list out;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const auto row = [&](const double* values) {
        return to_array(std::vector<double>(values, values + n_visible), {static_cast<py::ssize_t>(n_visible)});
      };
      out.append(py::make_tuple(layers.thickness(l), row(layers.mu_a(l)), row(layers.mu_s(l)), row(layers.g(l))));
    }
    return out;
  });
  py::class_<InkOptics>(module, "InkOptics", "Optics of a pigment per mass, 31 wavelengths.")
      .def(py::init([](const Array& absorption, const Array& scattering, double density) {
             const InkOptics ink{spectrum_of(absorption, "absorption"), spectrum_of(scattering, "scattering"), density};
             ink.check();
             return ink;
           }),
           py::arg("absorption"), py::arg("scattering"), py::arg("density"))
      .def_static("pigment", [](const std::string& name) { return InkOptics::pigment(name); })
      .def_static("carbon_black", &InkOptics::carbon_black, py::arg("mac"), py::arg("exponent"))
      .def_static("mixture", &InkOptics::mixture, py::arg("parts"))
      .def_property_readonly("absorption", [](const InkOptics& ink) { return array_of(ink.absorption); })
      .def_property_readonly("scattering", [](const InkOptics& ink) { return array_of(ink.scattering); })
      .def_readonly("density", &InkOptics::density);
  module.def("pigments", [] {
    py::list out;
    for (const PigmentFacts& facts : pigments()) {
      const char* grades[] = {"measured", "inferred", "assumed"};
      out.append(py::make_tuple(std::string(facts.name), std::string(facts.description),
                                grades[static_cast<int>(facts.evidence)], std::string(facts.source)));
    }
    return out;
  });
}

}  // namespace

void bind_appearance(py::module_& module) {
  module.def(
      "layered_reflectance", &solve_layers, py::arg("mu_a"), py::arg("mu_s"), py::arg("g"), py::arg("thickness"),
      py::arg("n"), py::arg("n_below"), py::arg("streams"), py::arg("two_streams"),
      "sce, sci, diffuse, transmittance, diffuse_transmittance (n_wavelengths) of layers (n_wavelengths, n_layers).");
  module.def(
      "packaging_factor", [](double rho) { return packaging_factor(rho); }, py::arg("optical_thickness"));
  module.def(
      "scenario_appearance",
      [](const parameters::Scenario& scenario, const std::string& fidelity) {
        return *simulation::appearance_model(scenario, fidelity_of(fidelity));
      },
      py::arg("scenario"), py::arg("fidelity"), "The AppearanceModel of a scenario's skin, ink, dots and mesh.");
  module.def(
      "scenario_skin",
      [](const parameters::Scenario& scenario) {
        return fields_of(simulation::skin_optics(scenario, skin::make_skin_profile(scenario)));
      },
      py::arg("scenario"), "The optics of a scenario's skin.");
  module.def("scenario_ink", &simulation::ink_optics, py::arg("scenario"), "The optics of a scenario's ink.");
  bind_colour(module);
  bind_skin_and_ink(module);
  py::class_<AppearanceModel>(module, "AppearanceModel", "Looks at pigment profiles in one skin.")
      .def(py::init(&make_model), py::arg("skin"), py::arg("ink"), py::arg("faces"), py::arg("class_diameter"),
           py::arg("clumps"), py::arg("dots"), py::arg("fidelity"), py::arg("streams"), py::arg("most_cells"))
      .def_property_readonly("n_cells", &AppearanceModel::n_cells)
      .def_property_readonly("bare", [](const AppearanceModel& model) { return array_of(model.bare().reflectance); })
      .def("look", &look_at, py::arg("pigment"));
}

}  // namespace inkfade::bindings
