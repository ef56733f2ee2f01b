#include "inkfade/appearance/appearance_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "inkfade/appearance/allowed.hpp"
#include "inkfade/base/errors.hpp"
#include "inkfade/base/math.kernel.hpp"

namespace inkfade::appearance {

namespace {

constexpr double negligible = 1e-6;  // absorption (mu dz) of all pigment below a cell that is as good as none

// By measurement: with fewer the error rises steeply.
constexpr std::size_t fast_layers = 9;
// Which layers are merged changes with the profile. With 9 the contrast of a run then jumps by 1 %, with 16 by 0.1 %.
constexpr std::size_t steady_layers = 16;

bool has_few_streams(Fidelity fidelity) { return fidelity == Fidelity::fast || fidelity == Fidelity::steady; }

std::size_t most_layers(const AppearanceOptions& options) {
  if (options.fidelity == Fidelity::fast) return fast_layers;
  return options.fidelity == Fidelity::steady ? steady_layers : options.most_cells;
}

StreamOptions stream_options(const SkinOptics& skin, const AppearanceOptions& options) {
  StreamOptions streams;
  streams.streams = has_few_streams(options.fidelity) ? 4 : options.streams;
  streams.start = has_few_streams(options.fidelity) ? 3.0 : 1.0;
  streams.n = skin.n;
  streams.n_below = skin.n;
  return streams;
}

Method method_of(Fidelity fidelity) {
  return fidelity == Fidelity::preview ? Method::delta_eddington : Method::adding_doubling;
}

void check_faces(std::span<const double> face) {
  if (face.size() < 2) throw ParameterError("faces: there must be two at least, the surface and the end of the cell");
  if (face.front() != 0.0) {
    throw ParameterError("faces[0] = " + number(1e6 * face.front()) + " um: must be 0 um, the surface of the skin");
  }
  for (std::size_t i = 1; i < face.size(); ++i) {
    if (!(face[i] > face[i - 1]) || std::isinf(face[i])) {
      throw ParameterError("faces[" + std::to_string(i) + "] = " + number(1e6 * face[i]) + " um: must be above " +
                           number(1e6 * face[i - 1]) + " um, the face before it");
    }
  }
}

}  // namespace

AppearanceModel::AppearanceModel(const SkinOptics& skin, const InkOptics& ink, std::span<const double> face,
                                 std::span<const double> class_diameter, const Clumps& clumps, const DotPatch& dots,
                                 const AppearanceOptions& options)
    : skin_(skin),
      ink_(ink),
      dots_(dots),
      options_(options),
      most_bins_(most_layers(options)),
      n_classes_(class_diameter.size()),
      skin_layers_(skin_layers(skin)),
      solver_(stream_options(skin, options), n_visible, method_of(options.fidelity)) {
  ink.check();
  check(clumps);
  check(dots);
  check_faces(face);
  if (options.most_cells < 4) {
    throw ParameterError("most_cells = " + std::to_string(options.most_cells) + ": must be at least 4");
  }
  check_range("merge_below", options.merge_below, "", 0.0, 0.1);
  n_cells_ = face.size() - 1;
  cut_cells(face);
  most_absorbed_ = static_cast<std::size_t>(std::ranges::max_element(ink.absorption) - ink.absorption.begin());
  least_absorbed_ = static_cast<std::size_t>(std::ranges::min_element(ink.absorption) - ink.absorption.begin());
  make_groups(class_diameter, clumps);
  cache_stacks(face.back());
  Work work(*this);
  solve(work, interface_.front(), bare_.reflectance, nullptr);
  bare_.lab = lab_of(bare_.reflectance);
}

void AppearanceModel::cut_cells(std::span<const double> face) {
  std::size_t layer = 0;
  double end = skin_layers_.thickness(0);
  for (std::size_t i = 0; i < n_cells_; ++i) {
    double top = face[i];
    while (top < face[i + 1]) {
      // An interface that a face only misses by rounding is that face.
      const double slack = 1e-9 * face[i + 1];
      const double bottom = end < face[i + 1] - slack ? end : face[i + 1];
      if (bottom > top + slack || bottom == face[i + 1]) cells_.push_back({i, layer, bottom - top});
      if (end <= bottom + slack) end += skin_layers_.thickness(++layer);
      top = bottom;
    }
  }
}

void AppearanceModel::make_groups(std::span<const double> class_diameter, const Clumps& clumps) {
  std::vector<Clump> known;
  const std::size_t n_classes = std::max<std::size_t>(1, class_diameter.size());
  for (const Clump& pool : {clumps.free, clumps.macrophage, clumps.stroma}) {
    for (std::size_t k = 0; k < n_classes; ++k) {
      const double grain = class_diameter.empty() ? 0.0 : class_diameter[k];
      check_range("class_diameter", grain, "um", 0.0, 100e-6, 1e-6);
      const Clump clump{pool.fraction, std::max(pool.diameter, grain)};
      const auto same = [&](const Clump& other) {
        return other.fraction == clump.fraction && other.diameter == clump.diameter;
      };
      const auto place = std::ranges::find_if(known, same);
      group_of_.push_back(static_cast<std::size_t>(place - known.begin()));
      if (place == known.end()) known.push_back(clump);
    }
  }
  for (std::size_t q = 1; q < group_of_.size(); ++q) {
    if (q % n_classes != 0 && group_of_[q] != group_of_[q - 1]) even_pools_ = false;
  }
  for (const Clump& clump : known) {
    AlignedVector absorption(padded(n_visible));
    for (std::size_t i = 0; i < n_visible; ++i) {
      const double inside = ink_.absorption[i] * ink_.density * clump.fraction;
      absorption[i] = ink_.absorption[i] * packaging_factor(inside * clump.diameter);
    }
    std::fill(absorption.begin() + n_visible, absorption.end(), absorption[n_visible - 1]);
    // Scattering pigment counts, too, where it is asked whether there is any.
    const double scatters = std::ranges::max(ink_.scattering);
    largest_absorption_.push_back(std::max(std::ranges::max(absorption), scatters));
    group_absorption_.push_back(std::move(absorption));
  }
}

void AppearanceModel::cache_stacks(double depth) {
  LayerSolver::Work work;
  double end = 0.0;
  std::vector<double> left;  // of each layer of the skin, below the last cell
  for (std::size_t l = 0; l < skin_layers_.size(); ++l) {
    const double top = end;
    end += skin_layers_.thickness(l);
    left.push_back(end - std::max(top, std::min(depth, end)));
  }
  // The last layer is without end, wherever it is cut.
  left.back() = std::numeric_limits<double>::infinity();
  interface_.assign(skin_layers_.size() + 1, solver_.bottom());
  for (std::size_t l = skin_layers_.size(); l-- > 0;) {
    interface_[l] = interface_[l + 1];
    solver_.add(skin_layers_, l, l + 1, interface_[l], work);
  }
  rest_.resize(cells_.size());
  for (std::size_t c = cells_.size(); c-- > 0;) {
    const bool last = c + 1 == cells_.size() || cells_[c + 1].layer != cells_[c].layer;
    rest_[c] = last ? left[cells_[c].layer] : rest_[c + 1] + cells_[c + 1].thickness;
    if (rest_[c] <= 1e-9 * depth) rest_[c] = 0.0;
  }
}

/// Bare skin below an optical cell: pigment ends in one of few cells, and each is solved once.
const Stack& AppearanceModel::below(std::size_t cell, Work& work) const {
  const std::size_t layer = cells_[cell].layer;
  if (rest_[cell] == 0.0) return interface_[layer + 1];
  Stack& stack = work.below[cell];
  if (!stack.values.empty()) return stack;
  stack = interface_[layer + 1];
  work.rest.clear();
  work.rest.append(skin_layers_, layer);
  work.rest.set_thickness(0, rest_[cell]);
  solver_.add(work.rest, 0, 1, stack, work.solver);
  return stack;
}

AppearanceModel::Work::Work(const AppearanceModel& model)
    : group(model.cells_.size() * model.group_absorption_.size()),
      tau(model.cells_.size()),
      layers(n_visible),
      rest(n_visible),
      below(model.cells_.size()) {}

void AppearanceModel::gather(const PigmentView& pigment, Work& work) const {
  const std::size_t n_groups = group_absorption_.size();
  const std::size_t classes = group_of_.size() / 3;
  std::ranges::fill(work.group, 0.0);
  double mass = 0.0;
  double squares = 0.0;
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const double* values = pigment.values.data() + cells_[c].cell * pigment.stride;
    double* group = work.group.data() + c * n_groups;
    double sum = 0.0;
    for (std::size_t pool = 0; pool < 3; ++pool) {
      const double* of_pool = values + pool * pigment.n_classes;
      const std::size_t* group_of = group_of_.data() + pool * classes;
      double in_pool = 0.0;
      if (even_pools_) {
        for (std::size_t k = 0; k < pigment.n_classes; ++k) in_pool += std::max(0.0, of_pool[k]);
        group[*group_of] += in_pool;
      } else {
        for (std::size_t k = 0; k < pigment.n_classes; ++k) {
          const double here = std::max(0.0, of_pool[k]);
          group[group_of[k]] += here;
          in_pool += here;
        }
      }
      sum += in_pool;
    }
    const double thickness = cells_[c].thickness;
    mass += sum * thickness;
    squares += sum * sum * thickness;
    double most = 0.0;
    for (std::size_t q = 0; q < n_groups; ++q) most += group[q] * largest_absorption_[q];
    work.tau[c] = most * thickness * dots_.coverage;
  }
  work.height = squares > 0.0 ? mass * mass / squares : 0.0;
}

