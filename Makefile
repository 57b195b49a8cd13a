# Builds everything into out/. `make help` lists the targets.
# Lists of templates, readers, prompts and tests are made from the folders: add a file, nothing else.

out     ?= out
ifeq ($(origin CC),default)
CC      := gcc
endif
PREFIX  ?= /usr/local
VERSION := 0.1.0
jobs    := $(shell nproc 2>/dev/null || echo 2)

libraries := libgit2 libcurl jansson libpcre2-8 libcrypto libfyaml libseccomp tree-sitter expat sqlite3 zlib libmicrohttpd
grammars  := bash c cpp go java javascript json php python rust typescript tsx yaml

warnings := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wwrite-strings -Wswitch-enum -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Werror
harden   := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE \
	-ftrivial-auto-var-init=zero
optimise ?= -O2 -D_FORTIFY_SOURCE=3
CFLAGS   ?= -g1
flags    := -std=gnu17 -D_GNU_SOURCE -I. -I$(out) -include bot/base/banned.h $(warnings) $(harden) \
	-DAEGIS_VERSION='"$(VERSION)"' -ffile-prefix-map=$(CURDIR)=. $(optimise) $(sanitize) \
	$(if $(kill_points),-DAEGIS_KILL_POINTS) $(CFLAGS)
linkflags := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,pack-relative-relocs,--compress-debug-sections=zlib $(sanitize) $(LDFLAGS)
# These two are loaded when they are first needed: bot/base/curl_late.h, bot/serve/microhttpd_late.h.
libs      = $(filter-out -lcurl -lmicrohttpd,$(shell pkg-config --libs $(libraries))) -lm
includes  = $(shell pkg-config --cflags $(libraries))

sources   := $(sort $(wildcard bot/*.c bot/*/*.c git/*.c ci/*.c templates/*.c))
library   := $(filter-out bot/main.c,$(sources)) $(out)/list_readers.c $(out)/list_templates.c \
	$(out)/list_schema.c $(out)/list_kill_points.c $(out)/list_prompts.c
objects   := $(patsubst %.c,$(out)/obj/%.o,$(patsubst $(out)/%,%,$(library)))
tests     := $(patsubst tests/%.c,$(out)/%,$(sort $(wildcard tests/test_*.c)))
replays   := $(patsubst tests/fuzz_%.c,$(out)/replay_%,$(sort $(wildcard tests/fuzz_*.c)))
benches   := $(patsubst tests/%.c,$(out)/%,$(sort $(wildcard tests/bench_*.c)))
readers   := $(patsubst ci/lang_%.c,%,$(sort $(wildcard ci/lang_*.c)))
schema    := $(sort $(wildcard bot/store/schema/*.sql))
templates := $(patsubst templates/%.c,%,$(filter-out templates/lib_% templates/template.c \
	templates/syntax%.c,$(sort $(wildcard templates/*.c))))

.PHONY: all help demo test soak check check-asan bench benches bench-fixes bench-door install clean setup units killable \
	replays fuzz
.DELETE_ON_ERROR:
all: $(out)/aegis

help:
	@sed -n 's/^#: //p' Makefile

#: make            build out/aegis
$(out)/aegis: $(out)/obj/bot/main.o $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  LINK $@'; $(CC) $(linkflags) -o $@ $^ $(libs)

$(out)/libaegis.a: $(objects)
	@rm -f $@
	@ar rcs $@ $^

# The program with its kill points: only the files that have some are compiled once more.
killed := $(patsubst %.c,$(out)/killed/%.o,$(shell grep -l KILL_POINT $(sources)))
$(out)/aegis-kill: $(killed) $(out)/obj/bot/main.o $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  LINK $@'; $(CC) $(linkflags) -o $@ $^ $(libs)

$(out)/killed/%.o: %.c | node_modules/.stamp
	@mkdir -p $(@D)
	@echo '  CC $<'; $(CC) $(flags) -DAEGIS_KILL_POINTS $(includes) -MMD -MP -c -o $@ $<

$(out)/obj/%.o: %.c | node_modules/.stamp
	@mkdir -p $(@D)
	@echo '  CC $<'; $(CC) $(flags) $(includes) -MMD -MP -c -o $@ $<

$(out)/obj/%.o: $(out)/%.c
	@mkdir -p $(@D)
	@echo '  CC $<'; $(CC) $(flags) $(includes) -MMD -MP -c -o $@ $<

# The lists depend on the folders, so that a removed file leaves them too.
$(out)/list_readers.c: ci Makefile
	@mkdir -p $(@D)
	@{ echo '#include "ci/reader.h"'; for r in $(readers); do \
	echo "extern const struct reader reader_$$r;"; done; \
	echo 'const struct reader *const readers[] = {'; for r in $(readers); do \
	echo "	&reader_$$r,"; done; echo '	0 };'; \
	echo 'const size_t reader_count = $(words $(readers));'; } > $@

$(out)/list_templates.c: templates Makefile
	@mkdir -p $(@D)
	@{ echo '#include "templates/template.h"'; for t in $(templates); do \
	echo "extern const struct template template_$$t;"; done; \
	echo 'const struct template *const templates[] = {'; for t in $(templates); do \
	echo "	&template_$$t,"; done; echo '	0 };'; \
	echo 'const size_t template_count = $(words $(templates));'; } > $@

# The schema's files become texts, in the order of their numbers.
$(out)/list_schema.c: bot/store/schema $(schema) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "bot/store/migrate.h"'; echo 'const struct migration migrations[] = {'; \
	for s in $(schema); do n=$${s##*/}; echo "	{ \"$${n%.sql}\","; \
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/	"&\\n"/' $$s; echo '	},'; done; echo '};'; \
	echo 'const size_t migration_count = $(words $(schema));'; } > $@

