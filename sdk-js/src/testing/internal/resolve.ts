// Where Node.js finds what a component imports. Runs on Node's loader thread, apart from the tests.

interface Context {
  parentURL?: string;
}

interface Resolved {
  url: string;
  format?: string | null;
  shortCircuit?: boolean;
}

const OFFERED = [
  "host-services", "files", "directories", "paths", "tcp", "udp", "connections", "processes", "stdio", "signals",
];
const INSTANCE = /[?&](airssys-instance=\d+)$/;
const SDK = import.meta.url.slice(0, -"testing/internal/resolve.js".length);

/** The hook that `register` installs. */
export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  if (specifier.startsWith("airssys:")) {
    const name = /^airssys:[a-z-]+\/([a-z-]+)@[0-9.]+$/.exec(specifier)?.[1] ?? "";
    if (!OFFERED.includes(name)) throw new Error(`unsupported: the fake host does not have ${specifier}`);
    return { url: import.meta.url.replace(/resolve\.js.*$/, `bindings/${name}.js`), shortCircuit: true };
  }
  const resolved = await next(specifier, context);
  // A fresh instance of a component has fresh instances of all its modules, but shares packages and the SDK, so that
  // its errors have the classes that the tests know.
  const instance = INSTANCE.exec(context.parentURL ?? "")?.[1];
  const { url } = resolved;
  if (!instance || !url.startsWith("file:") || url.includes("/node_modules/") || url.startsWith(SDK)) return resolved;
  if (INSTANCE.test(url)) return resolved;
  return { ...resolved, url: `${url}${url.includes("?") ? "&" : "?"}${instance}` };
}
