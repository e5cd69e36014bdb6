import type { Migration } from "./ddl.ts";

/** How much of the last 30 days was within the objective. */
export const addRpoBudget: Migration = {
  name: "2026-11-23-0392-add-rpo-budget",
  async up(ddl) {
    await ddl.addColumn("backup_repository", "within_rpo_share", "REAL");
    await ddl.addColumn("backup_repository", "burn_rate", "REAL");
  },
};
