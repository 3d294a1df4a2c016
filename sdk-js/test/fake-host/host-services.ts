import { fake } from "./fake.js";

export const log = fake("log");
export const sendMessage = fake("sendMessage");
export const sendRequest = fake("sendRequest");
export const cancelRequest = fake("cancelRequest");
export const currentTime = fake("currentTime");
export const sleep = fake("sleep");
export const listComponents = fake("listComponents");
export const getComponentMetadata = fake("getComponentMetadata");
