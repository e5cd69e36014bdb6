// Domain names (RFC 1035, 2181, 4343): wire form inside, presentation form at the edges. A name is a string of octets, so that it is a key as it is.
export * from "./domain-name.ts";
