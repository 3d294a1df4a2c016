/* The part of the fake host that is files, directories and paths. */
#include <stdlib.h>

#include "fake_host.h"

typedef airssys_ext_filesystem_types_filesystem_error_t fs_failure;

/* files */

static airssys_ext_filesystem_types_file_metadata_t fake_metadata(void) {
    return (airssys_ext_filesystem_types_file_metadata_t){
        .file_type = AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_SYMBOLIC_LINK,
        .size = UINT64_MAX,
        .permissions = AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OWNER_READ |
                       AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_PERMISSIONS_OTHER_EXECUTE,
        .links = 3,
        .accessed = {false, {0, 0}},
        .modified = {true, {9007199254740993, 999999999}},
        .created = {true, {0, 0}},
    };
}

bool airssys_ext_filesystem_files_open(airssys_bindings_string_t *path, airssys_ext_filesystem_types_open_flags_t flags,
                                       airssys_ext_filesystem_files_own_file_t *result, fs_failure *failure) {
    fake_note("files.open %S %u", path, FAKE_NUMBER(flags));
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

void airssys_ext_filesystem_files_file_drop_own(airssys_ext_filesystem_files_own_file_t handle) {
    fake_note("files.file drop %u", FAKE_NUMBER(handle.__handle));
    fake_close_handle();
}

bool airssys_ext_filesystem_files_read_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *result,
                                            fs_failure *failure) {
    fake_note("files.read-file %S", path);
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_bytes();
    return true;
}

