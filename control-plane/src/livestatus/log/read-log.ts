import { sql } from "kysely";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { idList } from "../../monitored/index.ts";
import type { StatusView, ViewedObject } from "../../status-view/index.ts";
import { type LogEntry, logClass, placeOf, stateOfWord } from "./log-entry.ts";

/** Which entries are wanted. Instants in ms, both ends belong to it. */
export interface LogRange {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Null = of all hosts. */
  readonly hostIds: readonly number[] | null;
  readonly classes: ReadonlySet<string> | null;
}

const rowsPerPage = 2000;

/** Where a source's next page starts: below this instant, and at it below this id. */
interface Position {
  readonly atMs: number;
  readonly id: number;
}

type ReadPage = (below: Position) => Promise<{ readonly entries: LogEntry[]; readonly next: Position | null }>;

/** The log, newest first, a chunk at a time: state changes, notifications and acknowledgements, joined by their time. */
export async function* readLog(
  database: ConnectedDatabase,
  view: StatusView,
  range: LogRange,
): AsyncGenerator<readonly LogEntry[]> {
  const wants = (value: number) => range.classes === null || range.classes.has(String(value));
  const sources = [
    ...(wants(logClass.alert) ? [stateChanges(database, view, range)] : []),
    ...(wants(logClass.notification) ? [notifications(database, view, range)] : []),
    ...(wants(logClass.command) ? [acknowledgements(database, view, range)] : []),
  ].map((read) => ({ read, next: { atMs: range.untilMs + 1, id: 0 } as Position | null, entries: [] as LogEntry[] }));
  while (sources.some((source) => source.next !== null || source.entries.length > 0)) {
    for (const source of sources) {
      while (source.entries.length === 0 && source.next !== null) {
        const page = await source.read(source.next);
        source.entries = page.entries;
        source.next = page.next;
      }
    }
    // What is older than the end of a source's page may have company that was not read yet.
    const oldestKnownMs = Math.max(
      Number.NEGATIVE_INFINITY,
      ...sources.map((source) => (source.next === null ? Number.NEGATIVE_INFINITY : source.next.atMs)),
    );
    const ready: LogEntry[] = [];
    for (const source of sources) {
      const count = source.entries.findIndex((entry) => entry.atMs < oldestKnownMs);
      ready.push(...source.entries.splice(0, count < 0 ? source.entries.length : count));
    }
    ready.sort((a, b) => b.atMs - a.atMs);
    yield ready;
  }
}

function objectOf(view: StatusView, hostId: number, serviceId: number | null): ViewedObject | undefined {
  return serviceId === null ? view.hostById(hostId) : view.serviceById(serviceId);
}

/** One page's rows as entries; those of objects that are gone are left out. */
function pageOf<Row extends { readonly id: number; readonly at_ms: number }>(
  rows: readonly Row[],
  toEntry: (row: Row) => LogEntry | undefined,
): Awaited<ReturnType<ReadPage>> {
  const last = rows.at(-1);
  return {
    entries: rows.flatMap((row) => toEntry(row) ?? []),
    next: last === undefined || rows.length < rowsPerPage ? null : { atMs: last.at_ms, id: last.id },
  };
}

function withinRange(column: string, id: string, range: LogRange, below: Position, hostIds: unknown) {
  const at = sql.ref(column);
  const inHosts = hostIds === null ? sql`1 = 1` : sql`host_id in ${hostIds}`;
  return sql<boolean>`${at} >= ${range.fromMs} and (${at} < ${below.atMs} or (${at} = ${below.atMs} and ${sql.ref(id)} < ${below.id}))
    and ${inHosts}`;
}

function hostsOf({ dialect }: ConnectedDatabase, { hostIds }: LogRange) {
  return hostIds === null ? null : idList(dialect, hostIds);
}