void AppearanceModel::check_fits(const PigmentView& pigment) const {
  if (pigment.values.size() >= (n_cells_ - 1) * pigment.stride + 3 * pigment.n_classes &&
      (n_classes_ == 0 || pigment.n_classes == n_classes_)) {
    return;
  }
  throw ParameterError("pigment has " + std::to_string(pigment.values.size()) + " values for " +
                       std::to_string(n_cells_) + " cells and " + std::to_string(pigment.n_classes) +
                       " size classes: does not fit this model");
}

void AppearanceModel::absorb(const PigmentView& pigment, Work& work, Absorption& out) const {
  check_fits(pigment);
  gather(pigment, work);
  const std::size_t n_groups = group_absorption_.size();
  out.most.assign(cells_.size(), 0.0);
  out.least.assign(cells_.size(), 0.0);
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const double spread = cells_[c].thickness * dots_.coverage;
    for (std::size_t q = 0; q < n_groups; ++q) {
      const double mass = work.group[c * n_groups + q] * spread;
      out.most[c] += mass * group_absorption_[q][most_absorbed_];
      out.least[c] += mass * group_absorption_[q][least_absorbed_];
    }
  }
  out.chord = dots_.radius > 0.0 ? chord(work) : 0.0;
}

double AppearanceModel::chord(const Work& work) const {
  return 1.5 * mean_chord(dots_.radius, dots_.height > 0.0 ? dots_.height : work.height);
}

