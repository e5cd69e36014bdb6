// The transport: the only folder that knows the control plane's addresses. The agent dials out; nothing listens.
//
// Every request ends in an *outcome*: `ok`, or a reason that says whether trying again can help. Nothing throws for what a server or
// a network does. Built on node:http, because a pinned server key needs its TLS hooks and fetch would cost every agent 5 MB more.
export * from "./command-stream.ts";
export * from "./control-plane.ts";
export * from "./http-connection.ts";
export * from "./outcome.ts";
