/*
 * Diagnostics in Microsoft's form, "file(12,5): error CS0103: message [project]": C#, F# and Visual
 * Basic compilers, analyzers, MSBuild, NuGet, dotnet format, Visual C++ and its linker. Failed tests
 * that come in this form have their own reader.
 */
#include "ci/dotnet.h"

/* Codes by how they start; the first that fits tells whose it is. */
static const struct {
	const char *start, *tool, *language;
	enum kind kind;
	unsigned weight;
} codes[] = {
	{ "CSC", "csc", "c#", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "CS2001", "csc", "c#", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "CS", "csc", "c#", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "FS", "fsc", "f#", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "BC", "vbc", "vb", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "RZ", "csc", "c#", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "NETSDK1004", "dotnet", NULL, KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC },
	{ "NETSDK", "dotnet", NULL, KIND_CONFIG, WEIGHT_CERTAIN },
	{ "NU", "nuget", NULL, KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "MSB3073", "msbuild", NULL, KIND_UNKNOWN, WEIGHT_CONSEQUENCE },	/* "exited with code" */
	{ "MSB6006", "msbuild", NULL, KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "MSB4181", "msbuild", NULL, KIND_UNKNOWN, WEIGHT_CONSEQUENCE },	/* "returned false" */
	{ "MSB3644", "msbuild", NULL, KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC },
	{ "MSB", "msbuild", NULL, KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "LNK1120", "link", "c++", KIND_COMPILE, WEIGHT_SUMMARY },	/* "N unresolved externals" */
	{ "LNK1169", "link", "c++", KIND_COMPILE, WEIGHT_SUMMARY },
	{ "LNK", "link", "c++", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "C1083", "msvc", "c++", KIND_COMPILE, WEIGHT_TRACE },		/* no such header */
	{ "C1060", "msvc", "c++", KIND_RESOURCE, WEIGHT_CERTAIN },	/* out of heap space */
	{ "CVT", "link", "c++", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "RC", "rc", "c++", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "D8", "msvc", "c++", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "CA", "roslyn", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "IDE", "roslyn", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "SA", "stylecop", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "WHITESPACE", "dotnet format", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "FINALNEWLINE", "dotnet format", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "ENDOFLINE", "dotnet format", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "CHARSET", "dotnet format", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "IMPORTS", "dotnet format", "c#", KIND_LINT, WEIGHT_DIAGNOSTIC },
	{ "C", "msvc", "c++", KIND_COMPILE, WEIGHT_DIAGNOSTIC },	/* "C2065" */
	{ "", "msbuild", NULL, KIND_COMPILE, WEIGHT_DIAGNOSTIC },
};

static const struct {
	const char *words;
	enum severity severity;
} severities[] = {
	{ "fatal error ", SEVERITY_ERROR }, { "error ", SEVERITY_ERROR },
	{ "warning ", SEVERITY_WARNING }, { "note: ", SEVERITY_NOTE }, { "info ", SEVERITY_NOTE },
	{ "Command line error ", SEVERITY_ERROR },
};

struct finding {
	struct place place;
	struct str code, message, project;
	enum severity severity;
};

/* Letters, then digits: "CS0103", "NETSDK1045"; the formatter's are words. */
static bool take_code(struct str *text, struct str *code)
{
	struct str found, rest;
	size_t letters = 0, digits = 0;

	if (!str_split(*text, ":", &found, &rest))
		return false;
	found = str_trim(found);	/* "D8021 : invalid" */
	while (letters < found.size && found.at[letters] >= 'A' && found.at[letters] <= 'Z')
		letters++;
	while (letters + digits < found.size && found.at[letters + digits] >= '0' &&
	       found.at[letters + digits] <= '9')
		digits++;
	if (!letters || letters + digits != found.size || letters > 16 || digits > 6 ||
	    (!digits && letters < 7) || str_starts(found, "TS") || str_is(found, "TESTERROR") ||
	    str_is(found, "VSTEST"))
		return false;
	*code = found;
	*text = str_trim(rest);
	return true;
}

/* "(12,5)", "(12)", "(12,5-9)", "(12,5,12,9)" at the end of the file's name */
static void split_place(struct str text, struct place *place)
{
	struct str numbers;

	place->file = text = str_trim(text);
	if (!str_chop(&text, ")") || !str_split_last(text, "(", &text, &numbers) ||
	    !str_take_number(&numbers, &place->line)) {
		place->line = 0;
		return;
	}
	place->file = str_trim(text);
	if (str_skip(&numbers, ","))
		(void)str_take_number(&numbers, &place->column);
}

