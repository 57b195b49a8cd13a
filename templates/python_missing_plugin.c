/*
 * pytest does not know a fixture or an option: its plugin is no longer named in the list that named
 * it before the failing commit, or not in this list while another of the repository names it. A
 * plugin that nobody used here is not added.
 */
#include "templates/lib_requirements.h"
#include "templates/lib_scene.h"

static const struct plugin {
	const char *distribution, *fixtures, *options;
} plugins[] = {
	{ "pytest-mock", "mocker class_mocker module_mocker session_mocker", "--mock-use-standalone-module" },
	{ "pytest-cov", "cov", "--cov --cov-report --cov-config --cov-fail-under --cov-append --no-cov" },
	{ "pytest-xdist", "worker_id testrun_uid", "-n --numprocesses --dist --maxprocesses" },
	{ "pytest-timeout", "", "--timeout --timeout-method" },
	{ "pytest-benchmark", "benchmark", "--benchmark-only --benchmark-skip --benchmark-disable "
	  "--benchmark-json --benchmark-autosave" },
	{ "pytest-asyncio", "event_loop unused_tcp_port", "--asyncio-mode" },
	{ "pytest-django", "db client admin_client django_user_model live_server rf settings "
	  "django_assert_num_queries transactional_db", "--ds --reuse-db --create-db --nomigrations" },
	{ "pytest-rerunfailures", "", "--reruns --reruns-delay" },
	{ "pytest-html", "", "--html --self-contained-html" },
	{ "pytest-randomly", "", "--randomly-seed" },
	{ "pytest-forked", "", "--forked" },
	{ "pytest-split", "", "--splits --group" },
	{ "pytest-httpx", "httpx_mock", "" },
	{ "requests-mock", "requests_mock", "" },
	{ "pytest-httpserver", "httpserver", "" },
	{ "pytest-aiohttp", "aiohttp_client aiohttp_server", "" },
	{ "pytest-qt", "qtbot qapp", "" },
	{ "pytest-datadir", "datadir shared_datadir", "" },
	{ "pytest-subtests", "subtests", "" },
	{ "pyfakefs", "fs", "" },
	{ "respx", "respx_mock", "" },
	{ "allure-pytest", "", "--alluredir" },
};

/* The plugin of a fixture or of the first option; NULL for what is not in the table. */
static const struct plugin *find(struct str fixture, struct str options)
{
	struct str option = options;

	str_split(options, " ", &option, NULL);
	str_split(option, "=", &option, NULL);
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		if (fixture.size ? word_among(fixture, plugins[i].fixtures) :
				   word_among(option, plugins[i].options))
			return &plugins[i];
	return NULL;
}

/* Does a file of the repository define the fixture itself? */
static bool is_own(const struct scene *scene, struct str fixture)
{
	const char *head = arena_printf(scene->arena, "def %.*s(", STR_ARG(fixture));

	for (size_t i = 0; fixture.size && i < scene->tree->count; i++) {
		struct str text;

		if (str_ends(str_of(scene->tree->entries[i].path), ".py") &&
		    scene_read(scene, scene->tree->entries[i].path, &text) && str_has(text, head))
			return true;
	}
	return false;
}

/* The entry that the parent had in a list of this path; NULL when it had none. */
static const struct requirement *before(const struct requirement_list *old, size_t count,
					const struct requirement_list *list, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(old[i].path, list->path) && old[i].form == list->form &&
		    old[i].for_tests == list->for_tests)
			return requirements_entry(&old[i], name);
	return NULL;
}

static void put_back(struct scene *scene, const struct plugin *plugin,
		     const struct requirement_list *now, size_t count)
{
	struct requirement_list old[REQUIREMENT_LISTS_MAX];
	size_t old_count = scene->parent ? requirements_find(scene->arena, scene->parent, old) : 0;
	struct str name = str_of(plugin->distribution);

	for (size_t i = 0; i < count; i++) {
		const struct requirement *entry = before(old, old_count, &now[i], name);

		if (!entry)
			continue;
		if (now[i].hashed)
			return template_decline(scene, "%s is made by a lock tool", now[i].path);
		candidate_put(scene, propose(scene, ORACLE_HISTORY, "the failing commit took %s out of %s, "
					     "and the tests need it", plugin->distribution, now[i].path),
			      now[i].path, requirements_add(scene->arena, &now[i], entry->spec));
		return;
	}
	template_decline(scene, "nobody here named %s before", plugin->distribution);
}

static void fix(struct scene *scene)
{
	struct str fixture = scene_group(scene, "fixture"), options = scene_group(scene, "options");
	const struct plugin *plugin = find(fixture, options);
	struct requirement_list now[REQUIREMENT_LISTS_MAX];
	size_t count;

	if (!plugin)
		return template_decline(scene, "which plugin it belongs to is not known");
	if (is_own(scene, fixture))
		return template_decline(scene, "the repository defines %.*s itself, out of reach of the test",
					STR_ARG(fixture));
	count = requirements_find(scene->arena, scene->tree, now);
	for (size_t i = 0; i < count; i++)
		if (requirements_entry(&now[i], str_of(plugin->distribution)))
			return template_decline(scene, "%s names %s: it was not installed", now[i].path,
						plugin->distribution);
	put_back(scene, plugin, now, count);
}

