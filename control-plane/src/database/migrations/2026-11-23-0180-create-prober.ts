import type { Migration } from "./ddl.ts";

/** Which check tells whether a host is UP, and whose agent runs the checks of a host without one. */
export const createProber: Migration = {
  name: "2026-11-23-0180-create-prober",
  async up(ddl) {
    await ddl.run(
      `create table if not exists host_check (
        host_id INT not null,
        check_id INT not null,
        primary key (host_id),
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (check_id) references check_definition (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists host_check_check_id on host_check (check_id)");
    await ddl.run(
      `create table if not exists host_prober (
        host_id INT not null,
        prober_host_id INT,
        previous_host_id INT,
        since_ms INT not null,
        primary key (host_id),
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (prober_host_id) references host (id) on delete set null,
        foreign key (previous_host_id) references host (id) on delete set null
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run("create index if not exists host_prober_prober_host_id on host_prober (prober_host_id)");
    await ddl.run("create index if not exists host_prober_previous_host_id on host_prober (previous_host_id)");
  },
};
