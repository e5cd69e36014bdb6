// Which snapshots a policy keeps, and why: pure. The words of the reasons and the counting are restic's (`forget --keep-*`), so that a
// policy means the same in both; the order is ours: where a server counts snapshots, its sequence, not the clients' clocks.
export * from "./calendar-duration.ts";
export * from "./decide-retention.ts";
export * from "./policy.ts";
export * from "./policy-of-texts.ts";
