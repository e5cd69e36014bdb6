// The client: how a person's command finds a control plane, proves who is asking, and calls the API.
//
// An instance is an address and a token. `find-instance.ts` says where they come from: flags, environment, the state directory of an
// instance on this machine (its `server.json` and `operator-token`), or what `mycloud login` kept.
export * from "./api-client.ts";
export * from "./connect.ts";
export * from "./credentials.ts";
export * from "./find-instance.ts";
export * from "./find-one.ts";
export * from "./lines-of.ts";
export * from "./list-all.ts";
export * from "./read-export.ts";
