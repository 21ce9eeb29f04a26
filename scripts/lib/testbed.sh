# shellcheck shell=sh
# What some tests need beyond Python: Chromium and PostgreSQL. Sourced after setup.sh.

has_chromium() { "$VENV_PYTHON" -m tests.browser 2>/dev/null; }

# Ubuntu's package of this name only points to a snap, which containers cannot run.
chromium_of_debian() {
    grep -qsx 'ID=debian' /etc/os-release && can_install && apt_install chromium fonts-liberation libatomic1
}

chromium_of_playwright() {
    say "Downloading Chromium with Playwright"
    if can_install; then
        apt_install libatomic1 && quietly "$VENV_PYTHON" -m playwright install --with-deps chromium
    else
        quietly "$VENV_PYTHON" -m playwright install chromium
    fi
}

need_chromium() {
    if has_chromium; then return; fi
    if chromium_of_debian && has_chromium; then return; fi
    if chromium_of_playwright && has_chromium; then return; fi
    [ "${CI:-}" != true ] || die "There is no Chromium for the browser tests, and CI must not go without them."
    say "NO CHROMIUM: the browser tests will be SKIPPED. To run them: sudo apt-get install chromium libatomic1"
}

# Nobody wants a database server on their own machine unasked; without one those tests are skipped, with a line each.
need_postgres() {
    if [ "${CI:-}" != true ] || [ -d /usr/lib/postgresql ] || command -v pg_ctl >/dev/null; then return; fi
    if can_install && apt_install postgresql; then return; fi
    die "There is no PostgreSQL for the tests of the store, and CI must not go without them."
}
