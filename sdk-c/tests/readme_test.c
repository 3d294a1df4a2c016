#include <airssys/types.h>

#include "check.h"
#include "fake_host.h"
#include "lifecycle_call.h"

int main(void) {
    const airssys_bytes path = airssys_string_as_bytes(AIRSSYS_STRING("/data/a"));
    CHECK_TEXT(call_execute("count", path), "ok:7");
    CHECK_TEXT(fake_host_calls(), "files.read-file /data/a\n");
    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED);
    CHECK_TEXT(call_execute("count", path), "3:" FAKE_REFUSAL);
    return CHECK_RESULT;
}
