// DO NOT EDIT: compiled from src/testing/internal/bindings/files.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const open = bind("files", "open");
export const readFile = bind("files", "readFile");
export const writeFile = bind("files", "writeFile");
export const appendFile = bind("files", "appendFile");
export const deleteFile = bind("files", "deleteFile");
export const copyFile = bind("files", "copyFile");
export const rename = bind("files", "rename");
