// The globals that an engine lacks or gets wrong within a component, over host services. In a test run nothing is
// touched. A disabled feature of an engine lies rather than fails: QuickJS gives every instance the same Math.random,
// and its clock is not the host's. What cannot be had honestly throws.

import * as host from "airssys:core/host-services@1.0.0";

import { keepBuildLog, writeBuildLog } from "./build-log.js";
import { makeConsole } from "./console.js";
import { isComponent, isQuickJs, isRunning, liftU32, liftU64 } from "./engine.js";
import { UnavailableError } from "./errors.js";
import { reportUncaught } from "./guard.js";
import { attend, clearTimeout, queueMicrotask, setInterval, setTimeout, settle, Uncaught } from "./jobs.js";
import { JobPromise } from "./promise.js";
import { Utf8Decoder, Utf8Encoder } from "./text-encoding.js";
import { atob, btoa, structuredClone, URL, URLSearchParams } from "./vendor/web.js";

// Set by the build for QuickJS: the host's randomness, of which the engine itself knows nothing.
declare const AIRSSYS_RANDOM_BYTES: ((count: bigint) => Uint8Array) | undefined;

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

function nanosecondsNow(): bigint {
  const now = host.currentTime();
  return liftU64(now.seconds, "seconds") * 1_000_000_000n + BigInt(liftU32(now.nanoseconds));
}

function millisecondsNow(): number {
  return Number(nanosecondsNow() / 1_000_000n);
}

function installConsole(): void {
  const native = globalThis.console as Console | undefined;
  define(
    "console",
    makeConsole({
      write(level, text) {
        if (isRunning()) return host.log(level, text, []);
        writeBuildLog(text);
        // A build that fails leaves no memory to look into. The console of StarlingMonkey itself is heard even then.
        if (native && !isQuickJs) native.log(text);
      },
      now: () => (isRunning() ? Number(nanosecondsNow()) / 1_000_000 : 0),
    }),
  );
}

/** Promises whose jobs the SDK runs itself, at the end of each function that the host calls. */
function installJobs(): void {
  const native = Promise.resolve();
  attend((job) => void native.then(job).then(undefined, reportUncaught));
  define("Promise", JobPromise);
  define("queueMicrotask", queueMicrotask);
  define("setTimeout", setTimeout);
  define("setInterval", setInterval);
  define("clearTimeout", clearTimeout);
  define("clearInterval", clearTimeout);
  // The build calls it behind the program, when all that stands outside of functions has run.
  define("AIRSSYS_BUILT", () => {
    try {
      settle();
    } catch (thrown) {
      throw thrown instanceof Uncaught ? thrown.reason : thrown;
    }
    keepBuildLog();
    Reflect.deleteProperty(globalThis, "AIRSSYS_BUILT");
  });
}

function unavailable(message: string): () => never {
  return () => {
    throw new UnavailableError(message);
  };
}

function installTime(): void {
  const native = Date;
  const hostDate = new Proxy(native, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length > 0 ? given : [millisecondsNow()], newTarget) as object,
    apply: () => new native(millisecondsNow()).toString(),
  });
  native.now = millisecondsNow;
  native.prototype.constructor = hostDate;
  define("Date", hostDate);

  let start: bigint | undefined;
  define("performance", {
    now(): number {
      const now = nanosecondsNow();
      start ??= now;
      return Number(now - start) / 1_000_000;
    },
  } satisfies Performance);
}

const randomBytes =
  typeof AIRSSYS_RANDOM_BYTES === "undefined"
    ? unavailable("this build has no real randomness; build the component with airssys-wasm")
    : (count: number) => AIRSSYS_RANDOM_BYTES(count as unknown as bigint);

/** As much as one call may ask for, as everywhere else. */
const MAX_RANDOM_BYTES = 65_536;

const hostCrypto = {
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    if (!ArrayBuffer.isView(array) || array instanceof DataView || /Float/.test(Object.prototype.toString.call(array))) {
      throw new TypeError("getRandomValues takes a typed array of integers");
    }
    const { buffer, byteOffset, byteLength } = array;
    if (byteLength > MAX_RANDOM_BYTES) {
      throw new RangeError(`getRandomValues gives at most ${MAX_RANDOM_BYTES} bytes, not ${byteLength}`);
    }
    new Uint8Array(buffer, byteOffset, byteLength).set(randomBytes(byteLength));
    return array;
  },

  randomUUID() {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
} satisfies Crypto;

/** Seeded by the host at its first use in an instance. Good for jitter and sampling, never for secrets. */
function installMathRandom(): void {
  let state: bigint | undefined;
  Math.random = () => {
    state ??= nanosecondsNow();
    // SplitMix64: each step of the state is mixed on its own, so that near seeds give unlike numbers.
    state = BigInt.asUintN(64, state + 0x9e37_79b9_7f4a_7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
    return Number((mixed ^ (mixed >> 31n)) >> 11n) / 2 ** 53;
  };
}

if (isComponent) {
  installConsole();
  installJobs();
  define(
    "fetch",
    unavailable("fetch is not here: open a connection with connect of @airssys/wasm/tcp, which can start TLS"),
  );
}

/** Text of which every normal form is the text itself needs no tables. */
const ASCII = /^[\0-\x7f]*$/;

/** Where the engine is built without the tables of Unicode, says so; a missing function would not. */
function installNormalize(): void {
  const tables = unavailable(
    "StarlingMonkey is built without the tables of Unicode that normalize needs; QuickJS has them: " +
      'engine = "quickjs" in [build] of Component.toml',
  );
  Object.defineProperty(String.prototype, "normalize", {
    value: function normalize(this: unknown): string {
      const text = String(this);
      return ASCII.test(text) ? text : tables();
    },
    writable: true,
    configurable: true,
  });
}

if (isComponent && !("normalize" in String.prototype)) installNormalize();

if (isQuickJs) {
  define("TextEncoder", Utf8Encoder);
  define("TextDecoder", Utf8Decoder);
  define("crypto", hostCrypto);
  define("URL", URL);
  define("URLSearchParams", URLSearchParams);
  define("structuredClone", structuredClone);
  define("atob", atob);
  define("btoa", btoa);
  installTime();
  installMathRandom();
}
