/*
 * YAML as a tree of mappings, sequences and scalars, and edits that keep the file's own layout,
 * quotes and comments. Nodes are those inside tree-sitter's wrappers; a null node stands for "there
 * is none", and every function takes one.
 */
#ifndef TEMPLATES_LIB_YAML_H
#define TEMPLATES_LIB_YAML_H

#include "templates/syntax.h"

#define YAML_MAPPING "block_mapping|flow_mapping"
#define YAML_SEQUENCE "block_sequence|flow_sequence"
#define YAML_SCALAR "plain_scalar|single_quote_scalar|double_quote_scalar|block_scalar"

/* The value of the first document. */
TSNode yaml_root(const struct syntax *s);
/* The n-th (from 0) pair of a mapping; the pair of a key. */
TSNode yaml_pair(TSNode mapping, unsigned n);
TSNode yaml_find(const struct syntax *s, TSNode mapping, const char *key);
TSNode yaml_key(TSNode pair);
TSNode yaml_value(TSNode pair);
/* The value at a path of keys: "strategy/matrix". */
TSNode yaml_get(const struct syntax *s, TSNode mapping, const char *path);
/* The n-th (from 0) value of a sequence. */
TSNode yaml_item(TSNode sequence, unsigned n);
/* The text that a scalar stands for: without quotes, a block without its indentation; else empty. */
struct str yaml_text(const struct syntax *s, TSNode scalar);
/* The text at a path of keys; empty when there is none. */
struct str yaml_get_text(const struct syntax *s, TSNode mapping, const char *path);
/* Is there an alias, an anchor or a merge key, by which one place stands for another? */
bool yaml_has_alias(const struct syntax *s);

/* The scalar says `text` now, in the quotes that it has. */
void yaml_set(struct edits *edits, const struct syntax *s, TSNode scalar, struct str text);
/*
 * A pair more, behind `pair` of the mapping (a null pair: behind the last one). `value` follows "key:"
 * as it is; lines in it are indented from the key's column on.
 */
void yaml_add(struct edits *edits, const struct syntax *s, TSNode mapping, TSNode pair,
	      const char *key, const char *value);
/* The same in front of a pair of a block mapping, below the comments that stand above it. */
void yaml_add_before(struct edits *edits, const struct syntax *s, TSNode pair, const char *key,
		     const char *value);
/*
 * An item more in a block sequence, before (or behind) its n-th; lines of `text` are indented as the
 * item is. Comments right above an item belong to it. False when it is no block sequence.
 */
bool yaml_add_item(struct edits *edits, const struct syntax *s, TSNode sequence, unsigned n,
		   bool behind, const char *text);
/* The n-th item goes, with its comma or its line. False for the last one that is left. */
bool yaml_drop_item(struct edits *edits, const struct syntax *s, TSNode sequence, unsigned n);
/* What most strings of the file are quoted with: '"' or '\''. */
char yaml_quote(const struct syntax *s);
/* What one level of the file is indented by: the first block below a key of the root. */
const char *yaml_step(const struct syntax *s);
/* Where a node's text really ends: without the white space that belongs to a block. */
size_t yaml_end(const struct syntax *s, TSNode node);

#endif
