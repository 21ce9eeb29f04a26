# shellcheck shell=sh
# Sets JARVIS up on a fresh machine: Python, the virtual environment in .venv, the locked libraries.
# Sourced by the scripts beside this folder; plain POSIX sh. Capitals after a function's name are its arguments.

unset CDPATH PYTHONHOME PYTHONPATH
cd -P -- "$(dirname -- "$0")/.." || exit
VENV=.venv
VENV_PYTHON=$VENV/bin/python
STATE=$VENV/.jarvis # what is installed, a line for each lock file; "broken" while work is going on
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0

say() { printf '==> %s\n' "$*"; }
die() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# COMMAND...: shows what the command printed only if it failed.
quietly() {
    output=$("$@" 2>&1 </dev/null) && return
    printf '%s\n' "$output" >&2
    return 1
}

# ---------------------------------------------------------------- Debian packages

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# PACKAGE: apt-cache takes the name for a pattern where no package has it.
apt_has() { apt-cache show "$1" 2>/dev/null | grep -qx "Package: $1"; }

# PACKAGE...: a fresh machine has no package lists, an old one has stale lists; both need an update first.
apt_install() {
    say "Installing with apt-get: $*"
    apt_has "$1" && quietly apt install -y --no-install-recommends "$@" 2>/dev/null && return
    quietly apt update && quietly apt install -y --no-install-recommends "$@"
}

# ---------------------------------------------------------------- Python

# PYTHON: whether it is new enough, no preview, and has the parts of the standard library that JARVIS needs.
suitable() {
    "$1" -c 'import sys, ctypes, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11, 0, "final"))' >/dev/null 2>&1
}

# The machine's own python3 comes first, since its packages fit it. Sets $python.
find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if suitable "$python"; then return; fi
    done
    return 1
}

install_python() {
    can_install || return 1
    quietly apt update || return 1
    for package in python3 python3.14 python3.13 python3.12 python3.11; do
        if apt_has "$package" && apt_install "$package" "$package-venv" && find_python; then return; fi
    done
    return 1
}

python_at_hand() { python3 -V 2>/dev/null || echo "no Python 3"; }

need_python() {
    if [ -n "${PYTHON:-}" ]; then
        python=$PYTHON
        suitable "$python" || die "PYTHON=$PYTHON is not a complete Python 3.11 or newer: name another, or unset PYTHON."
    elif ! find_python && ! install_python; then
        die "JARVIS needs a complete Python 3.11 or newer, and this machine has $(python_at_hand).
Install one (Debian 12, Ubuntu 24.04 and newer: sudo apt-get install python3 python3-venv; macOS: brew install python3)
and run this again, or name one that lies elsewhere: PYTHON=/path/to/python3 ./scripts/$(basename "$0")"
    fi
}

# ---------------------------------------------------------------- the virtual environment

# Two scripts started together must not write into one environment. Descriptor 9 holds the lock, so it ends with this
# script however that ends. Python takes it because macOS has no flock(1).
lock() {
    (: >>"$VENV.lock") 2>/dev/null || die "Cannot write to $(pwd), where JARVIS keeps its environment ($VENV)."
    exec 9>>"$VENV.lock"
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null && return
    say "Waiting for another set-up in this folder to end"
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' 2>/dev/null || true
}

unlock() { exec 9>&-; }

