// DO NOT EDIT: compiled from src/engine.ts by typescript 7.0.2 (npm run build).
/** Whether this is QuickJS, which has the global `wit`, and not StarlingMonkey or the JavaScript of a test run. */
export declare const isQuickJs: boolean;
/** Whether this is an engine within a component rather than the JavaScript of a test run. */
export declare const isComponent: boolean;
/** Whether the host has called the component. Before, it is being built, and there is no host. */
export declare function isRunning(): boolean;
/** Notes that the host calls the component. Says whether that is for the first time. */
export declare function begin(): boolean;
/** Checks an 8-bit argument. */
export declare function lowerU8(value: number, name: string): number;
/** Checks a 16-bit argument. */
export declare function lowerU16(value: number, name: string): number;
/** Checks a 32-bit argument and gives it in the form that the engine passes on unharmed. */
export declare function lowerU32(value: number, name: string): number;
/** Checks a 32-bit argument that may be absent. */
export declare function lowerOptionalU32(value: number | undefined, name: string): number | undefined;
/** Gives a 32-bit result as the number it is; QuickJS gives 2^31 and more as a negative one. */
export declare function liftU32(raw: number): number;
/** Checks an argument that is a list of 32-bit numbers. StarlingMonkey takes their memory, whatever the bits mean. */
export declare function lowerU32List(values: Iterable<number>, name: string): Uint32Array;
/** Checks a 64-bit argument and gives it in the form that the engine takes. The type is that of the bindings. */
export declare function lowerU64(value: bigint, name: string): bigint;
/** Gives a whole number as a bigint. A number that is not exact may be another one than was meant. */
export declare function exactInteger(value: number | bigint, name: string): bigint;
/** Checks a 64-bit argument for which authors may write a number, and gives it in the form that the engine takes. */
export declare function lowerSize(value: number | bigint, name: string): bigint;
/** Gives a 64-bit result. Whatever QuickJS has rounded or wrapped is no safe integer, or a negative one. */
export declare function liftU64(raw: bigint | number, name: string): bigint;
/** Checks a text argument. */
export declare function lowerText(value: string, name: string): string;
export declare function isBytes(value: unknown): value is Uint8Array;
/** Whether this is an error, of the program or of the bindings. */
export declare function isError(value: unknown): value is Error;
/** Gives bytes that came from the host as a `Uint8Array` of the program, without copying them. */
export declare function liftBytes(raw: Uint8Array): Uint8Array;
/** Checks an argument of bytes. */
export declare function lowerBytes(value: Uint8Array, name: string): Uint8Array;
/** Checks an argument that is bytes or text, which is passed as UTF-8. */
export declare function lowerData(value: Uint8Array | string, name: string): Uint8Array;
/** Checks an argument that is one of a few words. */
export declare function lowerEnum<T extends string>(value: T, cases: readonly T[], name: string): T;
/** Gives the value that came for an option: StarlingMonkey says `undefined` for none, QuickJS `null`. */
export declare function liftOption<T>(raw: T | null | undefined): T | undefined;
