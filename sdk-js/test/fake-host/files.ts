import { fake } from "./fake.js";

export const open = fake("open");
export const readFile = fake("readFile");
export const writeFile = fake("writeFile");
export const appendFile = fake("appendFile");
export const deleteFile = fake("deleteFile");
export const copyFile = fake("copyFile");
export const rename = fake("rename");
