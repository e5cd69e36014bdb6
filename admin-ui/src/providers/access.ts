import type { Role } from "@mycloud/protocol/user";

const rank = { viewer: 0, operator: 1, admin: 2 } as const satisfies Record<Role, number>;

/** Resources whose very existence is the administrator's business. */
const adminOnly = new Set(["users", "api-tokens", "audit-entries"]);
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
  "simulation",
]);
/** Resources a viewer has no use for. */
const operatorOnly = new Set(["enrolment-tokens"]);

const reading = new Set(["list", "show", "export"]);

/** Says whether a role may do something in the console; the server decides again. Verbs on states (`act`) need an operator. */
export function mayAccess(role: Role, action: string, resource: string): boolean {
  if (adminOnly.has(resource) && rank[role] < rank.admin) return false;
  if (operatorOnly.has(resource) && rank[role] < rank.operator) return false;
  if (reading.has(action)) return true;
  if (readOnly.has(resource) && action !== "act") return false;
  return rank[role] >= rank.operator;
}
