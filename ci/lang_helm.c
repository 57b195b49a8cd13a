/*
 * Helm and kubectl: charts that do not render, releases that do not install, objects that the cluster
 * refuses. Who may not, what is not there and clusters out of kubectl's reach are read with the clouds.
 */
#include "ci/trace.h"

static const struct {
	const char *words;
	enum kind kind;
} reasons[] = {
	{ "timed out waiting", KIND_TIMEOUT }, { "context deadline exceeded", KIND_TIMEOUT },
	{ "exceeded its progress deadline", KIND_TIMEOUT },
	{ "(Forbidden)", KIND_PERMISSION }, { "(Unauthorized)", KIND_PERMISSION },
	{ " is forbidden: ", KIND_PERMISSION },
	{ "luster unreachable", KIND_INFRA }, { "Unable to connect to the server", KIND_INFRA },
	{ "InternalError", KIND_INFRA },
	{ "exceeded quota", KIND_RESOURCE }, { "failed to download ", KIND_DEPENDENCY },
	{ "found in Chart.yaml, but missing in charts/ directory", KIND_DEPENDENCY },
	{ "chart requires kubeVersion", KIND_CONFIG },
};

/* Helm's first words after "Error: ", and kubectl's lines. */
static const char *const helm_starts[] = { "INSTALLATION FAILED: ", "UPGRADE FAILED: ",
	"template: ", "YAML parse error on ", "parse error at (", "execution error at (",
	"values don't meet the specifications", "chart requires kubeVersion", "failed to download ",
	"Kubernetes cluster unreachable", "found in Chart.yaml, but missing", "Chart.yaml file is missing",
	"unable to build kubernetes objects", "rendered manifests contain", "release: not found",
	"another operation (install/upgrade/rollback) is in progress",
	"An error occurred while checking for chart dependencies", NULL };

static const char *const kubectl_starts[] = { "Error from server", "error: error validating ",
	"error: error parsing ", "error: timed out waiting for the condition", "error: no matches for ",
	"error: unable to recognize ", "Unable to connect to the server: ", NULL };

static bool starts_with_one(struct str text, const char *const *starts)
{
	for (size_t i = 0; starts[i]; i++)
		if (str_starts(text, starts[i]))
			return true;
	return false;
}

/*
 * "template: shop/templates/web.yaml:12:14: executing ... at <.Values.x>: ...", "... at
 * (shop/templates/web.yaml:5:4): ...", "YAML parse error on shop/templates/web.yaml: ... line 8: ..."
 */
static bool take_place(struct str text, struct place *place, struct str *reason)
{
	struct str rest, after, file;

	if (str_split(text, "template: ", NULL, &rest) || str_split(text, "error at (", NULL, &rest)) {
		if (!place_take(&rest, place) || !place_ends(place->file, ".yaml .yml .tpl .txt .json"))
			return false;
		(void)str_skip(&rest, ")");
		(void)str_skip(&rest, ": ");
		if (str_starts(rest, "executing ") && str_split(rest, ">: ", NULL, &after))
			rest = after;
		*reason = rest;
		return true;
	}
	if (!str_split(text, "parse error on ", NULL, &rest) && !str_split(text, "error parsing ", NULL,
									  &rest) &&
	    !str_split(text, "error validating ", NULL, &rest))
		return false;
	if (!str_split(rest, ": ", &file, &rest))
		return false;
	if (str_skip(&file, "\""))
		str_chop(&file, "\"");
	if (!place_ends(file, ".yaml .yml .json .tpl"))
		return false;
	place->file = file;
	if (str_split(rest, "yaml: line ", NULL, &after) || str_split(rest, " on line ", NULL, &after))
		(void)str_take_number(&after, &place->line);
	*reason = rest;
	return true;
}

static void report(const struct line *line, struct findings *f, const char *tool, struct str type,
		   struct str text)
{
	struct failure *failure;
	struct place place = {0};
	struct str reason = text;
	enum kind kind = KIND_CONFIG;
	bool placed = take_place(text, &place, &reason);

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (str_has(line->text, reasons[i].words)) {
			kind = reasons[i].kind;
			break;
		}
	failure = findings_failure(f, kind, placed ? WEIGHT_TRACE : WEIGHT_DIAGNOSTIC, line->number);
	failure->tool = tool;
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, str_trim(reason));
	if (!placed)
		return;
	failure->language = "yaml";
	place_set(failure, &place);
	findings_diagnostic(f, tool, place.file, place.line, place.column, SEVERITY_ERROR, STR_NONE,
			    reason);
}

static bool helm(const struct line *line, struct findings *f)
{
	struct str text = line->text, type = STR_NONE;
	struct failure *failure;

	if (!str_skip(&text, "Error: "))
		return false;
	if (str_ends(text, " chart(s) failed")) {
		failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_SUMMARY, line->number);
		failure->tool = "helm";
		failure->message = findings_text(failure, text);
		return true;
	}
	if (!starts_with_one(text, helm_starts))
		return false;
	if (str_has(text, "FAILED: "))
		(void)str_split(text, ": ", &type, &text);
	report(line, f, "helm", type, text);
	return true;
}

/* helm lint: "[ERROR] templates/: template: shop/templates/web.yaml:12:14: ..." */
static bool lint(const struct line *line, struct findings *f)
{
	struct str text = line->text, where;

	if (!str_skip(&text, "[ERROR] ") || !str_split(text, ": ", &where, &text) ||
	    (!str_is(where, "templates/") && !str_is(where, "values.yaml") &&
	     !str_is(where, "Chart.yaml")))
		return false;
	report(line, f, "helm", STR("lint"), text);
	return true;
}

