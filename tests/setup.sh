#!/bin/sh
# Installs what is missing to build (build) or also to test (test), with the package manager of
# Debian or Ubuntu; says what it installs; does nothing when nothing is missing.
# usage: setup.sh build|test [OUT]
set -eu
out=${2:-out}

build="gcc:gcc make:make pkg-config:pkg-config git:git node:nodejs npm:npm python3:python3 bwrap:bubblewrap"
build_libraries="libgit2:libgit2-dev libcurl:libcurl4-openssl-dev jansson:libjansson-dev
	libpcre2-8:libpcre2-dev libcrypto:libssl-dev libfyaml:libfyaml-dev
	libseccomp:libseccomp-dev tree-sitter:libtree-sitter-dev expat:libexpat1-dev
	sqlite3:libsqlite3-dev zlib:zlib1g-dev libmicrohttpd:libmicrohttpd-dev"
test="cmark-gfm:cmark-gfm clang:clang go:golang-go black:black clang-format:clang-format mandoc:mandoc cc:gcc g++:g++
	curl:curl isort:isort flake8:flake8 rustc:rustc cargo:cargo rustfmt:rustfmt
	javac:default-jdk-headless"
test_libraries="cmocka:libcmocka-dev"
test_modules="pytest:python3-pytest coverage:python3-coverage yaml:python3-yaml"

missing=""
need() { missing="$missing $1"; }

programs() {
	for pair in $1; do
		command -v "${pair%%:*}" >/dev/null 2>&1 || need "${pair#*:}"
	done
}

libraries() {
	for pair in $1; do
		pkg-config --exists "${pair%%:*}" 2>/dev/null || need "${pair#*:}"
	done
}

# The distribution's own Python, whatever else is first in PATH.
modules() {
	for pair in $1; do
		/usr/bin/python3 -c "import ${pair%%:*}" 2>/dev/null || need "${pair#*:}"
	done
}

programs "$build"
libraries "$build_libraries"
[ -f /etc/ssl/certs/ca-certificates.crt ] || need ca-certificates
if [ "${1:-build}" = test ]; then
	programs "$test"
	libraries "$test_libraries"
	modules "$test_modules"
	[ -e /usr/lib/llvm-14/lib/clang ] || [ -n "$(ls -d /usr/lib/llvm-* 2>/dev/null)" ] ||
		need clang
fi

install() {
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "These packages are missing and there is no apt-get here:$missing" >&2
		exit 1
	fi
	sudo=""
	if [ "$(id -u)" != 0 ]; then
		sudo=sudo
		command -v sudo >/dev/null 2>&1 || {
			echo "Run as root, or install sudo, to install:$missing" >&2
			exit 1
		}
	fi
	echo "Installing:$missing"
	$sudo apt-get update -qq
	# shellcheck disable=SC2086 # a list of packages
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		$missing >/dev/null
}

# Installed, its package would run Prometheus as a service from then on; the two programs in it
# are enough. They are unpacked, and where they are not to be had their tests are skipped.
unpack_prometheus() {
	! command -v prometheus >/dev/null 2>&1 || return 0
	[ ! -x "$out/prometheus/usr/bin/promtool" ] || return 0
	command -v apt-get >/dev/null 2>&1 || return 0
	echo "Unpacking: prometheus"
	rm -rf "$out/prometheus"
	mkdir -p "$out/prometheus"
	(cd "$out/prometheus" && apt-get download -qq prometheus 2>download.log &&
		dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin && rm prometheus_*.deb) ||
		echo "prometheus cannot be had: its tests are skipped (see $out/prometheus/download.log)"
}

[ -z "$missing" ] || install
[ "${1:-build}" != test ] || unpack_prometheus
