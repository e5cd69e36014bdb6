import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { RecurringDowntimeInput } from "@mycloud/protocol/downtime";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import {
  controlPlaneDestination,
  LogDestinationInput,
  LogForwardInput,
  LogSenderInput,
  LogSourceInput,
} from "@mycloud/protocol/log-source";
import { findSecurityFault, SnmpCredentialInput } from "@mycloud/protocol/snmp";
import { refuseSchedule } from "../downtime/plan-occurrences.ts";
import { InputError } from "../error/index.ts";
import { findSourceFault } from "../log-job/find-source-fault.ts";
import { createAddressGuard } from "../outgoing-request/address-guard.ts";

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

function refuseNetworks({ networks }: LogSenderInput): void {
  try {
    createAddressGuard(networks);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`networks: ${message}`, [{ field: "networks", message }]);
  }
}
