/*
 * How common a piece of text is in build logs, by its pairs of characters.
 */
#ifndef CI_PAIRS_H
#define CI_PAIRS_H

/*
 * An estimate of how often four bytes stand in a build log, as a logarithm: the lower, the rarer.
 * By the pairs in it, each but the first given the character before it; measured on public logs.
 */
int pairs_common(const char piece[4]);

#endif
