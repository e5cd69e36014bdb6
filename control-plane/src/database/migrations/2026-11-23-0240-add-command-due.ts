import type { Migration } from "./ddl.ts";

/** Commands to agents that are to be delivered later. */
export const addCommandDue: Migration = {
  name: "2026-11-23-0240-add-command-due",
  async up(ddl) {
    await ddl.addColumn("agent_command", "due_at_ms", "INT");
  },
};
