/* Between the public types of processes and those of the driver's exports; see convert.h. */
#ifndef DRIVER_PROCESS_CONVERT_H
#define DRIVER_PROCESS_CONVERT_H

#include "convert.h"

typedef airssys_ext_process_types_process_error_t process_failure;
typedef exports_airssys_ext_process_processes_process_t exported_process;

/* What the driver's process holds. */
struct exports_airssys_ext_process_processes_process_t {
    airssys_process process;
};

airssys_signal view_signal(const airssys_ext_process_types_signal_t *signal);
airssys_ext_process_types_signal_t give_signal(airssys_signal signal);
airssys_ext_process_types_exit_status_t give_exit_status(airssys_exit_status status);
airssys_ext_process_types_process_output_t give_process_output(const airssys_process_output *output);
airssys_process_limits view_process_limits(const airssys_ext_process_types_process_limits_t *limits);
airssys_ext_process_types_process_limits_t give_process_limits(const airssys_process_limits *limits);

/* A command whose lists are its own: free_viewed_command frees them, and not what they point to. */
airssys_command view_command(const airssys_ext_process_types_command_t *command);
void free_viewed_command(airssys_command *command);

/* What an export ends with: moves the error into that of the export unless it is AIRSSYS_OK. */
bool finish_process(airssys_code code, airssys_error *error, process_failure *to);

#endif
