import { fake } from "./fake.js";

export const getMetadata = fake("getMetadata");
export const getLinkMetadata = fake("getLinkMetadata");
export const exists = fake("exists");
export const setPermissions = fake("setPermissions");
export const setTimes = fake("setTimes");
export const createSymlink = fake("createSymlink");
export const readSymlink = fake("readSymlink");
export const canonicalize = fake("canonicalize");
export const normalize = fake("normalize");
export const relativeTo = fake("relativeTo");
