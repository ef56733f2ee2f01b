#pragma once

#include "inkfade/system/column_rates.kernel.hpp"
#include "inkfade/transport/block_tridiagonal.kernel.hpp"

namespace inkfade::INKFADE_ISA {

/// The matrix of the W-method, cell by cell: rows, their elimination and what all classes of a cell share.
///
/// (I - hg A0)(I - hg R)(I - hg B) near I - hg J, J the Jacobian. A0 keeps transport, loss, capture, release and
/// binding of each class. R is what all classes share: capture falls with the load, binding with what is bound, and
/// macrophages leave by load, two ranks per cell. Its directions are those that the cell's own reactions leave after a
/// step, (I - hg A_cell)^-1 R, so that of A0 R only the transport between cells is left over, of order hg. B is
/// fragmentation. Crowding is left out of loss and gain alike, so all columns, ledger included, sum to zero and mass is
/// conserved to round-off. Template parameters as for ColumnRates.
template <class S, int K>
class ColumnMatrix : public ColumnRates<S, K> {
 protected:
  using Rates = ColumnRates<S, K>;
  using Rates::classes;
  using Rates::face_conductance;
  using Rates::tables_;
  using typename Rates::Hops;
  using typename Rates::Inside;
  using typename Rates::Moment;
  using typename Rates::Pools;

 public:
  static constexpr std::size_t scratch_size(const ColumnLayout& layout) {
    const auto cells = static_cast<std::size_t>(layout.n_cells) + 1;  // and one of zeros above the first
    return cells * static_cast<std::size_t>(record_size(layout.n_classes)) +
           2 * static_cast<std::size_t>(layout.n_cells) + 3 * static_cast<std::size_t>(layout.n_classes);
  }

  /// @param scratch scratch_size(layout) values, kept by this kernel for its lifetime
  ColumnMatrix(const ColumnTables<S>& tables, S* scratch) : Rates(tables) {
    const int n_classes = classes();
    junction_row_ = scratch;
    nothing_ = scratch + n_classes;
    hop_ = nothing_ + 2 * n_classes;
    per_n_ = hop_ + tables.layout.n_cells;
    records_ = per_n_ + tables.layout.n_cells + record_size(n_classes);
    solver_ = BlockTridiagonal<S, K>(records_ + n_shared + 2 * n_classes, record_size(n_classes), n_classes);
  }

 protected:
  /// What the classes of a cell share in the matrix and its solution. Nothing but values of S, one after the other.
  struct Shared {
    // What a unit of the solution gives the ledger, times the cell's width.
    S shed{};      ///< [m/s]
    S degraded{};  ///< [m/s]
    S drained{};   ///< before the gate [m/s]
    S egress{};    ///< [m/s]
    // b, eliminated: it follows from its right-hand side and from f.
    S returned{};       ///< of what binds in hg, how much is let go within it [1]
    S bound_by_rhs{};   ///< [s]
    S bound_by_free{};  ///< [1]
    // Hops through the two faces.
    S lower_m{};  ///< [m/s]
    S upper_m{};  ///< [m/s]
    // n, which nothing but what is held moves.
    S macrophages_by_rhs{};   ///< [s]
    S macrophages_by_held{};  ///< [1/kg]
    // The two ranks of a cell, solved: what room catches, over uptake, and what is unbound, by the right-hand side of n
    // and by the held and bound pigment that A0 leaves.
    S caught_by_rhs{};
    S caught_by_held{};
    S caught_by_bound{};
    S unbound_by_rhs{};
    S unbound_by_held{};
    S unbound_by_bound{};
    // Directions of the two ranks: with s = f_k over the determinant of the class's own reactions, what is caught moves
    // f by s u_k caught_free and m by s u_k (stays_free + g_k stays_gate), u_k uptake and g_k the lymph's gate; what is
    // unbound moves f by s unbound_free and m by s u_k unbound_held.
    S caught_free{};
    S unbound_free{};
    S unbound_held{};
    S stays_free{};
    S stays_gate{};
  };
  static constexpr int n_shared = static_cast<int>(sizeof(Shared) / sizeof(S));
  /// Of a cell: Shared; of each class s, what b unbinds, and the inverse of the eliminated row.
  static constexpr int record_size(int n_classes) {
    return n_shared + (2 + static_cast<int>(BlockTridiagonal<S, K>::values_per_class)) * n_classes;
  }
  [[nodiscard]] S* record(int i) const { return records_ + static_cast<std::ptrdiff_t>(i) * record_size(classes()); }
  [[nodiscard]] Shared& shared(int i) const { return *reinterpret_cast<Shared*>(record(i)); }
  [[nodiscard]] S* directions(int i) const { return record(i) + n_shared; }

