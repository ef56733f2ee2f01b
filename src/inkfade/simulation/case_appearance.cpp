#include "inkfade/simulation/case_appearance.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "inkfade/skin/procedure.hpp"

namespace inkfade::simulation {

namespace {

using appearance::AppearanceModel;

constexpr std::size_t kept_models = 8;  // of a thread: a sweep changes skin, ink or dots rarely

/// All that a model is made of, to be compared bit by bit.
struct Recipe {
  std::string pigment;
  std::vector<double> numbers;
  friend bool operator==(const Recipe&, const Recipe&) = default;
};

appearance::Clumps clumps_of(const parameters::Scenario& scenario) {
  const double fraction = scenario.real("ink.clump_fraction");
  return {{fraction, scenario.real("ink.clump_diameter")},
          {fraction, scenario.real("macrophages.clump_diameter")},
          {fraction, scenario.real("stroma.clump_diameter")}};
}

}  // namespace

appearance::SkinOptics skin_optics(const parameters::Scenario& scenario, const skin::SkinProfile& skin) {
  appearance::SkinOptics optics;
  optics.melanosomes = scenario.real("skin.melanosome_fraction");
  optics.blood = scenario.real("skin.blood_fraction");
  optics.epidermis_thickness = skin.junction_depth;
  optics.dermis_thickness = skin.depth - skin.junction_depth;
  return optics;
}

appearance::InkOptics ink_optics(const parameters::Scenario& scenario) {
  const std::string& pigment = scenario.text("ink.pigment");
  appearance::InkOptics optics = pigment == "carbon_black"
                                     ? appearance::InkOptics::carbon_black(scenario.real("ink.visible_absorption"),
                                                                           scenario.real("ink.absorption_exponent"))
                                     : appearance::InkOptics::pigment(pigment);
  optics.density = scenario.real("ink.particle_density");
  return optics;
}

std::shared_ptr<const AppearanceModel> appearance_model(const parameters::Scenario& scenario,
                                                        const skin::SkinProfile& skin, const skin::Ink& ink,
                                                        const mesh::ColumnMesh& mesh, appearance::Fidelity fidelity) {
  const appearance::SkinOptics optics = skin_optics(scenario, skin);
  const appearance::Clumps clumps = clumps_of(scenario);
  const appearance::DotPatch dots{skin::coverage(scenario), 0.5 * scenario.real("procedure.dot_diameter"), 0.0};
  const appearance::InkOptics ink_seen = ink_optics(scenario);
  Recipe recipe{scenario.text("ink.pigment"),
                {static_cast<double>(fidelity), optics.melanosomes, optics.blood, optics.epidermis_thickness,
                 optics.dermis_thickness, dots.coverage, dots.radius, ink_seen.density, ink_seen.absorption.front(),
                 ink_seen.absorption.back(), clumps.free.fraction, clumps.free.diameter, clumps.macrophage.diameter,
                 clumps.stroma.diameter}};
  recipe.numbers.insert(recipe.numbers.end(), mesh.face.begin(), mesh.face.end());
  recipe.numbers.insert(recipe.numbers.end(), ink.diameter.begin(), ink.diameter.end());

  thread_local std::deque<std::pair<Recipe, std::shared_ptr<const AppearanceModel>>> kept;
  for (const auto& [made_of, model] : kept) {
    if (made_of == recipe) return model;
  }
  appearance::AppearanceOptions options;
  options.fidelity = fidelity;
  auto model =
      std::make_shared<const AppearanceModel>(optics, ink_seen, mesh.face, ink.diameter, clumps, dots, options);
  kept.emplace_front(std::move(recipe), model);
  if (kept.size() > kept_models) kept.pop_back();
  return model;
}

std::shared_ptr<const AppearanceModel> appearance_model(const parameters::Scenario& scenario,
                                                        appearance::Fidelity fidelity) {
  const skin::SkinProfile skin = skin::make_skin_profile(scenario);
  const auto cells = static_cast<std::size_t>(scenario.integer("numerics.cells"));
  return appearance_model(scenario, skin, skin::make_ink(scenario), mesh::make_column_mesh(skin, cells), fidelity);
}

}  // namespace inkfade::simulation
