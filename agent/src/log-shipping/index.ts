// Shipping: chunks of a queue are sent to a destination by Forward, version 1, several at a time, and leave the queue when the destination has
// acknowledged them. A connection that breaks is made again with patience; a chunk that a destination refuses for ever does not hold up the others.
export * from "./choose-chunk.ts";
export * from "./forward-connection.ts";
export * from "./start-shipping.ts";
