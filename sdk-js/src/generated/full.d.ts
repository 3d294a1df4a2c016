// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
/// <reference path="./interfaces/airssys-core-capabilities.d.ts" />
/// <reference path="./interfaces/airssys-core-component-lifecycle.d.ts" />
/// <reference path="./interfaces/airssys-core-host-services.d.ts" />
/// <reference path="./interfaces/airssys-core-types.d.ts" />
/// <reference path="./interfaces/airssys-ext-filesystem-directories.d.ts" />
/// <reference path="./interfaces/airssys-ext-filesystem-files.d.ts" />
/// <reference path="./interfaces/airssys-ext-filesystem-paths.d.ts" />
/// <reference path="./interfaces/airssys-ext-filesystem-types.d.ts" />
/// <reference path="./interfaces/airssys-ext-network-connections.d.ts" />
/// <reference path="./interfaces/airssys-ext-network-tcp.d.ts" />
/// <reference path="./interfaces/airssys-ext-network-types.d.ts" />
/// <reference path="./interfaces/airssys-ext-network-udp.d.ts" />
/// <reference path="./interfaces/airssys-ext-process-processes.d.ts" />
/// <reference path="./interfaces/airssys-ext-process-signals.d.ts" />
/// <reference path="./interfaces/airssys-ext-process-stdio.d.ts" />
/// <reference path="./interfaces/airssys-ext-process-types.d.ts" />
declare module 'airssys:worlds/full@1.0.0' {
  export type * as AirssysCoreCapabilities100 from 'airssys:core/capabilities@1.0.0'; // import airssys:core/capabilities@1.0.0
  export type * as AirssysCoreHostServices100 from 'airssys:core/host-services@1.0.0'; // import airssys:core/host-services@1.0.0
  export type * as AirssysCoreTypes100 from 'airssys:core/types@1.0.0'; // import airssys:core/types@1.0.0
  export type * as AirssysExtFilesystemDirectories100 from 'airssys:ext-filesystem/directories@1.0.0'; // import airssys:ext-filesystem/directories@1.0.0
  export type * as AirssysExtFilesystemFiles100 from 'airssys:ext-filesystem/files@1.0.0'; // import airssys:ext-filesystem/files@1.0.0
  export type * as AirssysExtFilesystemPaths100 from 'airssys:ext-filesystem/paths@1.0.0'; // import airssys:ext-filesystem/paths@1.0.0
  export type * as AirssysExtFilesystemTypes100 from 'airssys:ext-filesystem/types@1.0.0'; // import airssys:ext-filesystem/types@1.0.0
  export type * as AirssysExtNetworkConnections100 from 'airssys:ext-network/connections@1.0.0'; // import airssys:ext-network/connections@1.0.0
  export type * as AirssysExtNetworkTcp100 from 'airssys:ext-network/tcp@1.0.0'; // import airssys:ext-network/tcp@1.0.0
  export type * as AirssysExtNetworkTypes100 from 'airssys:ext-network/types@1.0.0'; // import airssys:ext-network/types@1.0.0
  export type * as AirssysExtNetworkUdp100 from 'airssys:ext-network/udp@1.0.0'; // import airssys:ext-network/udp@1.0.0
  export type * as AirssysExtProcessProcesses100 from 'airssys:ext-process/processes@1.0.0'; // import airssys:ext-process/processes@1.0.0
  export type * as AirssysExtProcessSignals100 from 'airssys:ext-process/signals@1.0.0'; // import airssys:ext-process/signals@1.0.0
  export type * as AirssysExtProcessStdio100 from 'airssys:ext-process/stdio@1.0.0'; // import airssys:ext-process/stdio@1.0.0
  export type * as AirssysExtProcessTypes100 from 'airssys:ext-process/types@1.0.0'; // import airssys:ext-process/types@1.0.0
  export * as componentLifecycle from 'airssys:core/component-lifecycle@1.0.0'; // export airssys:core/component-lifecycle@1.0.0
}
