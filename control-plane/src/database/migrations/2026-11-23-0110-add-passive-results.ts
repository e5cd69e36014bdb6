import type { Migration } from "./ddl.ts";

/** Whether what is known of a host or service was sent by somebody (passive) or found out by ourselves. */
export const addPassiveResults: Migration = {
  name: "2026-11-23-0110-add-passive-results",
  async up(ddl) {
    await ddl.addColumn("host_state", "is_passive", "INT not null default 1");
    await ddl.addColumn("service_state", "is_passive", "INT not null default 1");
  },
};
