import type { Migration } from "./ddl.ts";

/** Things that agents found on their hosts, and what was decided about watching them. */
export const createServiceProposal: Migration = {
  name: "2026-11-23-0185-create-service-proposal",
  async up(ddl) {
    await ddl.run(
      `create table if not exists service_proposal (
        id ID,
        host_id INT not null,
        kind VARCHAR(32) not null,
        thing_key VARCHAR(255) not null,
        title VARCHAR(255) not null,
        check_json LONGTEXT not null,
        phase VARCHAR(16) not null,
        first_seen_at_ms INT not null,
        last_seen_at_ms INT not null,
        vanished_at_ms INT,
        decided_by_name VARCHAR(255),
        decided_at_ms INT,
        check_id INT,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (check_id) references check_definition (id) on delete set null
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      "create unique index if not exists service_proposal_thing on service_proposal (host_id, kind, thing_key)",
    );
    await ddl.run("create index if not exists service_proposal_phase on service_proposal (phase)");
  },
};
