import type { Migration } from "./ddl.ts";

/** Commands to agents that event handlers set off: at most one for each handler and state change. */
export const addEventHandler: Migration = {
  name: "2026-11-23-0182-add-event-handler",
  async up(ddl) {
    await ddl.addColumn("agent_command", "state_change_id", "INT");
    await ddl.addColumn("agent_command", "event_handler", "VARCHAR(128)");
    await ddl.run(
      "create unique index if not exists agent_command_state_change on agent_command (state_change_id, event_handler)",
    );
  },
};
