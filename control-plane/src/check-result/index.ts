// Check results: from a request to the database. A batch of results waits for its group (`result-writer.ts`), which is stored in one
// transaction (`store-batches.ts`): state rows are locked, the pure state machine of @mycloud/checks runs over the results in the order they
// came (`record-observations.ts`), and history, states, problems, changes, notifications and the batch's id are written together. The answer
// goes out after the commit, so what was answered is durable, and a batch sent again is stored once.
export * from "./accept-passive-results.ts";
export * from "./create-ingest.ts";
export * from "./incoming-result.ts";
export * from "./ingest-rate.ts";
export * from "./record-observations.ts";
export * from "./result-forwarder.ts";
export * from "./routes.ts";
