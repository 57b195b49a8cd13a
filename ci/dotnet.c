/*
 * Frames of .NET stack traces: from .NET, .NET Framework and Mono, and as xUnit puts them. Names that
 * the compiler made of lambdas, iterators and async methods become the methods they were made of.
 */
#include "ci/dotnet.h"

enum { FRAME_BYTES_MAX = 2048 };

const char *dotnet_language(struct str file)
{
	if (place_ends(file, ".fs .fsx .fsi"))
		return "f#";
	if (place_ends(file, ".vb"))
		return "vb";
	return place_ends(file, ".cs .csx .razor .cshtml .xaml .csharp") ? "c#" : NULL;
}

/* "/src/Cart.cs:line 12", "/src/Cart.cs:9", "<filename unknown>:0" */
static bool take_source(struct str text, struct place *place)
{
	struct str file, number;
	struct place found = {0};

	if (!str_split_last(text, ":line ", &file, &number) &&
	    !str_split_last(text, ":", &file, &number))
		return false;
	if (!str_number(str_trim(number), &found.line) || !file.size)
		return false;
	if (str_starts(file, "<"))	/* a module without debug symbols */
		found.line = 0;
	else
		found.file = file;
	*place = found;
	return true;
}

/*
 * Arguments are types with names. Java and JavaScript have a file there, or words.
 */
static bool are_arguments(struct str text)
{
	if (!text.size)
		return true;
	if (str_char(text, ':') >= 0 || str_char(text, '/') >= 0 || str_is(text, "Native Method") ||
	    str_is(text, "Unknown Source") || str_starts(text, "<"))
		return false;
	return str_char(text, ' ') > 0 || str_starts(text, "System.");
}

/* The name before the first bracket that is no part of it, and what stands in the brackets. */
static bool take_call(struct str *text, struct str *name, struct str *arguments)
{
	ptrdiff_t open = str_char(*text, '('), depth = 0;

	if (open <= 0)
		return false;
	*name = str_trim(str_slice(*text, 0, (size_t)open));
	for (size_t i = (size_t)open; i < text->size; i++) {
		depth += text->at[i] == '(' ? 1 : text->at[i] == ')' ? -1 : 0;
		if (depth)
			continue;
		*arguments = str_slice(*text, (size_t)open + 1, i - (size_t)open - 1);
		*text = str_from(*text, i + 1);
		return true;
	}
	return false;
}

static bool is_name(struct str name)
{
	bool generic = false;

	if (str_char(name, '.') <= 0 && str_char(name, '+') < 0 && !str_starts(name, "lambda_method"))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		generic = (generic || c == '[' || c == '<') && c != ']';
		if ((c == ' ' && !generic) || c == '/' || c == '\\' || c == ':' || c == '"')
			return false;
	}
	return true;
}

/* xUnit's "/src/CartTests.cs(14,0): at ..." */
static bool take_front(struct str *text, struct place *place)
{
	struct str before, file, number;

	if (!str_split(*text, "): at ", &before, text) || !str_split_last(before, "(", &file, &number))
		return false;
	(void)str_split(number, ",", &number, NULL);
	if (!str_number(number, &place->line))
		return false;
	place->file = file;
	return true;
}

bool dotnet_frame(struct str text, struct str *function, struct place *place)
{
	struct str name, arguments, source;
	struct place found = {0};
	bool placed = false, wrapper;

	text = str_trim(text);
	if (text.size > FRAME_BYTES_MAX)
		return false;
	if (!str_skip(&text, "at ") && !take_front(&text, &found))
		return false;
	placed = found.file.size > 0;
	wrapper = str_skip(&text, "(wrapper ");
	if (wrapper && !str_split(text, ") ", NULL, &text))
		return false;
	if (!take_call(&text, &name, &arguments) || !is_name(name))
		return false;
	text = str_trim(text);
	if (str_starts(text, "[0x"))
		(void)str_split(text, "] ", NULL, &text);
	if (str_skip(&text, "in ")) {
		if (!take_source(text, &found))
			return false;
		placed = true;
	} else if (text.size && !str_starts(text, "+ 0x")) {
		return false;
	}
	if (!placed && !wrapper && !are_arguments(arguments))
		return false;
	if (placed && found.file.size && !dotnet_language(found.file) && !str_split(text, ":line ",
										  &source, NULL) &&
	    !are_arguments(arguments))
		return false;
	*function = name;
	*place = found;
	return true;
}

static void put(struct kept *out, struct str text)
{
	for (size_t i = 0; i < text.size && out->size < sizeof(out->at); i++)
		out->at[out->size++] = text.at[i];
}

/* Where the bracket that opens at the start is closed. */
static size_t closing(struct str text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		if (text.at[i] == '<')
			depth++;
		else if (text.at[i] == '>' && --depth == 0)
			return i;
	}
	return text.size;
}

/* A piece of the name up to the next dot or plus, which brackets may hide. */
static struct str next_piece(struct str *rest)
{
	size_t depth = 0, i;
	struct str piece;

	for (i = 0; i < rest->size; i++) {
		char c = rest->at[i];

		if (c == '<' || c == '[')
			depth++;
		else if ((c == '>' || c == ']') && depth)
			depth--;
		else if ((c == '.' || c == '+') && !depth && i)
			break;
	}
	piece = str_slice(*rest, 0, i);
	*rest = str_from(*rest, i + (i < rest->size));
	return piece;
}

void dotnet_function(struct kept *out, struct str function)
{
	struct str rest = function, piece, local;
	bool moving = false;		/* MoveNext is a compiler's, behind an async method */

	out->size = 0;
	while (rest.size) {
		size_t end;

		piece = next_piece(&rest);
		if (str_starts(piece, "<>") || (moving && str_is(piece, "MoveNext")))
			continue;
		if (out->size && !str_starts(piece, "."))
			put(out, STR("."));
		if (!str_starts(piece, "<")) {
			for (end = 0; end < piece.size && !strchr("`[@", piece.at[end]); end++)
				;
			put(out, str_slice(piece, 0, end));
			continue;
		}
		end = closing(piece);
		put(out, str_slice(piece, 1, end ? end - 1 : 0));
		piece = str_from(piece, end + 1);
		moving = str_starts(piece, "d__");
		if (str_skip(&piece, "g__") && str_split(piece, "|", &local, NULL)) {
			put(out, STR("."));
			put(out, local);
		}
	}
}

void dotnet_add_frame(struct failure *failure, const struct place *place, struct str function)
{
	const char *language = dotnet_language(place->file);
	struct kept name;

	dotnet_function(&name, function);
	trace_frame(failure, place, kept_str(&name));
	if (language)
		failure->language = language;
}
