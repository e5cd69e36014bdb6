import type { Migration } from "./ddl.ts";

/** Questions to agents that wait for an answer, where several control planes share a database. */
export const createAgentQuestion: Migration = {
  name: "2026-11-23-0360-create-agent-question",
  async up(ddl) {
    await ddl.run(
      `create table if not exists agent_question (
        id VARCHAR(36) not null,
        host_id INT not null,
        delivery_json LONGTEXT not null,
        expires_at_ms INT not null,
        delivered_at_ms INT,
        primary key (id),
        foreign key (host_id) references host (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists agent_question_expires_at on agent_question (expires_at_ms)`);
  },
};
