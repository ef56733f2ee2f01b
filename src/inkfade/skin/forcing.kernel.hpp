#pragma once

#include "inkfade/base/isa.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// One band of daylight on the skin as a truncated Fourier series of the year: clear-sky formulas are smooth, and a
/// series lets the integrator step over seasons without restarts.
template <class S>
struct Daylight {
  static constexpr int n_harmonics = 3;
  S mean{};                 ///< annual mean, 24-hour average [W/m2 erythemal, or lx]
  S cosine[n_harmonics]{};  ///< amplitudes, same unit
  S sine[n_harmonics]{};    ///< amplitudes, same unit
};

/// What drives the column between two events: smooth functions of time, constants from the event before.
template <class S>
struct Forcing {
  S start{};                  ///< time of the event before, t0 [s]
  S openness{};               ///< H at t0: share of the wound that is still open, summed over sessions [1]
  S closure_rate{};           ///< 1/tau_close with its aftercare factor [1/s]
  S wound_factor{1.0};        ///< A_w [1]
  S inflammation_offset{};    ///< A of I(t) = (A + B (t - t0)) exp(-(t - t0)/t_p) [1]
  S inflammation_slope{};     ///< B [1/s]
  S inflammation_rate{};      ///< 1/t_p [1/s]
  S lymph_factor{1.0};        ///< massage part of A_l [1]
  S turnover_factor{1.0};     ///< multiplies the turnover time [1]
  S capture_factor{1.0};      ///< immune stimulation: multiplies c_k [1]
  S egress_factor{1.0};       ///< immune stimulation: multiplies epsilon [1]
  S recruitment_factor{1.0};  ///< after an ablation: multiplies r_in [1]
  S year_phase{};             ///< time of the year at t = 0 [1]
  S year_rate{};              ///< 1/year [1/s]
  Daylight<S> uv;             ///< on this skin: person's share, hat and sunscreen included [W/m2 erythemal]
  Daylight<S> visible;        ///< likewise [lx]
};

/// The values of a Forcing at one time.
template <class S>
struct ForcingNow {
  S openness{};      ///< H(t), at most 1 [1]
  S wound{};         ///< A_w H(t) [1]
  S inflammation{};  ///< I(t), at most 1 [1]
  S uv{};            ///< [W/m2 erythemal]
  S visible{};       ///< [lx]
};

template <class S>
S daylight_at(const Daylight<S>& light, const S* cosines, const S* sines) {
  S sum = light.mean;
  for (int i = 0; i < Daylight<S>::n_harmonics; ++i)
    sum = sum + (light.cosine[i] * cosines[i] + light.sine[i] * sines[i]);
  return maximum(sum, S(0.0));
}

/// cos and sin of the year's harmonics at time t [s]. @param cosines, sines set (n_harmonics)
template <class S>
void year_harmonics(const Forcing<S>& forcing, S t, S* cosines, S* sines) {
  const S turns = forcing.year_phase + t * forcing.year_rate;
  cosines[0] = cos_turns(turns);
  sines[0] = sin_turns(turns);
  for (int i = 1; i < Daylight<S>::n_harmonics; ++i) {
    cosines[i] = cosines[i - 1] * cosines[0] - sines[i - 1] * sines[0];
    sines[i] = sines[i - 1] * cosines[0] + cosines[i - 1] * sines[0];
  }
}

/// I(t) of (M13): it rises, then falls, and nothing else between two sessions.
template <class S>
S inflammation_at(const Forcing<S>& forcing, S t) {
  const S elapsed = t - forcing.start;
  return minimum((forcing.inflammation_offset + forcing.inflammation_slope * elapsed) *
                     exp_(S(0.0) - elapsed * forcing.inflammation_rate),
                 S(1.0));
}

/// Equations (M12), (M13) and (M15) at time t [s].
template <class S>
ForcingNow<S> evaluate(const Forcing<S>& forcing, S t) {
  ForcingNow<S> now;
  const S elapsed = t - forcing.start;
  now.openness = minimum(forcing.openness * exp_(S(0.0) - elapsed * forcing.closure_rate), S(1.0));
  now.wound = forcing.wound_factor * now.openness;
  now.inflammation = inflammation_at(forcing, t);
  S cosines[Daylight<S>::n_harmonics];
  S sines[Daylight<S>::n_harmonics];
  year_harmonics(forcing, t, cosines, sines);
  now.uv = daylight_at(forcing.uv, cosines, sines);
  now.visible = daylight_at(forcing.visible, cosines, sines);
  return now;
}

/// d(daylight_at)/dt [1/s of its unit]; 0 where the series is cut off at 0.
template <class S>
S daylight_slope(const Daylight<S>& light, const S* cosines, const S* sines, S year_rate) {
  constexpr double two_pi = 6.283185307179586;
  S slope = S(0.0);
  for (int i = 0; i < Daylight<S>::n_harmonics; ++i) {
    slope = slope + S(two_pi * (i + 1)) * (light.sine[i] * cosines[i] - light.cosine[i] * sines[i]);
  }
  return select(daylight_at(light, cosines, sines) > S(0.0), slope * year_rate, S(0.0));
}

/// A Forcing at time t [s] and how fast it changes [1/s].
template <class S>
struct ForcingWithSlope {
  ForcingNow<S> now;
  ForcingNow<S> slope;
};

template <class S>
ForcingWithSlope<S> evaluate_with_slope(const Forcing<S>& forcing, S t) {
  ForcingWithSlope<S> both;
  both.now = evaluate(forcing, t);
  const S elapsed = t - forcing.start;
  const S closing = S(0.0) - forcing.closure_rate * both.now.openness;
  both.slope.openness = select(both.now.openness < S(1.0), closing, S(0.0));
  both.slope.wound = forcing.wound_factor * both.slope.openness;
  const S calming = (forcing.inflammation_slope -
                     forcing.inflammation_rate * (forcing.inflammation_offset + forcing.inflammation_slope * elapsed)) *
                    exp_(S(0.0) - elapsed * forcing.inflammation_rate);
  both.slope.inflammation = select(both.now.inflammation < S(1.0), calming, S(0.0));
  S cosines[Daylight<S>::n_harmonics];
  S sines[Daylight<S>::n_harmonics];
  year_harmonics(forcing, t, cosines, sines);
  both.slope.uv = daylight_slope(forcing.uv, cosines, sines, forcing.year_rate);
  both.slope.visible = daylight_slope(forcing.visible, cosines, sines, forcing.year_rate);
  return both;
}

}  // namespace inkfade::INKFADE_ISA
