import { bind } from "../../current.js";

export const open = bind("files", "open");
export const readFile = bind("files", "readFile");
export const writeFile = bind("files", "writeFile");
export const appendFile = bind("files", "appendFile");
export const deleteFile = bind("files", "deleteFile");
export const copyFile = bind("files", "copyFile");
export const rename = bind("files", "rename");
