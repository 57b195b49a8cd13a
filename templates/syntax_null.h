/*
 * tree-sitter's questions, also for a null node: it has no children, no parent, no text. The library
 * reads through it, and in a hostile file any node that a template asks for may be missing. Each name
 * stands for a function that looks first.
 */
#ifndef TEMPLATES_SYNTAX_NULL_H
#define TEMPLATES_SYNTAX_NULL_H

#include <tree_sitter/api.h>

#define SAFE(type, name, nothing)				\
	static inline type safe_##name(TSNode node)		\
	{							\
		return ts_node_is_null(node) ? (nothing) : ts_node_##name(node); \
	}

SAFE(uint32_t, child_count, 0)
SAFE(uint32_t, named_child_count, 0)
SAFE(uint32_t, end_byte, 0)
SAFE(TSPoint, end_point, ((TSPoint){ 0, 0 }))
SAFE(const char *, type, "")
SAFE(TSNode, parent, node)
SAFE(TSNode, prev_sibling, node)
SAFE(TSNode, prev_named_sibling, node)
SAFE(TSNode, next_named_sibling, node)
SAFE(bool, is_named, false)
SAFE(bool, is_missing, false)
SAFE(bool, has_error, false)
SAFE(TSSymbol, symbol, 0)

static inline TSNode safe_child(TSNode node, uint32_t n)
{
	return ts_node_is_null(node) ? node : ts_node_child(node, n);
}

static inline TSNode safe_named_child(TSNode node, uint32_t n)
{
	return ts_node_is_null(node) ? node : ts_node_named_child(node, n);
}

#define ts_node_child_count safe_child_count
#define ts_node_named_child_count safe_named_child_count
#define ts_node_end_byte safe_end_byte
#define ts_node_end_point safe_end_point
#define ts_node_type safe_type
#define ts_node_parent safe_parent
#define ts_node_prev_sibling safe_prev_sibling
#define ts_node_prev_named_sibling safe_prev_named_sibling
#define ts_node_next_named_sibling safe_next_named_sibling
#define ts_node_is_named safe_is_named
#define ts_node_is_missing safe_is_missing
#define ts_node_has_error safe_has_error
#define ts_node_symbol safe_symbol
#define ts_node_child safe_child
#define ts_node_named_child safe_named_child

#endif
