// DO NOT EDIT: compiled from src/testing/internal/bindings/stdio.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const writeStdin = bind("stdio", "writeStdin");
export const closeStdin = bind("stdio", "closeStdin");
export const readStdout = bind("stdio", "readStdout");
export const readStderr = bind("stdio", "readStderr");
export const readStdoutToEnd = bind("stdio", "readStdoutToEnd");
export const readStderrToEnd = bind("stdio", "readStderrToEnd");
export const communicate = bind("stdio", "communicate");
