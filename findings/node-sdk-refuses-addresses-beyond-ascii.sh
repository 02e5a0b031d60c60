#!/usr/bin/env bash
# Meta's server library for Node refuses an e-mail address with a letter beyond ASCII.
#
# facebook-nodejs-business-sdk 24.0.1 throws from `normalize()` for josé@example.com, a valid
# address by RFC 6531, so that an application that does not catch it loses the whole event.
# facebook-business 26.0.3 for Python hashes the address. The Conversions API takes the digest.
#
# Seen on 2026-12-01: "node throws", "python hashes".
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --silent facebook-nodejs-business-sdk@24.0.1
python3 -m venv python
python/bin/pip install --quiet facebook-business==26.0.3
cat >sent.cjs <<'END'
const { UserData } = require('facebook-nodejs-business-sdk')
try {
  new UserData().setEmail('josé@example.com').normalize()
  console.log('node hashes')
} catch {
  console.log('node throws')
}
END
cat >sent.py <<'END'
from hashlib import sha256

from facebook_business.adobjects.serverside.normalize import Normalize

ADDRESS = "josé@example.com"
try:
    sent = Normalize.normalize_field("em", ADDRESS)
    is_hash = sent == sha256(ADDRESS.encode()).hexdigest()
    print("python hashes" if is_hash else "python changes it")
except Exception:
    print("python raises")
END
seen="$(node sent.cjs; python/bin/python sent.py)"
echo "$seen"
[ "$seen" = "node throws
python hashes" ] || { echo "the libraries behave differently now" >&2; exit 1; }
