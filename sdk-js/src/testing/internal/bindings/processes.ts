import { bind } from "../../current.js";

export const spawn = bind("processes", "spawn");
export const run = bind("processes", "run");
export const runPipeline = bind("processes", "runPipeline");
export const waitAny = bind("processes", "waitAny");
export const listProcesses = bind("processes", "listProcesses");
export const getProcessInfo = bind("processes", "getProcessInfo");
