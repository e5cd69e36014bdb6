import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type LogCondition, parseLogQuery } from "@mycloud/protocol/log-query";
import type { LogPage } from "@mycloud/protocol/log-search";
import { everything, type Scope } from "../../scope/index.ts";
import type { LogQuestion, LogStore, NewLogRecord } from "../log-store.ts";
import { newRecord, noonUs, secondUs } from "./contract-records.ts";

const hourUs = 3600 * secondUs;
const acme: Scope = { kind: "customer", customer: "acme" };
const receivedAtMs = noonUs / 1000 + 60_000;
const around = { fromUs: noonUs - hourUs, toUs: noonUs + hourUs };

/** A question about the hours around noon, as a query has it. */
function asking(query: string, some: Partial<LogQuestion> = {}): LogQuestion {
  const condition: LogCondition = parseLogQuery(query);
  return { ...around, condition, scope: everything, signal: AbortSignal.timeout(60_000), ...some };
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  assert.ok(value !== undefined, `there is no value ${index}`);
  return value;
}

/** What every store of logs promises. `open` gives an empty one, `close` closes it and removes what it kept. */
export function testLogStore(
  name: string,
  open: () => Promise<{ readonly store: LogStore; readonly close: () => Promise<void> }>,
): void {
  describe(name, () => {
    let store: LogStore;
    let close: () => Promise<void>;

    async function append(records: readonly NewLogRecord[], chunk: string | null = null) {
      return await store.append({
        chunk: chunk === null ? null : { sender: "agent 1", id: chunk },
        receivedAtMs,
        records,
      });
    }

    async function page(query: string, some: Partial<LogQuestion & { limit: number; cursor: string | null }> = {}) {
      const { limit = 1000, cursor = null, ...question } = some;
      return await store.search({ ...asking(query, question), order: "newest", limit, cursor });
    }

    async function messages(query: string, some: Partial<LogQuestion> = {}): Promise<string[]> {
      return (await page(query, some)).records.map(({ message }) => message).toSorted();
    }

    /** A store of its own for each group of tests. */
    function withStore(fill: () => Promise<void> = async () => {}) {
      before(async () => {
        ({ store, close } = await open());
        await fill();
      });
      after(async () => await close());
    }

    describe("records", () => {
      withStore();

      it("come back as they were given, with where they stand and when they were received", async () => {
        const record = newRecord({
          timeUs: noonUs + 123_456,
          message: 'Ünïcode \u{1f600} 中文, "quotes", a\ttab\nand a line',
          fields: { status: 404, "http.path": "/x", ok: true, ratio: 0.5, empty: "" },
        });
        assert.deepEqual(await append([record]), { stored: 1, isDuplicate: false });
        const { records, cursor, isComplete } = await page("");
        assert.equal(records.length, 1);
        const { id, ...found } = at(records, 0);
        assert.deepEqual(found, { ...record, receivedAtMs });
        assert.match(id, /./);
        assert.equal(cursor, null);
        assert.equal(isComplete, true);
      });

      it("without host id, customer, severity, facility and fields come back without them", async () => {
        const record = newRecord({
          host: "switch",
          hostId: null,
          customer: null,
          service: "",
          severity: null,
          facility: null,
          message: "",
        });
        await append([record]);
        const [found] = (await page("host:switch")).records;
        assert.ok(found);
        const { id: _, receivedAtMs: __, ...rest } = found;
        assert.deepEqual(rest, record);
      });

      it("of a chunk that comes again are stored once", async () => {
        const records = [newRecord({ message: "chunked one" }), newRecord({ message: "chunked two" })];
        assert.deepEqual(await append(records, "c1"), { stored: 2, isDuplicate: false });
        assert.deepEqual(await append(records, "c1"), { stored: 0, isDuplicate: true });
        assert.deepEqual(await append(records, "c2"), { stored: 2, isDuplicate: false });
        assert.equal((await messages("chunked")).length, 4);
      });

      it("of a chunk that comes twice at once are stored once", async () => {
        const records = [newRecord({ message: "twice" })];
        const results = await Promise.all([append(records, "t1"), append(records, "t1")]);
        assert.equal(results.filter(({ isDuplicate }) => isDuplicate).length, 1);
        assert.equal((await messages("twice")).length, 1);
      });

      it("of a chunk over midnight are stored once each, on both days", async () => {
        const midnight = Date.UTC(2026, 10, 20) * 1000;
        const records = [-2, -1, 0, 1].map((second) =>
          newRecord({ timeUs: midnight + second * secondUs, message: `midnight ${second}` }),
        );
        assert.equal((await append(records, "m1")).stored, 4);
        assert.deepEqual(await append(records, "m1"), { stored: 0, isDuplicate: true });
        const range = { fromUs: midnight - hourUs, toUs: midnight + hourUs };
        const { records: found } = await page("midnight", range);
        assert.deepEqual(
          found.map(({ message }) => message),
          ["midnight 1", "midnight 0", "midnight -1", "midnight -2"],
        );
        const oldest = await store.search({ ...asking("midnight", range), order: "oldest", limit: 3, cursor: null });
        assert.deepEqual(
          oldest.records.map(({ message }) => message),
          ["midnight -2", "midnight -1", "midnight 0"],
        );
      });

      it("with times that nobody can believe are stored when they were received, and say what they said", async () => {
        const times = [-1, Number.NaN, Number.POSITIVE_INFINITY, 8.64e18, receivedAtMs * 1000 + 7 * 24 * hourUs, 5];
        const records = times.map((timeUs, index) => newRecord({ timeUs, message: `unbelievable ${index}` }));
        assert.equal((await append(records, "u1")).stored, times.length);
        const { records: found } = await page("unbelievable");
        assert.equal(found.length, times.length);
        for (const record of found) {
          assert.equal(record.receivedAtMs, receivedAtMs);
          assert.ok(Math.abs(record.timeUs - receivedAtMs * 1000) < 1000);
          assert.ok("original_time" in record.fields);
        }
        const later = await store.append({
          chunk: { sender: "agent 1", id: "u1" },
          receivedAtMs: receivedAtMs + 3 * 86_400_000,
          records,
        });
        assert.deepEqual(later, { stored: 0, isDuplicate: true });
      });

      it("of an empty batch are none", async () => {
        assert.deepEqual(await append([]), { stored: 0, isDuplicate: false });
      });
    });

    describe("queries", () => {
      const given = [
        newRecord({
          message: "Connection refused by peer",
          severity: "err",
          fields: { status: 500, path: "/api/v1/users" },
        }),
        newRecord({
          message: "refused connection",
          severity: "warning",
          fields: { status: "404", path: "/index.html" },
        }),
        newRecord({ message: "connection_refused", host: "web2", hostId: 2, service: "nginx", source: "nginx" }),
        newRecord({ message: "CONNECTION established", severity: null, facility: null, customer: null, host: "db1" }),
        newRecord({ message: "İstanbul straße ÉCOLE naïve 日本語 x10", customer: "globex", fields: { user: "Zoë" } }),
        newRecord({
          message: "disk is full",
          severity: "crit",
          facility: "kern",
          fields: { "disk.free": 12.5, ok: false },
        }),
      ];
      withStore(async () => {
        await append(given.map((record, index) => ({ ...record, timeUs: noonUs + index * secondUs })));
      });

      const cases: readonly (readonly [query: string, found: readonly number[]])[] = [
        ["", [0, 1, 2, 3, 4, 5]],
        ["connection", [0, 1, 3]],
        ["CONNECTION refused", [0, 1]],
        ['"connection refused"', [0]],
        ['"refused connection"', [1]],
        ["connection_refused", [2]],
        ["conn*", [0, 1, 2, 3]],
        ["co*", [0, 1, 2, 3]],
        ["full OR refused", [0, 1, 5]],
        ["connection NOT refused", [3]],
        ["NOT connection", [2, 4, 5]],
        ["NOT (connection OR full)", [2, 4]],
        ["(NOT connection) OR (NOT refused)", [2, 3, 4, 5]],
        ["severity:err", [0]],
        ["severity>=warning", [0, 1, 5]],
        ["severity<err", [1, 2, 4]],
        ["NOT severity>=warning", [2, 3, 4]],
        ["severity:*", [0, 1, 2, 4, 5]],
        ["host:web2", [2]],
        ["host:WEB*", [0, 1, 2, 4, 5]],
        ["NOT host:web1", [2, 3]],
        ["service:nginx OR host:db1", [2, 3]],
        ["source:nginx", [2]],
        ["facility:kern", [5]],
        ["NOT facility:auth", [3, 5]],
        ["customer:globex", [4]],
        ["status:500", [0]],
        ["status:404", [1]],
        ["status:(404 OR 500)", [0, 1]],
        ["status>=404", [0, 1]],
        ["status>404", [0]],
        ["status:*", [0, 1]],
        ["NOT status:*", [2, 3, 4, 5]],
        ["path:/api/*", [0]],
        ["path:*.html", [1]],
        ["user:zoë", [4]],
        ["disk.free<13", [5]],
        ["ok:false", [5]],
        ["connection severity>=warning host:web1 status:500", [0]],
        ["connection OR severity:crit", [0, 1, 3, 5]],
        ["école", [4]],
        ["straße", [4]],
        ["日本語", [4]],
        ["日本*", [4]],
        ["i̇stanbul", [4]],
        ["x1*", [4]],
        ["nothing_like_it", []],
        ["host:nobody", []],
        ["status:nothing", []],
      ];
      for (const [query, found] of cases) {
        it(`\`${query}\` finds and counts what it asks for`, async () => {
          const expected = found.map((index) => at(given, index).message).toSorted();
          assert.deepEqual(await messages(query), expected);
          const { count, isComplete } = await store.count({ ...asking(query), atMost: 100 });
          assert.deepEqual({ count, isComplete }, { count: found.length, isComplete: true });
        });
      }

      it("of a customer find that customer's records only, whatever is asked for", async () => {
        for (const [query, found] of cases) {
          const expected = found
            .filter((index) => at(given, index).customer === "acme")
            .map((index) => at(given, index).message);
          assert.deepEqual(await messages(query, { scope: acme }), expected.toSorted(), query);
          const { count } = await store.count({ ...asking(query, { scope: acme }), atMost: 100 });
          assert.equal(count, expected.length, query);
        }
      });

      it("find the beginning of a range but not its end", async () => {
        const range = { fromUs: noonUs + secondUs, toUs: noonUs + 3 * secondUs };
        assert.deepEqual(await messages("", range), ["connection_refused", "refused connection"]);
        assert.equal((await store.count({ ...asking("", range), atMost: 10 })).count, 2);
        assert.deepEqual(await messages("", { fromUs: noonUs, toUs: noonUs }), []);
      });

      it("count up to what is asked for", async () => {
        assert.equal((await store.count({ ...asking(""), atMost: 4 })).count, 4);
      });

      it("that nobody waits for any more end with the signal's reason", async () => {
        const reason = new Error("gone away");
        await assert.rejects(page("connection", { signal: AbortSignal.abort(reason) }), reason);
      });

      it("with a cursor of something else are refused", async () => {
        await assert.rejects(page("", { cursor: "nonsense" }), { name: "InputError" });
      });
    });

    describe("pages", () => {
      withStore(async () => {
        // Several of the same microsecond, as logs by the second have them.
        await append(
          Array.from({ length: 250 }, (_, index) =>
            newRecord({ timeUs: noonUs + Math.floor(index / 10) * secondUs, message: `line ${index}` }),
          ),
        );
      });

      async function readAll(order: "newest" | "oldest", between: () => Promise<void> = async () => {}) {
        const pages: LogPage[] = [];
        let cursor: string | null = null;
        do {
          const next: LogPage = await store.search({ ...asking("line"), order, limit: 40, cursor });
          pages.push(next);
          ({ cursor } = next);
          await between();
        } while (cursor !== null);
        return pages.flatMap(({ records }) => records);
      }

      for (const order of ["newest", "oldest"] as const) {
        it(`${order} first follow one another without gaps and without repeating`, async () => {
          const records = await readAll(order);
          assert.equal(new Set(records.map(({ message }) => message)).size, 250);
          assert.equal(records.length, 250);
          const ids = records.map(({ id }) => id);
          assert.deepEqual(ids, order === "oldest" ? ids.toSorted() : ids.toSorted().reverse());
        });
      }

      it("stay the same while records come", async () => {
        const expected = (await readAll("newest")).map(({ id }) => id);
        const records = await readAll("newest", async () => {
          await append([newRecord({ timeUs: noonUs + 1000 * secondUs, message: "line of now" })]);
        });
        assert.deepEqual(
          records.map(({ id }) => id),
          expected,
        );
      });
    });

    describe("counts", () => {
      withStore(async () => {
        const severities = ["err", "info", null] as const;
        await append(
          Array.from({ length: 600 }, (_, index) =>
            newRecord({
              timeUs: noonUs - 300 * secondUs + index * secondUs,
              severity: severities[index % 3] ?? null,
              host: `web${index % 4}`,
              message: index % 2 === 0 ? "even number" : "odd number",
              fields: { n: index % 5, ...(index % 10 === 0 ? { tenth: "yes" } : {}) },
            }),
          ),
        );
      });

      for (const [query, expected] of [
        ["", 600],
        ["even", 300],
        ["host:web1", 150],
        ["n>=4", 120],
        ["severity:err", 200],
      ] as const) {
        it(`a histogram of \`${query}\` has each record in its bin`, async () => {
          const fromUs = noonUs - 290 * secondUs;
          const histogram = await store.histogram({ ...asking(query, { fromUs }), bins: 100 });
          const found = (await page(query, { fromUs })).records;
          assert.ok(histogram.bins.length <= 100);
          assert.ok(histogram.fromUs <= fromUs);
          const bins = histogram.bins.map(() => 0);
          for (const { timeUs } of found) {
            const bin = Math.floor((timeUs - histogram.fromUs) / histogram.binUs);
            bins[bin] = at(bins, bin) + 1;
          }
          assert.deepEqual(
            histogram.bins.map(({ count }) => count),
            bins,
          );
          const sum = histogram.bins.reduce((all, { count }) => all + count, 0);
          assert.ok(sum <= expected && sum > expected * 0.9, `${sum}`);
          const ofErrors = histogram.bins.reduce((all, { severities: { err = 0 } }) => all + err, 0);
          assert.equal(ofErrors, found.filter(({ severity }) => severity === "err").length);
          const withoutSeverity = histogram.bins.reduce((all, { severities: { none = 0 } }) => all + none, 0);
          assert.equal(withoutSeverity, found.filter(({ severity }) => severity === null).length);
          assert.equal(histogram.isComplete, true);
        });
      }

      it("by seconds are as right as by minutes", async () => {
        const range = { fromUs: noonUs, toUs: noonUs + 20 * secondUs };
        const { binUs, bins } = await store.histogram({ ...asking("", range), bins: 20 });
        assert.equal(binUs, secondUs);
        assert.deepEqual(
          bins.map(({ count }) => count),
          Array.from({ length: 20 }, () => 1),
        );
      });

      it("of a field's values are the most frequent first", async () => {
        const byHost = await store.top({ ...asking("even"), field: "host", limit: 1 });
        assert.deepEqual(byHost, {
          field: "host",
          values: [{ value: "web0", count: 150 }],
          having: 300,
          matched: 300,
          isComplete: true,
        });
        const all = await store.top({ ...asking(""), field: "host", limit: 10 });
        assert.deepEqual(
          all.values.map(({ count }) => count),
          [150, 150, 150, 150],
        );
        const tenth = await store.top({ ...asking(""), field: "tenth", limit: 10 });
        assert.deepEqual(tenth, {
          field: "tenth",
          values: [{ value: "yes", count: 60 }],
          having: 60,
          matched: 600,
          isComplete: true,
        });
        const severity = await store.top({ ...asking("even"), field: "severity", limit: 10 });
        assert.deepEqual([severity.having, severity.matched], [200, 300]);
        const n = await store.top({ ...asking("n>=3"), field: "n", limit: 10 });
        assert.deepEqual(n.values.map(({ value }) => Number(value)).toSorted(), [3, 4]);
      });

      it("of a customer's records leave out the others", async () => {
        const none = asking("", { scope: { kind: "customer", customer: "globex" } });
        assert.equal(
          (await store.histogram({ ...none, bins: 10 })).bins.every(({ count }) => count === 0),
          true,
        );
        assert.equal((await store.top({ ...none, field: "host", limit: 10 })).matched, 0);
        assert.deepEqual(await store.fieldNames({ ...none, limit: 10 }), []);
        assert.deepEqual((await store.patterns({ ...none, before: around, order: "count", limit: 10 })).patterns, []);
      });

      it("names of fields are known, the most frequent first", async () => {
        assert.deepEqual(await store.fieldNames({ ...asking(""), limit: 10 }), ["n", "tenth"]);
        assert.deepEqual(await store.fieldNames({ ...asking(""), limit: 1 }), ["n"]);
      });
    });

    describe("patterns", () => {
      const before = { fromUs: noonUs - hourUs, toUs: noonUs };
      const now = { fromUs: noonUs, toUs: noonUs + hourUs };
      withStore(async () => {
        const logins = Array.from({ length: 40 }, (_, index) =>
          newRecord({
            timeUs: noonUs - 1800 * secondUs + index * 60 * secondUs,
            host: `web${index % 3}`,
            message: `Accepted password for user${index} from 10.0.0.${index} port ${4000 + index}`,
          }),
        );
        const failures = Array.from({ length: 30 }, (_, index) =>
          newRecord({
            timeUs: noonUs + (index + 1) * secondUs,
            severity: "err",
            message: `Failed to open /var/lib/file${index}: timed out after ${index}ms`,
          }),
        );
        const names = ["alice", "bob", "carol"].map((user, index) =>
          newRecord({ timeUs: noonUs + index * secondUs, message: `session opened for user ${user} by root` }),
        );
        await append([...logins, ...failures, ...names]);
      });

      async function patterns(order: "count" | "risen" | "new", some: Partial<LogQuestion> = {}) {
        return await store.patterns({ ...asking("", { ...now, ...some }), before, order, limit: 10 });
      }

      it("say what messages have in common, how often, since when, and how it was before", async () => {
        const { patterns: found, others, isComplete } = await patterns("count");
        assert.deepEqual([others, isComplete], [0, true]);
        assert.deepEqual(
          found.map(({ template, count, countBefore }) => [template, count, countBefore]),
          [
            ["Failed to open <path>: timed out after <num>ms", 30, 0],
            ["Accepted password for user<num> from <ip> port <num>", 10, 30],
            ["session opened for user <*> by root", 3, 0],
          ],
        );
        const [failed] = found;
        assert.equal(failed?.severity, "err");
        assert.equal(failed?.hosts, 1);
        assert.equal(failed?.firstSeenUs, noonUs + secondUs);
        assert.equal(failed?.lastSeenUs, noonUs + 30 * secondUs);
        assert.match(failed?.example?.message ?? "", /^Failed to open/);
      });

      it("that are new, and those that rose most, are told", async () => {
        const fresh = (await patterns("new")).patterns.map(({ count }) => count);
        assert.deepEqual(fresh, [30, 3]);
        const risen = (await patterns("risen")).patterns.map(({ count }) => count);
        assert.deepEqual(risen, [30, 3]);
      });

      it("are of what is asked for only", async () => {
        const { patterns: found } = await patterns("count", { condition: parseLogQuery("severity:err failed") });
        assert.deepEqual(
          found.map(({ count }) => count),
          [30],
        );
        const part = await patterns("count", { fromUs: noonUs + secondUs, toUs: noonUs + 11 * secondUs });
        assert.equal(part.patterns[0]?.count, 10);
      });

      it("have ids by which their records are found", async () => {
        for (const { id, count } of (await patterns("count")).patterns) {
          const query = asking(`pattern:${id}`, now);
          assert.equal((await store.count({ ...query, atMost: 100 })).count, count);
          const { records } = await page(`pattern:${id}`, now);
          assert.equal(records.length, count);
        }
        assert.equal((await page("pattern:nothing")).records.length, 0);
      });
    });

    describe("the context of a record", () => {
      withStore(async () => {
        await append(
          Array.from({ length: 90 }, (_, index) =>
            newRecord({
              timeUs: noonUs - 12 * hourUs + (index - 45) * secondUs,
              host: `web${index % 3}`,
              hostId: index % 3,
              service: index % 2 === 0 ? "a" : "b",
              message: `context ${index}`,
            }),
          ),
        );
      });

      it("is what its host wrote to the same source before and after it, over midnight too", async () => {
        const range = { fromUs: noonUs - 13 * hourUs, toUs: noonUs };
        const { records } = await page("context host:web0", range);
        const middle = records.find(({ message }) => message === "context 45");
        assert.ok(middle);
        const { id } = middle;
        const signal = AbortSignal.timeout(60_000);
        const context = await store.context({ id, before: 3, after: 2, scope: acme, signal });
        assert.deepEqual(
          context.map(({ message }) => message),
          ["context 36", "context 39", "context 42", "context 45", "context 48", "context 51"],
        );
        const scope: Scope = { kind: "customer", customer: "globex" };
        assert.deepEqual(await store.context({ id, before: 3, after: 2, scope, signal }), []);
        assert.deepEqual(await store.context({ id: "zzzz", before: 3, after: 2, scope: acme, signal }), []);
      });
    });

    describe("following", () => {
      withStore();

      it("gives records as they are stored, of the asker's customer, with the ids they have", async () => {
        const ended = new AbortController();
        const tail = store.tail({
          condition: parseLogQuery("followed"),
          scope: acme,
          limit: 100,
          signal: ended.signal,
        });
        const batches = tail[Symbol.asyncIterator]();
        await append([
          newRecord({ message: "followed one" }),
          newRecord({ message: "other" }),
          newRecord({ message: "followed two", customer: "globex" }),
        ]);
        const { value } = await batches.next();
        assert.deepEqual(
          value?.records.map(({ message }: { message: string }) => message),
          ["followed one"],
        );
        const [stored] = (await page("followed customer:acme")).records;
        assert.deepEqual(value?.records[0], stored);
        const next = batches.next();
        ended.abort(new Error("enough"));
        await assert.rejects(next, /enough/);
      });

      it("slowly leaves out the oldest and says how many", async () => {
        const ended = new AbortController();
        const tail = store.tail({ condition: parseLogQuery("slow"), scope: acme, limit: 10, signal: ended.signal });
        const batches = tail[Symbol.asyncIterator]();
        await append(
          Array.from({ length: 35 }, (_, index) => newRecord({ timeUs: noonUs + index, message: `slow ${index}` })),
        );
        let skipped = 0;
        const got: string[] = [];
        while (skipped + got.length < 35) {
          const { value } = await batches.next();
          skipped += value?.skipped ?? 0;
          got.push(...(value?.records.map(({ message }: { message: string }) => message) ?? []));
        }
        assert.equal(skipped, 25);
        assert.equal(got.at(-1), "slow 34");
        ended.abort();
      });
    });

    describe("keeping", () => {
      withStore(async () => {
        const days = [-40, -20, 0].map((day) => noonUs + day * 24 * hourUs);
        for (const timeUs of days) {
          await append([
            ...Array.from({ length: 20 }, (_, index) =>
              newRecord({ timeUs: timeUs + index, source: "big", message: `big ${"x".repeat(1000)}` }),
            ),
            newRecord({ timeUs, source: "small", message: "small" }),
          ]);
        }
      });

      const all = { fromUs: noonUs - 60 * 24 * hourUs, toUs: noonUs + hourUs };

      it("says how much there is", async () => {
        const status = await store.status();
        assert.equal(status.records, 63);
        assert.equal(status.oldestUs, noonUs - 40 * 24 * hourUs);
        assert.ok(status.bytes > 0);
        assert.deepEqual([status.fault, status.quarantined], [null, []]);
      });

      it("ends after so many days", async () => {
        const { removedRecords } = await store.maintain({ days: 30, bytesPerSource: null }, noonUs / 1000);
        assert.equal(removedRecords, 21);
        assert.equal((await messages("", all)).length, 42);
        assert.equal((await store.count({ ...asking("small", all), atMost: 10 })).count, 2);
      });

      it("ends with the oldest of a source that has too much", async () => {
        await store.maintain({ days: 30, bytesPerSource: 25_000 }, noonUs / 1000);
        const big = (await page("big", all)).records;
        assert.ok(big.length >= 20 && big.length < 30, `${big.length}`);
        assert.equal((await messages("small", all)).length, 2);
        assert.equal((await store.count({ ...asking("source:big", all), atMost: 100 })).count, big.length);
      });
    });
  });
}
