#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "inkfade/appearance/colour.hpp"
#include "inkfade/appearance/ink_optics.hpp"
#include "inkfade/appearance/layer_solver.hpp"
#include "inkfade/appearance/packaging.hpp"
#include "inkfade/appearance/skin_optics.hpp"
#include "inkfade/appearance/spectrum.hpp"

namespace inkfade::appearance {

/// How exactly a profile is looked at; errors of contrast are those of carbon black in skins from light to dark
/// (tests/unit/appearance/test_appearance_model.cpp).
enum class Fidelity {
  full,     ///< adding-doubling with 6 streams and 40 layers: within 0.5 dE00 of the limit of many, 0.1 on average
  fast,     ///< with 4 streams and 9 layers, a tenth of the time: within 4 % of `full` and 0.1 dE00
  steady,   ///< with 4 streams and 16 layers, in 1.5 times as long: within 1 % and 0.1 dE00, and alike over time
  preview,  ///< delta-Eddington: within 9 % or 0.1 dE00, and smooth in all it depends on
};

struct AppearanceOptions {
  Fidelity fidelity = Fidelity::full;
  int streams = 6;              ///< of `full`
  std::size_t most_cells = 40;  ///< layers of `full` and `preview` above bare skin: neighbours are merged down to it
  double merge_below = 1e-3;    ///< neighbours that absorb less than this (mu_a dz) are always merged [1]
};

/// Pigment over depth, as the state of the column has it: values[cell * stride + pool * n_classes + class], pools free,
/// macrophage, stroma [kg/m3, which is mg/cm3].
struct PigmentView {
  std::span<const double> values;
  std::size_t stride = 3;
  std::size_t n_classes = 1;
};

/// What is seen of a patch.
struct Appearance {
  Spectrum reflectance{};  ///< specular component excluded
  Lab lab;
  double contrast = 0.0;  ///< CIEDE2000 to bare skin
};

/// Looks at pigment profiles in one skin: all that does not depend on the profile is computed once.
///
/// Threads may share a model; each has a Work of its own, which spares allocations after the first look.
class AppearanceModel {
 public:
  /// @param face (n_cells + 1), rising from 0 [m] @param class_diameter of the size classes [m], or empty where they do
  /// not matter: a clump is never smaller than the aggregates in it
  /// @throws ParameterError for what is not allowed
  AppearanceModel(const SkinOptics& skin, const InkOptics& ink, std::span<const double> face,
                  std::span<const double> class_diameter = {}, const Clumps& clumps = {}, const DotPatch& dots = {},
                  const AppearanceOptions& options = {});

  /// Neighbouring cells that are solved as one layer.
  struct Bin {
    std::size_t end = 0;     ///< the cell after the last
    double tau = 0.0;        ///< absorption of the pigment, where it is largest [1]
    double thickness = 0.0;  ///< [m]
    double seen = 0.0;       ///< share of light that pigment above lets through
    double cost = 0.0;       ///< of merging it with the next one

    void join(const Bin& below) {
      end = below.end;
      tau += below.tau;
      thickness += below.thickness;
    }
  };

  struct Work {
    explicit Work(const AppearanceModel& model);
    std::vector<double> group;  ///< (n_optical_cells, n_groups)
    std::vector<double> tau;    ///< (n_optical_cells) absorption of the pigment, where it is largest [1]
    double height = 0.0;        ///< of an even layer with the pigment's mean density [m]
    std::vector<Bin> bins;
    Layers layers;
    Stack stack;
    Layers rest;               ///< bare skin below the pigment, down to the next layer of the skin
    std::vector<Stack> below;  ///< (n_optical_cells) all bare skin below a cell, empty until it was needed
    AlignedVector pigment;     ///< (n_bins, row)
    LayerSolver::Work solver;
  };

  /// @param pigment inside of the dots, where there are dots. Negative values count as none.
  [[nodiscard]] Appearance look(const PigmentView& pigment, Work& work) const;
  [[nodiscard]] const Appearance& bare() const { return bare_; }

  /// How a profile was cut into layers.
  struct Layout {
    std::vector<std::size_t> end;  ///< of each layer, a cell of the optical grid
    std::vector<int> doublings;    ///< that solved it
    [[nodiscard]] bool empty() const { return end.empty(); }
  };
  /// Of the last look with this work.
  [[nodiscard]] static Layout layout(const Work& work);
  /// The same with the layers of another look, for profiles next to its: cut otherwise, contrast would jump.
  [[nodiscard]] Appearance look_alike(const PigmentView& pigment, Work& work, const Layout& layout) const;

  /// What pigment absorbs, spread over the patch, cell by cell of the optical grid (mu_a dz) [1]: where the ink absorbs
  /// most and least of the spectrum, between which the ratio of packed to dispersed pigment lies.
  struct Absorption {
    std::vector<double> most;
    std::vector<double> least;
    double chord = 0.0;  ///< path through a dot that packs it [m]
  };
  void absorb(const PigmentView& pigment, Work& work, Absorption& out) const;
  /// Thickness of each cell of the optical grid [m].
  [[nodiscard]] double thickness(std::size_t optical_cell) const { return cells_[optical_cell].thickness; }
  [[nodiscard]] bool scatters() const { return std::ranges::max(ink_.scattering) > 0.0; }

  [[nodiscard]] std::size_t n_cells() const { return n_cells_; }
  /// Layers that the last look() of this work solved, those of bare skin above the pigment among them.
  [[nodiscard]] static std::size_t layers_solved(const Work& work) { return work.layers.size(); }

 private:
  friend struct Work;
  /// A cell, or the part of it inside one layer of the skin.
  struct OpticalCell {
    std::size_t cell;
    std::size_t layer;
    double thickness;  ///< [m]
  };

  void check_fits(const PigmentView& pigment) const;
  void cut_cells(std::span<const double> face);
  void make_groups(std::span<const double> class_diameter, const Clumps& clumps);
  void cache_stacks(double depth);
  void gather(const PigmentView& pigment, Work& work) const;
  void bin(Work& work) const;
  void merge_down(std::vector<Bin>& bins) const;
  [[nodiscard]] double merging_cost(const Bin& upper, const Bin& lower) const;
  void fill_layers(Work& work) const;
  [[nodiscard]] double chord(const Work& work) const;
  [[nodiscard]] Appearance solve(Work& work, const std::vector<int>* doublings = nullptr) const;
  [[nodiscard]] const Stack& below(std::size_t cell, Work& work) const;
  void solve(Work& work, const Stack& below, Spectrum& reflectance, const std::vector<int>* doublings) const;

  SkinOptics skin_;
  InkOptics ink_;
  DotPatch dots_;
  AppearanceOptions options_;
  std::size_t most_bins_;
  std::size_t n_cells_ = 0;
  std::size_t n_classes_ = 0;  ///< 0: any number
  Layers skin_layers_;
  LayerSolver solver_;
  std::vector<OpticalCell> cells_;
  std::vector<std::size_t> group_of_;            ///< (3, n_classes or 1)
  bool even_pools_ = true;                       ///< all classes of a pool are in one group
  std::vector<AlignedVector> group_absorption_;  ///< of each group of equal clumps, (row) [m2/kg]
  std::vector<double> largest_absorption_;       ///< of each group [m2/kg]
  std::size_t most_absorbed_ = 0;                ///< wavelength
  std::size_t least_absorbed_ = 0;
  std::vector<Stack> interface_;  ///< all bare skin below the top of each layer of the skin
  std::vector<double> rest_;      ///< of its layer of the skin below each optical cell [m]
  Appearance bare_;
};

}  // namespace inkfade::appearance
