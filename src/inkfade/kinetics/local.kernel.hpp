#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// Rate constants that hold everywhere in the column; SI units.
template <class S>
struct LocalConstants {
  S inverse_capacity{};     ///< 1/L, L the pigment mass that one macrophage holds [1/kg]
  S inverse_crowding{};     ///< 1/K_f [m3/kg]
  S release_rate{};         ///< delta, death of laden macrophages [1/s]
  S egress_rate{};          ///< eps, unstimulated [1/s]
  S fragmentation_rate{};   ///< phi [1/s]
  S recruitment_rate{};     ///< r_in [1/s]
  S departure_rate{};       ///< r_out [1/s]
  S inflammation_peak{};    ///< P [1]
  S binding_rate{};         ///< a_b [1/s]
  S unbinding_rate{};       ///< delta_b [1/s]
  S macrophage_light{};     ///< s_m [1]
  S stroma_light{};         ///< s_b [1]
  S uv_sensitivity{};       ///< q_UV [m2/J]
  S visible_sensitivity{};  ///< q_vis [1/(lx s)]
};

/// What one cell of the mesh sees: place-dependent constants and the light and wound of the moment.
template <class S>
struct LocalPlace {
  S macrophage_target{};      ///< n* [1/m3]
  S inverse_binding{};        ///< 1/B [m3/kg]
  S lymph{};                  ///< k0 g(z) A_l(t) [1/s]
  S wound{};                  ///< omega [1/s]
  S light{};                  ///< kappa [1/s]
  S capture_factor{1.0};      ///< multiplies c_k [1]
  S egress_factor{1.0};       ///< multiplies eps [1]
  S recruitment_factor{1.0};  ///< multiplies r_in [1]
};

/// The state-dependent factors that all size classes of a cell share.
template <class S>
struct LocalClosures {
  S room{};           ///< free room of the niche over n_ref: (n - M/L)_+ [1/m3]
  S crowding{};       ///< 1/(1 + F/K_f) [1]
  S binding{};        ///< a = a_b (1 - sum b/B)_+ [1/s]
  S binding_slope{};  ///< -da/d(sum b), short of full stroma [m3/(kg s)]
};

/// What capture and binding do past a full niche or full stroma, where no solution leads but errors may.
enum class PastFull {
  stop,  ///< as (M7) and (M9) have it: a state that stays there is safe
  /// They go on below 0, smoothly, for the arguments of a step's stages: with the kink at 0 steps stay short along a
  /// full niche. An integrator that stays there with free pigment below 0 runs away.
  go_on
};

/// Equations (M7) and (M9) from the sums over size classes. @param n [1/m3] @param free, held, bound [kg/m3]
template <class S>
LocalClosures<S> local_closures(const LocalConstants<S>& c, const LocalPlace<S>& place, S n, S free, S held, S bound,
                                PastFull past = PastFull::stop) {
  const S room = n - held * c.inverse_capacity;
  const S share = S(1.0) - bound * place.inverse_binding;
  const bool stop = past == PastFull::stop;
  return {.room = stop ? maximum(room, S(0.0)) : room,
          .crowding = S(1.0) / (S(1.0) + maximum(free, S(0.0)) * c.inverse_crowding),
          .binding = c.binding_rate * (stop ? maximum(share, S(0.0)) : share),
          .binding_slope = c.binding_rate * place.inverse_binding};
}

/// Density by which loads are divided: a layer without macrophages holds nothing, at a load of 0 instead of 0/0 [1/m3].
template <class S>
S load_density(S n) {
  return maximum(n, S(1.0));
}

/// n* of (M4) over the resident density [1]. @param inflammation I(t) of (M13)
template <class S>
S macrophage_target_factor(const LocalConstants<S>& c, S inflammation) {
  return S(1.0) + (c.inflammation_peak - S(1.0)) * inflammation;
}

/// Equation (M4) at a macrophage load: recruitment towards a raised target, departure of empty cells only.
/// @returns [1/(m3 s)]
template <class S>
S macrophage_rate_at(const LocalConstants<S>& c, S target, S n, S load, S recruitment_factor) {
  const S empty = maximum(S(1.0) - load, S(0.0));
  const S recruitment = c.recruitment_rate * recruitment_factor;
  return recruitment * maximum(target - n, S(0.0)) - c.departure_rate * maximum(n - target, S(0.0)) * empty;
}
/// d(macrophage_rate)/dn at a load. @param per_n 1/load_density(n) @returns [1/s]
template <class S>
S macrophage_rate_slope_at(const LocalConstants<S>& c, S target, S n, S load, S per_n, S recruitment_factor) {
  const S empty = maximum(S(1.0) - load, S(0.0));
  const S leaving = c.departure_rate * (empty + select(load < S(1.0), (n - target) * load * per_n, S(0.0)));
  return select(n > target, S(0.0) - leaving, S(0.0) - c.recruitment_rate * recruitment_factor);
}
/// d(macrophage_rate)/d(sum m) at a load: what is held keeps macrophages from leaving [1/(kg s)].
template <class S>
S macrophage_rate_held_slope_at(const LocalConstants<S>& c, S target, S n, S load, S per_n) {
  const S slope = c.departure_rate * (n - target) * c.inverse_capacity * per_n;
  return select(n > target, select(load < S(1.0), slope, S(0.0)), S(0.0));
}

/// The same from what is held [kg/m3].
template <class S>
S macrophage_rate(const LocalConstants<S>& c, S target, S n, S held, S recruitment_factor = S(1.0)) {
  return macrophage_rate_at(c, target, n, held * c.inverse_capacity / load_density(n), recruitment_factor);
}
template <class S>
S macrophage_rate_slope(const LocalConstants<S>& c, S target, S n, S held, S recruitment_factor = S(1.0)) {
  const S per_n = S(1.0) / load_density(n);
  return macrophage_rate_slope_at(c, target, n, held * c.inverse_capacity * per_n, per_n, recruitment_factor);
}
template <class S>
S macrophage_rate_held_slope(const LocalConstants<S>& c, S target, S n, S held) {
  const S per_n = S(1.0) / load_density(n);
  return macrophage_rate_held_slope_at(c, target, n, held * c.inverse_capacity * per_n, per_n);
}

}  // namespace inkfade::INKFADE_ISA
