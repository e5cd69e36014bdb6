import { readFileSync } from "node:fs";

export type ModuleName = "poly1305" | "gear" | "index-blobs";

/** A running module: its memory, and its functions and constants as the caller declares them in `Exports`. */
export interface LoadedModule {
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Its memory after the module made it larger, which takes the bytes of `memory` away. */
  grownMemory(): Uint8Array<ArrayBuffer>;
  /** A function that the module exports; all take and give numbers. */
  call(name: string): (...numbers: number[]) => number;
  /** A constant that the module exports. */
  constant(name: string): number;
}

/** The bytes of a compiled module. */
export function readModule(name: ModuleName): Buffer {
  return readFileSync(new URL(`./${name}.wasm`, import.meta.url));
}

/** A new instance of a module, with memory of its own. Takes about half a millisecond. */
export function loadModule(name: ModuleName): LoadedModule {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readModule(name)));
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError(`${name}.wasm exports no memory`);
  return {
    memory: new Uint8Array(memory.buffer),
    grownMemory: () => new Uint8Array(memory.buffer),
    call: (functionName) => {
      const exported = exports[functionName];
      if (!isFunction(exported)) throw new TypeError(`${name}.wasm exports no function ${functionName}`);
      return exported;
    },
    constant: (constantName) => {
      const exported = exports[constantName];
      if (!(exported instanceof WebAssembly.Global)) throw new TypeError(`${name}.wasm exports no ${constantName}`);
      return exported.value;
    },
  };
}

function isFunction(value: unknown): value is (...numbers: number[]) => number {
  return typeof value === "function";
}
