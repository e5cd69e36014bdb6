// The embedded store. Each UTC day of the records' times has a SQLite file, in which row ids are times, so that rows, the index of words (FTS5) and every range are
// in the order of time. One thread writes, in groups; a few read. Beside the records a day counts them by minute, stream and severity, so that histograms need not
// read them, and searches skip minutes in which nothing can match; and by hour and shape of message, for patterns.
//
// The index says which records have a word. Phrases are looked at once more; milestones in it end searches; words that no shape has together are no search at all.
//
// A stream is what records have in common that come from one program of one host through one source; a shape is a message with what varies masked.
export { createSqliteLogStore, type SqliteLogStoreDependencies } from "./create-sqlite-log-store.ts";