bool airssys_ext_filesystem_files_write_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                             fs_failure *failure) {
    fake_note("files.write-file %S %B", path, data);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_append_file(airssys_bindings_string_t *path, airssys_bindings_list_u8_t *data,
                                              fs_failure *failure) {
    fake_note("files.append-file %S %B", path, data);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_delete_file(airssys_bindings_string_t *path, fs_failure *failure) {
    fake_note("files.delete-file %S", path);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_copy_file(airssys_bindings_string_t *source, airssys_bindings_string_t *destination,
                                            airssys_ext_filesystem_types_on_existing_t on_existing, uint64_t *result,
                                            fs_failure *failure) {
    fake_note("files.copy-file %S %S %u", source, destination, FAKE_NUMBER(on_existing));
    *result = UINT64_MAX;
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_rename(airssys_bindings_string_t *source, airssys_bindings_string_t *destination,
                                         airssys_ext_filesystem_types_on_existing_t on_existing, fs_failure *failure) {
    fake_note("files.rename %S %S %u", source, destination, FAKE_NUMBER(on_existing));
    return fake_filesystem_succeeds(failure);
}

typedef airssys_ext_filesystem_files_borrow_file_t file_handle;

bool airssys_ext_filesystem_files_method_file_read(file_handle self, uint32_t max_bytes,
                                                   airssys_bindings_list_u8_t *result, fs_failure *failure) {
    fake_note("files.file.read %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(max_bytes));
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_bytes();
    return true;
}

bool airssys_ext_filesystem_files_method_file_read_at(file_handle self, uint64_t offset, uint32_t max_bytes,
                                                      airssys_bindings_list_u8_t *result, fs_failure *failure) {
    fake_note("files.file.read-at %u %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(offset), FAKE_NUMBER(max_bytes));
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_bytes();
    return true;
}

bool airssys_ext_filesystem_files_method_file_write(file_handle self, airssys_bindings_list_u8_t *data,
                                                    uint32_t *result, fs_failure *failure) {
    fake_note("files.file.write %u %B", FAKE_NUMBER(self.__handle), data);
    *result = UINT32_MAX;
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_write_at(file_handle self, uint64_t offset,
                                                       airssys_bindings_list_u8_t *data, uint32_t *result,
                                                       fs_failure *failure) {
    fake_note("files.file.write-at %u %u %B", FAKE_NUMBER(self.__handle), FAKE_NUMBER(offset), data);
    *result = UINT32_MAX;
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_seek(file_handle self, airssys_ext_filesystem_types_seek_from_t *position,
                                                   uint64_t *result, fs_failure *failure) {
    static const char *const FORMS[] = {"start", "forward", "backward", "before-end"};
    fake_note("files.file.seek %u %s %u", FAKE_NUMBER(self.__handle), FORMS[position->tag],
              FAKE_NUMBER(position->val.start));
    *result = UINT64_MAX;
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_sync(file_handle self, airssys_ext_filesystem_types_sync_kind_t kind,
                                                   fs_failure *failure) {
    fake_note("files.file.sync %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(kind));
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_set_size(file_handle self, uint64_t size, fs_failure *failure) {
    fake_note("files.file.set-size %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(size));
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_metadata(file_handle self,
                                                       airssys_ext_filesystem_types_file_metadata_t *result,
                                                       fs_failure *failure) {
    fake_note("files.file.metadata %u", FAKE_NUMBER(self.__handle));
    *result = fake_metadata();
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_lock(file_handle self, airssys_ext_filesystem_types_lock_kind_t kind,
                                                   uint32_t *timeout_ms, fs_failure *failure) {
    if (timeout_ms == NULL) {
        fake_note("files.file.lock %u %u none", FAKE_NUMBER(self.__handle), FAKE_NUMBER(kind));
    } else {
        fake_note("files.file.lock %u %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(kind), FAKE_NUMBER(*timeout_ms));
    }
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_files_method_file_unlock(file_handle self, fs_failure *failure) {
    fake_note("files.file.unlock %u", FAKE_NUMBER(self.__handle));
    return fake_filesystem_succeeds(failure);
}

/* directories */

bool airssys_ext_filesystem_directories_open_directory(
    airssys_bindings_string_t *path, airssys_ext_filesystem_directories_own_directory_cursor_t *result,
    fs_failure *failure) {
    fake_note("directories.open-directory %S", path);
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

void airssys_ext_filesystem_directories_directory_cursor_drop_own(
    airssys_ext_filesystem_directories_own_directory_cursor_t handle) {
    fake_note("directories.directory-cursor drop %u", FAKE_NUMBER(handle.__handle));
    fake_close_handle();
}

static airssys_ext_filesystem_directories_list_directory_entry_t fake_entries(void) {
    if (fake_host_answers_empty()) {
        return (airssys_ext_filesystem_directories_list_directory_entry_t){FAKE_NOWHERE, 0};
    }
    airssys_ext_filesystem_types_directory_entry_t *entries = calloc(2, sizeof *entries);
    entries[0].name = fake_string("a", 1);
    entries[0].file_type = AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_DIRECTORY;
    entries[1].name = fake_string(FAKE_PATH, sizeof FAKE_PATH - 1);
    entries[1].file_type = AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_OTHER;
    return (airssys_ext_filesystem_directories_list_directory_entry_t){entries, 2};
}

bool airssys_ext_filesystem_directories_method_directory_cursor_next(
    airssys_ext_filesystem_directories_borrow_directory_cursor_t self, uint32_t max_entries,
    airssys_ext_filesystem_directories_list_directory_entry_t *result, fs_failure *failure) {
    fake_note("directories.directory-cursor.next %u %u", FAKE_NUMBER(self.__handle), FAKE_NUMBER(max_entries));
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_entries();
    return true;
}

bool airssys_ext_filesystem_directories_list_directory(
    airssys_bindings_string_t *path, airssys_ext_filesystem_directories_list_directory_entry_t *result,
    fs_failure *failure) {
    fake_note("directories.list-directory %S", path);
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_entries();
    return true;
}

bool airssys_ext_filesystem_directories_create_directory(airssys_bindings_string_t *path, fs_failure *failure) {
    fake_note("directories.create-directory %S", path);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_directories_create_directory_all(airssys_bindings_string_t *path, fs_failure *failure) {
    fake_note("directories.create-directory-all %S", path);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_directories_remove_directory(airssys_bindings_string_t *path, fs_failure *failure) {
    fake_note("directories.remove-directory %S", path);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_directories_remove_directory_all(airssys_bindings_string_t *path, fs_failure *failure) {
    fake_note("directories.remove-directory-all %S", path);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_directories_find(airssys_bindings_string_t *root,
                                             airssys_ext_filesystem_types_find_options_t *options,
                                             airssys_ext_filesystem_directories_list_path_t *result,
                                             fs_failure *failure) {
    fake_note("directories.find %S %S %u:%u %u %u:%u", root, &options->pattern, FAKE_NUMBER(options->max_depth.is_some),
              FAKE_NUMBER(options->max_depth.val), FAKE_NUMBER(options->follow_links),
              FAKE_NUMBER(options->limit.is_some), FAKE_NUMBER(options->limit.val));
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    airssys_bindings_list_string_t paths = fake_strings();
    *result = (airssys_ext_filesystem_directories_list_path_t){paths.ptr, paths.len};
    return true;
}

bool airssys_ext_filesystem_directories_measure(airssys_bindings_string_t *root,
                                                airssys_ext_filesystem_types_disk_usage_t *result,
                                                fs_failure *failure) {
    fake_note("directories.measure %S", root);
    *result = (airssys_ext_filesystem_types_disk_usage_t){1, 2, UINT64_MAX};
    return fake_filesystem_succeeds(failure);
}

/* paths */

bool airssys_ext_filesystem_paths_get_metadata(airssys_bindings_string_t *path,
                                               airssys_ext_filesystem_types_file_metadata_t *result,
                                               fs_failure *failure) {
    fake_note("paths.get-metadata %S", path);
    *result = fake_metadata();
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_paths_get_link_metadata(airssys_bindings_string_t *path,
                                                    airssys_ext_filesystem_types_file_metadata_t *result,
                                                    fs_failure *failure) {
    fake_note("paths.get-link-metadata %S", path);
    *result = fake_metadata();
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_paths_exists(airssys_bindings_string_t *path, bool *result, fs_failure *failure) {
    fake_note("paths.exists %S", path);
    *result = true;
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_paths_set_permissions(airssys_bindings_string_t *path,
                                                  airssys_ext_filesystem_types_file_permissions_t permissions,
                                                  fs_failure *failure) {
    fake_note("paths.set-permissions %S %u", path, FAKE_NUMBER(permissions));
    return fake_filesystem_succeeds(failure);
}

static void note_time(airssys_ext_filesystem_types_file_time_t time) {
    if (time.tag == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_AT) {
        fake_note("  at %u.%u", FAKE_NUMBER(time.val.at.seconds), FAKE_NUMBER(time.val.at.nanoseconds));
    } else {
        fake_note("  %s", time.tag == AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TIME_NOW ? "now" : "unchanged");
    }
}

bool airssys_ext_filesystem_paths_set_times(airssys_bindings_string_t *path,
                                            airssys_ext_filesystem_types_file_times_t *times, fs_failure *failure) {
    fake_note("paths.set-times %S", path);
    note_time(times->accessed);
    note_time(times->modified);
    return fake_filesystem_succeeds(failure);
}

bool airssys_ext_filesystem_paths_create_symlink(airssys_bindings_string_t *target, airssys_bindings_string_t *link,
                                                 fs_failure *failure) {
    fake_note("paths.create-symlink %S %S", target, link);
    return fake_filesystem_succeeds(failure);
}

/* Answers with a path. */
static bool answer_path(airssys_bindings_string_t *result, fs_failure *failure) {
    if (!fake_filesystem_succeeds(failure)) {
        return false;
    }
    *result = fake_string(FAKE_PATH, fake_host_answers_empty() ? 0 : sizeof FAKE_PATH - 1);
    return true;
}

bool airssys_ext_filesystem_paths_read_symlink(airssys_bindings_string_t *link, airssys_bindings_string_t *result,
                                               fs_failure *failure) {
    fake_note("paths.read-symlink %S", link);
    return answer_path(result, failure);
}

bool airssys_ext_filesystem_paths_canonicalize(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                                               fs_failure *failure) {
    fake_note("paths.canonicalize %S", path);
    return answer_path(result, failure);
}

bool airssys_ext_filesystem_paths_normalize(airssys_bindings_string_t *path, airssys_bindings_string_t *result,
                                            fs_failure *failure) {
    fake_note("paths.normalize %S", path);
    return answer_path(result, failure);
}

bool airssys_ext_filesystem_paths_relative_to(airssys_bindings_string_t *path, airssys_bindings_string_t *base,
                                              airssys_bindings_string_t *result, fs_failure *failure) {
    fake_note("paths.relative-to %S %S", path, base);
    return answer_path(result, failure);
}
