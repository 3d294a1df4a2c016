// The driver of the JavaScript SDK: every operation of the contract that it exports goes through the SDK's public API to
// the same operation of the host. The engines look for the exports under these names.

export { componentLifecycle } from "./component-lifecycle.js";
export { directories, files, paths } from "./filesystem.js";
export { hostServices } from "./host-services.js";
export { connections, tcp, udp } from "./network.js";
export { processes, signals, stdio } from "./processes.js";
