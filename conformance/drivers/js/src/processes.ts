// `processes`, `stdio` and `signals`: each call goes through the SDK to the host, and back.

import {
  exportInterface,
  liftSignal,
  liftU32,
  lowerExitStatus,
  lowerSignal,
  lowerU32,
  type RawExitStatus,
  type RawSignal,
} from "@airssys/wasm/exports";
import * as sdk from "@airssys/wasm/processes";
import * as sdkSignals from "@airssys/wasm/signals";

import {
  liftCommand,
  liftLimits,
  lowerLimits,
  optionalU32,
  processInfo,
  processOutput,
  processUsage,
  type Option,
  type WireCommand,
  type WireLimits,
} from "./wire.js";

class Process {
  readonly process: sdk.Process;

  constructor(process: sdk.Process) {
    this.process = process;
  }

  id(): number {
    return lowerU32(this.process.id(), "id");
  }

  info(): object {
    return processInfo(this.process.info());
  }

  wait(): RawExitStatus {
    return lowerExitStatus(this.process.wait());
  }

  waitTimeout(timeoutMs: number): RawExitStatus | undefined {
    return optionalStatus(this.process.waitTimeout(liftU32(timeoutMs)));
  }

  tryWait(): RawExitStatus | undefined {
    return optionalStatus(this.process.tryWait());
  }

  isRunning(): boolean {
    return this.process.isRunning();
  }

  usage(): object {
    return processUsage(this.process.usage());
  }

  limits(): object {
    return lowerLimits(this.process.limits());
  }

  setLimits(limits: WireLimits): void {
    this.process.setLimits(liftLimits(limits));
  }

  [Symbol.dispose](): void {
    this.process.close();
  }
}

function optionalStatus(status: sdk.ExitStatus | undefined): RawExitStatus | undefined {
  return status && lowerExitStatus(status);
}

export const processes = exportInterface("processes", {
  Process,
  spawn: (command: WireCommand) => new Process(sdk.spawn(liftCommand(command))),
  run: (command: WireCommand, stdin: Uint8Array) => processOutput(sdk.run(liftCommand(command), stdin)),
  runPipeline(commands: WireCommand[], stdin: Uint8Array) {
    const { statuses, stdout, stderr } = sdk.runPipeline(Array.from(commands, liftCommand), stdin);
    return { statuses: statuses.map(lowerExitStatus), stdout, stderr };
  },
  waitAny(ids: Iterable<number>, timeoutMs: Option<number>) {
    const finished = sdk.waitAny(Array.from(ids, liftU32), optionalU32(timeoutMs));
    return finished && { index: lowerU32(finished.index, "index"), status: lowerExitStatus(finished.status) };
  },
  listProcesses: () => sdk.listProcesses().map(processInfo),
  getProcessInfo: (id: number) => processInfo(sdk.getProcessInfo(liftU32(id))),
});

export const stdio = exportInterface("stdio", {
  writeStdin: ({ process }: Process, data: Uint8Array) => lowerU32(process.stdin.write(data), "written"),
  closeStdin: ({ process }: Process) => process.stdin.close(),
  readStdout: ({ process }: Process, maxBytes: number) => process.stdout.read(liftU32(maxBytes)),
  readStderr: ({ process }: Process, maxBytes: number) => process.stderr.read(liftU32(maxBytes)),
  readStdoutToEnd: ({ process }: Process) => process.stdout.readToEnd(),
  readStderrToEnd: ({ process }: Process) => process.stderr.readToEnd(),
  communicate: ({ process }: Process, input: Uint8Array) => processOutput(process.communicate(input)),
});

export const signals = exportInterface("signals", {
  sendSignal: ({ process }: Process, signal: RawSignal, target: sdk.SignalTarget) =>
    process.sendSignal(liftSignal(signal), target),
  interrupt: ({ process }: Process) => process.interrupt(),
  terminate: ({ process }: Process, graceMs: number) => lowerExitStatus(process.terminate(liftU32(graceMs))),
  kill: ({ process }: Process) => process.kill(),
  killGroup: ({ process }: Process) => process.killGroup(),
  suspend: ({ process }: Process) => process.suspend(),
  resume: ({ process }: Process) => process.resume(),
  waitStateChange({ process }: Process, timeoutMs: Option<number>) {
    const change = process.waitStateChange(optionalU32(timeoutMs));
    switch (change?.kind) {
      case "stopped":
        return { tag: "stopped", val: lowerSignal(change.signal, "signal") };
      case "exited":
        return { tag: "exited", val: lowerExitStatus(change.status) };
      case "continued":
        return { tag: "continued" };
      case undefined:
        return undefined;
    }
  },
  parseSignal: (nameOrNumber: string) => lowerSignal(sdkSignals.parseSignal(nameOrNumber), "signal"),
  listSignals: () =>
    sdkSignals.listSignals().map(({ signal, number, name }) => ({ signal: lowerSignal(signal, "signal"), number, name })),
});