/* What comes before the colon is a file or the name of a program: "CSC", "LINK", "MSBUILD". */
static bool is_origin(const struct place *place)
{
	struct str file = place->file;

	if (!file.size || file.size > 512)
		return false;
	for (size_t i = 0; i < file.size; i++)
		if (strchr("<>|\"*?", file.at[i]))
			return false;
	if (place->line)
		return str_char(file, '.') >= 0;
	return str_is(file, "CSC") || str_is(file, "FSC") || str_is(file, "VBC") || str_is(file, "LINK") ||
	       str_is(file, "MSBUILD") || str_is(file, "cl") || str_is(file, "EXEC") ||
	       str_is(file, "CVTRES") || str_is(file, "LIB") ||
	       place_ends(file, "proj .sln .slnx .props .targets .obj .lib .exe .dll .pyd .rc .res .cs "
				".fs .vb .cpp .c .h .cc .cxx .nuspec .config .json .vcxproj");
}

static bool take_severity(struct str *text, enum severity *severity)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (str_skip(text, severities[i].words)) {
			*severity = severities[i].severity;
			return true;
		}
	return false;
}

/* MSBuild ends a line with its project: "... context [/src/Shop.csproj::TargetFramework=net8.0]". */
static void split_project(struct finding *found)
{
	struct str message = found->message, project;

	if (!str_chop(&message, "]") || !str_split_last(message, " [", &message, &project) ||
	    (!str_has(project, "proj") && !str_has(project, ".sln")))
		return;
	(void)str_split(project, "::", &project, NULL);
	found->message = message;
	found->project = project;
}

static bool parse(struct str line, struct finding *found)
{
	struct str text = str_trim(line), rest = text, before, after;
	unsigned long node;

	if (str_take_number(&rest, &node) && str_skip(&rest, ">"))
		text = rest;		/* the number of the node that built it */
	rest = text;
	if (take_severity(&rest, &found->severity) && take_code(&rest, &found->code)) {
		found->message = rest;
		split_project(found);
		return found->severity == SEVERITY_ERROR && found->message.size;
	}
	for (rest = text; str_split(rest, ":", &before, &after); rest = after) {
		struct str front = str_slice(text, 0, (size_t)(before.at + before.size - text.at));

		if (!str_skip(&after, " ") || !take_severity(&after, &found->severity))
			continue;
		split_place(front, &found->place);
		if (found->severity != SEVERITY_NOTE || !found->place.line) {
			if (!take_code(&after, &found->code) && !str_skip(&after, ": "))
				continue;
		}
		found->message = after;
		split_project(found);
		return is_origin(&found->place) && found->message.size;
	}
	return false;
}

static void report(const struct line *line, struct findings *f, const struct finding *found, size_t i)
{
	struct failure *failure = findings_failure(f, codes[i].kind, codes[i].weight, line->number);

	failure->language = codes[i].language;
	if (!failure->language)
		failure->language = dotnet_language(found->place.file);
	else if (str_is(str_of(failure->language), "c++") && place_ends(found->place.file, ".c"))
		failure->language = "c";
	else if (str_is(str_of(failure->language), "c#") && dotnet_language(found->place.file))
		failure->language = dotnet_language(found->place.file);
	failure->tool = codes[i].tool;
	failure->type = findings_text(failure, found->code);
	failure->message = findings_text(failure, found->message);
	if (found->place.line)
		place_set(failure, &found->place);
	else if (found->project.size && str_char(found->place.file, '.') < 0)
		failure->file = findings_text(failure, found->project);
	else if (!place_ends(found->place.file, ".obj .lib .exe .dll .pyd .res") &&
		 str_char(found->place.file, '.') >= 0)
		failure->file = findings_text(failure, found->place.file);
}

/* What the dotnet command and NuGet say outside of builds. */
static const struct {
	const char *start, *tool, *type;
	enum kind kind;
	unsigned weight;
} sentences[] = {
	{ "Build FAILED.", "msbuild", NULL, KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "A compatible .NET SDK was not found.", "dotnet", "no SDK", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "You must install or update .NET to run this application.", "dotnet", "no runtime",
	  KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Could not execute because the specified command or file was not found.", "dotnet",
	  "no such command", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "Could not execute because the application was not found", "dotnet", "no such command",
	  KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "error: Response status code does not indicate success: 401", "nuget", "401",
	  KIND_PERMISSION, WEIGHT_DIAGNOSTIC },
	{ "error: Response status code does not indicate success: 403", "nuget", "403",
	  KIND_PERMISSION, WEIGHT_DIAGNOSTIC },
	{ "error: Response status code does not indicate success: 409", "nuget", "409", KIND_CONFIG,
	  WEIGHT_DIAGNOSTIC },
	{ "error: Response status code does not indicate success: 5", "nuget", NULL, KIND_INFRA,
	  WEIGHT_DIAGNOSTIC },
};

