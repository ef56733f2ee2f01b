#include "inkfade/appearance/layer_solver.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/float_environment.hpp"

namespace inkfade::appearance {

namespace {

/// Optical thickness that stands for infinity: what comes back from below it is 1e-6 where nothing is absorbed.
constexpr double infinite_depth = 1e6;

/// Largest optical thickness per length [1/m] of any wavelength, after delta-M with this share of forward scattering.
double largest_extinction(const Layers& layers, std::size_t layer, int moments) {
  const double* mu_a = layers.mu_a(layer);
  const double* mu_s = layers.mu_s(layer);
  const double* g = layers.g(layer);
  double largest = 0.0;
  for (std::size_t i = 0; i < layers.n_wavelengths(); ++i) {
    double forward = 1.0;
    for (int k = 0; k < moments; ++k) forward *= g[i];
    largest = std::max(largest, mu_a[i] + mu_s[i] * (1.0 - forward));
  }
  return largest;
}

void check_layers(const Layers& layers) {
  if (layers.size() == 0) throw ParameterError("thickness has no layers: give one at least");
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::string place = "[" + std::to_string(l) + "]";
    const double thickness = layers.thickness(l);
    if (std::isinf(thickness) && thickness > 0.0 && l + 1 < layers.size()) {
      throw ParameterError("thickness" + place + " = inf m: only the last layer may be infinitely thick");
    }
    if (!(thickness >= 0.0)) {
      throw ParameterError("thickness" + place + " = " + number(thickness) + " m: must be 0 m or more");
    }
    for (std::size_t i = 0; i < layers.n_wavelengths(); ++i) {
      const std::string here = "[" + std::to_string(i) + ", " + std::to_string(l) + "]";
      check_range("mu_a" + here, layers.mu_a(l)[i], "1/m", 0.0, 1e9);
      check_range("mu_s" + here, layers.mu_s(l)[i], "1/m", 0.0, 1e9);
      check_range("g" + here, layers.g(l)[i], "", -0.99, 0.99);
    }
  }
}

}  // namespace

LayerSolver::LayerSolver(const StreamOptions& options, std::size_t n_wavelengths, Method method, InstructionSet set)
    : streams_(shared_streams(options)),
      n_wavelengths_(n_wavelengths),
      method_(method),
      optics_(&kernels(set)),
      kernels_(method == Method::adding_doubling ? &optics_->adding_doubling : &optics_->delta_eddington) {}

StackArrays LayerSolver::arrays(const Stack& stack) const {
  StackArrays arrays;
  arrays.streams = &streams_->tables();
  arrays.n_wavelengths = static_cast<int>(padded(n_wavelengths_));
  arrays.stack = const_cast<double*>(stack.values.data());
  return arrays;
}

Stack LayerSolver::bottom() const {
  Stack stack;
  stack.values.resize(kernels_->stack_size(streams_->tables().streams, static_cast<int>(padded(n_wavelengths_))));
  kernels_->start(arrays(stack));
  return stack;
}

void LayerSolver::prepare(const Layers& layers, std::size_t layer, Work& work) const {
  double thickness = layers.thickness(layer);
  const double extinction = largest_extinction(layers, layer, streams_->tables().moments);
  if (std::isinf(thickness)) thickness = infinite_depth / std::max(extinction, 1e-30);
  int doublings = 0;
  for (double part = thickness * extinction; part > streams_->thinnest(); part *= 0.5) ++doublings;
  work.thickness.push_back(thickness);
  work.doublings.push_back(doublings);
}

void LayerSolver::add(const Layers& layers, std::size_t first, std::size_t last, Stack& stack, Work& work,
                      const std::vector<int>* doublings) const {
  work.thickness.clear();
  work.doublings.clear();
  for (std::size_t l = first; l < last; ++l) prepare(layers, l, work);
  if (doublings != nullptr) work.doublings = *doublings;
  if (work.thickness.empty()) return;
  StackArrays call = arrays(stack);
  work.scratch.resize(kernels_->scratch_size(call.streams->streams, call.n_wavelengths));
  call.n_layers = static_cast<int>(last - first);
  call.thickness = work.thickness.data();
  call.doublings = work.doublings.data();
  call.mu_a = layers.mu_a(first);
  call.mu_s = layers.mu_s(first);
  call.g = layers.g(first);
  call.scratch = work.scratch.data();
  const KernelFloatEnvironment environment;
  kernels_->add(call);
}

const double* LayerSolver::look(const Stack& stack, Work& work) const {
  StackArrays call = arrays(stack);
  const std::size_t row = padded(n_wavelengths_);
  work.out.resize(4 * row);
  work.scratch.resize(kernels_->scratch_size(call.streams->streams, call.n_wavelengths));
  call.scratch = work.scratch.data();
  for (std::size_t light = 0; light < 2; ++light) {
    call.reflectance[light] = work.out.data() + light * row;
    call.transmittance[light] = work.out.data() + (2 + light) * row;
  }
  const KernelFloatEnvironment environment;
  kernels_->look(call);
  return work.out.data();
}

Reflectance LayerSolver::reflectance(const Stack& stack, Work& work) const {
  const double* out = look(stack, work);
  const std::size_t row = padded(n_wavelengths_);
  const auto part = [&](std::size_t index) {
    return std::vector<double>(out + index * row, out + index * row + n_wavelengths_);
  };
  Reflectance result{part(0), part(0), part(1), part(2), part(3)};
  for (double& r : result.sci) r += streams_->tables().normal_reflection[0];
  return result;
}

void LayerSolver::pack(AlignedVector& mu, double path) const {
  const KernelFloatEnvironment environment;
  optics_->pack(mu.data(), path, static_cast<int>(mu.size()));
}

Reflectance layered_reflectance(const Layers& layers, const StreamOptions& options, Method method) {
  check_layers(layers);
  const LayerSolver solver(options, layers.n_wavelengths(), method);
  LayerSolver::Work work;
  Stack stack = solver.bottom();
  solver.add(layers, 0, layers.size(), stack, work);
  return solver.reflectance(stack, work);
}

}  // namespace inkfade::appearance
