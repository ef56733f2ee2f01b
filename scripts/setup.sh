#!/usr/bin/env bash
# What the other scripts stand on: system packages (Debian 12 or newer, Ubuntu 24.04 or newer) and the virtual
# environment .venv of this checkout. Source it; run by itself it sets up everything that a build and its tests need.
# A second call finds everything in place and takes well under a second.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python
jobs=${INKFADE_JOBS:-$(nproc)}
export MPLBACKEND=Agg PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=$root/constraints.txt
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi

build_packages=(g++ cmake ninja-build pkg-config python3-venv python3-dev
  libeigen3-dev libhdf5-dev libtomlplusplus-dev libudunits2-dev)
test_packages=(libgtest-dev libgmock-dev)
# Fixed versions: another clang-format breaks lines elsewhere, clang-tidy before 16 cannot read the ranges of GCC 12.
# shellcheck disable=SC2034
lint_packages=(clang-format-14 clang-tidy-16 git)
# Tools for `lint` that are no part of what pip installs for a user of the package.
lint_tools=(ruff mypy pandas-stubs)
# The independent programs that the tests compare with: without them those tests would only be skipped.
peer_packages=(scipy scikit-sundae iadpython colour-science)
# Those that only `benchmark` compares with: large, and its tables say so in a line where they are missing.
# shellcheck disable=SC2034
benchmark_packages=(jax diffrax)

say() { printf '== %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

package_installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == "ii "* ]]; }

# Boost older than 1.81 does not compile as C++20, and the package that is new enough has another name per release.
boost_new_enough() {
  local version
  version=$(sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' /usr/include/boost/version.hpp 2>/dev/null)
  ((${version:-0} >= 108100))
}

boost_package() {
  local candidate
  candidate=$(LC_ALL=C apt-cache policy libboost-dev | sed -n 's/^ *Candidate: //p')
  if dpkg --compare-versions "${candidate:-0}" ge 1.81; then echo libboost-dev; else echo libboost1.81-dev; fi
}

# system_packages <package>...: installs what is missing; asks apt nothing when nothing is.
system_packages() {
  local package missing=() boost=1 as_root=()
  command -v dpkg-query >/dev/null || {
    say "no Debian packages here: assuming that a C++20 compiler, CMake and the libraries in CONTRIBUTING.md are installed"
    return 0
  }
  for package in "$@"; do package_installed "$package" || missing+=("$package"); done
  boost_new_enough && boost=0
  if ((${#missing[@]} == 0 && boost == 0)); then return 0; fi

  if ((EUID != 0)); then
    ((boost)) && missing+=("$(boost_package)")
    command -v sudo >/dev/null ||
      die "these packages are missing and there is neither root nor sudo here. Have an administrator run
    apt-get install --no-install-recommends ${missing[*]}
  and start this script again."
    as_root=(sudo)
    boost=0
  fi
  local log
  log=$(mktemp)
  say "system packages: refreshing the package lists"
  "${as_root[@]}" apt-get update -qq >"$log" 2>&1 || say "apt-get update failed, trying with the lists that are here"
  ((boost)) && missing+=("$(boost_package)")
  say "system packages: installing ${missing[*]}"
  # --no-remove: better a message than another version of a library taken away from its owner.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \
    "${missing[@]}" </dev/null >>"$log" 2>&1 || {
    cat "$log"
    die "apt-get could not install ${missing[*]}
  (its messages are above). If it says that packages need to be removed (an older Boost, say), install these by hand
  and start this script again. Debian 12 and Ubuntu 24.04 or newer have them all."
  }
  rm -f "$log"
  boost_new_enough || die "Boost 1.81 or newer is needed, /usr/include/boost is older or not there"
}

virtual_environment() {
  if [[ -x $python ]] && "$python" -c 'import pip' 2>/dev/null; then return 0; fi
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "python3 is $(python3 --version 2>&1): Python 3.11 or newer is needed"
  say "virtual environment: $venv"
  python3 -m venv --clear "$venv"
}

# python_package [<extra>]: builds and installs inkfade from this checkout, and what it and the extra depend on.
# The build folder stays, so after a change only what depends on it is compiled again.
python_package() {
  local extras=${1:-} key stamp
  virtual_environment
  stamp=$venv/.inkfade-dependencies-${extras:-run}
  key=$(cat "$root/pyproject.toml" "$root/constraints.txt" <("$python" --version) <(echo "${peer_packages[@]}") | sha256sum)
  if [[ ! -f $stamp || $(<"$stamp") != "$key" ]]; then
    say "Python packages: ${extras:-run time}"
    build_tools
    install_inkfade "$root${extras:+[$extras]}"
    if [[ $extras == *test* ]]; then "$python" -m pip install -q "${peer_packages[@]}"; fi
    printf '%s\n' "$key" >"$stamp"
  else
    install_inkfade --no-deps --force-reinstall "$root"
  fi
}

build_tools() {
  local wanted
  mapfile -t wanted < <("$python" - "$root/pyproject.toml" <<'PY'
import sys, tomllib
print(*tomllib.load(open(sys.argv[1], "rb"))["build-system"]["requires"], sep="\n")
PY
  )
  # First pip itself: Debian 12's searches for minutes before it says that two versions do not fit together.
  "$python" -m pip install -q --upgrade pip
  "$python" -m pip install -q "${wanted[@]}"
}

install_inkfade() {
  say "building and installing inkfade (build/python)"
  CMAKE_BUILD_PARALLEL_LEVEL=$jobs "$python" -m pip install -q --no-build-isolation \
    --config-settings=build-dir="$root/build/python" "$@"
}

# lint_environment: what `lint` needs beside the project's own dependencies.
lint_environment() {
  local key stamp=$venv/.inkfade-dependencies-lint
  virtual_environment
  key=$(printf '%s ' "${lint_tools[@]}" | cat - "$root/constraints.txt" | sha256sum)
  if [[ ! -f $stamp || $(<"$stamp") != "$key" ]]; then
    say "Python packages: ${lint_tools[*]}"
    "$python" -m pip install -q "${lint_tools[@]}"
    printf '%s\n' "$key" >"$stamp"
  fi
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  system_packages "${build_packages[@]}" "${test_packages[@]}"
  python_package "test,notebook"
  say "ready: . .venv/bin/activate"
fi
