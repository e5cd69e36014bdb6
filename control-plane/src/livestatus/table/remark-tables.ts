import type { ViewedDowntime, ViewedHost, ViewedObject, ViewedService } from "../../status-view/index.ts";
import {
  type Column,
  durationOf,
  flag,
  hostColumns,
  int,
  ownServiceColumns,
  prefixed,
  prefixedIfAny,
  type Remark,
  remarksOf,
  sourceOf,
  text,
  time,
} from "../column/index.ts";
import { wantedValues } from "../filter/index.ts";
import type { QueryContext } from "../query/context.ts";
import type { RowsWanted, Table } from "./table.ts";

interface About {
  readonly object: ViewedObject;
}

/** Columns of the host and service that something is about; a host's own have no service. */
function objectColumnsOf<Row extends About>(): Column<Row>[] {
  return [
    ...prefixed<Row, ViewedHost>("host_", hostColumns, ({ object }) => (object.kind === "host" ? object : object.host)),
    ...prefixedIfAny<Row, ViewedService>("service_", ownServiceColumns, ({ object }) =>
      object.kind === "service" ? object : undefined,
    ),
    flag("is_service", "Whether it is about a service", ({ object }) => object.kind === "service"),
  ];
}

/** Hosts and services the viewer may know of; only those of the hosts that a filter names. */
function* objectsOf(context: QueryContext, { filter }: RowsWanted): Generator<ViewedObject> {
  const names = wantedValues(filter, "host_name", "=");
  const hosts = names === null ? context.view.hosts : [...names].flatMap((name) => context.view.hostByName(name) ?? []);
  for (const host of hosts) {
    for (const object of [host, ...host.services]) if (context.sees(object)) yield object;
  }
}

interface CoveredByDowntime extends About {
  readonly downtime: ViewedDowntime;
}

/** A downtime once for each host and service it covers, as Nagios keeps them; its id is the same in all. */
export const downtimes: Table<CoveredByDowntime> = {
  name: "downtimes",
  columns: [
    int("id", "Its number, for DEL_HOST_DOWNTIME and DEL_SVC_DOWNTIME", ({ downtime }) => downtime.id),
    text("author", "Who planned it", ({ downtime }) => downtime.authorName),
    text("comment", "Why", ({ downtime }) => downtime.comment),
    time("entry_time", "When it was planned", ({ downtime }) => downtime.createdAtMs),
    time("start_time", "When it starts", ({ downtime }) => downtime.startAtMs),
    time("end_time", "When it ends", ({ downtime }) => downtime.endAtMs),
    flag("fixed", "0 flexible, 1 fixed", ({ downtime }) => downtime.isFixed),
    int("duration", "Seconds it lasts", ({ downtime }) => durationOf(downtime)),
    int(
      "triggered_by",
      "Number of the downtime that begins it; 0 = none",
      ({ downtime }) => downtime.triggeredById ?? 0,
    ),
    int("entry_type", "Always 2: a downtime", () => 2),
    int("source", "Always 1: from outside", () => 1),
    flag("persistent", "Always 1: it is kept over restarts", () => true),
    flag("expires", "Always 0: it ends at end_time", () => false),
    time("expire_time", "Always 0: it ends at end_time", () => null),
    int("recurring", "Always 0: what recurs makes single ones", () => 0),
    int("type", "1 service, 2 host", ({ object }) => (object.kind === "service" ? 1 : 2)),
    text("origin", "Always command", () => "command"),
    flag("is_pending", "Whether it is still to come", ({ downtime }, { nowMs }) => downtime.startAtMs > nowMs),
    ...objectColumnsOf<CoveredByDowntime>(),
  ],
  *rows(context, wanted) {
    if (context.view.downtimes.length === 0) return;
    for (const object of objectsOf(context, wanted)) {
      for (const downtime of context.view.coverage.downtimesOf(object)) yield { object, downtime };
    }
  },
};

interface RemarkOn extends About {
  readonly remark: Remark;
}

/** Comments, acknowledgements among them. */
export const comments: Table<RemarkOn> = {
  name: "comments",
  columns: [
    int("id", "Its number, for DEL_HOST_COMMENT and DEL_SVC_COMMENT", ({ remark }) => remark.id),
    text("author", "Who wrote it", ({ remark }) => remark.authorName),
    text("comment", "Text", ({ remark }) => remark.text),
    time("entry_time", "When it was written", ({ remark }) => remark.atMs),
    int("entry_type", "1 somebody's comment, 4 an acknowledgement", ({ remark }) => remark.entryType),
    int("type", "1 host, 2 service", ({ object }) => (object.kind === "host" ? 1 : 2)),
    flag("persistent", "Whether it stays after recovery", ({ remark }) => remark.isPersistent),
    flag("expires", "Always 0", () => false),
    time("expire_time", "Always 0", () => null),
    int("source", "0 words of an acknowledgement, 1 from outside", ({ remark }) => sourceOf(remark)),
    ...objectColumnsOf<RemarkOn>(),
  ],
  *rows(context, wanted) {
    for (const object of objectsOf(context, wanted)) {
      for (const remark of remarksOf(object, context)) yield { object, remark };
    }
  },
};
