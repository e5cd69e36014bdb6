import type { Migration } from "./ddl.ts";

/** Raw results and the batches they came in. No foreign keys: they cost a lookup per result, and results leave after 48 hours anyway. */
export const createCheckResult: Migration = {
  name: "2026-11-22-2006-create-check-result",
  async up(ddl) {
    await ddl.run(
      `create table if not exists check_result (
        id ID,
        host_id INT not null,
        service_id INT,
        return_code INT not null,
        state INT not null,
        is_hard INT not null,
        attempt INT not null,
        output LONGTEXT not null,
        long_output LONGTEXT not null,
        perfdata LONGTEXT not null,
        checked_at_ms INT not null,
        received_at_ms INT not null,
        execution_time_seconds REAL,
        latency_seconds REAL,
        is_clock_skewed INT not null
      ) TABLE_OPTIONS`,
    );
    // One index beside the key, for every further one is paid 20,000 times a second. Age follows the id, which retention walks.
    await ddl.run(
      `create index if not exists check_result_host_id_service_id_checked_at on check_result (host_id, service_id, checked_at_ms)`,
    );
    await ddl.run(
      `create table if not exists received_batch (
        sender VARCHAR(96) not null,
        batch_id VARCHAR(128) not null,
        received_at_ms INT not null,
        answer_json LONGTEXT not null,
        primary key (sender, batch_id)
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists received_batch_received_at on received_batch (received_at_ms)`);
  },
};