static void sentence(const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct failure *failure;
	size_t i = 0, count = sizeof(sentences) / sizeof(sentences[0]);

	while (i < count && !str_starts(text, sentences[i].start))
		i++;
	if (i == count)
		return;
	failure = findings_failure(f, sentences[i].kind, sentences[i].weight, line->number);
	failure->tool = sentences[i].tool;
	failure->type = sentences[i].type;
	failure->transient = sentences[i].kind == KIND_INFRA;
	(void)str_skip(&text, "error: ");
	failure->message = findings_text(failure, text);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct finding found = {0};
	size_t i = 0;

	(void)state;
	if (!parse(line->text, &found)) {
		sentence(line, f);
		return ASLEEP;
	}
	while (!str_starts(found.code, codes[i].start))
		i++;
	if (str_has(found.message, "Fix whitespace formatting"))
		found.message = STR("Fix whitespace formatting.");	/* what follows is per place */
	findings_diagnostic(f, codes[i].tool, found.place.file, found.place.line, found.place.column,
			    found.severity, found.code, found.message);
	if (found.severity == SEVERITY_ERROR)
		report(line, f, &found, i);
	return ASLEEP;
}

static const char *const wake[] = { "): error ", "): fatal error ", "): warning ", "): note: ",
	" : error ", " : fatal error ", " : warning ", "): info ", "error CS", "error MSB",
	"error NU", "error NETSDK", " : Command line error ", "Build FAILED.",
	"A compatible .NET SDK was not found.", "You must install or update .NET to run",
	"Could not execute because the ", "error: Response status code does not indicate success: ",
	NULL };

static const char *const shop[] = { "src/Cart.cs", "src/Shop.csproj", "src/cart.cpp", "src/Cart.fs",
	NULL };

