// DO NOT EDIT: compiled from src/testing/internal/bindings/paths.ts by typescript 7.0.2 (npm run build).
import { bind } from "../../current.js";
export const getMetadata = bind("paths", "getMetadata");
export const getLinkMetadata = bind("paths", "getLinkMetadata");
export const exists = bind("paths", "exists");
export const setPermissions = bind("paths", "setPermissions");
export const setTimes = bind("paths", "setTimes");
export const createSymlink = bind("paths", "createSymlink");
export const readSymlink = bind("paths", "readSymlink");
export const canonicalize = bind("paths", "canonicalize");
export const normalize = bind("paths", "normalize");
export const relativeTo = bind("paths", "relativeTo");
