import { fake } from "./fake.js";

export const openDirectory = fake("openDirectory");
export const listDirectory = fake("listDirectory");
export const createDirectory = fake("createDirectory");
export const createDirectoryAll = fake("createDirectoryAll");
export const removeDirectory = fake("removeDirectory");
export const removeDirectoryAll = fake("removeDirectoryAll");
export const find = fake("find");
export const measure = fake("measure");
