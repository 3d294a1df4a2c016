// DO NOT EDIT: compiled from src/testing/internal/bindings/connections.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const ConnectionPool = bind("connections", "ConnectionPool");
export const resolveHost = bind("connections", "resolveHost");
export const reverseLookup = bind("connections", "reverseLookup");
