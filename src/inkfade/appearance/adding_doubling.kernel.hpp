#pragma once

#include <cstddef>

#include "inkfade/appearance/symmetric.kernel.hpp"
#include "inkfade/base/math.kernel.hpp"

// Adding and doubling (M17, M18). Fluxes of stream i are scaled by (w_i mu_i)^(-1/2), which makes the reflection R and
// the transmission T of a homogeneous layer symmetric, and so the reflection of any stack on a matched half space.
namespace inkfade::INKFADE_ISA {

/// What one layer does to light of the wavelengths in S.
template <class S>
struct OpticalLayer {
  S mu_a;            ///< absorption [1/m]
  S mu_s;            ///< scattering [1/m]
  S g;               ///< mean cosine of scattering [1]
  double thickness;  ///< [m]
  int doublings;     ///< the layer is 2^doublings thinner ones
};

/// What a stack of layers sends back, for light that falls onto it normally and from all sides.
template <class S>
struct StackOutput {
  S reflectance[2];    ///< normal: without what the surface itself reflects; diffuse: with it
  S transmittance[2];  ///< through the bottom
};

/// Adding-doubling with N streams in a hemisphere (0: as many as the tables say). A stack is n x n numbers, the
/// reflection seen from above, and n more, what passes its bottom. `Tables` is appearance::StreamTables.
template <int N, class S, class Tables>
class AddingDoubling {
 public:
  AddingDoubling(const Tables& tables, S* scratch) : tables_(tables), scratch_(scratch) {}

  static std::size_t stack_size(int n_given) {
    const auto n = static_cast<std::size_t>(size_of<N>(n_given));
    return n * n + n;
  }
  static std::size_t scratch_size(int n_given) { return 8 * stack_size(n_given); }

