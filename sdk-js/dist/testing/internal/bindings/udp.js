// DO NOT EDIT: compiled from src/testing/internal/bindings/udp.ts by typescript 7.0.2 (npm run build).
import { bind as bound } from "../../current.js";
export const bind = bound("udp", "bind");
