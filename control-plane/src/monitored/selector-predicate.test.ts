import assert from "node:assert/strict";
import { it } from "node:test";
import { matchesHost, matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import fc from "fast-check";
import { plainHost } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createHost } from "../host/create-host.ts";
import { createServices } from "../service/create-services.ts";
import { coversHostItselfSql, matchesHostSql, matchesServiceSql } from "./selector-predicate.ts";

const hosts = [
  { name: "web1", groups: ["web", "prod"], labels: { os: "linux", env: "prod" } },
  { name: "Web2", groups: ["web"], labels: { os: "linux" } },
  { name: "db[1]", groups: [], labels: { env: "stage_1" } },
  { name: "db_2", groups: ["prod"], labels: {} },
];
const serviceNames = ["disk", "http"];

forEachDialect((_dialect, open) => {
  it("selects in SQL exactly the hosts and services that the selector matches", async () => {
    const database = await open();
    const { db, dialect } = database;
    await database.transaction(async (tx) => {
      for (const host of hosts) {
        const hostId = await createHost(tx, dialect, { ...plainHost, ...host }, 1);
        const service = { hostId, checkId: null, maxCheckAttempts: 1, freshnessSeconds: null, notes: "" };
        const named = serviceNames.map((name) => ({ ...service, name, overdueAtMs: null }));
        await createServices(tx, dialect, named, 1);
      }
    });
    const pattern = fc.constantFrom(
      "web*",
      "!web1",
      "*",
      "?eb2",
      "db[1]",
      "db_?",
      "db%",
      "prod",
      "!prod",
      "linux",
      "s*_1",
      "d*k",
    );
    const list = fc.array(pattern, { maxLength: 3 });
    const plain = {
      hosts: list,
      groups: list,
      labels: fc.dictionary(fc.constantFrom("os", "env"), fc.oneof(pattern, list), { maxKeys: 2 }),
      services: list,
    };
    const anyOf = fc.array(fc.record(plain, { requiredKeys: [] }), { minLength: 1, maxLength: 3 });
    const selector = fc.record({ ...plain, anyOf }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(selector, async (given) => {
        const wanted: ServiceSelector = given;
        const matching = await db
          .selectFrom("host")
          .select("name")
          .where(matchesHostSql(dialect.kind, wanted))
          .execute();
        assert.deepEqual(
          matching.map((row) => row.name).sort(),
          hosts
            .filter((host) => matchesHost(wanted, host))
            .map((host) => host.name)
            .sort(),
          JSON.stringify(wanted),
        );
        const itself = await db
          .selectFrom("host")
          .select("name")
          .where(coversHostItselfSql(dialect.kind, wanted))
          .execute();
        assert.deepEqual(
          itself.map((row) => row.name).sort(),
          hosts
            .filter((host) => matchesService(wanted, host, undefined))
            .map((host) => host.name)
            .sort(),
          JSON.stringify(wanted),
        );
        const services = await db
          .selectFrom("service")
          .innerJoin("host", "host.id", "service.host_id")
          .select(["host.name as host", "service.name"])
          .where(matchesServiceSql(dialect.kind, wanted))
          .execute();
        const expected = hosts.flatMap((host) =>
          serviceNames.filter((name) => matchesService(wanted, host, name)).map((name) => `${host.name}/${name}`),
        );
        assert.deepEqual(
          services.map((row) => `${row.host}/${row.name}`).sort(),
          expected.sort(),
          JSON.stringify(wanted),
        );
      }),
      { numRuns: 150 },
    );
  });
});
