// Storage capabilities: this control plane signs tokens that its storage servers take, each for one repository and a short while. Its Ed25519 key
// is made at the first need, sealed in the database, and so the same for every control plane on it; the public half is for everybody.
export * from "./routes.ts";
export * from "./storage-signer.ts";
