"""Tempting wrong fixes of Node, Go and C: chains of "?.", look-alikes, headers and libraries."""
from flow import main
from trap import Trap, plant

NODE_TEST = "const test = require('node:test');\nconst assert = require('node:assert');\n"


def node(code, *asserts, name="shop"):
    """A module and a test of it with one case for each assertion."""
    cases = "".join("test('case %d', () => {\n  %s\n});\n" % (n, line)
                    for n, line in enumerate(asserts))
    return {name + ".js": code, name + ".test.js":
            NODE_TEST + "const it = require('./%s');\n\n" % name + cases}


def js(code, *asserts, **more):
    return Trap(node(code, *asserts), run="node --test", need=["node"], **more)


UNDEFINED = {
    "node_chaining_would_do_for_the_wrong_reason": js(
        "exports.city = (user) => user.adress.city;\n",
        "assert.notStrictEqual(it.city({ address: { city: 'Rome' } }), 'Oslo');"),
    "node_a_misspelled_property": js(
        "exports.city = (user) => {\n  return user.adress.city;\n};\n",
        "assert.equal(it.city({ address: { city: 'Rome' } }), 'Rome');"),
    "node_a_misspelled_property_and_an_empty_answer": js(
        "exports.tags = (post) => {\n  return post.tagz.filter(t => t.length > 3);\n};\n",
        "assert.deepEqual(it.tags({ tags: ['a'] }), []);"),
    "node_a_misspelled_property_and_undefined": js(
        "exports.zip = (user) => {\n  return user.adress.zip;\n};\n",
        "assert.equal(it.zip({ address: { city: 'Rome' } }), undefined);"),
    "node_a_producer_without_return": js(
        "function load(id) {\n  const all = { 1: { name: 'Ann' } };\n  all[id];\n}\n\n"
        "function nameOf(id) {\n  const user = load(id);\n  return user.name;\n}\n\n"
        "module.exports = { nameOf };\n",
        "assert.equal(it.nameOf(1), 'Ann');"),
    "node_nobody_says": js(
        "exports.first = (list) => {\n  return list.items[0];\n};\n", "it.first({});"),
    "node_an_error_is_wanted": js(
        "exports.first = (list) => {\n  return list.items[0];\n};\n",
        "assert.throws(() => it.first({}), /no items/);"),
    "node_the_words_of_the_error_are_tested": js(
        "exports.size = (list) => {\n  return list.length;\n};\n",
        "assert.throws(() => it.size(undefined), /reading 'length'/);",
        "assert.equal(it.size(undefined), 0);"),
    "node_a_write_would_be_skipped": js(
        "exports.save = (db, row) => {\n  db.rows.push(row);\n  return 0;\n};\n",
        "assert.equal(it.save({}, 1), 0);"),
    "node_two_tests_disagree": js(
        "exports.size = (list) => {\n  return list.length;\n};\n",
        "assert.equal(it.size(undefined), 0);", "assert.equal(it.size(undefined), -1);"),
}