  /// Conductances of a face in the matrix, per class [m/s].
  [[nodiscard]] const S* face_row(int face) const {
    return face == tables_.first_dermal_cell ? junction_row_ : tables_.conductance + face * classes();
  }

  /// What of the matrix is the same in every cell. Precondition: hg_ and now_ are set
  void begin_matrix() {
    const LocalConstants<S>& c = tables_.local;
    per_hg_ = S(1.0) / hg_;
    capture_ = hg_ * this->forcing_.capture_factor;
    egress_ = c.egress_rate * this->forcing_.egress_factor;
    release_ = hg_ * c.release_rate;
    unbinding_ = hg_ * c.unbinding_rate;
    breaks_ = hg_ * c.fragmentation_rate;
    stays_whole_ = S(1.0) / (S(1.0) + breaks_);
    broken_whole_ = stays_whole_ * breaks_;
    for (int k = 0; k < classes(); ++k) {
      junction_row_[k] = face_conductance(tables_.first_dermal_cell, k, now_.junction);
      solver_.keep(-1, k, {S(0.0), S(0.0), S(0.0), S(0.0)});
      nothing_[k] = nothing_[classes() + k] = S(0.0);
    }
  }

  /// Upwind transport towards the surface, through the upper face of a cell [m/s].
  [[nodiscard]] S upwards(int i) const { return i < tables_.first_dermal_cell ? now_.velocity : S(0.0); }

  /// A cell of the epidermis, where pigment is free only: its row, and elimination up to there.
  void factor_epidermis(int i, const LocalPlace<S>& place) {
    Shared& a = shared(i);
    const S width = tables_.width[i];
    a.shed = width * place.wound;
    a.degraded = width * place.light;
    const S stays = width * (per_hg_ + (place.wound + place.light)) + now_.velocity;
    const S* above = face_row(i);
    const S* below = face_row(i + 1);
    for (int k = 0; k < classes(); ++k) {
      const S pivot = stays + (above[k] + below[k]) - above[k] * (above[k] + now_.velocity) * solver_.kept_ff(i - 1, k);
      solver_.keep(i, k, {S(1.0) / pivot, S(0.0), S(0.0), S(0.0)});
    }
  }

  /// Sets per_n_ of every dermal cell and hop_ of its lower face, apart from all else: each waits long for a root and
  /// two divisions, and here the processor has several of them under way. @param n_of the macrophages of a cell
  template <class Macrophages>
  void set_hops(Macrophages&& n_of) {
    const int n_cells = tables_.layout.n_cells;
    const int first = tables_.first_dermal_cell;
    for (int i = first; i < n_cells; ++i) {
      const auto here = this->neighbour(n_of(i));
      hop_[i] = here.hop;
      per_n_[i] = here.per_n;
    }
    for (int i = first; i + 1 < n_cells; ++i) {
      hop_[i] = this->hop_conductance(i + 1, {hop_[i], per_n_[i]}, {hop_[i + 1], per_n_[i + 1]});
    }
    if (first < n_cells) hop_[n_cells - 1] = S(0.0);
  }
  /// The two faces of a dermal cell for hops; zeros where there is no neighbour with macrophages.
  struct Around {
    S hop_above{};    ///< conductance of the upper face [1/(m2 s)]
    S per_n_above{};  ///< 1/n of the cell above [m3]
    Hops lower;
  };
  [[nodiscard]] Around around(int i) const {
    const bool first = i == tables_.first_dermal_cell;
    const bool last = i + 1 == tables_.layout.n_cells;
    return {first ? S(0.0) : hop_[i - 1],
            first ? S(0.0) : per_n_[i - 1],
            {hop_[i], per_n_[i], last ? S(0.0) : per_n_[i + 1]}};
  }

