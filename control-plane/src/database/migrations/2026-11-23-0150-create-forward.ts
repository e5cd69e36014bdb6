import type { Migration } from "./ddl.ts";

/** Results that wait to be passed on to other monitoring systems, and how each forward fares. */
export const createForward: Migration = {
  name: "2026-11-23-0150-create-forward",
  async up(ddl) {
    await ddl.run(
      `create table if not exists forward_item (
        id ID,
        forward_id INT not null,
        host_name VARCHAR(255) not null,
        service_name VARCHAR(255),
        return_code INT not null,
        output LONGTEXT not null,
        checked_at_ms INT not null,
        foreign key (forward_id) references definition (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists forward_item_forward_id on forward_item (forward_id, id)");
    await ddl.run(
      `create table if not exists forward_state (
        forward_id INT not null,
        sent INT not null,
        refused INT not null,
        dropped INT not null,
        last_sent_at_ms INT,
        last_error VARCHAR(500),
        primary key (forward_id),
        foreign key (forward_id) references definition (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
