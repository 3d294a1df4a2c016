// imports: sdk-js/README.md#network

export function network(): void {
  // rest: sdk-js/README.md#network
}
