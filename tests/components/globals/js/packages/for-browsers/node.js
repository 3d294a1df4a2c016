import { readFileSync } from "node:fs";
export const name = readFileSync("/etc/hostname", "utf8");