function stateChanges(database: ConnectedDatabase, view: StatusView, range: LogRange): ReadPage {
  return async (below) => {
    const rows = await database.db
      .selectFrom("state_change")
      .select(["id", "host_id", "service_id", "kind", "to_state", "is_hard", "attempt", "output", "at_ms"])
      .where(withinRange("at_ms", "id", range, below, hostsOf(database, range)))
      .orderBy("at_ms", "desc")
      .orderBy("id", "desc")
      .limit(rowsPerPage)
      .execute();
    return pageOf(rows, (row) => {
      const object = objectOf(view, row.host_id, row.service_id);
      if (object === undefined) return undefined;
      const { state, word } = stateOfWord(row.to_state, object.kind === "service");
      const isFlapping = row.kind.startsWith("flapping");
      const kind = object.kind === "service" ? "SERVICE" : "HOST";
      const stateType = isFlapping
        ? row.kind === "flapping-start"
          ? "STARTED"
          : "STOPPED"
        : row.is_hard === 1
          ? "HARD"
          : "SOFT";
      return entry(object, {
        id: row.id,
        atMs: row.at_ms,
        class: logClass.alert,
        type: isFlapping ? `${kind} FLAPPING ALERT` : `${kind} ALERT`,
        state,
        stateWord: word,
        stateType,
        attempt: row.attempt,
        output: row.output,
        options: isFlapping
          ? `${placeOf(object)};${stateType};${row.output}`
          : `${placeOf(object)};${word};${stateType};${row.attempt};${row.output}`,
      });
    });
  };
}

function notifications(database: ConnectedDatabase, view: StatusView, range: LogRange): ReadPage {
  return async (below) => {
    const rows = await database.db
      .selectFrom("notification")
      .select(["id", "host_id", "service_id", "type", "state", "contact_name", "channel", "subject"])
      .select("created_at_ms as at_ms")
      .where(withinRange("created_at_ms", "id", range, below, hostsOf(database, range)))
      .orderBy("created_at_ms", "desc")
      .orderBy("id", "desc")
      .limit(rowsPerPage)
      .execute();
    return pageOf(rows, (row) => {
      const object = row.host_id === null ? undefined : objectOf(view, row.host_id, row.service_id);
      if (object === undefined) return undefined;
      const { state, word } = stateOfWord(row.state, object.kind === "service");
      const shown = row.type === "PROBLEM" || row.type === "RECOVERY" ? word : `${row.type} (${word})`;
      const commandName = `notify-by-${row.channel}`;
      return entry(object, {
        id: row.id,
        atMs: row.at_ms,
        class: logClass.notification,
        type: object.kind === "service" ? "SERVICE NOTIFICATION" : "HOST NOTIFICATION",
        state,
        stateWord: shown,
        stateType: shown,
        contactName: row.contact_name,
        commandName,
        output: row.subject,
        options: `${row.contact_name};${placeOf(object)};${shown};${commandName};${row.subject}`,
      });
    });
  };
}

function acknowledgements(database: ConnectedDatabase, view: StatusView, range: LogRange): ReadPage {
  return async (below) => {
    const rows = await database.db
      .selectFrom("acknowledgement")
      .select(["id", "host_id", "service_id", "author_name", "comment", "is_sticky", "created_at_ms as at_ms"])
      .where(withinRange("created_at_ms", "id", range, below, hostsOf(database, range)))
      .orderBy("created_at_ms", "desc")
      .orderBy("id", "desc")
      .limit(rowsPerPage)
      .execute();
    return pageOf(rows, (row) => {
      const object = objectOf(view, row.host_id, row.service_id);
      if (object === undefined) return undefined;
      const command = object.kind === "service" ? "ACKNOWLEDGE_SVC_PROBLEM" : "ACKNOWLEDGE_HOST_PROBLEM";
      const sticky = row.is_sticky === 1 ? 2 : 1;
      return entry(object, {
        id: row.id,
        atMs: row.at_ms,
        class: logClass.command,
        type: "EXTERNAL COMMAND",
        contactName: row.author_name,
        commandName: command,
        comment: row.comment,
        options: `${command};${placeOf(object)};${sticky};1;0;${row.author_name};${row.comment}`,
      });
    });
  };
}

function entry(
  object: ViewedObject,
  given: Partial<LogEntry> & Pick<LogEntry, "id" | "atMs" | "class" | "type" | "options">,
): LogEntry {
  return {
    object,
    state: 0,
    stateWord: "",
    stateType: "",
    attempt: 0,
    output: "",
    contactName: "",
    commandName: "",
    comment: "",
    ...given,
  };
}
