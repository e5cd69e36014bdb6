// Forwards: results passed on, as passive results, to a monitoring system that already runs, so that both run side by side. What a forward wants is
// stored in the transaction of the results themselves (`result-queue.ts`), in a queue that is bounded: the oldest are dropped first, counted and said.
// One control plane at a time, under a lease per forward, sends a queue in its order (`drain-forward.ts`), and tries again with back-off. A result may
// arrive twice after a failure, never in another order. `target/` has the ways to send: ws-arbiter, NSCA, a command pipe.
export * from "./create-forwards.ts";
export { sendByNsca } from "./target/send-by-nsca.ts";
