#include "inkfade/storage/study_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <span>
#include <sstream>
#include <system_error>

#include "inkfade/base/errors.hpp"
#include "inkfade/storage/atomic_file.hpp"
#include "inkfade/storage/dataset_check.hpp"
#include "inkfade/storage/digest.hpp"
#include "inkfade/storage/folder_lock.hpp"
#include "inkfade/storage/posix_file.hpp"
#include "inkfade/storage/sha256.hpp"
#include "inkfade/storage/shard_file.hpp"

namespace inkfade::storage {
namespace {

namespace fs = std::filesystem;
using posix::quoted;

constexpr std::uint64_t max_plan_bytes = 64 * 1024 * 1024;

std::string in_words(PointRange range) {
  return "points " + std::to_string(range.first) + " to " + std::to_string(range.second) + " (end not included)";
}

/// Makes a folder, safely, where there is none.
void make_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path parent = posix::folder_of(folder);
  if (!fs::is_directory(parent, error))
    throw FileError("cannot make the study folder " + quoted(folder) + ": there is no folder " + quoted(parent) +
                    "; make it first");
  fs::create_directory(folder, error);
  if (std::error_code unknown; !fs::is_directory(folder, unknown)) {
    const std::string why =
        fs::exists(folder, unknown) ? "there is a file with that name; move it away" : error.message();
    throw FileError("cannot make the study folder " + quoted(folder) + ": " + why);
  }
  // Also where it was there: who made it may have been killed before this step.
  sync_folder(parent);
}

/// File names in a folder, sorted.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error) throw FileError("cannot list " + quoted(folder) + ": " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw FileError("cannot remove " + quoted(path) + ": " + error.message());
}

/// The first line in which two texts differ, as half a sentence.
std::string first_difference(const std::string& stored, const std::string& asked) {
  std::istringstream stored_lines(stored);
  std::istringstream asked_lines(asked);
  const auto show = [](bool there, const std::string& line) {
    if (!there) return std::string("nothing");
    const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    return std::string("'").append(line, start, 200).append("'");
  };
  for (std::size_t number = 1;; ++number) {
    std::string stored_line;
    std::string asked_line;
    const bool has_stored = static_cast<bool>(std::getline(stored_lines, stored_line));
    const bool has_asked = static_cast<bool>(std::getline(asked_lines, asked_line));
    if (!has_stored && !has_asked) return "they differ in the end of the last line";
    if (has_stored != has_asked || stored_line != asked_line)
      return "the first difference is in line " + std::to_string(number) + ": stored " + show(has_stored, stored_line) +
             ", asked " + show(has_asked, asked_line);
  }
}

}  // namespace

struct StudyStore::State {
  State(const fs::path& study, const std::string& plan)
      : study_file(study),
        folder(study.string() + ".d"),
        shard_folder(folder / "shards"),
        plan_digest(sha256_hex(std::as_bytes(std::span(plan)))),
        lock(make_and_lock(folder)) {
    settle_plan(plan);
    make_folder(shard_folder);
    scan();
  }

  static FolderLock make_and_lock(const fs::path& folder) {
    make_folder(folder);
    return FolderLock(folder / "LOCK");
  }

  void settle_plan(const std::string& plan);
  void scan();
  void examine(const std::string& name, const ShardName& parsed);
  void set_aside(const std::string& name, const std::string& why);
  void check_free(PointRange range) const;

  fs::path study_file;
  fs::path folder;
  fs::path shard_folder;
  std::string plan_digest;
  FolderLock lock;
  std::vector<std::string> notes;
  std::map<PointRange, std::string> shards;  // range -> file name
  mutable std::mutex mutex;
};

/// Writes the plan of a new store, or compares it with the stored one.
void StudyStore::State::settle_plan(const std::string& plan) {
  const fs::path path = folder / "plan.json";
  for (const std::string& name : names_in(folder))
    if (is_temporary(name)) remove_file(folder / name);
  if (!fs::exists(path)) {
    std::error_code error;
    if (fs::exists(shard_folder, error) && !names_in(shard_folder).empty())
      throw FormatError("the study folder " + quoted(folder) + " holds results but no plan.json: it cannot be " +
                        "resumed; move the folder away and run again");
    return write_atomically(path, std::as_bytes(std::span(plan)), Overwrite::no);
  }
  const auto bytes = read_file(path, max_plan_bytes);
  std::string stored(bytes.size(), '\0');
  std::transform(bytes.begin(), bytes.end(), stored.begin(), [](std::byte b) { return static_cast<char>(b); });
  if (stored != plan)
    throw ParameterError("study " + quoted(study_file) + " was begun with another plan: " +
                         first_difference(stored, plan) + ". Give this plan another file name, or delete the folder " +
                         quoted(folder) + " to start over; nothing was changed");
}

