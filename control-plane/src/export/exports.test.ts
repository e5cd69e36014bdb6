import assert from "node:assert/strict";
import { it } from "node:test";
import { type ResourceKind, resourceKinds } from "@mycloud/protocol/resource";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { UnavailableError } from "../error/index.ts";
import { carryOut } from "../resource/carry-out.ts";
import { definitionKey } from "../resource/definition.ts";
import { planApply } from "../resource/plan-apply.ts";
import { findStoredDefinitions } from "../resource/stored-definitions.ts";
import { saveTemplateUses } from "../resource/template-use-store.ts";
import { everything, type Scope } from "../scope/index.ts";
import { createSealer } from "../sealing/index.ts";
import { type AskedExport, createExports } from "./create-exports.ts";

const sealer = createSealer(Buffer.alloc(32));
const commands = new Set(["load"]);
/** More than one page of hosts, and a host with more than one page of services. */
const hosts = Array.from({ length: 230 }, (_, index) => {
  const customer = index % 10 === 0 ? "acme" : null;
  return { kind: "Host", name: `web${String(index).padStart(3, "0")}`, spec: { customer, labels: { role: "web" } } };
});
const services = Array.from({ length: 450 }, (_, index) => {
  const host = index < 410 ? "web100" : `web${String(index % 230).padStart(3, "0")}`;
  return { kind: "Service", name: `batch ${String(index).padStart(3, "0")}`, host, spec: { notes: "nightly" } };
});
const others = [
  { kind: "Template", name: "calm", spec: { for: "Check", spec: { maxCheckAttempts: 7 } } },
  { kind: "Check", name: "load", uses: ["calm"], spec: { command: "load", selector: { hosts: ["web000"] } } },
  { kind: "Contact", name: "ops", spec: { email: "ops@example.org" } },
  { kind: "NotificationRule", name: "all", spec: { contacts: ["ops"] } },
  { kind: "TimePeriod", name: "office", spec: { weekly: { monday: ["09:00-17:00"] } } },
];

forEachDialect((_dialect, open) => {
  async function seed(database: ConnectedDatabase, resources: readonly unknown[]): Promise<void> {
    const { dialect } = database;
    await database.transaction(async (tx) => {
      const stored = await findStoredDefinitions(tx, dialect, everything);
      const { planned, issues } = planApply(resources, [], stored, commands);
      assert.deepEqual(issues, []);
      await carryOut(tx, dialect, planned, stored, sealer, 1_000);
      await saveTemplateUses(tx, planned);
    });
  }
  function exporting(database: ConnectedDatabase) {
    const exports = createExports({ database, databaseLocation: open.location(), mostOpen: 2 });
    return async (asked: Partial<AskedExport> = {}, onPiece: () => Promise<void> = async () => undefined) => {
      const pieces: string[] = [];
      const signal = new AbortController().signal;
      await exports.stream(
        { scope: everything, kinds: resourceKinds, form: "lines", signal, ...asked },
        async (piece) => {
          pieces.push(Buffer.from(piece).toString());
          await onPiece();
        },
      );
      return { pieces: pieces.length, text: pieces.join("") };
    };
  }
  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  async function stored(database: ConnectedDatabase, scope: Scope) {
    const { definitions, uses } = await findStoredDefinitions(database.db, database.dialect, scope);
    return definitions.map((definition) => {
      const use = uses.get(definitionKey(definition));
      return JSON.parse(JSON.stringify(use === undefined ? { definition } : { definition, uses: use.uses }));
    });
  }
  const shape = ({ definition, written }: { definition: unknown; written?: { uses: string[] } }) =>
    written === undefined ? { definition } : { definition, uses: written.uses };

  it("a large export has what is stored, in its order, each definition once, and says at its end how many", async () => {
    const database = await open();
    await seed(database, [...hosts, ...services, ...others]);
    const run = exporting(database);
    const { text, pieces } = await run();
    const lines = linesOf(text);
    const expected = await stored(database, everything);
    assert.equal(expected.length, hosts.length + services.length + others.length);
    assert.deepEqual(lines.at(-1), { end: { definitions: expected.length } });
    assert.deepEqual(lines.slice(0, -1).map(shape), expected);
    assert.ok(pieces > 5, `${pieces} pieces`);

    const { resources } = JSON.parse((await run({ form: "expanded" })).text);
    assert.deepEqual(
      resources,
      expected.map(({ definition }) => definition),
    );
    const written = JSON.parse((await run({ form: "written" })).text).resources;
    assert.deepEqual(written.find(({ kind }: { kind: string }) => kind === "Check").uses, ["calm"]);

    const kinds: ResourceKind[] = ["Check", "TimePeriod"];
    assert.deepEqual(linesOf((await run({ kinds })).text).length, 3);
    const bound: Scope = { kind: "customer", customer: "acme" };
    const own = linesOf((await run({ scope: bound })).text).slice(0, -1);
    assert.deepEqual(own.map(shape), await stored(database, bound));
    assert.equal(own.filter(({ definition }) => definition.kind === "Host").length, 23);
  });

  it("what changes while it is taken is not in it: it is as of one moment", async () => {
    const database = await open();
    await seed(database, [...hosts, ...services]);
    let changed = false;
    const { text } = await exporting(database)({}, async () => {
      if (changed) return;
      changed = true;
      await database.db.updateTable("service").set({ notes: "changed" }).execute();
    });
    assert.ok(changed);
    const notes = linesOf(text).flatMap(({ definition }) =>
      definition?.kind === "Service" ? definition.spec.notes : [],
    );
    assert.deepEqual([notes.length, new Set(notes)], [services.length, new Set(["nightly"])]);
  });

  it("a small one is read at once and looks the same; an empty one is whole, too", async () => {
    const database = await open();
    const run = exporting(database);
    assert.deepEqual(JSON.parse((await run({ form: "written", kinds: ["Forward"] })).text), { resources: [] });
    await seed(database, others.slice(0, 1));
    const { text, pieces } = await run({ form: "expanded", kinds: ["Template"] });
    assert.equal(pieces, 1);
    assert.equal(JSON.parse(text).resources.length, 1);
  });

  it("whoever takes it slowly holds nobody else up, and whoever goes away is forgotten", async () => {
    const database = await open();
    await seed(database, [...hosts, ...services]);
    const run = exporting(database);
    const mayGoOn = Promise.withResolvers<void>();
    const slow = run({}, () => mayGoOn.promise);
    const quick = await run();
    assert.equal(linesOf(quick.text).length, hosts.length + services.length + 1);
    const gone = new AbortController();
    const left = run({ signal: gone.signal }, async () => gone.abort());
    assert.ok((await left).pieces <= 2);
    const begun = Promise.withResolvers<void>();
    const second = run({}, async () => {
      begun.resolve();
      await mayGoOn.promise;
    });
    await begun.promise;
    await assert.rejects(run(), UnavailableError);
    mayGoOn.resolve();
    assert.equal((await slow).text, quick.text);
    assert.equal((await second).text, quick.text);
  });
});
