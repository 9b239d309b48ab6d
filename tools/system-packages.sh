#!/bin/sh
# Checks the system packages named as arguments (bubblewrap, chromium, postgresql): installs missing ones if it may,
# otherwise prints the command to run. It never fails, as some commands work without them.
set -u

installed() {
    case $1 in
        bubblewrap) command -v bwrap ;;
        postgresql) set -- /usr/lib/postgresql/*/bin/initdb && test -e "$1" ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

missing=''
for package in "$@"; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing."
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086  # one argument per package
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing </dev/null >/dev/null && exit 0
fi
echo "Missing:$missing. To install, run: sudo apt-get update && sudo apt-get install -y$missing"
exit 0
