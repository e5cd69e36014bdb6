import type { SnmpSession } from "../../snmp/snmp-session.ts";
import { numberOf, type SnmpValue } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";
import { walkTable } from "../../snmp/walk.ts";
import { type InterfaceRow, interfaceColumns, toInterfaceRow } from "./interface-row.ts";

/** The interfaces of a device at one moment. */
export interface InterfaceReading {
  /** The device's sysUpTime in hundredths of a second; undefined where it does not say. */
  readonly upTicks: number | undefined;
  readonly rows: readonly InterfaceRow[];
}

const columns = Object.values(interfaceColumns);
const upTime = `${standardNames.sysUpTime}.0`;

/** Every interface. */
export async function readInterfaces(session: SnmpSession, signal: AbortSignal): Promise<InterfaceReading> {
  const [up] = await session.get([upTime], signal);
  const table = await walkTable(session, columns, signal);
  return { upTicks: numberOf(up?.value), rows: [...table].map(([index, values]) => toInterfaceRow(index, values)) };
}

/** These interfaces only, in one question each instead of a walk; null when one is not there any more. */
export async function readInterfacesAt(
  session: SnmpSession,
  indexes: readonly string[],
  signal: AbortSignal,
): Promise<InterfaceReading | null> {
  const rows: InterfaceRow[] = [];
  let upTicks: number | undefined;
  for (const index of indexes) {
    const [up, ...values] = await session.get([upTime, ...columns.map((column) => `${column}.${index}`)], signal);
    const found = new Map<string, SnmpValue>();
    for (const [at, column] of columns.entries()) {
      const value = values[at]?.value;
      if (value !== undefined && value.kind !== "absent") found.set(column, value);
    }
    if (found.size === 0) return null;
    upTicks ??= numberOf(up?.value);
    rows.push(toInterfaceRow(index, found));
  }
  return { upTicks, rows };
}
