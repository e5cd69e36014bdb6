// Staff who look into what a customer has backed up, or has on a machine, leave a line in the audit, so that a customer can be told who did.
export * from "./staff-access.ts";
