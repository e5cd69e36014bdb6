import type { Migration } from "./ddl.ts";

/** Agents, the commands they are asked to run, and the tokens they enrol with. */
export const createAgent: Migration = {
  name: "2026-11-22-2004-create-agent",
  async up(ddl) {
    await ddl.run(
      `create table if not exists agent (
        id VARCHAR(64) not null,
        host_id INT not null,
        public_key_json LONGTEXT not null,
        version VARCHAR(64) not null,
        enrolled_at_ms INT not null,
        revoked_at_ms INT,
        last_seen_at_ms INT,
        started_at_ms INT,
        clock_offset_ms INT,
        status_json LONGTEXT,
        primary key (id),
        foreign key (host_id) references host (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists agent_host_id on agent (host_id)`);
    await ddl.run(
      `create table if not exists agent_command (
        id ID,
        host_id INT not null,
        request_json LONGTEXT not null,
        phase VARCHAR(16) not null,
        message LONGTEXT,
        result_json LONGTEXT,
        created_by_name VARCHAR(255) not null,
        created_at_ms INT not null,
        expires_at_ms INT not null,
        delivered_at_ms INT,
        finished_at_ms INT,
        foreign key (host_id) references host (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists agent_command_host_id_phase on agent_command (host_id, phase)`);
    await ddl.run(`create index if not exists agent_command_phase_expires_at on agent_command (phase, expires_at_ms)`);
    await ddl.run(
      `create table if not exists enrolment_token (
        id ID,
        token_hash VARCHAR(64) not null,
        host_name VARCHAR(255),
        customer VARCHAR(63),
        labels_json LONGTEXT not null,
        groups_json LONGTEXT not null,
        created_by_name VARCHAR(255) not null,
        created_at_ms INT not null,
        expires_at_ms INT not null,
        revoked_at_ms INT,
        used_at_ms INT,
        used_by_host_id INT,
        unique (token_hash),
        foreign key (used_by_host_id) references host (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists enrolment_token_expires_at on enrolment_token (expires_at_ms)`);
  },
};
