#!/bin/bash
# Where the aegis of a step comes from: the input binary, PATH, or this action's own source, built here
# with the packages of Debian or Ubuntu. Nothing is downloaded but those packages and the grammars that
# package-lock.json pins. Says its path as the output `path`; none when it cannot be had.
set -u

trouble() {
	echo "::warning title=Aegis::$1"
	[ "${INPUT_STRICT:-}" != true ] || exit 1
	exit 0
}

build() {
	cd "$GITHUB_ACTION_PATH" || return 1
	if [ ! -x out/aegis ]; then
		echo "Building Aegis from $GITHUB_ACTION_PATH"
		sh tests/setup.sh build && make -j"$(nproc)" all >out.log 2>&1 ||
			{ tail -n 40 out.log 2>/dev/null | sed 's/^/  | /; s/##\[/## [/g'; return 1; }
	fi
	path=$PWD/out/aegis
}

# Ubuntu 24.04 lets no program make user namespaces that no profile names. On a machine that is thrown
# away after the job bubblewrap gets one; elsewhere that is for its owner to decide.
allow_sandbox() {
	"$path" doctor >/dev/null 2>&1 && return
	[ "${RUNNER_ENVIRONMENT:-}" = github-hosted ] && [ -d /etc/apparmor.d ] || return
	command -v bwrap >/dev/null 2>&1 || sudo -n apt-get install -y -qq bubblewrap >/dev/null
	printf '%s\n' 'abi <abi/4.0>,' 'include <tunables/global>' \
		'profile bwrap /usr/bin/bwrap flags=(unconfined) {' '  userns,' '}' |
		sudo -n tee /etc/apparmor.d/bwrap >/dev/null &&
		sudo -n apparmor_parser -r /etc/apparmor.d/bwrap
}

path=
if [ -n "${INPUT_BINARY:-}" ]; then
	path=$INPUT_BINARY
	[ -x "$path" ] && [ -f "$path" ] || trouble "the input binary names no program"
elif command -v aegis >/dev/null 2>&1; then
	path=$(command -v aegis)
else
	build || trouble "Aegis could not be built from its source here"
fi
version=$("$path" --version 2>/dev/null) || trouble "the program found is no aegis that runs here"
case $version in
"aegis "[0-9]*) ;;
*) trouble "the program found is no aegis" ;;
esac
[ -z "${INPUT_VERSION:-}" ] || [ "$version" = "aegis $INPUT_VERSION" ] ||
	trouble "the aegis found here has another version than the input asks for"
allow_sandbox || true
case $path in
*$'\n'* | *$'\r'*) trouble "the path of aegis has a line end" ;;
esac
echo "path=$path" >>"$GITHUB_OUTPUT"
