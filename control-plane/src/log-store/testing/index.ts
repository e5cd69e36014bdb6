// What every implementation of LogStore is tested with.
export * from "./contract-records.ts";
export * from "./start-clickhouse.ts";
export * from "./test-log-store.ts";