# Python's debian package python3.X-venv holds what the environment needs to get pip.
venv_package() { "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; }

has_pip() { "$VENV_PYTHON" -m pip --version >/dev/null 2>&1; }

# An environment that was moved or cut off half-way is not usable.
usable_venv() {
    [ "$(cat "$STATE" 2>/dev/null)" != broken ] && grep -qsF "$(pwd)/$VENV/" "$VENV/bin/pip" &&
        suitable "$VENV_PYTHON" && has_pip
}

# COMMAND...: tries one way to make the environment, from nothing.
try_venv() {
    rm -rf "$VENV" && mkdir "$VENV" && echo broken >"$STATE" && "$@" >/dev/null 2>&1 </dev/null && has_pip
}

make_venv() {
    [ ! -e "$VENV" ] || say "Replacing $VENV, which was cut off half-way or belongs to another place"
    say "Making a virtual environment in $VENV with $("$python" -V)"
    try_venv "$python" -m venv "$VENV" && return
    if can_install && apt_install "$(venv_package)" && try_venv "$python" -m venv "$VENV"; then return; fi
    try_venv uv venv --allow-existing --seed --python "$python" "$VENV" ||
        try_venv "$python" -m virtualenv "$VENV" ||
        try_venv virtualenv --python "$python" "$VENV" ||
        try_venv venv_with_pip_of_python ||
        try_venv venv_with_pip_of_debian ||
        die "Could not make a virtual environment: this Python brings no pip along, and none could be fetched.
Install what is missing (Debian, Ubuntu: sudo apt-get install $(venv_package)) and run this again."
}

venv_with_pip_of_python() {
    "$python" -m venv --without-pip "$VENV" && "$python" -m pip --python "$VENV_PYTHON" install pip
}

# Nobody needs rights to download a Debian package and open it, and pip runs from its own wheel.
venv_with_pip_of_debian() (
    "$python" -m venv --without-pip "$VENV" && new_python=$(pwd)/$VENV_PYTHON &&
        mkdir -p "$VENV/debian/lists/partial" "$VENV/debian/cache" && cd "$VENV/debian" || return
    set -- -o Dir::State::Lists="$(pwd)/lists" -o Dir::Cache="$(pwd)/cache"
    apt-get "$@" update && apt-get "$@" download python3-pip-whl ca-certificates || return
    for package in *.deb; do dpkg-deb -x "$package" . || return; done
    cat usr/share/ca-certificates/mozilla/*.crt >certificates.pem
    wheel=$(echo usr/share/python-wheels/pip-*.whl)
    "$new_python" "$wheel/pip" install --no-index "$wheel"
)

# A machine without certificates of its own uses those that came with pip.
use_certificates() {
    if [ -z "${PIP_CERT:-}" ] && [ -e "$VENV/debian/certificates.pem" ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
        export PIP_CERT="$VENV/debian/certificates.pem"
    fi
}

# ---------------------------------------------------------------- the libraries

# LOCKFILE: a line that changes when the locked versions, the Python or the folder do.
fingerprint() { echo "$(cksum "$1") $("$VENV_PYTHON" -V) $(pwd)"; }

# LOCKFILE: whether the environment holds what it says.
ready() {
    [ -x "$VENV_PYTHON" ] && grep -qsxF "$(fingerprint "$1" 2>/dev/null)" "$STATE"
}

pip_install() { "$VENV_PYTHON" -m pip install -qq "$@" </dev/null; }

# LOCKFILE: installs exactly what it says. The few libraries that come as source are built with the locked setuptools,
# so that nothing unlocked gets in.
install_locked() {
    say "Installing the libraries of $1 (the first time this takes a minute or two)"
    echo broken >"$STATE"
    pip_install "$(grep '^setuptools==' "$1")" &&
        pip_install --no-deps --no-build-isolation --use-pep517 -r "$1" && complete_torch "$1" && return
    : >"$STATE" # pip cleans up after a failure of its own
    die "Could not install the libraries; the lines above say why. Is the network there, and space on the disk?
Run this again to go on from here."
}

# LOCKFILE: what PyTorch needs beside it depends on its build, so that build is asked (CUDA's libraries, or nothing).
complete_torch() {
    torch=$(grep '^torch==' "$1") || return 0
    pip_install -c "$1" "$torch"
}

# Each lock file holds those before it whole.
remember() {
    : >"$STATE"
    for lockfile in requirements.lock requirements-local.lock requirements-dev.lock; do
        fingerprint "$lockfile" >>"$STATE"
        [ "$1" != "$lockfile" ] || break
    done
}

# LOCKFILE: the whole way from a fresh machine to an environment with these libraries.
setup() {
    if ready "$1"; then return; fi
    need_python
    lock
    if ! ready "$1"; then
        usable_venv || make_venv
        use_certificates
        install_locked "$1"
        remember "$1"
    fi
    unlock
}