  /// Rows of a dermal cell's classes while they are eliminated: parts that all share, and sums over those done.
  struct DermalRows {
    const S* above{};  ///< conductances of the upper face
    const S* below{};
    S scale{};          ///< width over hg: rows are those of pigment per area and second [m/s]
    S stays{};          ///< of free pigment, but for lymph, capture and transport [1]
    S lymph{};          ///< hg times the drain before the gate [1]
    S caught{};         ///< hg times capture, over uptake [1/m3]
    S stays_held{};     ///< of held pigment, but for release and hops [1]
    S holds{};          ///< with release [1]
    S released{};       ///< row's entry of release [m/s]
    S held{};           ///< row's entry of held pigment [m/s]
    S lower_m{};        ///< hops from the cell above [m/s]
    S upper_m_above{};  ///< hops from this cell to the one above [m/s]
    S per_room{};       ///< hg times capture per room, over uptake [1]
    S vacancy_rhs{};    ///< room gained by the right-hand side of n [s]
    S vacancy_held{};   ///< room lost per held pigment, macrophages that stay for it counted [1/kg]
    S freeing{};        ///< what stays unbound as bound pigment lets go of room to bind [m3/kg]
    S unbinds{};        ///< [m3/kg]
    S bind{};           ///< [1]
    S taken{};          ///< sums over classes: s u_k, s u_k stays_free, s, f_k
    S taken_stays{};
    S shares{};
    S free{};
  };

  /// @param n of the cell
  [[nodiscard]] DermalRows rows_of(int i, S n, const LocalPlace<S>& place, const Inside& inside, const Around& around) {
    const LocalConstants<S>& c = tables_.local;
    const Hops& lower = around.lower;
    const LocalClosures<S>& closures = inside.closures;
    const S width = tables_.width[i];
    const S scale = width * per_hg_;
    const S per_room = closures.crowding * capture_;
    const S stays_held = S(1.0) + hg_ * (egress_ + c.macrophage_light * place.light);
    const S holds = stays_held + release_;
    const S binds = hg_ * tables_.binds[i];
    const S binding = closures.binding * binds;
    const S kept = S(1.0) / (S(1.0) + (unbinding_ + hg_ * (c.stroma_light * place.light)));
    const S per_binding = closures.binding_slope * binds;
    const S returned = unbinding_ * kept;
    const S bound_share = S(1.0) - returned;  // of what binds, how much a step leaves bound
    const S slope =
        macrophage_rate_slope_at(c, place.macrophage_target, n, inside.load, lower.per_n, place.recruitment_factor);
    const S diagonal = S(1.0) / (S(1.0) - hg_ * slope);
    const S gain = hg_ * macrophage_rate_held_slope_at(c, place.macrophage_target, n, inside.load, lower.per_n);

    Shared& a = shared(i);
    a.shed = width * place.wound;
    a.degraded = width * place.light;
    a.drained = width * place.lymph;
    a.egress = width * egress_;
    a.returned = returned;
    a.bound_by_rhs = hg_ * kept;
    a.bound_by_free = kept * binding;
    a.lower_m = around.hop_above * around.per_n_above;
    a.upper_m = lower.conductance * lower.per_n_below;
    a.macrophages_by_rhs = diagonal * hg_;
    a.macrophages_by_held = diagonal * gain;
    return {.above = face_row(i),
            .below = face_row(i + 1),
            .scale = scale,
            .stays = S(1.0) + (hg_ * (place.wound + place.light) + binding * bound_share),
            .lymph = hg_ * place.lymph,
            .caught = closures.room * per_room,
            .stays_held = stays_held,
            .holds = holds,
            .released = scale * release_,
            .held = scale * holds + (around.hop_above + lower.conductance) * lower.per_n,
            .lower_m = a.lower_m,
            .upper_m_above = around.hop_above * lower.per_n,
            .per_room = per_room,
            .vacancy_rhs = a.macrophages_by_rhs,
            .vacancy_held = c.inverse_capacity - a.macrophages_by_held,
            .freeing = per_binding * bound_share,
            .unbinds = kept * per_binding,
            .bind = kept * binding,
            .taken = S(0.0),
            .taken_stays = S(0.0),
            .shares = S(0.0),
            .free = S(0.0)};
  }

