// DO NOT EDIT: compiled from src/testing/internal/manifest.ts by typescript 7.0.2 (npm run build).
// Component.toml, as far as a test needs it: who the component is, what it may do, what it is started with.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cwd } from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "../../vendor/toml.js";
import { FakeHostError } from "../errors.js";
import { PatternError } from "./patterns.js";
import { Permissions } from "./permissions.js";
const NAME = "Component.toml";
/**
 * Finds and reads the Component.toml of the folder in which the test runs, or of the nearest one above it; or the one
 * that is named.
 *
 * @returns what it says, or a sentence that there is none.
 */
export function findManifest(named) {
    if (named !== undefined) {
        const file = resolve(typeof named === "string" ? named : fileURLToPath(named.href));
        const text = textOf(file);
        if (text === undefined)
            throw new FakeHostError("invalid-argument", `${file} does not exist`);
        return read(file, text);
    }
    const start = cwd();
    for (let folder = start;; folder = dirname(folder)) {
        const file = join(folder, NAME);
        const text = textOf(file);
        if (text !== undefined)
            return read(file, text);
        if (dirname(folder) === folder)
            return `there is no ${NAME} in ${start}, nor above it`;
    }
}
function textOf(file) {
    try {
        return readFileSync(file, "utf8");
    }
    catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(error.code ?? ""))
            return undefined;
        throw error;
    }
}
function read(file, text) {
    const wrong = (error) => new FakeHostError("invalid-argument", `${file}: ${error.message}`);
    let document;
    try {
        document = parse(text);
    }
    catch (error) {
        throw wrong(error);
    }
    const { component = {}, permissions = {}, config = {}, limits = {} } = document;
    const { environment = {}, data } = config;
    try {
        return {
            component: component,
            permissions: Permissions.read(permissions),
            environment: Object.entries(environment),
            data,
            limits: limits,
        };
    }
    catch (error) {
        throw error instanceof PatternError ? wrong(error) : error;
    }
}
