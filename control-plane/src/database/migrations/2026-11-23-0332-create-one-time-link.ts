import type { Migration } from "./ddl.ts";

/** Links in mails that work once, and the mails themselves until they are handed over. */
export const createOneTimeLink: Migration = {
  name: "2026-11-23-0332-create-one-time-link",
  async up(ddl) {
    await ddl.run(
      `create table if not exists one_time_link (
        id ID,
        kind VARCHAR(32) not null,
        secret_hash VARCHAR(64) not null,
        email VARCHAR(254) not null,
        user_id INT,
        customer VARCHAR(63),
        role VARCHAR(16),
        title VARCHAR(128),
        created_by_name VARCHAR(255) not null,
        created_at_ms INT not null,
        expires_at_ms INT not null,
        used_at_ms INT,
        revoked_at_ms INT,
        unique (secret_hash),
        foreign key (user_id) references user (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists one_time_link_email on one_time_link (kind, email)`);
    await ddl.run(`create index if not exists one_time_link_expires_at on one_time_link (expires_at_ms)`);
    await ddl.run(
      `create table if not exists account_mail (
        id ID,
        kind VARCHAR(32) not null,
        email VARCHAR(254) not null,
        user_id INT,
        content_sealed LONGTEXT not null,
        created_at_ms INT not null,
        due_at_ms INT not null,
        attempts INT not null default 0,
        claimed_by VARCHAR(64),
        claimed_until_ms INT
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists account_mail_due_at on account_mail (due_at_ms)`);
  },
};
