// DO NOT EDIT: compiled from src/console.ts by typescript 7.0.2 (npm run build).
// The `console` of a component: the functions and the text of the one of Node.js, a record of the host's log each.
import { format, formatWithOptions, inspect, setStacks } from "./vendor/inspect.js";
/** The host cuts a record of its log there, so that more is work for nothing. In UTF-16 units. */
const MAX_TEXT = 65_536;
/** How far each group is moved to the right. */
const INDENTATION = 2;
/** Makes a console. */
export function makeConsole(sink) {
    let indentation = "";
    const counts = new Map();
    const times = new Map();
    function put(level, text) {
        const whole = indentation === "" ? text : indentation + text.replaceAll("\n", `\n${indentation}`);
        const cut = whole.length > MAX_TEXT ? `${whole.slice(0, MAX_TEXT)}… ${whole.length - MAX_TEXT} more characters` : whole;
        sink.write(level, cut.toWellFormed());
    }
    function at(level) {
        return (...values) => put(level, format(...values));
    }
    const log = at("info");
    const warn = at("warn");
    function elapsed(label, name) {
        const start = times.get(`${label}`);
        if (start === undefined) {
            warn(`No such label '${label}' for console.${name}()`);
            return undefined;
        }
        return `${label}: ${duration(sink.now() - start)}`;
    }
    function group(...values) {
        if (values.length > 0)
            log(...values);
        indentation += " ".repeat(INDENTATION);
    }
    return {
        log,
        info: log,
        debug: at("debug"),
        warn,
        error: at("error"),
        trace(...values) {
            const text = values.length > 0 ? `Trace: ${format(...values)}` : "Trace";
            put("trace", [text, ...frames(new Error().stack ?? "").slice(1)].join("\n"));
        },
        assert(condition, ...values) {
            if (condition)
                return;
            const [first, ...rest] = values;
            warn(values.length === 0 ? "Assertion failed" : `Assertion failed: ${String(first)}`, ...rest);
        },
        dir(value, options) {
            put("info", inspect(value, { customInspect: false, ...options }));
        },
        dirxml: log,
        table(data, columns) {
            if (typeof data !== "object" || data === null)
                return log(data);
            put("info", table(data, columns));
        },
        count(label = "default") {
            const count = (counts.get(`${label}`) ?? 0) + 1;
            counts.set(`${label}`, count);
            log(`${label}: ${count}`);
        },
        countReset(label = "default") {
            if (!counts.delete(`${label}`))
                warn(`Count for '${label}' does not exist`);
        },
        time(label = "default") {
            if (times.has(`${label}`))
                warn(`Label '${label}' already exists for console.time()`);
            else
                times.set(`${label}`, sink.now());
        },
        timeLog(label = "default", ...values) {
            const text = elapsed(label, "timeLog");
            if (text !== undefined)
                put("info", formatWithOptions({}, "%s", text, ...values));
        },
        timeEnd(label = "default") {
            const text = elapsed(label, "timeEnd");
            if (text !== undefined)
                put("info", text);
            times.delete(`${label}`);
        },
        group,
        groupCollapsed: group,
        groupEnd() {
            indentation = indentation.slice(INDENTATION);
        },
    };
}
/** A time as people read it: `1.234ms`, `2.500s`, `1:02.003 (m:ss.mmm)`, `1:00:02.003 (h:mm:ss.mmm)`. */
function duration(milliseconds) {
    if (milliseconds < 1_000)
        return `${Number(milliseconds.toFixed(3))}ms`;
    if (milliseconds < 60_000)
        return `${(milliseconds / 1_000).toFixed(3)}s`;
    const hours = Math.floor(milliseconds / 3_600_000);
    const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
    const seconds = ((milliseconds % 60_000) / 1_000).toFixed(3).padStart(6, "0");
    return hours > 0
        ? `${hours}:${`${minutes}`.padStart(2, "0")}:${seconds} (h:mm:ss.mmm)`
        : `${minutes}:${seconds} (m:ss.mmm)`;
}
const INDEX = "(index)";
const ITERATION = "(iteration index)";
const KEY = "Key";
const VALUES = "Values";
/** More rows than this nobody reads, and the host would cut them off. */
const MAX_ROWS = 1_000;
/** One value in a table: nested ones in short. */
function cell(value) {
    const isWide = typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 2;
    return inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: isWide ? -1 : 0 });
}
function table(data, columns) {
    const rows = [];
    const heads = new Set();
    const head = (name) => void heads.add(name);
    const add = (first, value, isValue) => {
        if (rows.length >= MAX_ROWS)
            return;
        if (isValue || value === null || (typeof value !== "object" && typeof value !== "function")) {
            first.set(VALUES, cell(value));
        }
        else {
            for (const key of columns ?? Object.keys(value)) {
                head(key);
                if (Object.hasOwn(value, key))
                    first.set(key, cell(value[key]));
            }
        }
        rows.push(first);
    };
    let first = INDEX;
    if (data instanceof Map) {
        first = ITERATION;
        head(KEY);
        let at = 0;
        for (const [key, value] of data)
            add(new Map([[first, `${at++}`], [KEY, cell(key)]]), value, true);
    }
    else if (data instanceof Set) {
        first = ITERATION;
        let at = 0;
        for (const value of data)
            add(new Map([[first, `${at++}`]]), value, true);
    }
    else {
        for (const key of Object.keys(data))
            add(new Map([[first, key]]), data[key], false);
    }
    const names = [first, ...heads];
    if (rows.some((row) => row.has(VALUES)))
        names.push(VALUES);
    return draw(names, rows);
}
function draw(names, rows) {
    const length = (text) => [...text].length;
    const widths = names.map((name) => Math.max(length(name), ...rows.map((row) => length(row.get(name) ?? ""))) + 2);
    const rule = (left, middle, right) => left + widths.map((width) => "─".repeat(width)).join(middle) + right;
    const line = (cells) => `│${cells.map((text, at) => ` ${text}${" ".repeat(widths[at] - length(text) - 1)}`).join("│")}│`;
    return [
        rule("┌", "┬", "┐"),
        line(names),
        rule("├", "┼", "┤"),
        ...rows.map((row) => line(names.map((name) => row.get(name) ?? ""))),
        rule("└", "┴", "┘"),
    ].join("\n");
}
// A stack has a form of its own on each engine; that of V8 is the one that people know, and that `inspect` understands.
/** Beyond that, it is a recursion. */
const MAX_FRAMES = 64;
/** The frames of a stack, innermost first: `    at function (file:line:column)`. */
function frames(stack) {
    return stackFrames(stack).map(({ name, place }) => (name === "" ? `    at ${place}` : `    at ${name} (${place})`));
}
/** The frames of a stack, whichever engine wrote it, innermost first. */
export function stackFrames(stack) {
    return stack
        .split("\n")
        .map((line) => line.trim())
        .flatMap((line) => {
        // StarlingMonkey: `function@file:1:2`. QuickJS: `at function (file:1:2)`, or without a function `at file:1:2`.
        const found = /^(?<name>[^@]*)@(?<place>.+)$/.exec(line) ?? /^at (?:(?<name>.*) \((?<place>.+)\)|(?<bare>.+))$/.exec(line);
        if (!found)
            return [];
        const { name = "", place = "", bare = "" } = found.groups ?? {};
        // What calls the program on StarlingMonkey is nobody's source, and its place is a folder that was there for one build.
        if (/\/initializer\.js:\d/.test(place))
            return [];
        return [{ name, place: (place || bare).replace(/^\/bundle\.js:/, "bundle.js:") }];
    })
        .slice(0, MAX_FRAMES);
}
/** What `inspect` shows of an error: its name and message, then the frames. */
function stackOf(error) {
    const { stack } = error;
    // V8 writes name and message itself, when the error is made.
    if (stack && !/^\s*at /.test(stack) && !/^.*@.*:\d+:\d+/.test(stack))
        return stack;
    let head;
    try {
        head = Error.prototype.toString.call(error);
    }
    catch {
        head = "Error";
    }
    return [head, ...frames(stack ?? "")].join("\n");
}
setStacks(stackOf);