# Debian's node finds express, debug and chalk in /usr/share/nodejs when a package brought them
# there; nobody brings these.
MODULE = {
    "module_nobody_used": Trap(run="node app.js", need=["node"], off="look-alike", files={
        "package.json": "{\n  \"name\": \"app\",\n  \"dependencies\": {\n    \"@shop/bank\": \"4\"\n"
                        "  }\n}\n", "app.js": "require('@shop/banc');\n"}),
    "module_of_the_lock_file_only_below_another": Trap(run="node app.js", need=["node"],
        off="look-alike", files={
        "package.json": "{\n  \"name\": \"app\",\n  \"dependencies\": {\n    \"@shop/bank\": \"4\"\n"
                        "  }\n}\n", "app.js": "require('@shop/money');\n",
        "package-lock.json": "{\n  \"name\": \"app\",\n  \"lockfileVersion\": 3,\n"
        "  \"packages\": {\n    \"\": {\n      \"dependencies\": {\n        \"@shop/bank\": \"4\"\n"
        "      }\n    },\n    \"node_modules/@shop/money\": {\n      \"version\": \"2.6.9\"\n    }\n"
        "  }\n}\n"}),
    "module_for_development_only": Trap(run="NODE_ENV=production node app.js", need=["node"],
        off="not installed", files={
        "package.json": "{\n  \"name\": \"app\",\n  \"dependencies\": {},\n"
                        "  \"devDependencies\": {\n    \"@shop/colour\": \"5\"\n  }\n}\n",
        "app.js": "require('@shop/colour');\n"}),
    "module_file_with_two_candidates": Trap(run="node app.js", need=["node"], files={
        "package.json": "{}\n", "app.js": "console.log(require('./lib/money').total);\n",
        "src/money.js": "exports.total = 1;\n", "old/money.js": "exports.total = 2;\n",
        "x.js": "require('./src/money');\n", "y.js": "require('./old/money');\n"}),
    "module_file_that_only_a_test_has": Trap(run="node app.js", need=["node"], files={
        "package.json": "{}\n", "app.js": "console.log(require('./money').total);\n",
        "test/money.js": "exports.total = 1;\n",
        "test/a.test.js": "require('./money');\n"}),
    "module_file_in_a_copy_of_another_project": Trap(run="node app.js", need=["node"], files={
        "package.json": "{}\n", "app.js": "console.log(require('./money').total);\n",
        "vendor/bank/money.js": "exports.total = 1;\n",
        "vendor/bank/index.js": "require('./money');\n"}),
    "module_file_that_is_built_or_ignored": Trap(run="node app.js", need=["node"], files={
        ".gitignore": "config.json\n", "package.json": "{}\n",
        "app.js": "console.log(require('./config.json').port);\n",
        "config.example.json": "{ \"port\": 80 }\n"}),
    "module_case_of_its_name": Trap(run="node app.js", need=["node"], files={
        "package.json": "{}\n", "app.js": "console.log(require('./Money').total);\n",
        "money.js": "exports.total = 1;\n"},
        right={"app.js": "console.log(require('./money').total);\n"}),
}


def go(code, test=None, run=None, **more):
    files = {"go.mod": "module example.com/a\n\ngo 1.19\n", "a.go": code}
    if test:
        files["a_test.go"] = "package a\n\nimport \"testing\"\n\n" + test
    files.update(more.pop("files", {}))
    return Trap(files, run=run or ("go test ./..." if test else "go build ./..."), need=["go"],
                **more)


GO = {
    "go_map_nil_on_purpose": go(
        "package a\n\nvar seen map[string]bool\n\nfunc Off() bool { return seen == nil }\n\n"
        "func Add(s string) { seen[s] = true }\n",
        "func TestAdd(t *testing.T) {\n\tif !Off() {\n\t\tt.Fatal(\"on\")\n\t}\n\tAdd(\"x\")\n}\n"),
    "go_map_of_the_caller": go(
        "package a\n\nfunc Add(m map[string]int, s string) { m[s]++ }\n",
        "func TestAdd(t *testing.T) {\n\tvar m map[string]int\n\tAdd(m, \"x\")\n"
        "\tif m[\"x\"] != 0 {\n\t\tt.Fatal(m)\n\t}\n}\n"),
    "go_import_for_its_effects": go(
        "package a\n\nimport (\n\t\"image\"\n\t\"image/png\"\n\t\"io\"\n)\n\n"
        "func Size(r io.Reader) int {\n\tm, _, err := image.Decode(r)\n\tif err != nil {\n"
        "\t\treturn 0\n\t}\n\treturn m.Bounds().Dx()\n}\n"),
    "go_import_of_an_own_package_with_init": go(
        "package a\n\nimport \"example.com/a/plugin\"\n\nfunc A() int { return 1 }\n",
        files={"plugin/p.go": "package plugin\n\nimport \"expvar\"\n\n"
                              "func init() { expvar.NewInt(\"plugin\") }\n"}),
    "go_import_whose_use_is_misspelled": go(
        "package a\n\nimport \"strings\"\n\n"
        "func A(s string) string { return string.ToUpper(s) }\n"),
}

