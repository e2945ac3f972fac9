#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image; a workflow runs it too. It installs what grading needs and no more.
set -euo pipefail
umask 022 # students' code runs as another user, who has to read the environment
source="${AUTOGRADER_ROOT:-/autograder}/source"
target="${AUTOGRADER_ENVIRONMENT:-/opt/grading}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends bubblewrap ca-certificates python3 python3-venv

fits() { "$1" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }
python=""
for name in python3 python3.11 python3.13 python3.12 python3.14; do
    if ! fits "$name" && [ "$name" != python3 ]; then
        apt-get install -y -qq --no-install-recommends "$name" "$name-venv" 2>/dev/null || true
    fi
    if fits "$name"; then
        python="$name"
        break
    fi
done
[ -n "$python" ] || {
    echo "error: this image has no Python from 3.11 to 3.14: choose a newer one, such as Ubuntu 24.04" >&2
    exit 1
}
"$python" "$source/project/bootstrap.py" "$target" --only grading assignments
