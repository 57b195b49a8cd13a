#!/bin/sh
# The tests of the local GitHub (tests/hub/), one line each: ok, FAILED or skip, as run.sh counts them.
set -u
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null 2>&1; then
	echo "skip hub - node is not installed"
	exit 0
fi
for package in ajv ajv-formats yaml; do
	if [ ! -d "node_modules/$package" ]; then
		echo "skip hub - node_modules lacks $package"
		exit 0
	fi
done
node --test --test-reporter=tap tests/hub/ | awk '
	/^ok .* # SKIP/ { sub(/^ok [0-9]+ - /, ""); sub(/ # SKIP/, " -"); print "skip hub: " $0; next }
	/^ok / { sub(/^ok [0-9]+ - /, ""); print "ok " $0; next }
	/^not ok / { bad++; sub(/^not ok [0-9]+ - /, ""); print "FAILED " $0; next }
	/^#|^TAP|duration_ms|^  ---|^  \.\.\./ { next }
	{ print }
	END { exit bad > 0 }'
