// DO NOT EDIT: compiled from src/testing/internal/text.ts by typescript 7.0.2 (npm run build).
// Paths as text, by the rules of the contract.
import { failure } from "../../convert.js";
const MAX_PATH_BYTES = 4_096;
const MAX_NAME_BYTES = 255;
const bytes = (text) => new TextEncoder().encode(text).length;
/** An error of the filesystem in the form of the bindings. */
export function failed(tag, val) {
    return failure(val === undefined ? { tag } : { tag, val }, undefined);
}
/** The segments of a path, without empty ones and `.`, but with each `..`. */
export function segments(path) {
    if (path === "")
        throw failed("invalid-path", "the path is empty");
    if (bytes(path) > MAX_PATH_BYTES)
        throw failed("invalid-path", `the path has more than ${MAX_PATH_BYTES} bytes`);
    if (path.includes("\0"))
        throw failed("invalid-path", "the path contains NUL");
    if (!path.startsWith("/"))
        throw failed("invalid-path", "the path is not absolute");
    const found = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    if (found.some((segment) => bytes(segment) > MAX_NAME_BYTES))
        throw failed("name-too-long", path);
    return found;
}
/** Whether this is a name under which a host keeps a file that it is still writing. */
export function isDraft(name) {
    return /^\.airssys-[0-9a-f]{32}\.draft$/i.test(name);
}
export function endingOf(path) {
    if (/(^|\/)\.\/*$/.test(path))
        return "dot";
    return path.endsWith("/") ? "slash" : "plain";
}
/** How many segments it takes until the one before them is left again by a `..`; 0 if it is not. */
export function leftAgain(pending) {
    let depth = 1;
    return pending.findIndex((segment) => (depth += segment === ".." ? -1 : 1) === 0) + 1;
}
/** Applies each `..` to the text before it. Above the root there is only the root. */
export function fold(parts) {
    const folded = [];
    for (const part of parts) {
        if (part === "..")
            folded.pop();
        else
            folded.push(part);
    }
    return folded;
}
export function absolute(parts) {
    return `/${parts.join("/")}`;
}
export function join(directory, name) {
    return directory === "/" ? `/${name}` : `${directory}/${name}`;
}
export function normalize(path) {
    return absolute(fold(segments(path)));
}
/** Whether a path is a base or below it, both in normal form. */
export function isWithin(path, base) {
    return base === "/" || path === base || path.startsWith(`${base}/`);
}
/** Compares names as their UTF-8 does, which is not the order of UTF-16. */
export function compareNames(a, b) {
    const [left, right] = [[...a], [...b]];
    for (let i = 0; i < left.length && i < right.length; i++) {
        const difference = left[i].codePointAt(0) - right[i].codePointAt(0);
        if (difference !== 0)
            return difference;
    }
    return left.length - right.length;
}
