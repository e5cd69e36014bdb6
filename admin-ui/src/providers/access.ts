import type { Session } from "@mycloud/protocol/session";
import type { Role } from "@mycloud/protocol/user";

/** Who asks, as far as it decides what they may do. */
export type Asker = Pick<Session["user"], "role" | "customer">;

const rank = { viewer: 0, operator: 1, admin: 2 } as const satisfies Record<Role, number>;

/** Resources whose very existence is the administrator's business. */
const adminOnly = new Set(["users", "customers", "invitations", "api-tokens", "audit-entries"]);
/** Resources nobody edits by hand: they are what happened. */
const readOnly = new Set([
  "problems",
  "notifications",
  "state-changes",
  "check-results",
  "audit-entries",
  "agent-commands",
  "service-proposals",
  "backup-repositories",
  "backup-runs",
  "backup-maintenance-runs",
  "machines",
  "logs",
  "simulation",
]);
/** Resources a viewer has no use for. */
const operatorOnly = new Set(["enrolment-tokens"]);

/**
 * Resources that are not any one customer's: refused to those bound to one, whatever their role. All kinds of stored definitions are among them; they are
 * named here as the schemas, which the protocol has them with, are too much for the first load.
 */
const staffOnly = new Set([
  "time-periods",
  "dependencies",
  "host-groups",
  "service-groups",
  "contact-groups",
  "on-call-schedules",
  "recurring-downtimes",
  "event-handlers",
  "forwards",
  "templates",
  "storage-servers",
  "backup-policies",
  "log-sources",
  "log-destinations",
  "log-senders",
  "log-forwards",
  "metrics-pushes",
  "remote-writes",
  "snmp-credentials",
  "trap-rules",
  "tsig-keys",
  "dns-views",
  "dns-registrations",
  "name-server-settings",
  "dns/query",
  "dns/servers",
  "simulation",
  "audit-entries",
  "references",
  "customers",
]);
/** Resources that those bound to a customer read and do not write: they cover everybody's hosts. */
const readOnlyForCustomers = new Set(["checks", "notification-rules", "service-proposals"]);

const reading = new Set(["list", "show", "export"]);

/**
 * Says whether somebody may do something in the console; the server decides again. Verbs on states (`act`) need an operator, a recovery kit
 * (`recover`) an administrator. What they may not list is hidden from them.
 */
export function mayAccess({ role, customer }: Asker, action: string, resource: string): boolean {
  if (customer !== null) {
    // Zones are set up by staff; their records are edited by whose they are.
    if (resource === "dns/zones" && (action === "create" || action === "delete")) return false;
    if (staffOnly.has(resource)) return false;
    if (readOnlyForCustomers.has(resource) && !reading.has(action)) return false;
  }
  if (adminOnly.has(resource) && rank[role] < rank.admin) return false;
  if (operatorOnly.has(resource) && rank[role] < rank.operator) return false;
  if (reading.has(action)) return true;
  if (action === "recover") return rank[role] >= rank.admin;
  if (readOnly.has(resource) && action !== "act") return false;
  return rank[role] >= rank.operator;
}
