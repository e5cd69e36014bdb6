import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupPolicyInput, dumpFileName } from "./index.ts";

test("a policy needs a name, hosts and paths; everything else has a default", () => {
  const policy = BackupPolicyInput.parse({ name: "home", selector: {}, paths: ["/home"] });
  assert.deepEqual(policy.schedule, {
    cron: "0 2 * * *",
    timeZone: "UTC",
    splaySeconds: 900,
    window: null,
    catchUp: true,
  });
  assert.equal(policy.keyMode, "managed");
  assert.equal(policy.objectives.rpoSeconds, 93_600);
});

test("what cannot be meant is refused where it is written", () => {
  const refused: [object, string][] = [
    [{ paths: ["home"] }, "paths.0"],
    [{ schedule: { window: { from: "24:00", to: "6:00" } } }, "schedule.window.from"],
    [{ retention: { keepDaly: 7 } }, "retention"],
    [{ retention: { keepWithin: "a week" } }, "retention.keepWithin"],
    [{ dumps: [{ preset: "mariadb", database: "--help" }] }, "dumps.0.database"],
    [{ hooksBefore: ["/bin/sh -c x"] }, "hooksBefore.0"],
  ];
  for (const [fields, at] of refused) {
    const parsed = BackupPolicyInput.safeParse({ name: "home", selector: {}, paths: ["/home"], ...fields });
    assert.equal(parsed.error?.issues[0]?.path.join("."), at);
  }
});

test("a dump's file is called after what it is of", () => {
  assert.equal(dumpFileName({ preset: "mariadb", database: null }), "mariadb-all.sql");
  assert.equal(dumpFileName({ preset: "postgresql", database: "my shop" }), "postgresql-my_shop.sql");
  assert.equal(dumpFileName({ preset: "sqlite", path: "/srv/app/db.sqlite" }), "sqlite-db.sqlite");
  assert.equal(dumpFileName({ preset: "mariadb", database: "shop", fileName: "shop.sql" }), "shop.sql");
});
