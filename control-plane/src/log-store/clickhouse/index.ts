// The store in ClickHouse, by its HTTP interface and SQL that version 18.16 understands. A day of the records' times is a partition. ClickHouse itself knows no
// transactions over several inserts, so chunks are written down before and behind: pending, then done.
//
// ClickHouse does not wait for the disk when it has taken an insert: what it acknowledged survives its process, but not always a loss of power.
export { type ClickHouseLogStoreDependencies, createClickHouseLogStore } from "./create-clickhouse-log-store.ts";
