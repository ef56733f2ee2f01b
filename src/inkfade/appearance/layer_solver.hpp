#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "inkfade/appearance/layers.hpp"
#include "inkfade/appearance/optics_kernels.hpp"
#include "inkfade/appearance/streams.hpp"

namespace inkfade::appearance {

/// How reflection is computed: exactly, in the limit of many streams, or by two streams and at a tenth of the time.
enum class Method { adding_doubling, delta_eddington };

/// Light that a layered medium sends back and lets through, (n_wavelengths) each [1].
///
/// `sce` (specular component excluded) leaves out what the surface itself reflects; `sci` has it. They are for light
/// that falls in normally, summed over all directions out; `diffuse` is for light from all sides, with the surface's
/// reflection.
struct Reflectance {
  std::vector<double> sce;
  std::vector<double> sci;
  std::vector<double> diffuse;
  std::vector<double> transmittance;          ///< of light that falls in normally
  std::vector<double> diffuse_transmittance;  ///< of light from all sides
};

/// A stack of layers while it is built, bottom first; a copy of it is a cache.
struct Stack {
  AlignedVector values;
};

/// Solves layers of light over wavelengths: start a stack, add layers on top of it, look at it.
class LayerSolver {
 public:
  LayerSolver(const StreamOptions& options, std::size_t n_wavelengths, Method method = Method::adding_doubling,
              InstructionSet set = best_instruction_set());

  /// What a call needs beside its stack, for each thread its own.
  struct Work {
    AlignedVector scratch;
    std::vector<double> thickness;
    std::vector<int> doublings;
    AlignedVector out;
  };

  /// The half space below.
  [[nodiscard]] Stack bottom() const;
  /// Puts layers first .. last - 1 on the stack, the lowest first. @param doublings of each, or null: as they need
  void add(const Layers& layers, std::size_t first, std::size_t last, Stack& stack, Work& work,
           const std::vector<int>* doublings = nullptr) const;
  /// sce of the stack, (n_wavelengths); a view into `work`.
  const double* look(const Stack& stack, Work& work) const;
  [[nodiscard]] Reflectance reflectance(const Stack& stack, Work& work) const;

  /// Absorption mu of packed pigment: mu <- mu P(mu path) (M22); whole packs.
  void pack(AlignedVector& mu, double path) const;

  [[nodiscard]] const Streams& streams() const { return *streams_; }
  [[nodiscard]] std::size_t n_wavelengths() const { return n_wavelengths_; }
  [[nodiscard]] Method method() const { return method_; }

 private:
  [[nodiscard]] StackArrays arrays(const Stack& stack) const;
  void prepare(const Layers& layers, std::size_t layer, Work& work) const;

  std::shared_ptr<const Streams> streams_;
  std::size_t n_wavelengths_;
  Method method_;
  const OpticsKernels* optics_;
  const SolverKernels* kernels_;
};

/// Reflection and transmission of layers, topmost first, the last of which may be infinitely thick.
/// @throws ParameterError naming the layer and wavelength of a value that is not allowed
[[nodiscard]] Reflectance layered_reflectance(const Layers& layers, const StreamOptions& options = {},
                                              Method method = Method::adding_doubling);

}  // namespace inkfade::appearance
