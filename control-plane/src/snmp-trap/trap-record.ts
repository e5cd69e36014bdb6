import { nameOfOid } from "@mycloud/checks/snmp";
import type { LogSeverity } from "@mycloud/protocol/log-record";
import { finishRecord, type RecordContext } from "../log-receiver/record/finish-record.ts";
import { FlatFields } from "../log-receiver/record/flat-fields.ts";
import type { NewLogRecord } from "../log-store/index.ts";
import { textOfValue } from "../snmp-message/index.ts";
import type { TrapNotification } from "./notification.ts";

/** RFC 3418: traps that every device may send. */
const standardTraps: Readonly<Record<string, { readonly name: string; readonly severity: LogSeverity }>> = {
  "1.3.6.1.6.3.1.1.5.1": { name: "coldStart", severity: "notice" },
  "1.3.6.1.6.3.1.1.5.2": { name: "warmStart", severity: "notice" },
  "1.3.6.1.6.3.1.1.5.3": { name: "linkDown", severity: "warning" },
  "1.3.6.1.6.3.1.1.5.4": { name: "linkUp", severity: "notice" },
  "1.3.6.1.6.3.1.1.5.5": { name: "authenticationFailure", severity: "warning" },
  "1.3.6.1.6.3.1.1.5.6": { name: "egpNeighborLoss", severity: "warning" },
};
const severityOfReturnCode: readonly LogSeverity[] = ["info", "warning", "crit", "warning"];
const shownVarbinds = 10;

interface AboutTrap {
  readonly version: string;
  /** Of the worst result it was mapped to; null when to none. */
  readonly returnCode: number | null;
}

/** A trap as a log record of the program `snmptrap`: its varbinds are fields under their names, or OIDs where these are not known. Pure. */
export function recordOfTrap(trap: TrapNotification, about: AboutTrap, context: RecordContext): NewLogRecord {
  const { trapOid, uptimeTicks, varbinds, isInform } = trap;
  const known = Object.hasOwn(standardTraps, trapOid) ? standardTraps[trapOid] : undefined;
  const fields = new FlatFields();
  fields.add("trap_oid", trapOid);
  fields.add("trap_name", known?.name);
  fields.add("snmp_version", about.version);
  fields.add("snmp_kind", isInform ? "inform" : "trap");
  fields.add("uptime_ticks", uptimeTicks);
  fields.add("mapped", about.returnCode !== null);
  const named = varbinds.map(({ oid, bound }) => [nameOfOid(oid), textOfValue(bound)] as const);
  for (const [name, text] of named) fields.add(name, text);
  const shown = named.slice(0, shownVarbinds).map(([name, text]) => `${name}=${text}`);
  const severity = about.returnCode === null ? (known?.severity ?? "notice") : severityOfReturnCode[about.returnCode];
  return finishRecord(
    {
      timeUs: null,
      host: null,
      source: "snmptrap",
      service: "snmptrap",
      severity: severity ?? "notice",
      facility: null,
      message: [known?.name ?? `trap ${trapOid}`, ...shown].join(" "),
      fields,
    },
    context,
  );
}
