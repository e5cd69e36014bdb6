// NSCA: results that send_nsca and its kind bring. A connection is greeted, its packets are decrypted and read (@mycloud/checks/nsca), and what the
// sender's address may say (`senders.ts`) goes to ingest in batches, many results in one transaction, while more is read. NSCA has no answers: what
// is not stored is counted (`mycloud_nsca_results_total`) and logged once a connection, and nobody else hears of it.
export * from "./create-nsca.ts";
export * from "./metrics.ts";
export * from "./nsca-part.ts";
export { defaultSenders, parseSenders } from "./senders.ts";
