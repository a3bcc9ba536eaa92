#!/bin/sh
# write-reference.sh PROGRAM FOLDER: writes what is made from the tables of the file
# formats (the end of README.md and the schemas) into FOLDER, which has the beginning of
# README.md. With --check: says what would change, as TAP, and writes nothing.
set -eu
if [ "$1" = --check ]; then check=yes; shift; else check=no; fi
program=$1 folder=$2
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

sed '/^<!-- reference -->$/q' "$folder/README.md" >"$made/README.md"
"$program" markdown >>"$made/README.md"
"$program" runbook-schema >"$made/runbook.schema.json"
"$program" site-schema >"$made/site.schema.json"
"$program" practice-schema >"$made/practice.schema.json"

number=0 wrong=0
for file in README.md runbook.schema.json site.schema.json practice.schema.json; do
  number=$((number + 1))
  if [ $check = no ]; then
    cp "$made/$file" "$folder/$file"
  elif cmp -s "$made/$file" "$folder/$file"; then
    echo "ok $number - runbooks/$file says what the tables say"
  else
    echo "not ok $number - runbooks/$file says what the tables say"
    echo "# write it anew with: make reference"
    wrong=1
  fi
done
if [ $check = yes ]; then echo "1..$number"; fi
exit $wrong