static const struct reading examples[] = {
	{
		.name = "C#, with the runner's copy and the repeated list at the end",
		.files = shop,
		.log =
		"  Determining projects to restore...\n"
		"  All projects are up-to-date for restore.\n"
		"/home/runner/work/shop/shop/src/Cart.cs(3,5): warning CS0168: The variable 'x' is "
		"declared but never used [/home/runner/work/shop/shop/src/Shop.csproj]\n"
		"##[error]/home/runner/work/shop/shop/src/Cart.cs(7,49): error CS0103: The name 'nam' "
		"does not exist in the current context "
		"[/home/runner/work/shop/shop/src/Shop.csproj::TargetFramework=net8.0]\n"
		"\n"
		"Build FAILED.\n"
		"\n"
		"/home/runner/work/shop/shop/src/Cart.cs(7,49): error CS0103: The name 'nam' does not "
		"exist in the current context "
		"[/home/runner/work/shop/shop/src/Shop.csproj::TargetFramework=net8.0]\n"
		"    1 Warning(s)\n"
		"    1 Error(s)\n",
		.expect = { .kind = KIND_COMPILE, .language = "c#", .tool = "csc", .type = "CS0103",
			    .message = "The name 'nam' does not exist in the current context",
			    .file = "src/Cart.cs", .line = 7, .error_line = 4 },
	},
	{
		.name = "Mono's compiler",
		.files = shop,
		.log = "src/Cart.cs(7,49): error CS0103: The name `nam' does not exist in the current "
		       "context\nCompilation failed: 1 error(s), 0 warnings\n",
		.expect = { .kind = KIND_COMPILE, .tool = "csc", .type = "CS0103", .line = 7,
			    .file = "src/Cart.cs", .error_line = 1 },
	},
	{
		.name = "F#, a range",
		.files = shop,
		.log = "src/Cart.fs(3,5,3,9): error FS0039: The value or constructor 'name' is not "
		       "defined. [/shop/src/Shop.fsproj]\n",
		.expect = { .kind = KIND_COMPILE, .language = "f#", .tool = "fsc", .type = "FS0039",
			    .file = "src/Cart.fs", .line = 3 },
	},
	{
		.name = "a package that is not there",
		.files = shop,
		.log = "/shop/src/Shop.csproj : error NU1101: Unable to find package Tax.Rates. No "
		       "packages exist with this id in source(s): nuget.org [/shop/Shop.sln]\n"
		       "  Failed to restore /shop/src/Shop.csproj (in 1.2 sec).\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "nuget", .type = "NU1101",
			    .file = "src/Shop.csproj", .error_line = 1,
			    .message = "Unable to find package Tax.Rates. No packages exist with this id "
				       "in source(s): nuget.org" },
	},
	{
		.name = "an SDK that is too old",
		.log =
		"/usr/share/dotnet/sdk/6.0.400/Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET."
		"TargetFrameworkInference.targets(144,5): error NETSDK1045: The current .NET SDK does "
		"not support targeting .NET 8.0. [/shop/src/Shop.csproj]\n",
		.expect = { .kind = KIND_CONFIG, .tool = "dotnet", .type = "NETSDK1045" },
	},
	{
		.name = "no project",
		.log = "MSBUILD : error MSB1003: Specify a project or solution file. The current working "
		       "directory does not contain a project or solution file.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "msbuild", .type = "MSB1003" },
	},
	{
		.name = "a command's exit code is a consequence",
		.files = shop,
		.log = "/shop/src/Shop.csproj(20,5): error MSB3073: The command \"./gen.sh\" exited with "
		       "code 1.\n"
		       "src/Cart.cs(9,1): error CS1002: ; expected [/shop/src/Shop.csproj]\n",
		.expect = { .kind = KIND_COMPILE, .type = "CS1002", .error_line = 2 },
	},
	{
		.name = "Visual C++",
		.files = shop,
		.log =
		"D:\\a\\shop\\shop\\src\\cart.cpp(12): error C2065: 'total': undeclared identifier\n"
		"D:\\a\\shop\\shop\\src\\cart.cpp(9): note: see declaration of 'Cart'\n"
		"D:\\a\\shop\\shop\\src\\cart.cpp(14,3): error C2143: syntax error: missing ';' before "
		"'}'\n",
		.expect = { .kind = KIND_COMPILE, .language = "c++", .tool = "msvc", .type = "C2065",
			    .message = "'total': undeclared identifier", .file = "src/cart.cpp",
			    .line = 12, .error_line = 1 },
	},
	{
		.name = "Visual C++ with a node's number, and no such header",
		.files = shop,
		.log =
		"     2>D:\\a\\shop\\shop\\src\\cart.cpp(9,1): error C2143: syntax error\n"
		"     2>D:\\a\\shop\\shop\\src\\cart.cpp(1,10): fatal error C1083: Cannot open include "
		"file: 'tax.h': No such file or directory [D:\\a\\shop\\shop\\src\\Shop.vcxproj]\n",
		.expect = { .kind = KIND_COMPILE, .tool = "msvc", .type = "C1083", .line = 1,
			    .message = "Cannot open include file: 'tax.h': No such file or directory",
			    .error_line = 2 },
	},
	{
		.name = "Microsoft's linker",
		.log =
		"shop.exe : fatal error LNK1120: 1 unresolved externals\n"
		"cart.obj : error LNK2019: unresolved external symbol \"int __cdecl total(int)\" "
		"(?total@@YAHH@Z) referenced in function main\n"
		"LINK : fatal error LNK1104: cannot open file 'tax.lib'\n",
		.expect = { .kind = KIND_COMPILE, .language = "c++", .tool = "link", .type = "LNK2019",
			    .error_line = 2 },
	},
	{
		.name = "dotnet format --verify-no-changes",
		.files = shop,
		.log = "/shop/src/Cart.cs(12,34): error WHITESPACE: Fix whitespace formatting. Replace 3 "
		       "characters with '\\n\\s\\s'. [/shop/src/Shop.csproj]\n",
		.expect = { .kind = KIND_LINT, .language = "c#", .tool = "dotnet format",
			    .type = "WHITESPACE", .message = "Fix whitespace formatting.",
			    .file = "src/Cart.cs", .line = 12 },
	},
	{
		.name = "no SDK",
		.log = "The command could not be loaded, possibly because:\n"
		       "  * You intended to execute a .NET SDK command:\n"
		       "      A compatible .NET SDK was not found.\n\n"
		       "Requested SDK version: 8.0.100\nglobal.json file: /src/global.json\n",
		.expect = { .kind = KIND_CONFIG, .tool = "dotnet", .type = "no SDK", .error_line = 3 },
	},
	{
		.name = "a package may not be pushed",
		.log = "error: Response status code does not indicate success: 403 (The specified API key "
		       "is invalid).\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "nuget", .type = "403" },
	},
	{
		.name = "warnings, and words that look alike",
		.log = "/shop/src/Cart.cs(3,5): warning CA1822: Member 'Total' can be static "
		       "[/shop/src/Shop.csproj]\n"
		       "time 12:30 : error rate is 0\n(ok): error counts are 0\n"
		       "Build succeeded.\n    1 Warning(s)\n    0 Error(s)\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_msbuild = {
	.name = "msbuild",
	.wake = wake,
	.line = line,
	.examples = examples,
};
