#pragma once

#include <type_traits>

#include "inkfade/appearance/adding_doubling.kernel.hpp"
#include "inkfade/appearance/delta_eddington.kernel.hpp"
#include "inkfade/appearance/packaging.kernel.hpp"
#include "inkfade/base/pack.kernel.hpp"

// The optics on packs of W wavelengths. `Arrays` is appearance::StackArrays.
namespace inkfade::INKFADE_ISA {

template <class S>
S* as_packs(double* values) {
  return reinterpret_cast<S*>(values);
}
template <class S>
const S* as_packs(const double* values) {
  return reinterpret_cast<const S*>(values);
}

template <int W, class Arrays>
OpticalLayer<Pack<W>> layer_of(const Arrays& arrays, int layer, int pack) {
  using S = Pack<W>;
  const int at = layer * (arrays.n_wavelengths / W) + pack;
  return {as_packs<S>(arrays.mu_a)[at], as_packs<S>(arrays.mu_s)[at], as_packs<S>(arrays.g)[at],
          arrays.thickness[layer], arrays.doublings[layer]};
}

template <int W, int N, class Arrays>
class AddingDoublingOnPacks {
 public:
  using S = Pack<W>;

  explicit AddingDoublingOnPacks(const Arrays& arrays)
      : arrays_(arrays), solver_(*arrays.streams, as_packs<S>(arrays.scratch)) {}

  void start() {
    for (int p = 0; p < packs(); ++p) solver_.start(stack(p));
  }
  void add() {
    for (int p = 0; p < packs(); ++p) {
      for (int l = arrays_.n_layers - 1; l >= 0; --l) solver_.add(layer_of<W>(arrays_, l, p), stack(p));
    }
  }
  void look() {
    for (int p = 0; p < packs(); ++p) {
      const StackOutput<S> out = solver_.look(stack(p));
      for (int light = 0; light < 2; ++light) {
        as_packs<S>(arrays_.reflectance[light])[p] = out.reflectance[light];
        as_packs<S>(arrays_.transmittance[light])[p] = out.transmittance[light];
      }
    }
  }

 private:
  using Solver = AddingDoubling<N, S, std::remove_cvref_t<decltype(*Arrays::streams)>>;

  [[nodiscard]] int packs() const { return arrays_.n_wavelengths / W; }
  [[nodiscard]] S* stack(int p) const {
    return as_packs<S>(arrays_.stack) + static_cast<std::size_t>(p) * Solver::stack_size(arrays_.streams->streams);
  }

  const Arrays& arrays_;
  Solver solver_;
};

template <int W, class Arrays>
class DeltaEddingtonOnPacks {
 public:
  using S = Pack<W>;

  explicit DeltaEddingtonOnPacks(const Arrays& arrays) : arrays_(arrays) {}

  void start() {
    const auto& tables = *arrays_.streams;
    for (int p = 0; p < packs(); ++p) {
      stack(p) = {S(tables.diffuse_reflection[1]), S(tables.normal_reflection[1]),
                  S(1.0 - tables.diffuse_reflection[1]), S(1.0 - tables.normal_reflection[1])};
    }
  }
  void add() {
    for (int p = 0; p < packs(); ++p) {
      for (int l = arrays_.n_layers - 1; l >= 0; --l) {
        const OpticalLayer<S> layer = layer_of<W>(arrays_, l, p);
        add_two_stream(two_stream_layer(layer.mu_a, layer.mu_s, layer.g, layer.thickness), stack(p));
      }
    }
  }
  void look() {
    const auto& tables = *arrays_.streams;
    const S inner(tables.diffuse_reflection[0]);
    const S outer(tables.outer_reflection);
    const S normal(1.0 - tables.normal_reflection[0]);
    const S one(1.0);
    for (int p = 0; p < packs(); ++p) {
      const TwoStreamStack<S>& s = stack(p);
      const S again = one / (one - inner * s.albedo);
      // The closure turns slightly negative under strong absorption.
      const S up = maximum(s.direct, S(0.0));
      as_packs<S>(arrays_.reflectance[0])[p] = normal * up * (one - inner) * again;
      as_packs<S>(arrays_.reflectance[1])[p] =
          outer + (one - outer) * maximum(s.albedo, S(0.0)) * (one - inner) * again;
      as_packs<S>(arrays_.transmittance[0])[p] = normal * (s.beam + up * inner * again * s.through);
      as_packs<S>(arrays_.transmittance[1])[p] = (one - outer) * again * s.through;
    }
  }

 private:
  [[nodiscard]] int packs() const { return arrays_.n_wavelengths / W; }
  [[nodiscard]] TwoStreamStack<S>& stack(int p) const { return reinterpret_cast<TwoStreamStack<S>*>(arrays_.stack)[p]; }

  const Arrays& arrays_;
};

/// Loops unrolled for the usual numbers of streams; the arithmetic, and so the bits, are the same.
template <int W, class Arrays, class Do>
void with_streams(const Arrays& arrays, Do&& work) {
  if (arrays.streams->streams == 6) {
    AddingDoublingOnPacks<W, 6, Arrays> solver(arrays);
    work(solver);
  } else if (arrays.streams->streams == 4) {
    AddingDoublingOnPacks<W, 4, Arrays> solver(arrays);
    work(solver);
  } else {
    AddingDoublingOnPacks<W, 0, Arrays> solver(arrays);
    work(solver);
  }
}

}  // namespace inkfade::INKFADE_ISA
