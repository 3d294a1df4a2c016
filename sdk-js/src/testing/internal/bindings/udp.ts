import { bind as bound } from "../../current.js";

export const bind = bound("udp", "bind");
