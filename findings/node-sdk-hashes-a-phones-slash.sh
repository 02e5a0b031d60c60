#!/usr/bin/env bash
# Meta's two server libraries hash one phone number to different digests.
#
# facebook-nodejs-business-sdk 24.0.1 takes blanks, hyphens and brackets out of a number
# and nothing else: a slash or a dash of typography is hashed with it, and a leading zero
# stays if the number has one and no punctuation. facebook-business 26.0.3 for Python
# strips leading zeros, and raises for a slash. So 0123456789 is two people, by the library
# that sent it, and 089/1234567 is one that Meta never matches.
#
# Seen on 2026-12-01:
#   node    0123456789     hash of 0123456789
#   python  0123456789     hash of 123456789
#   node    089/1234567    hash of 089/1234567
#   python  089/1234567    raises
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --silent facebook-nodejs-business-sdk@24.0.1
python3 -m venv python
python/bin/pip install --quiet facebook-business==26.0.3
cat >sent.cjs <<'END'
const { createHash } = require('crypto')
const { UserData } = require('facebook-nodejs-business-sdk')
const hash = (text) => createHash('sha256').update(text).digest('hex')
const read = { '0123456789': ['0123456789', '123456789'], '089/1234567': ['089/1234567', '891234567'] }
for (const [phone, readings] of Object.entries(read)) {
  const [sent] = new UserData().setPhone(phone).normalize().ph
  console.log(`node ${phone} ${readings.find((reading) => hash(reading) === sent)}`)
}
END
cat >sent.py <<'END'
from hashlib import sha256

from facebook_business.adobjects.serverside.normalize import Normalize

READ = {"0123456789": ["0123456789", "123456789"], "089/1234567": ["089/1234567", "891234567"]}
for phone, readings in READ.items():
    try:
        sent = Normalize.normalize_field("ph", phone)
    except Exception:
        print("python", phone, "raises")
        continue
    found = [text for text in readings if sha256(text.encode()).hexdigest() == sent]
    print("python", phone, *found)
END
seen="$(node sent.cjs; python/bin/python sent.py)"
echo "$seen"
[ "$seen" = "node 0123456789 0123456789
node 089/1234567 089/1234567
python 0123456789 123456789
python 089/1234567 raises" ] || { echo "the libraries behave differently now" >&2; exit 1; }
