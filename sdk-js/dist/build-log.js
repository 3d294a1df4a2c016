// DO NOT EDIT: compiled from src/build-log.ts by typescript 7.0.2 (npm run build).
// What code outside of functions writes to the console: it runs while the component is built, where there is no host. The
// build finds the text in the memory that the engine leaves.
/** More than this is cut off: it is there to be read by one who builds. */
const MAX_BYTES = 65_536;
/** What the build looks for. Behind it come how many bytes there are, in eight digits, and a line end. */
const BEGINNING = "\u0002airssys-wasm build log ";
/** What stands behind it. */
const END = 3;
let text = "";
let kept;
/** Adds a line. */
export function writeBuildLog(line) {
    // The snapshot of the memory leaves zeros out, so that one would split the text.
    if (text.length < MAX_BYTES)
        text += `${line.replaceAll("\0", "\\x00")}\n`;
}
/** Puts all that was written into the memory, for the build to find. */
export function keepBuildLog() {
    if (text === "")
        return;
    const content = new TextEncoder().encode(text).slice(0, MAX_BYTES);
    const head = new TextEncoder().encode(`${BEGINNING}${`${content.length}`.padStart(8, "0")}\n`);
    kept = new Uint8Array(head.length + content.length + 1);
    kept.set(head);
    kept.set(content, head.length);
    kept[head.length + content.length] = END;
}
/** Lets go of it, in the first call of an instance. */
export function dropBuildLog() {
    text = "";
    kept = undefined;
}
/** What is kept, for tests. */
export function keptBuildLog() {
    return kept;
}