static const struct example examples[] = {
	{
		.name = "a fixture whose plugin was dropped",
		.log =
			"E                                                                        ["
			"100%]\n"
			"==================================== ERRORS =============================="
			"======\n"
			"___________________________ ERROR at setup of test_a _____________________"
			"______\n"
			"file /home/runner/work/app/app/test_a.py, line 1\n"
			"  def test_a(benchmark):\n"
			"E       fixture 'benchmark' not found\n"
			">       available fixtures: capfd, capfdbinary, caplog, capsys, capsysbina"
			"ry, class_mocker, doctest_namespace, mocker, module_mocker, monkeypatch, p"
			"ackage_mocker, pytestconfig, record_property, record_testsuite_property, r"
			"ecord_xml_attribute, recwarn, session_mocker, testrun_uid, tmp_path, tmp_p"
			"ath_factory, tmpdir, tmpdir_factory, worker_id\n"
			">       use 'pytest --fixtures [testpath]' for help on them.\n"
			"\n"
			"/home/runner/work/app/app/test_a.py:1\n"
			"=========================== short test summary info ======================"
			"======\n"
			"ERROR test_a.py::test_a\n"
			"1 error in 0.06s\n",
		.file = {
			{ "requirements-dev.txt",
			"pytest==7.2.1\n", 
			"pytest==7.2.1\n"
			"pytest-benchmark==4.0.0\n", .was =
			"pytest==7.2.1\n"
			"pytest-benchmark==4.0.0\n" },
			{ "test_a.py",
			"def test_a(benchmark):\n"
			"    benchmark(int)\n", NULL },
		},
	},
	{
		.name = "an option",
		.log =
			"ERROR: usage: __main__.py [options] [file_or_dir] [file_or_dir] [...]\n"
			"__main__.py: error: unrecognized arguments: --benchmark-only\n"
			"  inifile: None\n"
			"  rootdir: /home/runner/work/app/app\n"
			"\n",
		.file = {
			{ "requirements.txt",
			"click==8.1.7\n"
			"pytest==7.2.1\n", 
			"click==8.1.7\n"
			"pytest==7.2.1\n"
			"pytest-benchmark==4.0.0\n", .was =
			"click==8.1.7\n"
			"pytest==7.2.1\n"
			"pytest-benchmark==4.0.0\n" },
			{ "test_a.py",
			"def test_a():\n"
			"    assert int() == 0\n", NULL },
		},
	},
	{
		.name = "nobody required it",
		.log =
			"E                                                                        ["
			"100%]\n"
			"==================================== ERRORS =============================="
			"======\n"
			"___________________________ ERROR at setup of test_a _____________________"
			"______\n"
			"file /home/runner/work/app/app/test_a.py, line 1\n"
			"  def test_a(benchmark):\n"
			"E       fixture 'benchmark' not found\n"
			">       available fixtures: capfd, capfdbinary, caplog, capsys, capsysbina"
			"ry, class_mocker, doctest_namespace, mocker, module_mocker, monkeypatch, p"
			"ackage_mocker, pytestconfig, record_property, record_testsuite_property, r"
			"ecord_xml_attribute, recwarn, session_mocker, testrun_uid, tmp_path, tmp_p"
			"ath_factory, tmpdir, tmpdir_factory, worker_id\n"
			">       use 'pytest --fixtures [testpath]' for help on them.\n"
			"\n"
			"/home/runner/work/app/app/test_a.py:1\n"
			"=========================== short test summary info ======================"
			"======\n"
			"ERROR test_a.py::test_a\n"
			"1 error in 0.04s\n",
		.file = {
			{ "requirements.txt",
			"pytest==7.2.1\n", NULL },
			{ "test_a.py",
			"def test_a(benchmark):\n"
			"    benchmark(int)\n", NULL },
		},
		.declines = "nobody here named",
	},
	{
		.name = "a fixture of the repository's own",
		.log =
			"E                                                                        ["
			"100%]\n"
			"==================================== ERRORS =============================="
			"======\n"
			"___________________________ ERROR at setup of test_a _____________________"
			"______\n"
			"file /home/runner/work/app/app/test_a.py, line 1\n"
			"  def test_a(benchmark):\n"
			"E       fixture 'benchmark' not found\n"
			">       available fixtures: capfd, capfdbinary, caplog, capsys, capsysbina"
			"ry, class_mocker, doctest_namespace, mocker, module_mocker, monkeypatch, p"
			"ackage_mocker, pytestconfig, record_property, record_testsuite_property, r"
			"ecord_xml_attribute, recwarn, session_mocker, testrun_uid, tmp_path, tmp_p"
			"ath_factory, tmpdir, tmpdir_factory, worker_id\n"
			">       use 'pytest --fixtures [testpath]' for help on them.\n"
			"\n"
			"/home/runner/work/app/app/test_a.py:1\n"
			"=========================== short test summary info ======================"
			"======\n"
			"ERROR test_a.py::test_a\n"
			"1 error in 0.05s\n",
		.file = {
			{ "requirements.txt",
			"pytest==7.2.1\n", NULL },
			{ "helpers.py",
			"import pytest\n"
			"\n"
			"\n"
			"@pytest.fixture\n"
			"def benchmark():\n"
			"    return 3\n", NULL },
			{ "test_a.py",
			"def test_a(benchmark):\n"
			"    assert benchmark == 3\n", NULL },
		},
		.declines = "defines benchmark itself",
	},
	{0}
};

const struct template template_python_missing_plugin = {
	.name = "python_missing_plugin",
	.summary = "pytest: a fixture or option of a plugin that the failing commit no longer requires -> "
		   "its requirement",
	.language = "python",
	.class = "dependency",
	.oracles = "history",
	.keeps_off = "plugins nobody here required, fixtures of the repository's own, lists made by a tool",
	.danger = DANGER_1,
	.reading = true,
	.tool = "pytest",
	.pattern = "^fixture '(?<fixture>\\w+)' not found|^unrecognized arguments: (?<options>\\S.*)",
	.fix = fix,
	.examples = examples,
};
