import type { GrafanaAnnotation, GrafanaAnnotationKind } from "@mycloud/protocol/grafana-data";
import { type TimelineEntry, TimelineKind } from "@mycloud/protocol/timeline";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { readTimeline } from "../timeline/index.ts";
import { findRunSpans, type RunSpan } from "./annotation-store.ts";

export interface AnnotationQuestion {
  /** Empty: changes of state, backups and downtimes. */
  readonly kinds: readonly GrafanaAnnotationKind[];
  readonly host: string | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly limit: number;
}

const usualKinds: readonly GrafanaAnnotationKind[] = ["state", "backup", "downtime"];

/** What happened in a time, oldest first, as Grafana draws it: at most `limit`, the newest. A host that is not seen has nothing. */
export async function readAnnotations(
  { database, definitions }: { readonly database: ConnectedDatabase; readonly definitions: DefinitionCache },
  scope: Scope,
  { kinds, host, ...range }: AnnotationQuestion,
): Promise<GrafanaAnnotation[]> {
  const { db } = database;
  const found = host === undefined ? null : (await definitions.hostsByName(db, new Set([host]))).get(host);
  if (found === undefined || (found !== null && scope.kind === "customer" && found.customer !== scope.customer))
    return [];
  const wanted = kinds.length === 0 ? usualKinds : kinds;
  const ofTimeline = TimelineKind.options.filter((kind) => wanted.includes(kind));
  const subject = { hosts: found === null ? null : [found], service: undefined };
  const question = { subject, kinds: ofTimeline, ...range, after: null };
  const entries = ofTimeline.length === 0 ? [] : (await readTimeline(database, scope, question)).data;
  const runs = wanted.includes("backup") ? await findRunSpans(db, scope, { ...range, host }) : [];
  return [...entries.map(annotateEntry), ...runs.map(annotateRun)]
    .toSorted((a, b) => b.time - a.time)
    .slice(0, range.limit)
    .reverse();
}

/** An entry of the timeline as an annotation. Pure. */
export function annotateEntry({
  kind,
  atMs,
  hostName,
  serviceName,
  title,
  detail,
  state,
}: TimelineEntry): GrafanaAnnotation {
  const whose = [hostName, serviceName].filter((name) => name !== null).join(" ");
  const tags = [kind, hostName, serviceName, state].filter((tag) => tag !== null);
  return { time: atMs, isRegion: false, title: whose === "" ? title : `${whose}: ${title}`, text: detail, tags };
}

/** A backup as an annotation, a region unless it still runs. Pure. */
export function annotateRun({
  hostName,
  policyName,
  phase,
  startedAtMs,
  finishedAtMs,
  message,
}: RunSpan): GrafanaAnnotation {
  const what = { time: startedAtMs, title: `${hostName}: backup ${policyName} ${phase}`, text: message };
  const tags = ["backup", hostName, phase];
  return finishedAtMs === null
    ? { ...what, isRegion: false, tags }
    : { ...what, timeEnd: finishedAtMs, isRegion: true, tags };
}
