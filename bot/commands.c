/*
 * The list of commands, in the order in which people read it.
 */
#include "bot/command.h"

const struct command *const commands[] = {
	&command_fix, &command_explain, &command_redact, &command_judge, &command_prove,
	&command_serve, &command_once, &command_incidents, &command_audit, &command_templates,
	&command_setup, &command_doctor, &command_action,
	&command_check_config, &command_demo, &command_help, NULL
};
