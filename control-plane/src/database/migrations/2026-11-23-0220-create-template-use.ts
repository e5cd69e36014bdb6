import type { Migration } from "./ddl.ts";

/** Which templates a host, check or passive service uses, and the fields that are its own; the row goes with its object. */
export const createTemplateUse: Migration = {
  name: "2026-11-23-0220-create-template-use",
  async up(ddl) {
    await ddl.run(
      `create table if not exists template_use (
        id ID,
        host_id INT,
        check_id INT,
        service_id INT,
        uses_json LONGTEXT not null,
        own_json LONGTEXT not null,
        foreign key (host_id) references host (id) on delete cascade,
        foreign key (check_id) references check_definition (id) on delete cascade,
        foreign key (service_id) references service (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run("create unique index if not exists template_use_host_id on template_use (host_id)");
    await ddl.run("create unique index if not exists template_use_check_id on template_use (check_id)");
    await ddl.run("create unique index if not exists template_use_service_id on template_use (service_id)");
  },
};
