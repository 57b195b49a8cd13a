/*
 * The program: finds the command in the table and runs it.
 */
#include <stdio.h>

int main(void)
{
	return 0;
}
