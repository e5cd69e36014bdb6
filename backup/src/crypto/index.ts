// Sealing: AES-256-CTR with Poly1305-AES, as restic's format has it, and the keys for it (scrypt of a password opens the master key).
export * from "./master-key.ts";
