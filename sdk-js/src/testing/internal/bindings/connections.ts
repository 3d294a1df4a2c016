import { bind } from "../../current.js";

export const ConnectionPool = bind("connections", "ConnectionPool");
export const resolveHost = bind("connections", "resolveHost");
export const reverseLookup = bind("connections", "reverseLookup");