/* "Error from server (NotFound): ...", "The Deployment "web" is invalid: spec...: Required value" */
static bool kubectl(const struct line *line, struct findings *f)
{
	struct str text = line->text, type = STR_NONE, rest;

	if (str_skip(&text, "The ") && str_split(text, "\" is invalid: ", &type, &rest) &&
	    type.size && type.at[0] >= 'A' && type.at[0] <= 'Z' && str_has(type, " \"")) {
		report(line, f, "kubectl", STR("Invalid"), line->text);
		return true;
	}
	text = line->text;
	if (str_starts(text, "Error from server (Forbidden)") ||
	    str_starts(text, "Error from server (NotFound)"))
		return false;
	if (!starts_with_one(text, kubectl_starts) &&
	    !(str_starts(text, "error: deployment ") && str_ends(text, "exceeded its progress deadline")))
		return false;
	if (str_skip(&text, "Error from server (") && str_split(text, "): ", &type, &rest))
		text = rest;
	else
		(void)(str_skip(&text, "error: ") || str_skip(&text, "Error from server: "));
	report(line, f, "kubectl", type, text);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	(void)(helm(line, f) || lint(line, f) || kubectl(line, f));
	return ASLEEP;
}

static const char *const wake[] = { "Error: INSTALLATION FAILED", "Error: UPGRADE FAILED",
	"Error: template: ", "Error: YAML parse error on ", "Error: parse error at (",
	"Error: execution error at (", "Error: values don't meet", "Error: chart requires kubeVersion",
	"Error: failed to download ", "Error: Kubernetes cluster unreachable",
	"Error: found in Chart.yaml", "Error: Chart.yaml file is missing",
	"Error: unable to build kubernetes", "Error: rendered manifests contain",
	"Error: release: not found", "Error: another operation (install",
	"Error: An error occurred while checking for chart", " chart(s) failed", "[ERROR] templates/: ",
	"[ERROR] values.yaml: ", "[ERROR] Chart.yaml: ", "Error from server", "error: error validating ",
	"error: error parsing ", "timed out waiting for the condition", "error: no matches for ",
	"error: unable to recognize ", "Unable to connect to the server", "\" is invalid: ", "exceeded its progress deadline", NULL };

static const char *const shop[] = { "charts/shop/templates/web.yaml", "k8s/web.yaml", NULL };

static const struct reading examples[] = {
	{
		.name = "a template reads what is not there",
		.files = shop,
		.log =
		"Error: INSTALLATION FAILED: template: shop/templates/web.yaml:12:20: executing "
		"\"shop/templates/web.yaml\" at <.Values.image.tag>: nil pointer evaluating interface "
		"{}.tag\n",
		.expect = { .kind = KIND_CONFIG, .tool = "helm", .type = "INSTALLATION FAILED",
			    .message = "nil pointer evaluating interface {}.tag", .line = 12,
			    .file = "charts/shop/templates/web.yaml", .error_line = 1 },
	},
	{
		.name = "rendered text is no YAML",
		.files = shop,
		.log = "Error: YAML parse error on shop/templates/web.yaml: error converting YAML to "
		       "JSON: yaml: line 8: did not find expected key\n\nUse --debug flag to render out "
		       "invalid YAML\n",
		.expect = { .kind = KIND_CONFIG, .tool = "helm", .line = 8,
			    .file = "charts/shop/templates/web.yaml" },
	},
	{
		.name = "an upgrade takes too long",
		.log = "Error: UPGRADE FAILED: timed out waiting for the condition\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "helm", .type = "UPGRADE FAILED",
			    .message = "timed out waiting for the condition" },
	},
	{
		.name = "helm lint",
		.files = shop,
		.log = "==> Linting charts/shop\n"
		       "[ERROR] templates/: template: shop/templates/web.yaml:3:12: executing "
		       "\"shop/templates/web.yaml\" at <include \"shop.nme\" .>: error calling include: "
		       "template: no template \"shop.nme\" associated with template \"gotpl\"\n\n"
		       "Error: 1 chart(s) linted, 1 chart(s) failed\n",
		.expect = { .kind = KIND_CONFIG, .tool = "helm", .type = "lint", .line = 3,
			    .file = "charts/shop/templates/web.yaml", .error_line = 2 },
	},
	{
		.name = "the cluster says no",
		.log = "Error from server (BadRequest): error when creating \"k8s/web.yaml\": Deployment in "
		       "version \"v1\" cannot be handled as a Deployment: strict decoding error\n",
		.expect = { .kind = KIND_CONFIG, .tool = "kubectl", .type = "BadRequest" },
	},
	{
		.name = "kubectl apply",
		.files = shop,
		.log = "error: error parsing k8s/web.yaml: error converting YAML to JSON: yaml: line 5: "
		       "mapping values are not allowed in this context\n",
		.expect = { .kind = KIND_CONFIG, .tool = "kubectl", .file = "k8s/web.yaml", .line = 5 },
	},
	{
		.name = "an invalid object",
		.log = "The Deployment \"web\" is invalid: spec.template.spec.containers[0].image: "
		       "Required value\n",
		.expect = { .kind = KIND_CONFIG, .tool = "kubectl", .type = "Invalid" },
	},
	{
		.name = "words that look alike",
		.log = "Error: template is missing\nThe value \"x\" is invalid: try again\n"
		       "==> Linting charts/shop\n[INFO] Chart.yaml: icon is recommended\n"
		       "1 chart(s) linted, 0 chart(s) failed\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_helm = {
	.name = "helm",
	.wake = wake,
	.line = line,
	.examples = examples,
};
