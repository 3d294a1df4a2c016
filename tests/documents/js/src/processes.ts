// imports: sdk-js/README.md#processes

export function processes(): void {
  // rest: sdk-js/README.md#processes
}
