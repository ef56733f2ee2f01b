#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace inkfade::parameters {

/// How well a value is known: measured in a read source, inferred by arithmetic from such, or assumed.
enum class Grade { measured, inferred, assumed };

/// What a caller may set a parameter to: text (with a unit where the parameter has one), a bare number, a flag.
using Setting = std::variant<std::string, double, std::int64_t, bool>;

/// A resolved value: real numbers in SI units (angles in radian, percent as a share).
using Value = std::variant<double, std::int64_t, bool, std::string>;

/// One parameter of a scenario with what is known about it.
struct Entry {
  Value value;
  Grade grade = Grade::assumed;
  std::string source;  ///< citation key of models/sources.toml, or "user"
  double gsd = 1.0;    ///< geometric standard deviation between people [1]; 1: does not vary; a new value keeps it
};

/// A calendar day (proleptic Gregorian), as days since 1970-01-01.
struct Date {
  std::int64_t days_since_epoch = 0;
  friend bool operator==(const Date&, const Date&) = default;
};

enum class SessionKind { treatment, touch_up };

/// One visit: pigment is placed. Keys of `overrides` are procedure.* and ink.* names that differ from the scenario's.
struct Session {
  SessionKind kind = SessionKind::treatment;
  double at = 0.0;                         ///< time since the start of the scenario [s]
  std::map<std::string, Value> overrides;  ///< SI values
  friend bool operator==(const Session&, const Session&) = default;
};

/// Aftercare on the clock of each session, [from, to): every field is resolved (a regime fills what is not given).
struct AftercareSpan {
  double from = 0.0;              ///< [s] since the session
  double to = 0.0;                ///< [s] since the session
  std::string regime;             ///< poor, typical, careful, or "" where wholly explicit
  std::string dressing;           ///< dry, moist or occlusive
  double washing = 0.0;           ///< 0 (gentle) .. 1 (hard scrubbing) [1]
  double scab_disturbance = 0.0;  ///< 0 (left alone) .. 1 (picked off) [1]
  double moisturiser = 0.0;       ///< 0 .. 1 [1]
  double exfoliant = 0.0;         ///< 0 .. 1, retinoid or acid use [1]
  double massage = 0.0;           ///< share of the day under massage, 0 .. 1 [1]
  friend bool operator==(const AftercareSpan&, const AftercareSpan&) = default;
};

/// Exposure to light over [from, to): what is not given keeps the scenario's exposure.* value.
struct ExposureSpan {
  double from = 0.0;                       ///< [s] since the start of the scenario
  double to = 0.0;                         ///< [s] since the start of the scenario
  std::map<std::string, Value> overrides;  ///< full exposure.* names, SI values
  friend bool operator==(const ExposureSpan&, const ExposureSpan&) = default;
};

enum class InterventionKind { macrophage_ablation, immune_stimulation, laser };

/// Something done to the skin that places no pigment: an event at `from`, or the span [from, to). What it does keeps
/// the scenario's interventions.* values but for those in `overrides`.
struct Intervention {
  InterventionKind kind = InterventionKind::laser;
  double from = 0.0;                       ///< [s] since the start of the scenario
  double to = 0.0;                         ///< [s]; an event: as `from`
  std::map<std::string, Value> overrides;  ///< full interventions.* names, SI values
  friend bool operator==(const Intervention&, const Intervention&) = default;
};

/// A validated, immutable description of one case: skin, ink, procedure, aftercare, exposure, run.
///
/// Every member throws ParameterError for a name that is not in the registry (with a suggestion) and for
/// values outside their bounds. Copying is cheap; a Scenario is safe to share between threads.
class Scenario {
 public:
  /// A complete, cited preset by name, e.g. "scalp-smp". @throws ParameterError naming the known presets.
  static Scenario preset(std::string_view name);
  /// A scenario file (TOML); a [sweep] table in it is left to read_sweep.
  /// @throws FileError, ParameterError with file:line:column.
  static Scenario from_file(const std::filesystem::path& path);
  /// The same from text; `origin` is what messages call the file.
  static Scenario from_toml(std::string_view text, std::string_view origin = "<text>");
  static std::vector<std::string> preset_names();

  [[nodiscard]] double real(std::string_view name) const;  ///< SI value of a real parameter
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const;  ///< value of a choice parameter
  [[nodiscard]] bool has(std::string_view name) const;                 ///< is this parameter given here?
  [[nodiscard]] const Entry& entry(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;          ///< all parameters given, registry order
  [[nodiscard]] const std::vector<std::string>& layers() const;  ///< layer names, outermost first
  /// SI value of a real quantity of a layer, counted from the surface, faster than by its name in full. Precondition:
  /// there is such a layer, and layers have such a quantity
  [[nodiscard]] double real_in_layer(std::size_t layer, std::string_view quantity) const;
  [[nodiscard]] bool is_epidermis(std::size_t layer) const;  ///< precondition: there is such a layer
  [[nodiscard]] const std::string& preset_name() const;
  [[nodiscard]] const std::optional<Date>& start() const;
  [[nodiscard]] const std::vector<Session>& sessions() const;            ///< in order of time
  [[nodiscard]] const std::vector<AftercareSpan>& aftercare() const;     ///< in order, not overlapping
  [[nodiscard]] const std::vector<ExposureSpan>& exposure() const;       ///< in order, not overlapping
  [[nodiscard]] const std::vector<Intervention>& interventions() const;  ///< in order of time

  /// A copy with parameters changed, all at once, then validated. Names or aliases; also "aftercare" (a regime name)
  /// and "start" (a date, or "" for none; sessions and spans keep their distance from the start). A dose given in
  /// another way (deposit_per_dot, procedure.local_dose, procedure.patch_dose) replaces the one that is there.
  /// @param protocol TOML text with [[session]], [[aftercare]], [[exposure]] and [[intervention]] lists that replace
  /// those of the scenario; validated together with the settings. @param origin what messages call it; "": nothing
  [[nodiscard]] Scenario with(const std::vector<std::pair<std::string, Setting>>& settings,
                              std::string_view protocol = {}, std::string_view origin = {}) const;
  /// A copy with real parameters set to SI values, all at once, then validated: `with` for many values at a time.
  /// @param names dotted names or aliases @param values of each (names.size())
  [[nodiscard]] Scenario with_values(std::span<const std::string> names, std::span<const double> values) const;
  /// A copy with every parameter that varies between people drawn from its lognormal and moved inside its bounds.
  /// The draw depends on (seed, index, parameter name) alone, bit for bit on every machine. A session's own value
  /// of a parameter moves by the same factor.
  [[nodiscard]] Scenario draw(std::uint64_t seed, std::uint64_t index) const;

  [[nodiscard]] std::string to_toml() const;  ///< complete scenario file; from_toml(to_toml()) compares equal
  [[nodiscard]] std::string to_json()
      const;  ///< resolved, canonical (sorted keys, SI values, shortest round-trip numbers)
  friend bool operator==(const Scenario& a, const Scenario& b);

 private:
  struct Data;
  explicit Scenario(std::shared_ptr<const Data> data);
  friend class ScenarioBuilder;
  std::shared_ptr<const Data> data_;
};

}  // namespace inkfade::parameters
