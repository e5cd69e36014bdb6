import { compareOids, indexBelow } from "./compare-oids.ts";
import { describeOid, SnmpError } from "./snmp-error.ts";
import type { SnmpSession } from "./snmp-session.ts";
import { placeOf } from "./snmp-target.ts";
import type { SnmpValue, SnmpVarbind } from "./snmp-value.ts";

/** What a walk may take; a device that makes up rows would be walked for ever. */
export interface WalkLimits {
  readonly rows: number;
  readonly seconds: number;
}

export const defaultWalkLimits: WalkLimits = { rows: 20_000, seconds: 60 };

/** Rows by their index (`3`, `4.192.0.2.1`), in the device's order; each has its columns' values, by the column's OID. */
export type SnmpTable = ReadonlyMap<string, ReadonlyMap<string, SnmpValue>>;

/** Every object below an OID. Rejects with SnmpError: `limit`, or `bad-answer` for OIDs that do not increase. */
export async function walk(
  session: SnmpSession,
  base: string,
  signal: AbortSignal,
  limits: WalkLimits = defaultWalkLimits,
): Promise<SnmpVarbind[]> {
  const found: SnmpVarbind[] = [];
  await walkColumns(session, [base], signal, limits, (_, varbind) => found.push(varbind));
  return found;
}

/** Columns of a table, side by side. A column that the device does not have is absent from every row: that is no failure. */
export async function walkTable(
  session: SnmpSession,
  columns: readonly string[],
  signal: AbortSignal,
  limits: WalkLimits = defaultWalkLimits,
): Promise<SnmpTable> {
  const rows = new Map<string, Map<string, SnmpValue>>();
  await walkColumns(session, columns, signal, limits, (column, { oid, value }) => {
    const index = indexBelow(oid, column) ?? "";
    const row = rows.get(index);
    if (row === undefined) rows.set(index, new Map([[column, value]]));
    else row.set(column, value);
  });
  return new Map([...rows].sort(([a], [b]) => compareOids(a, b)));
}

async function walkColumns(
  session: SnmpSession,
  columns: readonly string[],
  signal: AbortSignal,
  limits: WalkLimits,
  take: (column: string, varbind: SnmpVarbind) => void,
): Promise<void> {
  const place = placeOf(session.target);
  const cursors = new Map(columns.map((column) => [column, column]));
  const counts = new Map<string, number>();
  const late = AbortSignal.timeout(limits.seconds * 1_000);
  const either = AbortSignal.any([signal, late]);
  while (cursors.size > 0) {
    const active = [...cursors];
    const answers = await session
      .getBulk(
        active.map(([, cursor]) => cursor),
        session.bulkSize,
        either,
      )
      .catch((error: unknown) => {
        if (signal.aborted || !late.aborted) throw error;
        const reason = `the walk took longer than ${limits.seconds} s; ask for less`;
        throw new SnmpError("limit", place, active[0]?.[1], reason);
      });
    if (answers.every((answer) => answer.length === 0)) {
      throw new SnmpError("bad-answer", place, active[0]?.[1], "it answered without a single object");
    }
    for (const [at, [column, cursor]] of active.entries()) {
      const end = takeColumn(column, cursor, answers[at] ?? []);
      if (end === null) cursors.delete(column);
      else cursors.set(column, end);
    }
  }

  /** Where to go on, or null at the column's end. */
  function takeColumn(column: string, from: string, varbinds: readonly SnmpVarbind[]): string | null {
    let last = from;
    for (const varbind of varbinds) {
      const { oid, value } = varbind;
      if (value.kind === "absent" || indexBelow(oid, column) === null) return null;
      if (compareOids(oid, last) <= 0) {
        throw new SnmpError("bad-answer", place, oid, `OIDs do not increase: it came after ${describeOid(last)}`);
      }
      const count = (counts.get(column) ?? 0) + 1;
      if (count > limits.rows) {
        throw new SnmpError("limit", place, column, `it has more than ${limits.rows} rows; ask for less`);
      }
      counts.set(column, count);
      last = oid;
      take(column, varbind);
    }
    // Where the message was full before this column's turn it is asked for again.
    return last;
  }
}
