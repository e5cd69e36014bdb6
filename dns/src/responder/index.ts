// From a packet to its answer, without sockets. Ordinary queries are answered from tails that are kept ready by question (answer-cache.ts), everything
// else the long way (respond.ts); a test holds both against each other.
export * from "./answer-cache.ts";
export * from "./answer-summary.ts";
export * from "./edns-reply.ts";
export { PlainQuery } from "./parse-query.ts";
export { bareAnswer, respond } from "./respond.ts";
export * from "./responder.ts";
export * from "./weighting.ts";
export * from "./zone-policy.ts";