Appearance AppearanceModel::look(const PigmentView& pigment, Work& work) const {
  check_fits(pigment);
  gather(pigment, work);
  bin(work);
  return solve(work);
}

Appearance AppearanceModel::look_alike(const PigmentView& pigment, Work& work, const Layout& layout) const {
  if (layout.empty() || layout.end.back() > cells_.size()) return look(pigment, work);
  check_fits(pigment);
  gather(pigment, work);
  work.bins.clear();
  std::size_t first = 0;
  for (const std::size_t end : layout.end) {
    work.bins.push_back({first + 1, work.tau[first], cells_[first].thickness});
    for (std::size_t c = first + 1; c < end; ++c) work.bins.back().join({c + 1, work.tau[c], cells_[c].thickness});
    first = end;
  }
  return solve(work, &layout.doublings);
}

AppearanceModel::Layout AppearanceModel::layout(const Work& work) {
  Layout layout;
  for (const Bin& bin : work.bins) layout.end.push_back(bin.end);
  if (!layout.empty()) layout.doublings = work.solver.doublings;
  return layout;
}

Appearance AppearanceModel::solve(Work& work, const std::vector<int>* doublings) const {
  if (work.bins.empty()) return bare_;
  fill_layers(work);
  Appearance seen;
  solve(work, below(work.bins.back().end - 1, work), seen.reflectance, doublings);
  seen.lab = lab_of(seen.reflectance);
  seen.contrast = delta_e_2000(seen.lab, bare_.lab);
  return seen;
}

