import type { DomainError } from "../error/index.ts";

/** An error's body as Alertmanager's API v2 has it: the message, as a JSON string. Pure. */
export function describeAsAlertmanager({ message, issues }: DomainError): string {
  const faults = (issues ?? []).map(({ field, message: fault }) => (field === "" ? fault : `${field}: ${fault}`));
  return faults.length > 1 ? `${message} (${faults.slice(0, 5).join("; ")})` : message;
}
