// What a host refuses of a command before it asks whether the program is permitted.

import type { Command, Environment, StdioConfig } from "airssys:ext-process/types@1.0.0";

import { failed } from "./text.js";

/** The processes that a component may have at once, by the default of a host. */
export const MAX_PROCESSES = 16;

const MAX_STRINGS = 16_384;
const MAX_TEXT_BYTES = 1_048_576;
const MAX_STRING_BYTES = 131_071;
const MAX_INPUT_BYTES = 64 * 1_048_576;

/** The variables with which the loader and the C library find code, whatever the program is. */
const REFUSED_FAMILIES = ["LD_", "MALLOC_"];
const REFUSED_NAMES = ["GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "MUSL_LOCPATH", "NLSPATH"];

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text).length;
const sum = (texts: readonly string[]) => texts.reduce((all, text) => all + bytes(text), 0);

function invalid(problem: string): Error {
  return failed("invalid-argument", problem);
}

/** Throws what is wrong with a command. */
export function checkCommand({ program, arguments: given, environment, stdio }: Command): void {
  checkStreams(stdio);
  checkVariables(environment);
  checkTexts("the program", [program]);
  checkTexts("an argument", given);
}

/** Throws if the variables are longer than the system takes them, which a host sees after the permission. */
export function checkLines({ set }: Environment): void {
  checkTexts("a variable", [...new Map(set)].map(([name, value]) => `${name}=${value}`));
}

/** Throws what is wrong with the standard input of a command. */
export function checkInput(stdin: Uint8Array): void {
  if (stdin.length > MAX_INPUT_BYTES) throw invalid(`input of more than ${MAX_INPUT_BYTES} bytes`);
}

function checkStreams({ stdin, stdout, stderr }: StdioConfig): void {
  if (["write-file", "append-file", "to-stdout"].includes(stdin.tag)) throw invalid("standard input cannot be that");
  if (["read-file", "to-stdout"].includes(stdout.tag)) throw invalid("standard output cannot be that");
  if (stderr.tag === "read-file") throw invalid("standard error cannot be that");
}

function checkVariables({ inherit, set }: Environment): void {
  const names = [...inherit, ...set.map(([name]) => name)];
  const values = set.map(([, value]) => value);
  if (names.length > MAX_STRINGS) throw invalid(`more than ${MAX_STRINGS} variables`);
  if (sum(names) + sum(values) > MAX_TEXT_BYTES) throw invalid(`variables of more than ${MAX_TEXT_BYTES} bytes`);
  for (const name of names) {
    if (name === "" || /[=\0]/.test(name)) throw invalid("a variable has no proper name");
    if (REFUSED_FAMILIES.some((family) => name.startsWith(family)) || REFUSED_NAMES.includes(name)) {
      throw invalid(`with the variable ${name}, any program would load code that is not its own`);
    }
  }
  if (values.some((value) => value.includes("\0"))) throw invalid("a variable contains NUL");
}

function checkTexts(what: string, texts: readonly string[]): void {
  const isTooLong = texts.some((text) => bytes(text) > MAX_STRING_BYTES);
  if (isTooLong || texts.length > MAX_STRINGS || sum(texts) > MAX_TEXT_BYTES) {
    throw invalid(`${what} is too long, or there are too many`);
  }
  if (texts.some((text) => text.includes("\0"))) throw invalid(`${what} contains NUL`);
}
