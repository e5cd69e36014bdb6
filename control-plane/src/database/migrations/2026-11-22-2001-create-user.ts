import type { Migration } from "./ddl.ts";

/** People who sign in, their sessions, tokens, and failed logins. */
export const createUser: Migration = {
  name: "2026-11-22-2001-create-user",
  async up(ddl) {
    await ddl.run(
      `create table if not exists user (
        id ID,
        email VARCHAR(254) not null,
        name VARCHAR(128) not null,
        role VARCHAR(16) not null,
        customer VARCHAR(63),
        password_hash VARCHAR(255) not null,
        is_disabled INT not null default 0,
        last_login_at_ms INT,
        created_at_ms INT not null,
        updated_at_ms INT not null,
        unique (email)
      ) TABLE_OPTIONS`,
    );
    await ddl.run(
      `create table if not exists session (
        id VARCHAR(64) not null,
        user_id INT not null,
        csrf_token VARCHAR(64) not null,
        created_at_ms INT not null,
        expires_at_ms INT not null,
        last_used_at_ms INT not null,
        address VARCHAR(64),
        user_agent VARCHAR(255),
        primary key (id),
        foreign key (user_id) references user (id) on delete cascade
      ) KEYED_TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists session_user_id on session (user_id)`);
    await ddl.run(`create index if not exists session_expires_at on session (expires_at_ms)`);
    await ddl.run(
      `create table if not exists api_token (
        id ID,
        name VARCHAR(128) not null,
        prefix VARCHAR(16) not null,
        token_hash VARCHAR(64) not null,
        scopes_json LONGTEXT not null,
        customer VARCHAR(63),
        user_id INT,
        created_at_ms INT not null,
        expires_at_ms INT,
        last_used_at_ms INT,
        unique (token_hash),
        foreign key (user_id) references user (id) on delete cascade
      ) TABLE_OPTIONS`,
    );
    await ddl.run(`create index if not exists api_token_user_id on api_token (user_id)`);
    await ddl.run(
      `create table if not exists login_throttle (
        id VARCHAR(320) not null,
        failures INT not null,
        first_failed_at_ms INT not null,
        blocked_until_ms INT not null,
        primary key (id)
      ) KEYED_TABLE_OPTIONS`,
    );
  },
};
