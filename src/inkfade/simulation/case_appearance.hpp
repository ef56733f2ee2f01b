#pragma once

#include <memory>

#include "inkfade/appearance/appearance_model.hpp"
#include "inkfade/mesh/column_mesh.hpp"
#include "inkfade/parameters/scenario.hpp"
#include "inkfade/skin/ink.hpp"
#include "inkfade/skin/skin_profile.hpp"

namespace inkfade::simulation {

/// What looks at the pigment of a scenario's column: its skin, ink, clumps and dots, and its mesh.
///
/// Making one costs as much as several looks, and runs of a sweep or a cohort often share theirs: each thread keeps the
/// last few that it made. @throws ParameterError for what optics do not allow
[[nodiscard]] std::shared_ptr<const appearance::AppearanceModel> appearance_model(const parameters::Scenario& scenario,
                                                                                  const skin::SkinProfile& skin,
                                                                                  const skin::Ink& ink,
                                                                                  const mesh::ColumnMesh& mesh,
                                                                                  appearance::Fidelity fidelity);

/// The same for a scenario as it stands.
[[nodiscard]] std::shared_ptr<const appearance::AppearanceModel> appearance_model(const parameters::Scenario& scenario,
                                                                                  appearance::Fidelity fidelity);

/// Skin without ink: melanin and blood of the scenario, its epidermis, and its dermis down to the fascia.
[[nodiscard]] appearance::SkinOptics skin_optics(const parameters::Scenario& scenario, const skin::SkinProfile& skin);
/// Carbon black with the scenario's own absorption; other pigments as they are tabulated.
[[nodiscard]] appearance::InkOptics ink_optics(const parameters::Scenario& scenario);

}  // namespace inkfade::simulation
