import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { pino } from "pino";
import { createAuditLog } from "../audit/index.ts";
import { createChangeBus } from "../change/index.ts";
import { createCheck, updateCheck } from "../check/store.ts";
import { syncServicesOfHosts } from "../check/sync-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { createLeases } from "../database/lease.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { UnavailableError } from "../error/index.ts";
import { createHost } from "../host/create-host.ts";
import { systemActor } from "../http/actor.ts";
import { createSealer, isSealed } from "../sealing/index.ts";
import { createApplies, type LargeApply } from "./create-applies.ts";
import { beginRun, stageSteps } from "./journal.ts";
import { encodeStep } from "./step.ts";

const logger = pino({ level: "silent" });
const now = () => 1_000_000;
const hostCount = 130;
const newChecks = ["one", "two", "three"];

const checkOf = (name: string, more: object = {}) => ({
  kind: "Check",
  name,
  spec: { command: "load", selector: { labels: { role: "web" } }, ...more },
});
const change = [
  checkOf("load", { arguments: ["-w", "9"] }),
  ...newChecks.map((name) => checkOf(name)),
  ...Array.from({ length: 40 }, (_, index) => ({ kind: "Service", name: `passive${index}`, host: "web0", spec: {} })),
];

forEachDialect((_dialect, open) => {
  /** A control plane that stops, as if it were killed, after so many slices of one portion each. */
  function controlPlane(
    database: ConnectedDatabase,
    location: string,
    holder: string,
    slices = Number.POSITIVE_INFINITY,
  ) {
    let clockMs = 0;
    let heard = 0;
    const changes = createChangeBus(logger);
    const published: string[] = [];
    changes.subscribe((type) => published.push(type));
    const applies = createApplies({
      database,
      audit: createAuditLog(now),
      sealer: createSealer(Buffer.alloc(32)),
      now,
      // Each look at the clock is later than a slice is long: none gets further than its first portion.
      monotonicNow: () => {
        clockMs += 20;
        return clockMs;
      },
      leases: createLeases({ database, holder, now, logger }),
      changes,
      logger,
      databaseLocation: location,
      describeCommands: async () => [{ name: "load" }],
    });
    const run = (more: Partial<LargeApply> = {}) =>
      applies.run(
        {
          actor: systemActor,
          prune: [],
          dryRun: false,
          feed: async (take) => {
            await take(new TextEncoder().encode(change.map((item) => JSON.stringify(item)).join("\n")));
          },
          report: ({ phase }) => {
            if (phase === "carrying-out" && ++heard >= slices) void applies.part.stop?.();
          },
          signal: new AbortController().signal,
          ...more,
        },
        async ({ skipped, summary }) => ({ skipped, summary }),
      );
    return { applies, run, published };
  }

  async function seed(database: ConnectedDatabase) {
    await database.transaction(async (tx) => {
      for (let index = 0; index < hostCount; index++) {
        const host = { name: `web${index}`, labels: { role: "web" }, groups: [], displayName: null, address: null };
        const more = {
          customer: null,
          notes: "",
          maxCheckAttempts: 1,
          freshnessSeconds: null,
          origin: "operator",
        } as const;
        await createHost(tx, database.dialect, { ...host, ...more }, now());
      }
      await createCheck(tx, database.dialect, CheckInput.parse({ ...checkOf("load").spec, name: "load" }), now());
    });
  }

  const states = (database: ConnectedDatabase) =>
    database.db
      .selectFrom("service_state")
      .innerJoin("service", "service.id", "service_state.service_id")
      .where("service.name", "=", "load")
      .select(["service_id", "overdue_at_ms", "next_check_at_ms", "service_state.version", "service.updated_at_ms"])
      .orderBy("service_id")
      .execute();
  const count = async (
    database: ConnectedDatabase,
    table: "service" | "service_state" | "audit_entry" | "apply_run" | "apply_step",
  ) =>
    Number(
      (
        await database.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as("n"))
          .executeTakeFirstOrThrow()
      ).n,
    );
  const total = hostCount * (1 + newChecks.length) + 40;

  it("an apply whose process ends in the middle is carried out by the next one, with nothing twice and nothing left out", async () => {
    const database = await open();
    await seed(database);
    await database.db.updateTable("service_state").set({ overdue_at_ms: 7, next_check_at_ms: 5 }).execute();
    const before = await states(database);
    const first = controlPlane(database, open.location(), "first", 4);
    await assert.rejects(first.run(), UnavailableError);
    assert.equal(await count(database, "apply_run"), 1);
    const inTheMiddle = await count(database, "service");
    assert.ok(inTheMiddle > hostCount && inTheMiddle < total, String(inTheMiddle));
    assert.deepEqual(first.published, []);
    const kept = await database.db.selectFrom("apply_step").select("body").execute();
    assert.ok(kept.length > 0 && kept.every(({ body }) => isSealed(body)), "definitions may hold secrets");
    await database.db.deleteFrom("lease").execute();

    const second = controlPlane(database, open.location(), "second");
    await second.applies.part.start?.();
    const deadline = Date.now() + 60_000;
    while ((await count(database, "apply_run")) > 0 && Date.now() < deadline) {
      // A host has all of the new checks' services or none, whenever somebody looks.
      const rows = await database.db
        .selectFrom("service")
        .innerJoin("check_definition", "check_definition.id", "service.check_id")
        .where("check_definition.name", "in", newChecks)
        .select((eb) => ["host_id", eb.fn.countAll().as("n")])
        .groupBy("host_id")
        .execute();
      for (const row of rows) assert.equal(Number(row.n), newChecks.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await second.applies.part.stop?.();
    assert.equal(await count(database, "service"), total);
    assert.equal(await count(database, "service_state"), total);
    assert.equal(await count(database, "apply_step"), 0);
    assert.equal(await count(database, "audit_entry"), change.length);
    assert.deepEqual(second.published, ["definitions", "dns-zones"]);
    assert.deepEqual(await states(database), before, "what was not touched has its deadlines and its next check");
  });

  it("what was not decided when its process ended counts for nothing and is forgotten", async () => {
    const database = await open();
    await seed(database);
    const staged = await beginRun(database, systemActor, 1, now());
    await stageSteps(database, staged, 0, [
      encodeStep({ do: "clear-checks", groups: [{ hosts: ["web0"], checks: ["load"] }] }),
    ]);
    const gone = new AbortController();
    gone.abort(new Error("the client went away"));
    await assert.rejects(controlPlane(database, open.location(), "first").run({ signal: gone.signal }));
    assert.equal(await count(database, "service"), hostCount);
    await database.db.deleteFrom("lease").execute();
    const { skipped } = await controlPlane(database, open.location(), "second").run();
    assert.equal(skipped, 0);
    assert.equal(await count(database, "service"), total);
    assert.equal(await count(database, "apply_run"), 0);
  });

  it("a check and a host saved while a large change is carried out have the services of what is stored in the end", async () => {
    const database = await open();
    const { dialect } = database;
    await seed(database);
    const save = (work: (tx: Executor) => Promise<unknown>) => database.transaction(work);
    const hostOf = (name: string, role: string) => {
      const more = { displayName: null, address: null, customer: null, notes: "", maxCheckAttempts: 1 } as const;
      return { name, labels: { role }, groups: [], freshnessSeconds: null, origin: "operator" as const, ...more };
    };
    await save((tx) => createHost(tx, dialect, hostOf("mail0", "mail"), now()));
    const { id: checkId } = await database.db.selectFrom("check_definition").select("id").executeTakeFirstOrThrow();
    const saving: Promise<unknown>[] = [];
    const plane = controlPlane(database, open.location(), "first");
    const { skipped } = await plane.run({
      feed: async (take) => {
        // Hosts are written first: what is saved below comes before the check is.
        const added = Array.from({ length: 60 }, (_, index) => {
          return { kind: "Host", name: `db${index}`, spec: { labels: { role: "db" } } };
        });
        const check = checkOf("load", { selector: { labels: { role: "db" } }, maxCheckAttempts: 4 });
        await take(new TextEncoder().encode([...added, check].map((item) => JSON.stringify(item)).join("\n")));
      },
      report: ({ phase }) => {
        if (phase !== "carrying-out" || saving.length > 0) return;
        const saved = { ...checkOf("load").spec, name: "load", selector: { labels: { role: "mail" } } };
        saving.push(
          save((tx) => updateCheck(tx, dialect, checkId, CheckInput.parse(saved), now())),
          save(async (tx) => {
            const id = await createHost(tx, dialect, hostOf("late", "db"), now());
            await syncServicesOfHosts(tx, dialect, [id], "keep", now());
          }),
        );
      },
    });
    await Promise.all(saving);
    assert.equal(skipped, 0);
    const rows = await database.db
      .selectFrom("service")
      .innerJoin("host", "host.id", "service.host_id")
      .select(["host.name as host", "service.max_check_attempts as attempts"])
      .where("check_id", "=", checkId)
      .execute();
    const wanted = [...Array.from({ length: 60 }, (_, index) => `db${index}`), "late"];
    assert.deepEqual(rows.map(({ host }) => host).sort(), wanted.sort());
    assert.ok(rows.every(({ attempts }) => attempts === 4));
    assert.equal(await count(database, "apply_run"), 0);
  });

  it("one apply at a time: another is told to come again, and a dry run writes nothing", async () => {
    const database = await open();
    await seed(database);
    const plane = controlPlane(database, open.location(), "first");
    const both = await Promise.allSettled([plane.run(), plane.run()]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const again = await plane.run({ dryRun: true });
    assert.deepEqual([again.summary.counts.unchanged, again.summary.steps], [change.length, 0]);
    assert.equal(await count(database, "service"), total);
  });
});
