import type { Migration } from "./ddl.ts";

/** The second step of signing in, recovery codes, known devices, and which mails somebody wants. */
export const createSecondStep: Migration = {
  name: "2026-11-23-0334-create-second-step",
  async up(ddl) {
    await ddl.addColumn("user", "time_zone", "VARCHAR(64)");
    await ddl.addColumn("user", "totp_secret_sealed", "VARCHAR(255)");
    await ddl.addColumn("user", "totp_confirmed_at_ms", "INT");
    await ddl.addColumn("user", "totp_last_step", "INT");
    await ddl.run(
      `create table if not exists recovery_code (
        user_id INT not null,
        code_hash VARCHAR(64) not null,
        used_at_ms INT,
        primary key (user_id, code_hash),
        foreign key (user_id) references user (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists login_challenge (
        id VARCHAR(64) not null,
        user_id INT not null,
        created_at_ms INT not null,
        expires_at_ms INT not null,
        failures INT not null default 0,
        primary key (id),
        foreign key (user_id) references user (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists login_challenge_expires_at on login_challenge (expires_at_ms)`);
    await ddl.run(
      `create table if not exists known_device (
        user_id INT not null,
        device_hash VARCHAR(64) not null,
        last_seen_at_ms INT not null,
        primary key (user_id, device_hash),
        foreign key (user_id) references user (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists mail_preference (
        user_id INT not null,
        kind VARCHAR(32) not null,
        is_wanted INT not null,
        primary key (user_id, kind),
        foreign key (user_id) references user (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
