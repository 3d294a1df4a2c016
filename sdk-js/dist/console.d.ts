// DO NOT EDIT: compiled from src/console.ts by typescript 7.0.2 (npm run build).
import type { LogLevel } from "./types.js";
/** Where the text goes, and the clock of `time`, in milliseconds. */
export interface Sink {
    write(level: LogLevel, text: string): void;
    now(): number;
}
/** Makes a console. */
export declare function makeConsole(sink: Sink): Console;
/** The frames of a stack, whichever engine wrote it, innermost first. */
export declare function stackFrames(stack: string): Array<{
    name: string;
    place: string;
}>;
