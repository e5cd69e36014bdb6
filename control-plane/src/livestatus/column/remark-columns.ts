import type { ViewedDowntime, ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, type Item, list } from "./column.ts";

/** A comment as Nagios counts them: what people wrote, and the words of an acknowledgement. */
export interface Remark {
  readonly id: number;
  readonly authorName: string;
  readonly text: string;
  readonly atMs: number;
  /** 1 somebody wrote it, 4 an acknowledgement. */
  readonly entryType: 1 | 4;
  readonly isPersistent: boolean;
}

/** 0 where the core wrote it, as the words of an acknowledgement, 1 where somebody did. Pure. */
export function sourceOf({ entryType }: Remark): number {
  return entryType === 4 ? 0 : 1;
}

/** Ids of acknowledgements among comments start here: no comment gets so far. */
export const firstAcknowledgementId = 1_000_000_000;

/** The comments of an object, its acknowledgement's last. */
export function remarksOf(object: ViewedObject, { view }: QueryContext): Remark[] {
  const acknowledgement = view.acknowledgementOf(object);
  // A persistent acknowledgement has left its words already: once is enough.
  const comments = object.comments.filter(({ acknowledgementId }) => acknowledgementId !== (acknowledgement?.id ?? -1));
  const remarks: Remark[] = comments.map((comment) => ({
    id: comment.id,
    authorName: comment.authorName,
    text: comment.text,
    atMs: comment.createdAtMs,
    entryType: comment.acknowledgementId === null ? 1 : 4,
    isPersistent: comment.isPersistent,
  }));
  if (acknowledgement !== undefined) {
    remarks.push({
      id: firstAcknowledgementId + acknowledgement.id,
      authorName: acknowledgement.authorName,
      text: acknowledgement.comment,
      atMs: acknowledgement.createdAtMs,
      entryType: 4,
      isPersistent: comments.length < object.comments.length,
    });
  }
  return remarks;
}

/** Seconds a downtime lasts: a flexible one from its first bad state on. */
export function durationOf({ durationSeconds, endAtMs, startAtMs }: ViewedDowntime): number {
  return durationSeconds ?? Math.round((endAtMs - startAtMs) / 1000);
}

const seconds = (atMs: number): number => Math.floor(atMs / 1000);

function downtimeDetails(downtime: ViewedDowntime, { nowMs }: QueryContext): Item[] {
  return [
    downtime.id,
    downtime.authorName,
    downtime.comment,
    "command",
    seconds(downtime.createdAtMs),
    seconds(downtime.startAtMs),
    seconds(downtime.endAtMs),
    downtime.isFixed ? 1 : 0,
    durationOf(downtime),
    0,
    downtime.startAtMs > nowMs ? 1 : 0,
  ];
}

export const commentColumns: readonly Column<ViewedObject>[] = [
  list("comments", "Ids of comments", (object, context) => remarksOf(object, context).map((remark) => remark.id)),
  list("comments_with_info", "Comments: id, author, text", (object, context) =>
    remarksOf(object, context).map((remark) => [remark.id, remark.authorName, remark.text]),
  ),
  list("comments_with_extra_info", "Comments: id, author, text, entry type, time", (object, context) =>
    remarksOf(object, context).map((remark) => [
      remark.id,
      remark.authorName,
      remark.text,
      remark.entryType,
      seconds(remark.atMs),
    ]),
  ),
  list("downtimes", "Ids of downtimes that cover it, coming ones too", (object, { view }) =>
    view.coverage.downtimesOf(object).map((downtime) => downtime.id),
  ),
  list("downtimes_with_info", "Downtimes: id, author, comment", (object, { view }) =>
    view.coverage.downtimesOf(object).map((downtime) => [downtime.id, downtime.authorName, downtime.comment]),
  ),
  list(
    "downtimes_with_extra_info",
    "Downtimes: id, author, comment, origin, entry, start and end time, fixed, duration, recurring, pending",
    (object, context) =>
      context.view.coverage.downtimesOf(object).map((downtime) => downtimeDetails(downtime, context)),
  ),
];
