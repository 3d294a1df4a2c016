/**
 * @file
 * @brief All of the SDK. See README.md for a whole component.
 */
#ifndef AIRSSYS_AIRSSYS_H
#define AIRSSYS_AIRSSYS_H

#include <airssys/component_lifecycle.h>
#include <airssys/connections.h>
#include <airssys/directories.h>
#include <airssys/error.h>
#include <airssys/files.h>
#include <airssys/host_services.h>
#include <airssys/paths.h>
#include <airssys/processes.h>
#include <airssys/signals.h>
#include <airssys/stdio.h>
#include <airssys/string_builder.h>
#include <airssys/tcp.h>
#include <airssys/types.h>
#include <airssys/udp.h>

#endif
