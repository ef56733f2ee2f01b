#pragma once

#include "inkfade/base/math.kernel.hpp"

// The preview: two streams by the delta-Eddington closure (M19), in the form of Meador and Weaver (J. Atmos. Sci.
// 1980).
namespace inkfade::INKFADE_ISA {

/// A stack of layers as two-stream theory has it.
template <class S>
struct TwoStreamStack {
  S albedo;   ///< reflection of diffuse light
  S direct;   ///< reflection of light that falls in normally
  S through;  ///< of diffuse light, what passes the bottom
  S beam;     ///< of light that falls in normally, what passes the bottom
};

/// What a layer of 2-stream theory does.
template <class S>
struct TwoStreamLayer {
  S reflects;          ///< diffuse light
  S transmits;         ///< diffuse light
  S beam_reflects;     ///< of the beam, as diffuse light
  S beam_transmits;    ///< of the beam, as diffuse light
  S beam_unscattered;  ///< of the beam
};

/// Reflection and transmission of one layer.
template <class S>
TwoStreamLayer<S> two_stream_layer(S mu_a, S mu_s, S g, double thickness) {
  const S one(1.0);
  const S forward = g * g;
  const S asymmetry = g / (one + g);
  const S scattering = mu_s * (one - forward);
  const S extinction = mu_a + scattering + S(1e-30);
  const S albedo = minimum(scattering / extinction, S(1.0 - 1e-10));
  const S tau = extinction * S(thickness);
  const S g1 = S(0.25) * (S(7.0) - albedo * (S(4.0) + S(3.0) * asymmetry));
  const S g2 = S(-0.25) * (one - albedo * (S(4.0) - S(3.0) * asymmetry));
  const S g3 = S(0.25) * (S(2.0) - S(3.0) * asymmetry);
  const S g4 = one - g3;
  const S root = sqrt_((g1 - g2) * (g1 + g2));
  const S k = select(absolute(root - one) < S(1e-7), S(1.0 + 1e-7), root);  // where k mu = 1 the formulas are 0/0
  const S a1 = g1 * g4 + g2 * g3;
  const S a2 = g1 * g3 + g2 * g4;
  const S e = exp_(S(0.0) - k * tau);
  const S beam = exp_(S(0.0) - tau);
  const S e2 = e * e;
  const S per_denominator = one / (k + g1 + (k - g1) * e2);
  const S q = albedo * per_denominator / (one - k * k);
  const S two_k = k + k;
  TwoStreamLayer<S> layer;
  layer.reflects = g2 * (one - e2) * per_denominator;
  layer.transmits = two_k * e * per_denominator;
  layer.beam_reflects = q * ((one - k) * (a2 + k * g3) - (one + k) * (a2 - k * g3) * e2 - two_k * (g3 - a2) * e * beam);
  layer.beam_transmits =
      S(0.0) - q * ((one + k) * (a1 + k * g4) * beam - (one - k) * (a1 - k * g4) * e2 * beam - two_k * (g4 + a1) * e);
  layer.beam_unscattered = beam;
  return layer;
}

/// Puts a layer on top of the stack.
template <class S>
void add_two_stream(const TwoStreamLayer<S>& layer, TwoStreamStack<S>& stack) {
  const S between = S(1.0) / (S(1.0) - layer.reflects * stack.albedo);
  const S beam = layer.beam_unscattered;
  // Diffuse light downwards at the interface, per unit of the beam.
  const S down = (layer.beam_transmits + layer.reflects * beam * stack.direct) * between;
  stack.beam = beam * stack.beam + down * stack.through;
  stack.direct = layer.beam_reflects + layer.transmits * (beam * stack.direct + down * stack.albedo);
  stack.through = layer.transmits * between * stack.through;
  stack.albedo = layer.reflects + layer.transmits * layer.transmits * stack.albedo * between;
}

}  // namespace inkfade::INKFADE_ISA
