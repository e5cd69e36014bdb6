import type { Migration } from "./ddl.ts";

/** Organisations, made for the names that users, hosts, contacts and tokens have already; the title is the name until somebody gives another. */
export const createCustomer: Migration = {
  name: "2026-11-23-0330-create-customer",
  async up(ddl) {
    await ddl.run(
      `create table if not exists customer (
        id ID,
        name VARCHAR(63) not null,
        title VARCHAR(128) not null,
        contact_email VARCHAR(254),
        quota_bytes INT,
        is_totp_required INT not null default 0,
        suspended_at_ms INT,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (name)
      ) TABLE_OPTIONS`,
    );
    for (const [table, createdAt] of [
      ["user", "min(created_at_ms)"],
      ["host", "min(created_at_ms)"],
      ["contact", "0"],
      ["api_token", "min(created_at_ms)"],
      ["enrolment_token", "min(created_at_ms)"],
    ]) {
      await ddl.run(
        `insert into customer (name, title, created_at_ms, updated_at_ms)
          select customer, customer, ${createdAt}, ${createdAt} from ${table}
          where customer is not null and customer not in (select name from customer) group by customer`,
      );
    }
  },
};
