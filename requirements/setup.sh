#!/usr/bin/env bash
# Prepares a working copy: the virtual environment in .venv, the locked packages, this package itself, and bubblewrap.
# Usage: requirements/setup.sh runtime|test|bench|models|trl|llamafactory|axolotl
# The peers that the benchmarks compare with go into an environment of their own, .venv-bench, and so does the language
# model engine that `make test-models` runs, .venv-models, and each trainer that reads exports, .venv-trl, .venv-llamafactory and
# .venv-axolotl.
# Idempotent, and quick when nothing changed: a stamp in .venv names the digest of all that was installed from.
# Does not build tables and runs no test.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=${1:?usage: requirements/setup.sh runtime|test|bench|models|trl|llamafactory|axolotl}
python=${PYTHON:-python3}
venv=.venv
lock_files=(requirements/build.txt "requirements/$lock.txt")
if [ "$lock" = bench ]; then
    venv=.venv-bench
    lock_files+=(requirements/runtime.txt)
elif [ "$lock" = models ] || [ "$lock" = trl ] || [ "$lock" = llamafactory ] || [ "$lock" = axolotl ]; then
    venv=.venv-$lock
    # One lock with everything in it: beside the engine or trainer other versions are needed than without.
    lock_files=("requirements/$lock.txt")
fi

say() { printf '\033[1m%s\033[0m\n' "$*"; }
minor() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
die() { printf '%s\n' "$@" >&2; exit 1; }

# --- what the operating system must give ---------------------------------------------------------------------------

# Prints the command that installs the named Debian package with this system's package manager; packages that have
# another name elsewhere do not occur here.
install_command() {
    if command -v apt-get >/dev/null; then echo "apt-get install -y --no-install-recommends $1"
    elif command -v dnf >/dev/null; then echo "dnf install -y $1"
    elif command -v apk >/dev/null; then echo "apk add $1"
    elif command -v pacman >/dev/null; then echo "pacman -S --noconfirm $1"
    elif command -v zypper >/dev/null; then echo "zypper --non-interactive install $1"
    else echo "(your package manager) install $1"
    fi
}

# Installs a system package where this user may, or says what to type and stops.
need_system_package() {
    local package=$1 why=$2 command as=()
    command=$(install_command "$package")
    if [ "$(id -u)" != 0 ]; then
        as=(sudo -n)
        sudo -n true 2>/dev/null || die "$package is missing: $why." "Type this once, then run the same make command again:" \
            "    sudo $command"
    fi
    say "Installing $package ($why)"
    case $command in apt-get*) "${as[@]}" apt-get update -qq || true ;; esac
    # shellcheck disable=SC2086  # a command line, meant to be split
    DEBIAN_FRONTEND=noninteractive "${as[@]}" $command >/dev/null ||
        die "$package could not be installed: $why." "This command failed:" "    ${as[*]} $command"
}

command -v "$python" >/dev/null || die "There is no $python: TracePile Assets needs CPython 3.11 or newer."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "$("$python" --version) is too old: TracePile Assets needs CPython 3.11 or newer." \
        "Name one with: make PYTHON=python3.12 ..."

case $lock in models | trl | llamafactory | axolotl)
    [ "$(minor "$python")" = 3.11 ] ||
        die "What make sets up for $lock is built for CPython 3.11 only." "Name one with: make PYTHON=python3.11 ..." ;;
esac

command -v bwrap >/dev/null || need_system_package bubblewrap "programs run inside its sandbox"

# --- the virtual environment ---------------------------------------------------------------------------------------

digest=$(cat requirements/uv.txt requirements/guest.txt "${lock_files[@]}" pyproject.toml setup.py requirements/setup.sh tracepile_assets/execution/guest/native/* | sha256sum | cut -c1-16)
stamp="$venv/.tracepile-$lock-$digest-$(minor "$python")"
[ -e "$stamp" ] && [ -x "$venv/bin/tracepile" ] && exit 0

if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 ||
    [ "$(minor "$venv/bin/python")" != "$(minor "$python")" ]; then
    say "Making the virtual environment in $venv"
    # Debian splits ensurepip off into python3-venv; without it venv leaves half an environment behind.
    package=python3-venv
    [ "$python" = python3 ] || package=python$(minor "$python")-venv
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need_system_package "$package" "virtual environments need it"
    "$python" -m venv --clear "$venv"
fi

say "Installing the locked packages ($lock)"
pip=("$venv/bin/python" -m pip --disable-pip-version-check --quiet)
locks=()
for file in "${lock_files[@]}"; do locks+=(-r "$file"); done
install_with_uv() {
    "${pip[@]}" install --require-hashes -r requirements/uv.txt || return
    # uv does not read pip's settings: hand over the index that this machine's pip is set to, if any.
    local index links
    index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
    links=$("$venv/bin/python" -m pip config get global.find-links 2>/dev/null || true)
    env UV_PYTHON_DOWNLOADS=never ${index:+"UV_DEFAULT_INDEX=$index"} ${links:+"UV_FIND_LINKS=$links"} \
        "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --require-hashes --compile-bytecode "${locks[@]}"
}
# Where uv cannot be had, or cannot reach what pip can, pip does the same, more slowly.
install_with_uv || {
    say "uv could not do it (see above): pip installs instead, which takes longer"
    "${pip[@]}" install --no-deps --require-hashes "${locks[@]}"
}

"${pip[@]}" install --no-deps --no-build-isolation --editable .

# A person installs them when a source wants them (tracepile doctor --install-guest): the shipped sources do not.
if [ "$lock" = test ]; then
    say "Installing the packages that programs may import"
    "$venv/bin/python" -c 'from tracepile_assets.execution import packages; packages.install()' ||
        say "Without them (see above) programs that import numpy and the like end with an exception; later: tracepile doctor --install-guest"
fi

rm -f "$venv"/.tracepile-"$lock"-*
touch "$stamp"
