// The agent's identity: an Ed25519 key made on this host, the id the control plane gave it, and whom it trusts.
//
// Only the public key ever leaves the host. Requests carry a token signed with the private one (JWT, EdDSA, RFC 8037) that lives
// for 60 seconds, so a copied request is worth little and there is no password to steal from the server.
export * from "./identity.ts";
export * from "./identity-file.ts";
export * from "./request-token.ts";
