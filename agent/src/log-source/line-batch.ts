import type { LogFacility, LogFields, LogSeverity } from "@mycloud/protocol/log-record";

/** Any JSON value: how a source says where it is. Only the source reads it; who keeps it just hands it back. */
export type LogPosition = string | number | boolean | null | { readonly [name: string]: LogPosition } | LogPosition[];

/** Where each stream of each source was read to: by the source's name, then by the stream's. What a start is given. */
export type LogPositions = Readonly<Record<string, Readonly<Record<string, LogPosition>>>>;

/**
 * The new position of one stream (one file; the journal) of a source, behind the last line of a batch. Null: the stream is finished and its position can be
 * forgotten. A stream's name is never used again for another one.
 */
export interface PositionChange {
  readonly stream: string;
  readonly position: LogPosition;
}

/** A line that came with more than text: an entry of the journal. Times in microseconds since 1970, UTC. */
export interface SourceEntry {
  readonly message: string;
  readonly timeUs: number;
  readonly service: string | null;
  readonly severity: LogSeverity | null;
  readonly facility: LogFacility | null;
  readonly fields: LogFields;
}

/**
 * Lines of one source, in their order, at most 256 KiB of them or one longer record. Lines and positions belong together: the positions become valid when
 * the lines are durable, never before. Batches without lines only move positions.
 */
export interface LineBatch {
  /** The name of the LogJob. */
  readonly source: string;
  /** The file they were read from, by the name it had when it was found; null for sources that are no files. */
  readonly path: string | null;
  /** Without line ends; several lines joined by LF where the source joins lines to records. */
  readonly lines: readonly (string | SourceEntry)[];
  /** Indexes of lines that were longer than they may be and have been cut. Mostly empty. */
  readonly cut: readonly number[];
  /** When they were read, by the wall clock: microseconds since 1970, UTC. */
  readonly readAtUs: number;
  /** Bytes that were read for them. */
  readonly sizeBytes: number;
  readonly positions: readonly PositionChange[];
}

/** What a source has done since it was started. */
export interface LogSourceCounters {
  /** Files that are followed now. */
  readonly files: number;
  /** Bytes in files that are known to wait for being read. */
  readonly lagBytes: number;
  readonly lines: number;
  readonly bytes: number;
  readonly cutLines: number;
  /** Files, or what else was asked for, that may not or cannot be read now. */
  readonly refused: number;
  /** Files that were gone before they had been read to their end. */
  readonly lost: number;
  /** Lines that could not be kept for want of space: of the agent's own diagnostics only. */
  readonly dropped: number;
  /** Why nothing can be read of it now; null when all is well. */
  readonly fault: string | null;
  /** Lines on which the pattern of where records begin took too long. */
  readonly patternTimeouts: number;
  /** Directories that are looked at again and again, since the kernel had no watch left for them. */
  readonly polledDirectories: number;
  /** Why that is, and what to do about it; null where all could be watched. */
  readonly watchFault: string | null;
  /** Some of what is refused now: a path and the reason. */
  readonly unread: readonly string[];
}
