// Sealing: AES-256-CTR with Poly1305-AES, as restic's format has it, and the keys for it. The master key seals everything in a
// repository; it lies in each key file, sealed with a key that scrypt derives from a password. A cipher is plain data and a
// WebAssembly instance: every thread makes its own, in well under a millisecond.
export * from "./cipher.ts";
export * from "./derive-key.ts";
export * from "./master-key.ts";
export * from "./master-key-document.ts";
