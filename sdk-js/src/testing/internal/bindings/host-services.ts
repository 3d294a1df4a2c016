import { bind } from "../../current.js";

export const log = bind("hostServices", "log");
export const sendMessage = bind("hostServices", "sendMessage");
export const sendRequest = bind("hostServices", "sendRequest");
export const cancelRequest = bind("hostServices", "cancelRequest");
export const currentTime = bind("hostServices", "currentTime");
export const sleep = bind("hostServices", "sleep");
export const listComponents = bind("hostServices", "listComponents");
export const getComponentMetadata = bind("hostServices", "getComponentMetadata");
