// DO NOT EDIT: compiled from src/testing/internal/bindings/tcp.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const connect = bind("tcp", "connect");
export const listen = bind("tcp", "listen");
