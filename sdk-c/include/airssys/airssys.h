/**
 * @file
 * @brief All of the SDK. See README.md for a whole component.
 */
#ifndef AIRSSYS_AIRSSYS_H
#define AIRSSYS_AIRSSYS_H

#include <airssys/component_lifecycle.h>
#include <airssys/directories.h>
#include <airssys/error.h>
#include <airssys/files.h>
#include <airssys/host_services.h>
#include <airssys/paths.h>
#include <airssys/string_builder.h>
#include <airssys/types.h>

#endif
