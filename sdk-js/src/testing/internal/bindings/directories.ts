import { bind } from "../../current.js";

export const openDirectory = bind("directories", "openDirectory");
export const listDirectory = bind("directories", "listDirectory");
export const createDirectory = bind("directories", "createDirectory");
export const createDirectoryAll = bind("directories", "createDirectoryAll");
export const removeDirectory = bind("directories", "removeDirectory");
export const removeDirectoryAll = bind("directories", "removeDirectoryAll");
export const find = bind("directories", "find");
export const measure = bind("directories", "measure");
