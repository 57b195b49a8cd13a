/*
 * A kernel's own reports, as a test in a virtual machine or a library kernel prints them: KASAN and
 * its kin, bad accesses, BUG(), panics, each with the call trace. Warnings and lock reports are
 * left out.
 */
#include "ci/frame.h"

enum { REPORT_LINES_MAX = 200, HEAD_LINES_MAX = 60 };
enum stage { STAGE_NONE, STAGE_HEAD, STAGE_STACK };

struct state {
	enum stage stage;
	struct failure *failure;
	unsigned long first, last;
	unsigned lines;
};

/* After the words comes the name, or the type is given. */
static const struct {
	const char *words, *tool, *type;
} reports[] = {
	{ "BUG: KASAN: ", "KASAN", NULL },
	{ "BUG: KMSAN: ", "KMSAN", NULL },
	{ "BUG: KCSAN: ", "KCSAN", NULL },
	{ "BUG: KFENCE: ", "KFENCE", NULL },
	{ "BUG: kernel NULL pointer dereference", "kernel", "null-dereference" },
	{ "Unable to handle kernel NULL pointer dereference", "kernel", "null-dereference" },
	{ "BUG: unable to handle page fault for address", "kernel", "page-fault" },
	{ "BUG: unable to handle kernel paging request", "kernel", "page-fault" },
	{ "Unable to handle kernel paging request", "kernel", "page-fault" },
	{ "general protection fault, ", "kernel", "general-protection-fault" },
	{ "kernel BUG at ", "kernel", "BUG" },
	{ "Kernel panic - not syncing: ", "kernel", "panic" },
};

/* Takes "<4>[  126.013117][  T123] " off the line. */
static struct str without_stamp(struct str text)
{
	struct str inner, rest;

	if (str_starts(text, "<") && str_split(text, ">[", &inner, &rest) && inner.size < 4)
		text = str_from(text, inner.size + 1);
	for (int i = 0; i < 2 && str_starts(text, "["); i++) {
		if (!str_split(text, "]", &inner, &rest) || inner.size > 20)
			break;
		text = rest;
	}
	return str_trim(text);
}

static bool begin(struct state *s, struct findings *f, const struct line *line)
{
	struct str text = without_stamp(line->text), rest = STR_NONE, name = STR_NONE;
	char type[128] = "kernel failure: ";
	size_t i = 0, n = strlen(type);
	struct place place;

	while (i < sizeof(reports) / sizeof(reports[0]) && !str_split(text, reports[i].words, NULL, &rest))
		i++;
	if (i == sizeof(reports) / sizeof(reports[0]) || str_starts(text, "---["))
		return false;
	if (reports[i].type)
		name = str_of(reports[i].type);
	else if (!str_split(rest, " in ", &name, NULL))
		return false;
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE, line->number);
	s->failure->language = "c";
	s->failure->tool = reports[i].tool;
	for (size_t k = 0; k < name.size && n + 1 < sizeof(type); k++)
		type[n++] = name.at[k];
	s->failure->type = findings_text(s->failure, (struct str){ type, n });
	s->failure->message = findings_text(s->failure, text);
	if (str_is(name, "BUG") && place_take(&rest, &place))
		place_set(s->failure, &place);
	s->first = s->last = line->number;
	s->lines = 0;
	s->stage = STAGE_HEAD;
	return true;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage == STAGE_NONE)
		return;
	s->failure->last_line = s->last;
	frame_settle(s->failure, false);
	if (s->failure->frame_count)
		findings_block(f, "c", s->first, s->last);
	s->stage = STAGE_NONE;
}

/* Where it happened stands before the trace: "RIP: 0010:hid_probe+0xa1/0xd0", "pc : ..." on ARM. */
static bool take_pointer(struct str text, struct stack_frame *frame)
{
	if (str_skip(&text, "RIP: "))
		(void)str_split(text, ":", NULL, &text);
	else if (!str_skip(&text, "pc : "))
		return false;
	return frame_take(text, frame);
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = without_stamp(line->text);
	struct stack_frame frame;

	if (++s->lines > (s->stage == STAGE_HEAD ? (unsigned)HEAD_LINES_MAX : (unsigned)REPORT_LINES_MAX))
		return false;
	if (str_starts(text, "? ") || str_starts(text, "<")) {
		s->last = line->number;
		return true;
	}
	if (frame_take(text, &frame)) {
		s->stage = STAGE_STACK;
	} else if (s->stage != STAGE_HEAD || !take_pointer(text, &frame)) {
		return s->stage == STAGE_HEAD;
	}
	frame_add(s->failure, &frame);
	s->last = line->number;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->stage != STAGE_NONE) {
		if (inside(s, line))
			return AWAKE;
		finish(s, f);
	}
	return begin(s, f, line) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "BUG: KASAN: ", "BUG: KMSAN: ", "BUG: KCSAN: ", "BUG: KFENCE: ",
	"BUG: kernel NULL", "Unable to handle kernel ", "BUG: unable to handle ",
	"general protection fault, ", "kernel BUG at ", "Kernel panic - not syncing: ", NULL };

static const char *const tree[] = { "drivers/net/veth.c", "fs/cart.c", NULL };

static const struct reading examples[] = {
	{
		.name = "KASAN, decoded",
		.files = tree,
		.log =
		"[   12.400000] ==================================================================\n"
		"[   12.400001][  T311] BUG: KASAN: slab-out-of-bounds in veth_xmit+0x1f/0x90\n"
		"[   12.400002][  T311] Write of size 4 at addr ffff888004a8bd18 by task ping/311\n"
		"[   12.400003][  T311] \n"
		"[   12.400004][  T311] Call Trace:\n"
		"[   12.400005][  T311]  <TASK>\n"
		"[   12.400006][  T311]  dump_stack_lvl+0x45/0x5e lib/dump_stack.c:106\n"
		"[   12.400007][  T311]  print_report+0x16d/0x4d8 mm/kasan/report.c:398\n"
		"[   12.400008][  T311]  ? __pfx_veth_xmit+0x10/0x10\n"
		"[   12.400009][  T311]  kasan_report+0xab/0x130 mm/kasan/report.c:495\n"
		"[   12.400010][  T311]  veth_xmit+0x1f/0x90 drivers/net/veth.c:311\n"
		"[   12.400011][  T311]  dev_hard_start_xmit+0xa2/0x1f0 net/core/dev.c:3606\n"
		"[   12.400012][  T311]  </TASK>\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c", .tool = "KASAN",
			    .type = "kernel failure: slab-out-of-bounds", .file = "drivers/net/veth.c",
			    .line = 311, .function = "veth_xmit", .error_line = 2 },
	},
	{
		.name = "BUG()",
		.files = tree,
		.log =
		"[    3.100000] kernel BUG at fs/cart.c:42!\n"
		"[    3.100001] invalid opcode: 0000 [#1] PREEMPT SMP\n"
		"[    3.100002] RIP: 0010:cart_total+0x12/0x40\n"
		"[    3.100003] Code: 0f 0b\n"
		"[    3.100004] Call Trace:\n"
		"[    3.100005]  cart_open+0x21/0x80\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "kernel", .type = "kernel failure: BUG",
			    .file = "fs/cart.c", .line = 42, .error_line = 1 },
	},
	{
		.name = "the words in a sentence",
		.log = "See the page on how to read 'BUG: KASAN: ' lines\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_kernel = {
	.name = "kernel",
	.language = "c",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};
