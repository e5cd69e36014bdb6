import { DatabaseSync } from "node:sqlite";
import { fieldMark } from "./field-token.ts";
import { milestone, milestoneOf } from "./milestone.ts";

/** Of a day's file. Any other is of another version of this program. */
export const dayFormat = 3;

/** Kept in pages of 4 KiB, and in the log until it is copied: what a burst of some seconds writes. */
const checkpointPages = 8_000;
const minutesPerDay = 1440;

// `log.id` is `microsecond of the day * 65,536 + n`; `stream` 0 in `minute_count` is the sum of all streams. `shape_word` has words that records of a shape
// have beside those of its template; no word at all says that they may have any.
const tables = `
create table stream (
  id integer primary key,
  host text not null,
  host_id integer,
  customer text,
  source text not null,
  service text not null,
  records integer not null default 0,
  bytes integer not null default 0
) strict;
create table shape (id integer primary key, template text not null unique) strict;
create table shape_word (id integer primary key, shape integer not null, word text) strict;
create table log (
  id integer primary key,
  stream integer not null,
  severity integer,
  facility integer,
  shape integer not null,
  delay_ms integer not null,
  message text not null,
  fields text
) strict;
-- The latest of a stream that went wrong, without all that went well between them.
create index log_severe on log (stream, severity, id) where severity <= 4;
create table minute_count (
  minute integer not null,
  stream integer not null,
  severity integer not null,
  count integer not null,
  primary key (stream, minute, severity)
) strict, without rowid;
create table shape_count (
  hour integer not null,
  shape integer not null,
  stream integer not null,
  count integer not null,
  first_id integer not null,
  last_id integer not null,
  severity integer not null,
  primary key (hour, shape, stream)
) strict, without rowid;
create table chunk (
  sender text not null,
  chunk text not null,
  is_finished integer not null,
  primary key (sender, chunk)
) strict, without rowid;
create virtual table word using fts5 (
  message, fields,
  content = '', detail = none, columnsize = 0,
  tokenize = "ascii tokenchars '_${fieldMark}'"
);
-- 25,000 lines have some megabytes of index: written at once, they need not be merged as often.
insert into word (word, rank) values ('hashsize', 67108864);
insert into word (word, rank) values ('automerge', 8);
`;

/** A day's file of another version of this program: whole, and of no use to this one. */
export class DayFormatError extends Error {
  override readonly name = "DayFormatError";

  constructor(format: unknown) {
    super(`the file has format ${format}, of another version of this program; this one knows ${dayFormat}`);
  }
}

/** A day's file as its only writer opens it, made when there is none. What is committed survives a loss of power. */
export function openDayForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec("pragma page_size = 4096");
    database.exec("pragma auto_vacuum = incremental");
    database.exec("pragma journal_mode = wal");
    // Each commit of the log is on the disk before it is acknowledged.
    database.exec("pragma synchronous = full");
    database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
    database.exec("pragma journal_size_limit = 67108864");
    database.exec("pragma cache_size = -32768");
    const version = formatOf(database);
    if (version === 0) create(database);
    else if (version !== dayFormat) throw new DayFormatError(version);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A day's file as readers open it; they never wait for the writer. */
export function openDayForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 });
  database.exec("pragma cache_size = -16384");
  // Not mapped into memory: a file that somebody cuts short would end the process instead of the query.
  return database;
}

function create(database: DatabaseSync): void {
  database.exec("begin immediate");
  database.exec(tables);
  const insertMilestone = database.prepare("insert into word (rowid, message) values (?, ?)");
  for (let minute = 0; minute < minutesPerDay; minute += 1) insertMilestone.run(milestoneOf(minute), milestone);
  database.exec(`pragma user_version = ${dayFormat}`);
  database.exec("commit");
}

/** A file's format; 0 while it is being made. */
export function formatOf(database: DatabaseSync): number {
  return Number(database.prepare("pragma user_version").get()?.user_version);
}