  /// The row of a class in a dermal cell, and elimination up to there. @param f free pigment
  void factor_class(int i, int k, S f, DermalRows& rows) {
    const S caught = tables_.uptake[k] * rows.caught;
    const S stays_free = rows.stays + rows.lymph * tables_.lymph_gate[k];
    const S above = rows.above[k];
    Block<S> row{rows.scale * (stays_free + caught) + (above + rows.below[k]), rows.released, rows.scale * caught,
                 rows.held};
    solver_.eliminate(row, solver_.kept(i - 1, k), {above, rows.lower_m}, {above, rows.upper_m_above});
    const S determinant = row.determinant();
    // Where the cell's own reactions leave what a unit of room catches, and what a unit of binding lets go.
    const S local = stays_free * rows.holds + caught * rows.stays_held;
    const S per_both = S(1.0) / (determinant * local);  // one division for two determinants
    solver_.keep(i, k, row.inverse(per_both * local));
    const S share = f * (per_both * determinant);
    const S taken = tables_.uptake[k] * share;
    S* direction = directions(i);
    direction[k] = share;
    direction[classes() + k] = rows.unbinds * f;
    rows.taken = rows.taken + taken;
    rows.taken_stays = rows.taken_stays + taken * stays_free;
    rows.shares = rows.shares + share;
    rows.free = rows.free + f;
  }

  /// The two ranks of a cell, once all its classes are done.
  void close_rows(int i, const DermalRows& rows) {
    Shared& a = shared(i);
    a.caught_free = S(0.0) - rows.stays_held;
    a.unbound_free = rows.freeing * rows.holds;
    a.unbound_held = rows.freeing * rows.caught;
    a.stays_free = rows.stays;
    a.stays_gate = rows.lymph;
    const S held_by_room = rows.per_room * rows.taken_stays;
    const S held_by_bound = a.unbound_held * rows.taken;
    const S bound_by_room = rows.bind * (a.caught_free * (rows.per_room * rows.taken));
    const S bound_by_bound = rows.bind * (a.unbound_free * rows.shares) - rows.unbinds * rows.free;
    // Room and unbinding from the vacancy and the bound pigment that A0 leaves: two equations with two unknowns.
    const S from_room = S(1.0) + rows.vacancy_held * held_by_room;
    const S from_bound = rows.vacancy_held * held_by_bound;
    const S kept_bound = S(1.0) - bound_by_bound;
    const S per_determinant = S(1.0) / (from_room * kept_bound + from_bound * bound_by_room);
    const S caught = rows.per_room * kept_bound * per_determinant;
    const S unbound = bound_by_room * per_determinant;
    a.caught_by_rhs = caught * rows.vacancy_rhs;
    a.caught_by_held = S(0.0) - caught * rows.vacancy_held;
    a.caught_by_bound = S(0.0) - rows.per_room * from_bound * per_determinant;
    a.unbound_by_rhs = unbound * rows.vacancy_rhs;
    a.unbound_by_held = S(0.0) - unbound * rows.vacancy_held;
    a.unbound_by_bound = from_room * per_determinant;
  }

  Moment now_;
  S hg_{};
  // The same in every cell.
  S per_hg_{};        ///< [1/s]
  S capture_{};       ///< hg times what multiplies capture [s]
  S egress_{};        ///< [1/s]
  S release_{};       ///< hg delta [1]
  S unbinding_{};     ///< hg delta_b [1]
  S breaks_{};        ///< hg phi [1]
  S stays_whole_{};   ///< 1/(1 + hg phi) [1]
  S broken_whole_{};  ///< hg phi/(1 + hg phi) [1]
  BlockTridiagonal<S, K> solver_;
  S* junction_row_ = nullptr;  ///< conductances of the junction at the start of the step (n_classes) [m/s]
  S* nothing_ = nullptr;       ///< zeros (2 n_classes)
  S* hop_ = nullptr;           ///< conductance for hops of the lower face of each dermal cell (n_cells) [1/(m2 s)]
  S* per_n_ = nullptr;         ///< 1/n of each dermal cell (n_cells) [m3]
  S* records_ = nullptr;       ///< (n_cells, record_size()), and before them one whose inverse is 0
};

}  // namespace inkfade::INKFADE_ISA
