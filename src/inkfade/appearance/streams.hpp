#pragma once

#include <memory>
#include <vector>

#include "inkfade/appearance/optics_arrays.hpp"

namespace inkfade::appearance {

/// How light is resolved, and what surrounds the layers.
struct StreamOptions {
  int streams = 6;       ///< in each hemisphere: 4 is fast, 6 the default, 16 and more a reference; even, 4 to 64
  double n = 1.4;        ///< refractive index of all layers; 1 where nothing is reflected at the surface
  double n_below = 1.4;  ///< of the half space below; the layers' own where light leaves them freely
  double start = 1.0;    ///< optical thickness of the thinnest layer that is doubled, over the smallest cosine
  friend bool operator==(const StreamOptions&, const StreamOptions&) = default;
};

/// Directions of light in the layers (M17): half of them Gauss nodes among the totally reflected ones, half Radau nodes
/// in the cone from which light escapes, the last being the normal. With n = 1 all are Radau nodes.
class Streams {
 public:
  /// @throws ParameterError for options that are not allowed
  explicit Streams(const StreamOptions& options);
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  [[nodiscard]] const StreamTables& tables() const { return tables_; }
  [[nodiscard]] const std::vector<double>& cosine() const { return cosine_; }
  [[nodiscard]] const std::vector<double>& weight() const { return weight_; }
  /// Optical thickness that the thinnest layer must not exceed.
  [[nodiscard]] double thinnest() const { return options_.start * cosine_.front(); }
  [[nodiscard]] const StreamOptions& options() const { return options_; }

 private:
  void place_streams();
  void set_surfaces();
  void set_moments();

  StreamOptions options_;
  std::vector<double> cosine_;
  std::vector<double> weight_;
  std::vector<double> per_cosine_;
  std::vector<double> scale_;
  std::vector<double> moment_;
  std::vector<double> above_;
  std::vector<double> below_;
  std::vector<double> diffuse_;
  StreamTables tables_;
};

/// Streams of these options: their integrals take a millisecond, and each thread keeps the last few that it made.
[[nodiscard]] std::shared_ptr<const Streams> shared_streams(const StreamOptions& options);

}  // namespace inkfade::appearance
