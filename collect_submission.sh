#!/usr/bin/env bash
# Packs your work into submission.zip. Without bash: python -m cs231n.submission
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
for python in .venv/bin/python .venv/Scripts/python.exe ../.venv/bin/python \
              ../.venv/Scripts/python.exe python3 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
    exec "$python" -m cs231n.submission "$@"
  fi
done
echo "No submission was written: no Python found; install Python 3.10 or newer, or run start.py first." >&2
exit 1
