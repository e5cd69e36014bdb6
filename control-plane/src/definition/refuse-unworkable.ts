import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { DnsRegistrationInput, TsigKeyInput } from "@mycloud/protocol/dns-zone";
import { RecurringDowntimeInput } from "@mycloud/protocol/downtime";
import { keptSecret } from "@mycloud/protocol/forward";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import {
  controlPlaneDestination,
  LogDestinationInput,
  LogForwardInput,
  LogSenderInput,
  LogSourceInput,
} from "@mycloud/protocol/log-source";
import { findSecurityFault, SnmpCredentialInput } from "@mycloud/protocol/snmp";
import { parseZoneReference } from "../dns-zone/zone-store.ts";
import { refuseSchedule } from "../downtime/plan-occurrences.ts";
import { InputError } from "../error/index.ts";
import { findSourceFault } from "../log-job/find-source-fault.ts";
import { createAddressGuard } from "../outgoing-request/address-guard.ts";

/** RFC 8945 §8 wants as many octets as a hash has; shorter ones of old keys still work, guessable ones do not. */
const shortestSecretOctets = 16;

/**
 * Throws InputError when a definition is well formed and could never work all the same: a schedule that cannot be understood or never comes, a query, a
 * network.
 */
export function refuseUnworkable(kind: string, input: unknown): void {
  if (kind === "BackupPolicy") refuseEmptyPolicy(BackupPolicyInput.parse(input));
  if (kind === "LogSource") refuseSource(LogSourceInput.parse(input));
  if (kind === "LogDestination") refuseDestination(LogDestinationInput.parse(input));
  if (kind === "LogForward") refuseQuery(LogForwardInput.parse(input));
  if (kind === "SnmpCredential") refuseSecurity(SnmpCredentialInput.parse(input));
  if (kind === "TsigKey") refuseKey(TsigKeyInput.parse(input));
  if (kind === "DnsRegistration") parseZoneReference(DnsRegistrationInput.parse(input).zone);
  if (kind === "LogSender") refuseNetworks(LogSenderInput.parse(input));
  if (kind !== "RecurringDowntime") return;
  const { cron, timeZone } = RecurringDowntimeInput.parse(input);
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) throw new InputError(fault, [{ field: "cron", value: cron, message: fault }]);
}

function refuseEmptyPolicy({ paths, dumps, schedule: { cron, timeZone } }: BackupPolicyInput): void {
  if (paths.length === 0 && dumps.length === 0) {
    const message = "is empty, and so is dumps: there is nothing to back up";
    throw new InputError(`paths ${message}`, [{ field: "paths", message }]);
  }
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) throw new InputError(fault, [{ field: "schedule.cron", value: cron, message: fault }]);
}

function refuseSource(source: LogSourceInput): void {
  const fault = findSourceFault(source);
  if (fault !== null) throw new InputError(`${fault.field}: ${fault.message}`, [fault]);
}

function refuseDestination({ name }: LogDestinationInput): void {
  if (name !== controlPlaneDestination) return;
  const message = "is what the control plane's own receiver is called; choose another";
  throw new InputError(`name ${message}`, [{ field: "name", value: name, message }]);
}

function refuseQuery({ query }: LogForwardInput): void {
  try {
    parseLogQuery(query);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`query: ${message}`, [{ field: "query", value: query, message }]);
  }
}

function refuseSecurity(credential: SnmpCredentialInput): void {
  const fault = findSecurityFault(credential);
  if (fault !== null) throw new InputError(`${fault.field} ${fault.message}`, [fault]);
}

/** Empty secrets are no keys; what keeps or makes one is fine. */
function refuseKey({ secret }: TsigKeyInput): void {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(secret) && secret.length % 4 === 0;
  if (secret === keptSecret || (isBase64 && Buffer.from(secret, "base64").length >= shortestSecretOctets)) return;
  const message = `is no key of at least ${shortestSecretOctets} octets in base64, as tsig-keygen makes them`;
  throw new InputError(`secret ${message}`, [{ field: "secret", message }]);
}

function refuseNetworks({ networks }: LogSenderInput): void {
  try {
    createAddressGuard(networks);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`networks: ${message}`, [{ field: "networks", message }]);
  }
}
