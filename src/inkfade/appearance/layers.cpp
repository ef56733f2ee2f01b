#include "inkfade/appearance/layers.hpp"

#include <algorithm>

namespace inkfade::appearance {

void Layers::clear() {
  thickness_.clear();
  mu_a_.clear();
  mu_s_.clear();
  g_.clear();
}

std::size_t Layers::append(double thickness) {
  thickness_.push_back(thickness);
  for (AlignedVector* rows : {&mu_a_, &mu_s_, &g_}) rows->resize(rows->size() + row(), 0.0);
  return size() - 1;
}

void Layers::pad(std::size_t layer) {
  for (double* values : {mu_a(layer), mu_s(layer), g(layer)}) {
    std::fill(values + n_wavelengths_, values + row(), values[n_wavelengths_ - 1]);
  }
}

void Layers::append(const Layers& other, std::size_t layer) {
  const std::size_t here = append(other.thickness(layer));
  std::copy_n(other.mu_a(layer), row(), mu_a(here));
  std::copy_n(other.mu_s(layer), row(), mu_s(here));
  std::copy_n(other.g(layer), row(), g(here));
}

}  // namespace inkfade::appearance