MAKE = "CFLAGS = -Wall -Werror\nall: tool\n"
C = {
    "c_declared_in_two_headers": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": MAKE + "tool: tool.o half.o\n", "new/half.h": "int half(int);\n",
        "old/half.h": "int half(int);\n", "half.c": "int half(int);\n"
        "int half(int n) { return n / 2; }\n",
        "tool.c": "int main(void) { return half(0); }\n"}),
    "c_implicit_by_a_slip": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": MAKE + "tool: tool.o\n",
        "tool.c": "#include <stdio.h>\n\nint main(void)\n{\n\treturn prinft(\"ok\");\n}\n"},
        right={"tool.c": "#include <stdio.h>\n\nint main(void)\n{\n\treturn printf(\"ok\");\n}\n"}),
    "c_the_own_function_of_a_known_name": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": MAKE + "tool: tool.o index.o\n",
        "index.c": "int index_of(const char *s, int c) { return s[0] == c; }\n",
        "tool.c": "int main(void)\n{\n\treturn index_of(\"b\", 'a');\n}\n"}),
    "c_a_type_of_a_header_with_another_meaning": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": MAKE + "tool: tool.o\n", "a/point.h": "struct point { int x; };\n",
        "b/point.h": "struct point { double x; };\n",
        "tool.c": "int main(void)\n{\n\tstruct point p = { 0 };\n\n\treturn (int)p.x;\n}\n"}),
    "c_library_that_two_could_be": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "all: tool\ntool: tool.o\n\t$(CC) -o $@ $^\n",
        "tool.c": "char *readline(const char *);\n\nint main(void) { return !readline(\"\"); }\n"}),
    "c_library_function_that_the_project_has": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "CFLAGS = -fno-builtin\nall: tool\ntool: tool.o\n\t$(CC) -o $@ $^\n",
        "compat/pow.c": "double pow(double a, double b) { return a * b; }\n",
        "tool.c": "double pow(double, double);\n\n"
                  "int main(int n, char **v) { (void)v; return pow(n, 2) == 2 ? 0 : 1; }\n"}),
    "c_source_of_two": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "OBJS = tool.o\nall: tool\ntool: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n",
        "half.c": "int half(int n) { return n / 2; }\n",
        "half_fast.c": "int half(int n) { return n >> 1; }\n",
        "tool.c": "int half(int);\n\nint main(void) { return half(0); }\n"}),
    "c_source_in_the_tests": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "OBJS = tool.o\nall: tool\ntool: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n",
        "tests/fake_half.c": "int half(int n) { return 0 * n; }\n",
        "tool.c": "int half(int);\n\nint main(void) { return half(0); }\n"}),
    "c_source_of_another_program": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "OBJS = tool.o\nall: tool\ntool: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n",
        "other.c": "int half(int n) { return n / 2; }\n\nint main(void) { return half(4); }\n",
        "tool.c": "int half(int);\n\nint main(void) { return half(0); }\n"}),
    "c_source_in_the_attic": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": "OBJS = tool.o\nall: tool\ntool: $(OBJS)\n\t$(CC) -o $@ $(OBJS)\n",
        "third_party/half.c": "int half(int n) { return n / 3; }\n",
        "tool.c": "int half(int);\n\nint main(void) { return half(0); }\n"}),
    "c_a_warning_to_be_silenced": Trap(run="make", need=["make", "gcc"], files={
        "Makefile": MAKE + "tool: tool.o\n",
        "tool.c": "int main(void)\n{\n\tint unused;\n\n\treturn 0;\n}\n"},
        right={"tool.c": "int main(void)\n{\n\treturn 0;\n}\n"}),
}

for table in (UNDEFINED, MODULE, GO, C):
    plant(globals(), table)

if __name__ == "__main__":
    main(dict(globals()))
