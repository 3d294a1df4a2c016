import { bind } from "../../current.js";

export const connect = bind("tcp", "connect");
export const listen = bind("tcp", "listen");
