// From a packet to its answer, without sockets. Ordinary queries are answered from tails that are kept ready by question (answer-cache.ts), everything
// else the long way (respond.ts); a test holds both against each other.
export * from "./answer-cache.ts";
export * from "./edns-reply.ts";
export { respond } from "./respond.ts";
export * from "./responder.ts";
