#include "inkfade/appearance/streams.hpp"

#include <cmath>
#include <deque>
#include <string>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/appearance/fresnel.hpp"
#include "inkfade/appearance/quadrature.hpp"
#include "inkfade/base/errors.hpp"

namespace inkfade::appearance {

Streams::Streams(const StreamOptions& options) : options_(options) {
  if (options.streams < 4 || options.streams > 64 || options.streams % 2 != 0) {
    throw ParameterError("streams = " + std::to_string(options.streams) + ": must be an even number from 4 to 64");
  }
  check_range("n", options.n, "", 1.0, 2.0);
  check_range("n_below", options.n_below, "", 1.0, 2.0);
  check_range("start", options.start, "", 1e-4, 4.0);
  place_streams();
  set_surfaces();
  set_moments();
}

void Streams::place_streams() {
  const auto n = static_cast<std::size_t>(options_.streams);
  Quadrature cone;
  if (options_.n == 1.0) {
    cone = radau_right(n, 0.0, 1.0);
  } else {
    const double critical = std::sqrt(1.0 - 1.0 / (options_.n * options_.n));
    const Quadrature trapped = gauss_legendre(n / 2, 0.0, critical);
    cosine_ = trapped.node;
    weight_ = trapped.weight;
    cone = radau_right(n / 2, critical, 1.0);
  }
  cosine_.insert(cosine_.end(), cone.node.begin(), cone.node.end());
  weight_.insert(weight_.end(), cone.weight.begin(), cone.weight.end());
  for (std::size_t i = 0; i < n; ++i) {
    per_cosine_.push_back(1.0 / cosine_[i]);
    scale_.push_back(std::sqrt(weight_[i] * cosine_[i]));
  }
  tables_.streams = options_.streams;
  tables_.per_cosine = per_cosine_.data();
  tables_.scale = scale_.data();
}

void Streams::set_surfaces() {
  const double n = options_.n;
  for (const double mu : cosine_) {
    above_.push_back(fresnel(n, 1.0, mu));
    below_.push_back(fresnel(n, options_.n_below, mu));
  }
  for (std::size_t i = 0; i < cosine_.size(); ++i) {
    const bool escapes = above_[i] < 1.0;
    diffuse_.push_back(escapes ? 2.0 * cosine_[i] * weight_[i] * n * n : 0.0);
  }
  tables_.above = above_.data();
  tables_.below = below_.data();
  tables_.diffuse = diffuse_.data();
  tables_.normal_reflection[0] = fresnel(n, 1.0, 1.0);
  tables_.normal_reflection[1] = fresnel(n, options_.n_below, 1.0);
  tables_.diffuse_reflection[0] = diffuse_fresnel(n, 1.0);
  tables_.diffuse_reflection[1] = diffuse_fresnel(n, options_.n_below);
  tables_.outer_reflection = diffuse_fresnel(1.0, n);
}

void Streams::set_moments() {
  // As many as the rules integrate (an odd one more does no harm): with more, energy is not conserved.
  const auto n = static_cast<std::size_t>(options_.streams);
  const std::size_t moments = options_.n == 1.0 || n == 4 ? n : n - 1;
  std::vector<std::vector<double>> p;
  for (const double mu : cosine_) p.push_back(legendre(moments, mu));
  moment_.resize(n * n * moments);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double scale = 0.5 * std::sqrt(weight_[i] * weight_[j] / (cosine_[i] * cosine_[j]));
      for (std::size_t k = 0; k < moments; ++k) {
        moment_[(i * n + j) * moments + k] = scale * (2.0 * static_cast<double>(k) + 1.0) * p[i][k] * p[j][k];
      }
    }
  }
  tables_.moments = static_cast<int>(moments);
  tables_.moment = moment_.data();
}

std::shared_ptr<const Streams> shared_streams(const StreamOptions& options) {
  constexpr std::size_t most_kept = 4;
  thread_local std::deque<std::shared_ptr<const Streams>> kept;
  for (const auto& streams : kept) {
    if (streams->options() == options) return streams;
  }
  kept.push_front(std::make_shared<const Streams>(options));
  if (kept.size() > most_kept) kept.pop_back();
  return kept.front();
}

}  // namespace inkfade::appearance
