import { claimedByField, type LogFacility, type LogSeverity, logLimits } from "@mycloud/protocol/log-record";
import type { HostDirectory, LogIdentity } from "../../log-sender/index.ts";
import type { NewLogRecord } from "../../log-store/index.ts";
import { cutText } from "./cut-text.ts";
import type { FlatFields } from "./flat-fields.ts";

/** What records are understood by. */
export interface RecordContext {
  readonly identity: LogIdentity;
  readonly hosts: HostDirectory;
  readonly receivedAtMs: number;
  /** Of the sender; for records that name no host. */
  readonly peerAddress: string;
  /** Records older than this were not kept anyway. */
  readonly retentionDays: number;
}

/** A record as its protocol says it. */
export interface SaidRecord {
  readonly timeUs: number | null;
  readonly host: string | null;
  readonly source: string;
  readonly service: string;
  readonly severity: LogSeverity | null;
  readonly facility: LogFacility | null;
  readonly message: string;
  readonly fields: FlatFields;
}

const dayUs = 86_400_000_000;

/** Makes it a record within all limits, of the host it is of, at a time that can be. Pure. */
export function finishRecord(said: SaidRecord, context: RecordContext): NewLogRecord {
  const { fields } = said;
  const message = cutText(said.message, logLimits.message);
  if (message !== said.message) fields.isTruncated = true;
  const timeUs = believedTime(said.timeUs, context);
  if (timeUs !== said.timeUs && said.timeUs !== null) fields.values.original_time = timeText(said.timeUs);
  if (fields.isTruncated) fields.values.truncated = true;
  const { isClaimed, ...whose } = hostOf(said.host, context);
  // What a record says of itself by this name is no word of ours.
  delete fields.values[claimedByField];
  if (isClaimed) fields.values[claimedByField] = context.identity.name;
  return {
    timeUs,
    ...whose,
    source: nameOf(said.source, "unknown"),
    service: nameOf(said.service, "unknown"),
    severity: said.severity,
    facility: said.facility,
    message,
    fields: fields.values,
  };
}

/** A time past tomorrow, or before what is kept, says that a clock is wrong: when it came is nearer the truth. */
function believedTime(timeUs: number | null, { receivedAtMs, retentionDays }: RecordContext): number {
  const receivedUs = receivedAtMs * 1000;
  if (timeUs === null || !Number.isSafeInteger(timeUs)) return receivedUs;
  return timeUs > receivedUs + dayUs || timeUs < receivedUs - retentionDays * dayUs ? receivedUs : timeUs;
}

function timeText(timeUs: number): string {
  const ms = timeUs / 1000;
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(timeUs);
}

/**
 * An agent's records are of its host; a sender's of the host it is said to be, or that it names. A host of another customer is none it can speak for:
 * the record stays with the sender's customer.
 */
function hostOf(
  named: string | null,
  { identity, hosts, peerAddress }: RecordContext,
): Pick<NewLogRecord, "host" | "hostId" | "customer"> & { readonly isClaimed: boolean } {
  if (identity.hostId !== null) {
    const own = hosts.byId(identity.hostId);
    const host = own?.name ?? identity.name;
    return { host, hostId: identity.hostId, customer: own?.customer ?? identity.customer, isClaimed: false };
  }
  const name = identity.hostName ?? (named === null || named.trim() === "" ? null : named.trim());
  const found = name === null ? hosts.byAddress(peerAddress) : hosts.byName(name);
  const isReachable = found !== undefined && (identity.customer === null || identity.customer === found.customer);
  if (isReachable) {
    const isClaimed = identity.hostName === null && hosts.byAddress(peerAddress)?.id !== found.id;
    return { host: found.name, hostId: found.id, customer: found.customer, isClaimed };
  }
  return {
    host: nameOf(name ?? peerAddress, "unknown"),
    hostId: null,
    customer: identity.customer,
    isClaimed: false,
  };
}

function nameOf(text: string, otherwise: string): string {
  return text === "" ? otherwise : text.slice(0, logLimits.name);
}
