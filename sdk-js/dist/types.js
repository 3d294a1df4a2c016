// DO NOT EDIT: compiled from src/types.ts by typescript 7.0.2 (npm run build).
// The types that several interfaces of the contract share, in the shapes that this SDK gives them.
const ID = /^([a-z0-9-]+)\/([a-z0-9-]+)@(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$/;
/** Reads `namespace/name@version`; gives nothing if the text is not that. */
export function parseComponentId(text) {
    const [, namespace, name, version] = ID.exec(text) ?? [];
    return namespace && name && version ? { namespace, name, version } : undefined;
}
/** Writes `namespace/name@version`. */
export function formatComponentId(id) {
    return `${id.namespace}/${id.name}@${id.version}`;
}
