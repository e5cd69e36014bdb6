// From a packet to its answer, without sockets: what a query may be, what of EDNS is meant, what fits.
export * from "./edns-reply.ts";
export * from "./respond.ts";