  /// The half space below: what it reflects into the streams, and what passes into it.
  void start(S* stack) const {
    const int n = size();
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) stack[i * n + j] = S(i == j ? tables_.below[i] : 0.0);
      stack[n * n + i] = S((1.0 - tables_.below[i]) * tables_.scale[i]);
    }
  }

  /// Puts a layer on top of the stack.
  void add(const OpticalLayer<S>& layer, S* stack) {
    const int n = size();
    S* r = scratch_;
    S* t = r + n * n;
    thin(layer, r, t);
    for (int m = 0; m < layer.doublings; ++m) twice(r, t);
    S* a = t + n * n;
    S* x = a + n * n;
    S* y = x + n * n;
    multiply<N>(n, r, stack, a);
    one_minus(a);
    for (int i = 0; i < n * n; ++i) x[i] = t[i];
    solve_in_place<N>(n, a, n, x);
    multiply<N>(n, stack, x, y);
    multiply<N>(n, t, y, a);
    for (int i = 0; i < n * n; ++i) stack[i] = r[i] + a[i];
    S* through = stack + n * n;
    S passed[N > 0 ? N : most_streams];
    for (int j = 0; j < n; ++j) {
      passed[j] = through[0] * x[j];
      for (int i = 1; i < n; ++i) passed[j] = passed[j] + through[i] * x[i * n + j];
    }
    for (int j = 0; j < n; ++j) through[j] = passed[j];
  }

  /// The stack under the surface, with air above.
  [[nodiscard]] StackOutput<S> look(const S* stack) {
    const int n = size();
    S* a = scratch_;
    S* flux = a + n * n;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) a[i * n + j] = S(tables_.above[i]) * stack[i * n + j];
      flux[2 * i] = S(i == n - 1 ? (1.0 - tables_.above[i]) / tables_.scale[i] : 0.0);
      flux[2 * i + 1] = S(tables_.diffuse[i] * (1.0 - tables_.above[i]) / tables_.scale[i]);
    }
    one_minus(a);
    solve_in_place<N>(n, a, 2, flux);
    StackOutput<S> out;
    double surface = 0.0;
    for (int i = 0; i < n; ++i) surface += tables_.diffuse[i] * tables_.above[i];
    for (int light = 0; light < 2; ++light) {
      out.reflectance[light] = S(light == 0 ? 0.0 : surface);
      out.transmittance[light] = S(0.0);
      for (int i = 0; i < n; ++i) {
        S up = stack[i * n] * flux[light];
        for (int j = 1; j < n; ++j) up = up + stack[i * n + j] * flux[2 * j + light];
        out.reflectance[light] = out.reflectance[light] + S((1.0 - tables_.above[i]) * tables_.scale[i]) * up;
        out.transmittance[light] = out.transmittance[light] + stack[n * n + i] * flux[2 * i + light];
      }
    }
    return out;
  }

 private:
  [[nodiscard]] int size() const { return size_of<N>(tables_.streams); }

  void one_minus(S* a) const {
    const int n = size();
    for (int i = 0; i < n * n; ++i) a[i] = S(0.0) - a[i];
    for (int i = 0; i < n; ++i) a[i * n + i] = S(1.0) + a[i * n + i];
  }

  /// Even and odd part of the phase matrix, in turns, of its lower triangle: layers beside each other often share it.
  void scatter(const S& g) {
    const int n = size();
    S power[2 * most_streams];
    power[0] = S(1.0);
    for (int k = 1; k <= tables_.moments; ++k) power[k] = power[k - 1] * g;
    forward_ = power[tables_.moments];
    for (int k = 0; k < tables_.moments; ++k) power[k] = S(2.0) * (power[k] - forward_);
    S* phase = scratch_ + 7 * stack_size(n);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j <= i; ++j) {
        const double* moment = tables_.moment + (i * n + j) * tables_.moments;
        S sums[2] = {S(0.0), S(0.0)};
        for (int k = 0; k < tables_.moments; ++k) sums[k % 2] = sums[k % 2] + power[k] * S(moment[k]);
        *phase++ = sums[0];
        *phase++ = sums[1];
      }
    }
    g_ = g;
    knows_phase_ = true;
  }

  /// R and T of the layer's 2^-doublings by the diamond scheme. Sums and differences of the two directions decouple:
  /// T + R and T - R are 2 M^-1 - 1, M = 1 + d/2 (1/mu - 2 (even or odd part of the phase matrix)).
  void thin(const OpticalLayer<S>& layer, S* __restrict r, S* __restrict t) {
    const int n = size();
    double part = 0.5 * layer.thickness;
    for (int m = 0; m < layer.doublings; ++m) part *= 0.5;
    if (!knows_phase_ || nonzero(layer.g - g_)) scatter(layer.g);
    const S scattering = layer.mu_s * S(part);
    const S extinction = (layer.mu_a + layer.mu_s * (S(1.0) - forward_)) * S(part);
    S* even = t + n * n;
    S* odd = even + n * n;
    const S* phase = scratch_ + 7 * stack_size(n);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j <= i; ++j) {
        const S own = i == j ? S(1.0) + extinction * S(tables_.per_cosine[i]) : S(0.0);
        even[i * n + j] = own - scattering * *phase++;
        odd[i * n + j] = own - scattering * *phase++;
      }
    }
    S* inverse = odd + n * n;
    invert(even, inverse, r);
    invert(odd, inverse, t);
    for (int i = 0; i < n * n; ++i) {
      const S sum = r[i];
      r[i] = sum - t[i];
      t[i] = sum + t[i];
    }
    for (int i = 0; i < n; ++i) t[i * n + i] = t[i * n + i] - S(1.0);
  }

  void invert(S* __restrict a, S* __restrict work, S* __restrict out) const {
    const int n = size();
    S* d = work;
    S* z = work + n;
    factor_symmetric<N>(n, a, d);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) z[i * n + j] = S(i == j ? 1.0 : 0.0);
    }
    forward_substitute<N>(n, a, z);
    gram<N>(n, z, d, out);
  }

  /// R and T of two equal layers: T (1 -+ R)^-1 T are symmetric, and their half sum and half difference all there is.
  void twice(S* __restrict r, S* __restrict t) {
    const int n = size();
    S* plus = t + n * n;
    S* minus = plus + n * n;
    S* a = minus + n * n;
    S* d = a + n * n;
    S* z = d + n;
    for (int sign = 0; sign < 2; ++sign) {
      for (int i = 0; i < n * n; ++i) {
        a[i] = sign == 0 ? S(0.0) - r[i] : r[i];
        z[i] = t[i];
      }
      for (int i = 0; i < n; ++i) a[i * n + i] = S(1.0) + a[i * n + i];
      factor_symmetric<N>(n, a, d);
      forward_substitute<N>(n, a, z);
      gram<N>(n, z, d, sign == 0 ? plus : minus);
    }
    for (int i = 0; i < n * n; ++i) {
      r[i] = r[i] + S(0.5) * (plus[i] - minus[i]);
      t[i] = S(0.5) * (plus[i] + minus[i]);
    }
  }

  const Tables& tables_;
  S* scratch_;
  bool knows_phase_ = false;
  S g_{};
  S forward_{};  ///< delta-M: this share of the scattering goes straight on
};

}  // namespace inkfade::INKFADE_ISA
