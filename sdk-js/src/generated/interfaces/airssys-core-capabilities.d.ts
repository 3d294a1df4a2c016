// DO NOT EDIT: generated from the WIT by jco 1.35.0 (npm run generate).
declare module 'airssys:core/capabilities@1.0.0' {
  /**
   * What may be done with a file or directory.
   * # Variants
   *
   * ## `"read"`
   *
   * Read the content of files and the metadata of anything.
   * ## `"write"`
   *
   * Create and change files, directories and links.
   * ## `"delete"`
   *
   * Remove files, directories and links, and move them away.
   * ## `"list"`
   *
   * List directories and read the metadata of anything.
   */
  export type FilesystemAction = 'read' | 'write' | 'delete' | 'list';
  /**
   * One entry of `filesystem`, such as `filesystem = [{ action = "read", path = "/data/**" }]`.
   */
  export interface FilesystemPermission {
    /**
     * What is allowed.
     */
    action: FilesystemAction,
    /**
     * Where: a glob over absolute guest paths. `*` matches within one segment, `**` across segments and `?` one
     * character; `/data/**` also matches `/data` itself. It is matched against the path with `..` and symbolic links
     * resolved.
     */
    path: string,
  }
  /**
   * What may be done with the network.
   * # Variants
   *
   * ## `"outbound"`
   *
   * Connect and send to an address.
   * ## `"inbound"`
   *
   * Listen and receive on an address.
   * ## `"resolve"`
   *
   * Resolve a name or an address.
   */
  export type NetworkAction = 'outbound' | 'inbound' | 'resolve';
  /**
   * One entry of `network`, such as `network = [{ action = "outbound", host = "api.example.com", port = 443 }]`.
   */
  export interface NetworkPermission {
    /**
     * What is allowed.
     */
    action: NetworkAction,
    /**
     * Where: an exact name, `*.example.com` (subdomains only, not example.com itself), an IP literal, a CIDR range
     * such as `10.0.0.0/8`, or `*`. A name also covers the addresses that it resolves to when the connection is made,
     * except loopback, link-local, private and metadata addresses and those of the host's own machine and networks:
     * these need an IP literal or a CIDR range of their own.
     */
    host: string,
    /**
     * The port; `none` means any.
     */
    port?: number,
  }
  /**
   * What may be done with processes.
   * # Variants
   *
   * ## `"spawn"`
   *
   * Start a program.
   * ## `"signal"`
   *
   * Send signals to a program that the component has started.
   */
  export type ProcessAction = 'spawn' | 'signal';
  /**
   * One entry of `process`, such as `process = [{ action = "spawn", program = "/usr/bin/git" }]`.
   */
  export interface ProcessPermission {
    /**
     * What is allowed.
     */
    action: ProcessAction,
    /**
     * A glob over the resolved absolute path of the program, with the same syntax as `filesystem-permission.path`.
     */
    program: string,
  }
  /**
   * One entry of `storage`, such as `storage = [{ namespace = "cache", max-bytes = 1048576 }]`.
   */
  export interface StoragePermission {
    /**
     * The name of the component's own persistent store.
     */
    namespace: string,
    /**
     * Most bytes that the store may hold; `none` means that the host's default applies.
     */
    maxBytes?: bigint,
  }
  /**
   * One entry of `messaging`, such as `messaging = [{ target = "acme/other" }]`.
   */
  export interface MessagingPermission {
    /**
     * Whom the component may see and send to: a glob over `namespace/name`, optionally followed by `@version`.
     */
    target: string,
  }
  /**
   * All permissions of one component. An empty list permits nothing.
   */
  export interface PermissionSet {
    /**
     * The entries of `filesystem`.
     */
    filesystem: Array<FilesystemPermission>,
    /**
     * The entries of `network`.
     */
    network: Array<NetworkPermission>,
    /**
     * The entries of `process`.
     */
    process: Array<ProcessPermission>,
    /**
     * The entries of `storage`.
     */
    storage: Array<StoragePermission>,
    /**
     * The entries of `messaging`.
     */
    messaging: Array<MessagingPermission>,
  }
  /**
   * Why an operation was refused, and the permission that would have allowed it. When an operation is refused, nothing
   * has happened on the host, and the decision is in the host's audit log.
   */
  export interface PermissionDenial {
    /**
     * The operation: the package without its namespace, `/`, the interface, `.`, for a method the resource and `.`,
     * and the function. For example `ext-filesystem/files.open`.
     */
    operation: string,
    /**
     * What it was refused on, for example the guest path or the id of the target.
     */
    resource: string,
    /**
     * The exact line of Component.toml that is missing, for example
     * `filesystem = [{ action = "read", path = "/data/a.txt" }]`.
     */
    missing: string,
  }
}