void AppearanceModel::bin(Work& work) const {
  std::size_t deepest = cells_.size();
  for (double below = 0.0; deepest > 0; --deepest) {
    below += work.tau[deepest - 1];
    if (!(below <= negligible)) break;
  }
  work.bins.clear();
  double above = 0.0;
  for (std::size_t c = 0; c < deepest; ++c) {
    const double tau = work.tau[c];
    const bool same_layer = c > 0 && cells_[c].layer == cells_[c - 1].layer;
    if (same_layer && work.bins.back().tau + tau < options_.merge_below) {
      work.bins.back().join({c + 1, tau, cells_[c].thickness, 0.0});
    } else {
      work.bins.push_back({c + 1, tau, cells_[c].thickness, INKFADE_ISA::exp_(-above)});
    }
    above += tau;
  }
  merge_down(work.bins);
}

double AppearanceModel::merging_cost(const Bin& upper, const Bin& lower) const {
  if (cells_[upper.end - 1].layer != cells_[upper.end].layer) return std::numeric_limits<double>::infinity();
  // Absorption that is moved, times how far, times how much of it is seen.
  return std::abs(upper.tau * lower.thickness - lower.tau * upper.thickness) * upper.seen;
}

void AppearanceModel::merge_down(std::vector<Bin>& bins) const {
  if (bins.size() <= most_bins_) return;
  for (std::size_t b = 0; b + 1 < bins.size(); ++b) bins[b].cost = merging_cost(bins[b], bins[b + 1]);
  bins.back().cost = std::numeric_limits<double>::infinity();
  while (bins.size() > most_bins_) {
    const auto best = std::ranges::min_element(bins, {}, &Bin::cost);
    if (std::isinf(best->cost)) return;  // every layer of the skin is one bin
    best->join(*(best + 1));
    bins.erase(best + 1);
    best->cost = best + 1 == bins.end() ? std::numeric_limits<double>::infinity() : merging_cost(*best, *(best + 1));
    if (best != bins.begin()) (best - 1)->cost = merging_cost(*(best - 1), *best);
  }
}

void AppearanceModel::fill_layers(Work& work) const {
  const std::size_t n_groups = group_absorption_.size();
  const std::size_t row = padded(n_visible);
  const double path = chord(work);
  work.layers.clear();
  work.pigment.resize(work.bins.size() * row);
  std::size_t first = 0;
  for (std::size_t b = 0; b < work.bins.size(); ++b) {
    const double thickness = work.bins[b].thickness;
    double* mu = work.pigment.data() + b * row;
    std::fill_n(mu, row, 0.0);
    double density = 0.0;
    for (std::size_t q = 0; q < n_groups; ++q) {
      double mean = 0.0;
      for (std::size_t c = first; c < work.bins[b].end; ++c) mean += work.group[c * n_groups + q] * cells_[c].thickness;
      mean /= thickness;
      density += mean;
      const double* absorption = group_absorption_[q].data();
      for (std::size_t i = 0; i < row; ++i) mu[i] += mean * absorption[i];
    }
    work.layers.append(skin_layers_, cells_[first].layer);
    work.layers.set_thickness(b, thickness);
    for (std::size_t i = 0; i < n_visible; ++i) {
      const double g = work.layers.g(b)[i];
      work.layers.mu_s(b)[i] += dots_.coverage * density * ink_.scattering[i] / (1.0 - g);
    }
    first = work.bins[b].end;
  }
  if (dots_.radius > 0.0) solver_.pack(work.pigment, path);
  for (std::size_t b = 0; b < work.bins.size(); ++b) {
    for (std::size_t i = 0; i < row; ++i) work.layers.mu_a(b)[i] += dots_.coverage * work.pigment[b * row + i];
    work.layers.pad(b);
  }
}

void AppearanceModel::solve(Work& work, const Stack& below, Spectrum& reflectance,
                            const std::vector<int>* doublings) const {
  work.stack = below;
  solver_.add(work.layers, 0, work.layers.size(), work.stack, work.solver, doublings);
  const double* sce = solver_.look(work.stack, work.solver);
  std::copy_n(sce, n_visible, reflectance.begin());
}

}  // namespace inkfade::appearance
