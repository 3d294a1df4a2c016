// DO NOT EDIT: compiled from src/testing/internal/bindings/signals.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const sendSignal = bind("signals", "sendSignal");
export const interrupt = bind("signals", "interrupt");
export const terminate = bind("signals", "terminate");
export const kill = bind("signals", "kill");
export const killGroup = bind("signals", "killGroup");
export const suspend = bind("signals", "suspend");
export const resume = bind("signals", "resume");
export const waitStateChange = bind("signals", "waitStateChange");
export const parseSignal = bind("signals", "parseSignal");
export const listSignals = bind("signals", "listSignals");
