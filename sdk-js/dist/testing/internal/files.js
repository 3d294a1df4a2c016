// DO NOT EDIT: compiled from src/testing/internal/files.ts by typescript 7.0.2 (npm run build).
// `airssys:ext-filesystem/files`.
import { FileHandle, MAX_FILE_BYTES, writeInto } from "./handle.js";
import { failed, isWithin } from "./text.js";
import { DirectoryEntry, FileEntry } from "./tree.js";
export function files(tree) {
    function created(place) {
        const file = new FileEntry(tree.clock.now);
        tree.put(place, file);
        return file;
    }
    function replaced(place, data) {
        if (data.length > MAX_FILE_BYTES)
            throw failed("quota-exceeded", `a file of more than ${MAX_FILE_BYTES} bytes`);
        const file = place.newFile() ?? created(place);
        file.content = data.slice();
        file.modified = tree.clock.now;
    }
    /** What may be at the source of a rename, and at its destination. */
    function checkMove(from, source, to) {
        if (isWithin(to.path, from.path))
            throw failed("invalid-argument", "the destination lies within the source");
        if (source instanceof DirectoryEntry) {
            if (to.found && !(to.found instanceof DirectoryEntry))
                throw failed("not-a-directory", to.given);
            for (const [path] of tree.below(from.path, source)) {
                tree.policy.authorizePath("files.rename", "delete", path);
                tree.policy.authorizePath("files.rename", "write", to.path + path.slice(from.path.length));
            }
            if (to.found && to.found.entries.size > 0)
                throw failed("directory-not-empty", to.given);
        }
        else if (to.found instanceof DirectoryEntry) {
            throw failed("is-a-directory", to.given);
        }
    }
    return {
        open(path, flags) {
            const { read = false, write = false, append = false, create = false, createNew = false } = flags;
            if (!read && !write && !append)
                throw failed("invalid-argument", "one of read, write and append must be set");
            if (flags.truncate && !write)
                throw failed("invalid-argument", "truncate needs write");
            const actions = [];
            if (read)
                actions.push("read");
            if (write || append || create || createNew)
                actions.push("write");
            const creates = create || createNew;
            const keep = creates ? "keep" : "keep-unless-slash";
            const place = tree.place("files.open", path, flags.noFollow || createNew ? keep : "follow", ...actions);
            if (createNew && place.found && place.ending !== "slash")
                throw failed("already-exists", path);
            const found = creates ? place.newFile() : place.existingFile();
            const handle = tree.opened(new FileHandle(tree, found ?? created(place), path, { read, write, append }));
            if (flags.truncate)
                handle.setSize(0n);
            return handle;
        },
        readFile: (path) => tree.place("files.read-file", path, "follow", "read").existingFile().content.slice(),
        writeFile: (path, data) => replaced(tree.place("files.write-file", path, "follow", "write"), data),
        appendFile(path, data) {
            const place = tree.place("files.append-file", path, "follow", "write");
            const file = place.newFile() ?? created(place);
            writeInto(tree, file, BigInt(file.content.length), data);
        },
        deleteFile(path) {
            const place = tree.place("files.delete-file", path, "keep", "delete");
            if (place.existing() instanceof DirectoryEntry)
                throw failed("is-a-directory", path);
            tree.remove(place);
        },
        copyFile(source, destination, onExisting) {
            const from = tree.place("files.copy-file", source, "follow", "read");
            const to = tree.place("files.copy-file", destination, "follow", "write");
            const file = from.existingFile();
            // What is there may be no file, which counts for less than that there is something.
            if (to.ending === "slash")
                to.newFile();
            if (to.reached().path === from.path)
                throw failed("invalid-argument", "source and destination are the same file");
            if (to.parent && to.found && onExisting === "fail")
                throw failed("already-exists", destination);
            replaced(to, file.content);
            return BigInt(file.content.length);
        },
        rename(source, destination, onExisting) {
            const from = tree.place("files.rename", source, "keep", "delete");
            const to = tree.place("files.rename", destination, "keep", "write");
            const entry = from.removable();
            if (to.reached().found && onExisting === "fail")
                throw failed("already-exists", destination);
            if (!to.parent)
                throw failed("invalid-argument", "the destination is the root of a mount");
            if (to.ending === "dot")
                throw failed("invalid-argument", "the destination ends in `.`");
            if (to.ending === "slash" && !(entry instanceof DirectoryEntry)) {
                throw failed(to.found ? "is-a-directory" : "not-a-directory", destination);
            }
            if (from.path === to.path)
                return;
            checkMove(from, entry, to);
            tree.remove(from);
            tree.put(to, entry);
        },
    };
}
