// DO NOT EDIT: compiled from src/testing/internal/paths.ts by typescript 7.0.2 (npm run build).
// `airssys:ext-filesystem/paths`.
import { permissions as allPermissions } from "../../filesystem.js";
import { failed, fold, normalize, segments } from "./text.js";
import { LinkEntry, metadataOf } from "./tree.js";
const NANOSECONDS = 1_000_000_000;
export function paths(tree) {
    function timeOf(time, before) {
        if (time.tag === "unchanged")
            return before;
        return time.tag === "now" ? tree.clock.now : time.val;
    }
    return {
        getMetadata: (path) => metadataOf(tree.visible("paths.get-metadata", path, "follow").existing()),
        getLinkMetadata: (path) => metadataOf(tree.visible("paths.get-link-metadata", path, "keep-unless-slash").existing()),
        exists(path) {
            const place = tree.visible("paths.exists", path, "follow");
            if (place.obstacle === "too-many-links" || place.obstacle === "name-too-long")
                place.reached();
            return place.found !== undefined;
        },
        setPermissions(path, permissions) {
            tree.place("paths.set-permissions", path, "follow", "write").existing().permissions = allPermissions(permissions);
        },
        setTimes(path, { accessed, modified }) {
            for (const time of [accessed, modified]) {
                if (time.tag === "at" && time.val.nanoseconds >= NANOSECONDS) {
                    throw failed("invalid-argument", "a time has less than 1,000,000,000 nanoseconds");
                }
            }
            const entry = tree.place("paths.set-times", path, "follow", "write").existing();
            entry.accessed = timeOf(accessed, entry.accessed);
            entry.modified = timeOf(modified, entry.modified);
        },
        createSymlink(target, link) {
            const to = normalize(target);
            const place = tree.place("paths.create-symlink", link, "keep", "write");
            const destination = tree.place("paths.create-symlink", to, "follow", "read");
            if (destination.obstacle === "too-many-links")
                destination.reached();
            tree.put(place.free(LinkEntry), new LinkEntry(tree.clock.now, to));
        },
        readSymlink(link) {
            const entry = tree.place("paths.read-symlink", link, "keep-unless-slash", "read").existing();
            if (!(entry instanceof LinkEntry))
                throw failed("invalid-argument", "it is not a symbolic link");
            return entry.target;
        },
        canonicalize(path) {
            const place = tree.visible("paths.canonicalize", path, "follow");
            place.existing();
            return place.path;
        },
        normalize,
        relativeTo(path, base) {
            const [names, from] = [fold(segments(path)), fold(segments(base))];
            if (from.some((name, index) => names[index] !== name)) {
                throw failed("invalid-argument", "the path is not under the base");
            }
            return names.slice(from.length).join("/");
        },
    };
}
