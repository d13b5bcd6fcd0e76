#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of the autograder.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
# Without it, or where the container forbids it, a submission runs as another user instead.
apt-get install -y --no-install-recommends bubblewrap || echo "bubblewrap is not to be had here"
python3 -m venv /opt/kit
/opt/kit/bin/pip install --no-cache-dir -r /autograder/source/requirements.txt
chmod -R go-rwx /autograder/source
