// DO NOT EDIT: compiled from src/testing/internal/bindings/processes.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const spawn = bind("processes", "spawn");
export const run = bind("processes", "run");
export const runPipeline = bind("processes", "runPipeline");
export const waitAny = bind("processes", "waitAny");
export const listProcesses = bind("processes", "listProcesses");
export const getProcessInfo = bind("processes", "getProcessInfo");
