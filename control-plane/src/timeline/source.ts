import type { TimelineEntry, TimelineKind, TimelineSeverity } from "@mycloud/protocol/timeline";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { MonitoredHost } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

/** Whose timeline is read. */
export interface TimelineSubject {
  /** Null = everything in scope. */
  readonly hosts: readonly MonitoredHost[] | null;
  /** One service of the only host; null = the host itself; undefined = the host with all its services. */
  readonly service: { readonly id: number; readonly name: string } | null | undefined;
}

/** Where a page begins: behind this entry. `rank` is the source's place in the list of sources. */
export interface TimelinePlace {
  readonly atMs: number;
  readonly rank: number;
  readonly id: number;
}

/** What a source is asked. */
export interface SourceQuestion {
  readonly executor: Executor;
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly subject: TimelineSubject;
  readonly fromMs: number;
  /** Its end no longer belongs to it. */
  readonly untilMs: number;
  /** Only changes to states of these; null = everything. Sources of other things are not asked then. */
  readonly severities: readonly TimelineSeverity[] | null;
  /** Entries at this very instant are taken up to, not including, this id; null = all of them, `none` = none of them. */
  readonly last: { readonly atMs: number; readonly belowId: number | "none" | "all" } | null;
  readonly limit: number;
}

export interface SourceEntry {
  readonly id: number;
  readonly entry: TimelineEntry;
}

/** How often something happened in one part of the range. */
export interface BinCount {
  readonly bin: number;
  readonly severity: TimelineSeverity | null;
  readonly count: number;
}

/** What a source is asked to count; `limit` is how many of its newest entries it looks at. */
export type CountQuestion = Omit<SourceQuestion, "last"> & { readonly binMs: number };

export interface SourceCounts {
  readonly counts: readonly BinCount[];
  /** When the oldest entry looked at happened, if there may be older ones; else null. */
  readonly countedFromMs: number | null;
}

/** One table seen as a part of the timeline. */
export interface TimelineSource {
  readonly kind: TimelineKind;
  /** Its newest entries first; fewer than `limit` only when there are no more. */
  read(question: SourceQuestion): Promise<SourceEntry[]>;
  count(question: CountQuestion): Promise<SourceCounts>;
}
