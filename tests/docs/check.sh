#!/bin/sh
# Documents against the programs' own tables, and the first steps of the
# README literally. BAHID and BAHI name the binaries.
exec /usr/bin/python3 -B "$(dirname "$0")/check.py"
