// DO NOT EDIT: compiled from src/filesystem.ts by typescript 7.0.2 (npm run build).
// What files, directories and paths share.
import { liftTimestamp, some } from "./convert.js";
import { liftOption, liftU64 } from "./engine.js";
/** @internal */
export function liftFileMetadata(raw) {
    const time = (name) => {
        const at = liftOption(raw[name]);
        return some(name, at && liftTimestamp(at));
    };
    return {
        fileType: raw.fileType,
        size: liftU64(raw.size, "size"),
        permissions: permissions(raw.permissions),
        links: liftU64(raw.links, "links"),
        ...time("accessed"),
        ...time("modified"),
        ...time("created"),
    };
}
/** @internal */
export function permissions(given) {
    return {
        ownerRead: Boolean(given.ownerRead),
        ownerWrite: Boolean(given.ownerWrite),
        ownerExecute: Boolean(given.ownerExecute),
        groupRead: Boolean(given.groupRead),
        groupWrite: Boolean(given.groupWrite),
        groupExecute: Boolean(given.groupExecute),
        otherRead: Boolean(given.otherRead),
        otherWrite: Boolean(given.otherWrite),
        otherExecute: Boolean(given.otherExecute),
    };
}
