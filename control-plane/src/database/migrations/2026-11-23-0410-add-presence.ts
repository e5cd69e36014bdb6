import type { Migration } from "./ddl.ts";

/** Since when an agent's stream is gone, and whether backups are paused on their host. */
export const addPresence: Migration = {
  name: "2026-11-23-0410-add-presence",
  async up(ddl) {
    await ddl.addColumn("agent", "away_since_ms", "INT");
    await ddl.addColumn("backup_repository", "is_paused", "INT");
  },
};
