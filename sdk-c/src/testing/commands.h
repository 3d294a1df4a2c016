/* What a host refuses of a command. Private to the testing kit. */
#ifndef AIRSSYS_SRC_TESTING_COMMANDS_H
#define AIRSSYS_SRC_TESTING_COMMANDS_H

#include "fake_host.h"

/* Processes that a component may have at once, as the host limits them. */
enum { FAKE_MAX_PROCESSES = 16 };

/* Fills a failure with `invalid-argument` and this text, and gives false, so that an import can end with it. */
bool airssys_fake_refuse_argument(fake_process_failure *failure, const char *problem);

/* Whether a command is one that a host starts, which it says before it asks whether the program is permitted. */
bool airssys_fake_check_command(const airssys_ext_process_types_command_t *command, fake_process_failure *failure);
/* Whether variables are as short as the system takes them, which a host sees after the permission. */
bool airssys_fake_check_variables(const airssys_ext_process_types_environment_t *environment,
                                  fake_process_failure *failure);
bool airssys_fake_check_input(size_t len, fake_process_failure *failure);

#endif
