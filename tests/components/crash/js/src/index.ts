// Dies in every way that JavaScript knows. The functions that die have names of their own, to be found in a stack.

import { component } from "@airssys/wasm";

interface Order {
  readonly items: readonly { readonly price: number }[];
}

function firstPrice(order: Order): number {
  return order.items[0]!.price;
}

function deeper(depth: number): number {
  return deeper(depth + 1) + depth;
}

export const componentLifecycle = component({
  metadata: {
    name: "airssys/crash-js",
    version: "1.0.0",
    description: "Dies in every way that its language knows.",
  },

  execute: {
    panic: () => String(firstPrice({ items: [] })),
    recurse: () => String(deeper(0)),
  },
});