# Every name in a KILL_POINT of the sources.
$(out)/list_kill_points.c: $(sources) $(sort $(dir $(sources))) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "bot/base/kill_point.h"'; echo 'const char *const kill_points[] = {'; \
	sed -n 's/.*KILL_POINT(\("[a-z_.]*"\)).*/	\1,/p' $(sources) | LC_ALL=C sort -u; echo '	0 };'; \
	echo 'const size_t kill_point_count = sizeof(kill_points) / sizeof(kill_points[0]) - 1;'; } > $@

# Each prompts/NAME.txt as a C text: backslashes and quotes escaped, a literal a line.
$(out)/list_prompts.c: prompts $(wildcard prompts/*.txt) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "bot/llm/prompt.h"'; echo 'const struct prompt_source prompt_sources[] = {'; \
	for p in $(sort $(wildcard prompts/*.txt)); do echo "	{ \"$$(basename $$p .txt)\","; \
	sed -e 's/[\\"]/\\&/g' -e 's/^/	  "/' -e 's/$$/\\n"/' $$p; echo '	},'; done; \
	echo '	{ 0 }'; echo '};'; } > $@

# Grammars come from npm, pinned by package-lock.json; only their C sources are used.
node_modules/.stamp: package.json package-lock.json
	npm ci --ignore-scripts --legacy-peer-deps --omit=peer --no-audit --no-fund --no-update-notifier \
	--loglevel=error
	@touch $@

# GitHub's published description, for the test that makes tests/hub/openapi.json again; large.
tests/hub/node_modules/.stamp: tests/hub/package.json tests/hub/package-lock.json
	cd tests/hub && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

grammar_home_tsx = tree-sitter-typescript/tsx
grammar_home_typescript = tree-sitter-typescript/typescript
grammar_home_php = tree-sitter-php/php
grammar_home_yaml = @tree-sitter-grammars/tree-sitter-yaml
grammar_folder = $(or $(grammar_home_$(1)),tree-sitter-$(1))/src
define grammar
$(out)/grammars/$(1).o: templates/grammar.sh node_modules/.stamp
	@echo '  GRAMMAR $(1)'; mkdir -p $$(@D)
	@CC='$(CC)' sh templates/grammar.sh $(1) node_modules/$(call grammar_folder,$(1)) $$(@D) $$@
endef
$(foreach g,$(grammars),$(eval $(call grammar,$(g))))

$(out)/libgrammars.a: $(grammars:%=$(out)/grammars/%.o)
	@rm -f $@
	@ar rcs $@ $^

$(out)/test_%: tests/test_%.c $(out)/libaegis.a $(out)/libgrammars.a tests/unit.h
	@echo '  CC $<'; $(CC) $(flags) $(includes) -MMD -MP $(linkflags) -o $@ $< $(out)/libaegis.a \
	$(out)/libgrammars.a $(libs) -lcmocka

# Scores against public logs: built only when named.
$(out)/score_corpora: tests/score_corpora.c tests/score_traces.c $(out)/libaegis.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $^ $(libs)

# Scores the judge of deployments; the flow of the judge runs it.
$(out)/score_rollout: tests/score_rollout.c $(out)/libaegis.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $^ $(libs)

# Asks a Prometheus for samples; the flow of Prometheus runs it.
$(out)/ask_prometheus: tests/ask_prometheus.c $(out)/libaegis.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $^ $(libs)

# Looks at a deployment once, as the daemon does; the flow of the window runs it.
$(out)/look_window: tests/look_window.c $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $< $(out)/libaegis.a \
	$(out)/libgrammars.a $(libs)

# The score of redaction is a test with a floor; it skips where the corpus is absent.
$(out)/score_secrets: tests/score_secrets.c $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $< $(out)/libaegis.a \
	$(out)/libgrammars.a $(libs)

units: $(tests) $(out)/score_secrets $(out)/score_rollout $(out)/ask_prometheus $(out)/look_window

killable: $(out)/aegis-kill

# A fuzz target with a main that replays the repository's own files.
$(out)/replay_%: tests/fuzz_%.c tests/replay.c $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $< tests/replay.c \
	$(out)/libaegis.a $(out)/libgrammars.a $(libs)

$(out)/bench_%: tests/bench_%.c $(out)/libaegis.a $(out)/libgrammars.a
	@echo '  CC $<'; $(CC) $(flags) $(includes) $(linkflags) -o $@ $< $(out)/libaegis.a \
	$(out)/libgrammars.a $(libs)

replays: $(replays)
benches: $(benches)

#: make setup      install what building and testing need, when it is missing
setup:
	@sh tests/setup.sh test $(out)

#: make demo       a sample project is mended; then the whole circle on a local GitHub
demo:
	@sh tests/setup.sh build
	@$(MAKE) --no-print-directory -j$(jobs) all
	@AEGIS=$(out)/aegis python3 -B tests/demo/demo.py

#: make test       install what is missing, build, and run every check and test
test:
	@sh tests/setup.sh test $(out)
	@$(MAKE) --no-print-directory -j$(jobs) all units killable
	@$(MAKE) --no-print-directory -j$(jobs) units replays $(asan)
	@$(MAKE) --no-print-directory tests/hub/node_modules/.stamp || \
	echo 'tests/hub: without the published description of the API'
	@sh tests/run.sh $(out) out/asan

#: make check      layers, style, documents, the templates' examples
check: all
	@sh tests/layers.sh && sh tests/style.sh && sh tests/docs.sh && $(out)/aegis templates test && \
	echo "check: ok"

#: make check-asan unit tests and fuzz replays under AddressSanitizer and UBSan, with kill points
asan = out=out/asan optimise=-O1 kill_points=1 \
	sanitize='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
check-asan:
	@$(MAKE) --no-print-directory -j$(jobs) units replays $(asan)
	@for t in out/asan/test_* out/asan/replay_*; do case $$t in *.d) ;; *) $$t || exit 1 ;; esac; done

#: make fuzz       each fuzz target and each reader of logs for SECONDS (default 60) under libFuzzer,
#:                 or only FUZZ="fuzz_log fuzz_reader_pytest"
SECONDS ?= 60
fuzz:
	@sh tests/fuzz.sh $(SECONDS) $(FUZZ)

#: make soak       the hostile flows with logs of a gigabyte, and thousands of kills
soak: all killable
	@for f in tests/flow_hostile*.py tests/flow_kill*.py; do AEGIS_LONG=1 AEGIS=$(CURDIR)/$(out)/aegis \
	/usr/bin/python3 $$f || exit 1; done

#: make bench-fixes fixes of small repositories with known right answers (tests/bench/fixes)
bench-fixes: all
	@/usr/bin/python3 -B tests/bench/fixes.py $(out)/aegis

#: make bench-door webhooks: the door beside probot, which npm installs for it
bench-door: all tests/hub/node_modules/.stamp
	@cd tests/bench/door && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier \
	--loglevel=error || echo 'tests/bench/door: without probot'
	@/usr/bin/python3 -B tests/bench/door.py $(out)/aegis

#: make bench      speed and size, measured on this machine
bench: all benches
	@sh tests/bench/run.sh $(out)

#: make install    to PREFIX (default /usr/local), with the man page
install: all
	install -D -m 755 $(out)/aegis $(DESTDIR)$(PREFIX)/bin/aegis
	@$(out)/aegis help --man > $(out)/aegis.1
	install -D -m 644 $(out)/aegis.1 $(DESTDIR)$(PREFIX)/share/man/man1/aegis.1

#: make clean      remove out/
clean:
	rm -rf $(out)

-include $(shell find $(out) -name '*.d' 2>/dev/null)