/// Finds the committed shards; what a killed writer left half-way is removed, what does not match is set aside.
void StudyStore::State::scan() {
  const std::vector<std::string> names = names_in(shard_folder);
  for (const std::string& name : names) {
    if (is_temporary(name)) {
      remove_file(shard_folder / name);
    } else if (const auto parsed = parse_shard_name(name)) {
      examine(name, *parsed);
    } else if (!name.ends_with(".bad")) {
      notes.push_back(quoted(shard_folder / name) + " is not a shard and was ignored");
    }
  }
  // A writer killed between rename and fsync left a shard that is counted from now on: make its name safe first.
  sync_folder(shard_folder);
  sync_folder(folder);
}

void StudyStore::State::examine(const std::string& name, const ShardName& parsed) {
  try {
    static_cast<void>(read_shard(shard_folder / name, plan_digest));
  } catch (const FormatError& error) {
    return set_aside(name, error.what());
  }
  if (const auto same = shards.find(parsed.range); same != shards.end())
    throw FormatError("determinism alarm: " + quoted(shard_folder / same->second) + " and " +
                      quoted(shard_folder / name) + " hold different results of the same points; both were kept. " +
                      "Find out why, move one away and run again");
  check_free(parsed.range);
  shards.emplace(parsed.range, name);
}

void StudyStore::State::set_aside(const std::string& name, const std::string& why) {
  fs::path aside = shard_folder / (name + ".bad");
  std::error_code error;
  for (int i = 2; fs::exists(aside, error); ++i) aside = shard_folder / (name + "." + std::to_string(i) + ".bad");
  fs::rename(shard_folder / name, aside, error);
  if (error) throw FileError("cannot rename the damaged " + quoted(shard_folder / name) + ": " + error.message());
  sync_folder(shard_folder);
  notes.push_back(why + "; it was renamed to " + quoted(aside.filename()) + " and its points will be run again");
}

void StudyStore::State::check_free(PointRange range) const {
  for (const auto& [taken, name] : shards)
    if (range.first < taken.second && taken.first < range.second)
      throw ParameterError(in_words(range) + " overlap " + in_words(taken) + " of " + quoted(shard_folder / name) +
                           ": shards must not share points");
}

StudyStore::StudyStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
StudyStore::StudyStore(StudyStore&&) noexcept = default;
StudyStore& StudyStore::operator=(StudyStore&&) noexcept = default;
StudyStore::~StudyStore() = default;

StudyStore StudyStore::open(const fs::path& study_file, const std::string& plan_json) {
  if (!study_file.has_filename()) throw FileError("study " + quoted(study_file) + ": the path names no file");
  if (plan_json.empty() || !is_utf8_text(plan_json))
    throw ParameterError("study " + quoted(study_file) + ": the plan must be UTF-8 text, not empty");
  return StudyStore(std::make_unique<State>(study_file, plan_json));
}

std::vector<std::pair<std::size_t, std::size_t>> StudyStore::done() const {
  const std::scoped_lock guard(state_->mutex);
  std::vector<PointRange> ranges;
  for (const auto& [range, name] : state_->shards) ranges.push_back(range);
  return ranges;
}

const std::vector<std::string>& StudyStore::notes() const { return state_->notes; }

const fs::path& StudyStore::folder() const { return state_->folder; }

void StudyStore::commit(std::size_t first, std::size_t last, const Dataset& dataset) {
  const PointRange range{first, last};
  if (first >= last) throw ParameterError("commit of " + in_words(range) + ": the range is empty");
  const std::scoped_lock guard(state_->mutex);
  const auto same = state_->shards.find(range);
  if (same == state_->shards.end()) {
    state_->check_free(range);
    std::string name = write_shard(state_->shard_folder, range, dataset, state_->plan_digest);
    state_->shards.emplace(range, std::move(name));
    return;
  }
  const fs::path stored = state_->shard_folder / same->second;
  if (digest(read_shard(stored, state_->plan_digest)) == digest(dataset)) return;
  const std::string other = write_shard(state_->shard_folder, range, dataset, state_->plan_digest);
  throw Error("determinism alarm: " + in_words(range) + " gave other results than before; both are kept, in " +
              quoted(stored) + " and " + quoted(state_->shard_folder / other) +
              ". Find out why and move one away before the study is run again");
}

Dataset StudyStore::shard(std::size_t first, std::size_t last) const {
  const std::scoped_lock guard(state_->mutex);
  const auto found = state_->shards.find({first, last});
  if (found == state_->shards.end())
    throw ParameterError(in_words({first, last}) + ": no shard holds exactly this range; see done()");
  return read_shard(state_->shard_folder / found->second, state_->plan_digest);
}

void StudyStore::remove() {
  const std::scoped_lock guard(state_->mutex);
  for (const std::string& name : names_in(state_->shard_folder))
    if (parse_shard_name(name) || name.ends_with(".bad") || is_temporary(name))
      remove_file(state_->shard_folder / name);
  state_->shards.clear();
  std::error_code not_empty;  // a folder with a user's own files stays
  fs::remove(state_->shard_folder, not_empty);
  remove_file(state_->folder / "plan.json");
  remove_file(state_->folder / "LOCK");
  fs::remove(state_->folder, not_empty);
  sync_folder(posix::folder_of(state_->folder));
}

}  // namespace inkfade::storage
