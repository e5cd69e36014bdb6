// The loops that JavaScript is too slow for, in WebAssembly: Poly1305 (`poly1305.as`), gear chunking (`gear.as`) and the blobs of index
// files (`index-blobs.as`). The sources are AssemblyScript without its runtime; the compiled modules lie beside them and `npm run build:wasm` makes them again.
// Modules are a few kilobytes, read and compiled on the spot, so that worker threads can start synchronously.
export * from "./load-module.ts";
export * from "./source-section.ts";
