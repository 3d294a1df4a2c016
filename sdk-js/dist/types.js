// DO NOT EDIT: compiled from src/types.ts by typescript 7.0.2 (npm run build).
// The types that several interfaces of the contract share, in the shapes that this SDK gives them.
/** `namespace/name@version`, for messages. */
/** @internal */
export function formatComponentId(id) {
    return `${id.namespace}/${id.name}@${id.version}`;
}
