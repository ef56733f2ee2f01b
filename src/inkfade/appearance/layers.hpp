#pragma once

#include <cstddef>
#include <vector>

#include "inkfade/appearance/aligned.hpp"

namespace inkfade::appearance {

/// Turbid layers, topmost first, over wavelengths. Rows are padded: their last wavelength is repeated.
class Layers {
 public:
  explicit Layers(std::size_t n_wavelengths) : n_wavelengths_(n_wavelengths) {}

  void clear();
  /// Adds a layer below the others and returns its index; its rows are to be filled. @param thickness [m], may be
  /// infinite for the last
  std::size_t append(double thickness);

  [[nodiscard]] std::size_t size() const { return thickness_.size(); }
  [[nodiscard]] std::size_t n_wavelengths() const { return n_wavelengths_; }
  [[nodiscard]] std::size_t row() const { return padded(n_wavelengths_); }
  [[nodiscard]] double thickness(std::size_t layer) const { return thickness_[layer]; }
  void set_thickness(std::size_t layer, double thickness) { thickness_[layer] = thickness; }
  [[nodiscard]] double* mu_a(std::size_t layer) { return mu_a_.data() + layer * row(); }  ///< (row) [1/m]
  [[nodiscard]] double* mu_s(std::size_t layer) { return mu_s_.data() + layer * row(); }  ///< (row) [1/m]
  [[nodiscard]] double* g(std::size_t layer) { return g_.data() + layer * row(); }        ///< (row) [1]
  [[nodiscard]] const double* mu_a(std::size_t layer) const { return mu_a_.data() + layer * row(); }
  [[nodiscard]] const double* mu_s(std::size_t layer) const { return mu_s_.data() + layer * row(); }
  [[nodiscard]] const double* g(std::size_t layer) const { return g_.data() + layer * row(); }
  /// Repeats the last wavelength in what pads the layer's rows.
  void pad(std::size_t layer);
  /// Appends a layer of `other` as it is.
  void append(const Layers& other, std::size_t layer);

 private:
  std::size_t n_wavelengths_;
  std::vector<double> thickness_;
  AlignedVector mu_a_;
  AlignedVector mu_s_;
  AlignedVector g_;
};

}  // namespace inkfade::appearance
