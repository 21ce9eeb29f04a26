# shellcheck shell=sh
# Finds Chromium for the browser tests, or gets it. Sourced after setup.sh.

has_chromium() {
    for browser in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$browser" >/dev/null; then return; fi
    done
    "$VENV_PYTHON" - <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}

# Ubuntu's package of this name only points to a snap, which containers cannot run.
debian_has_chromium() {
    grep -qsx 'ID=debian' /etc/os-release && can_install
}

playwright_install() {
    say "Downloading Chromium with Playwright"
    if can_install; then set -- --with-deps; fi
    quietly "$VENV_PYTHON" -m playwright install "$@" chromium
}

need_chromium() {
    if has_chromium; then return; fi
    if debian_has_chromium && apt_install chromium fonts-liberation; then return; fi
    if playwright_install && has_chromium; then return; fi
    [ "${CI:-}" != true ] || die "No Chromium for the browser tests, and CI must not go without them."
    say "NO CHROMIUM: the browser tests will be SKIPPED. Install it (Debian: sudo apt-get install chromium) to run them."
}
