import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logMatcher, parseLogQuery } from "@mycloud/protocol/log-query";
import { newRecord, noonUs, secondUs } from "../contract-records.ts";
import { acme, asking, at, type Contract, hourUs } from "./contract.ts";

/** Queries find what they ask for, and nothing of other customers. */
export function testQueries({ current, append, page, messages, withStore }: Contract): void {
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
      newRecord({
        message: "CONNECTION established",
        severity: null,
        facility: null,
        customer: null,
        host: "db1",
        hostId: null,
      }),
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
      ["hostId:2", [2]],
      ["hostId:*", [0, 1, 2, 4, 5]],
      ["NOT hostId:1", [2, 3]],
      ["hostId>1 OR hostId:9", [2]],
      ["refused hostId:1", [0, 1]],
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
        const { count, isComplete } = await current().count({ ...asking(query), atMost: 100 });
        assert.deepEqual({ count, isComplete }, { count: found.length, isComplete: true });
      });
    }

    it("of a customer find that customer's records only, whatever is asked for", async () => {
      for (const [query, found] of cases) {
        const expected = found
          .filter((index) => at(given, index).customer === "acme")
          .map((index) => at(given, index).message);
        assert.deepEqual(await messages(query, { scope: acme }), expected.toSorted(), query);
        const { count } = await current().count({ ...asking(query, { scope: acme }), atMost: 100 });
        assert.equal(count, expected.length, query);
      }
    });

    it("find the beginning of a range but not its end", async () => {
      const range = { fromUs: noonUs + secondUs, toUs: noonUs + 3 * secondUs };
      assert.deepEqual(await messages("", range), ["connection_refused", "refused connection"]);
      assert.equal((await current().count({ ...asking("", range), atMost: 10 })).count, 2);
      assert.deepEqual(await messages("", { fromUs: noonUs, toUs: noonUs }), []);
    });

    it("count up to what is asked for", async () => {
      assert.equal((await current().count({ ...asking(""), atMost: 4 })).count, 4);
    });

    it("that nobody waits for any more end with the signal's reason", async () => {
      const reason = new Error("gone away");
      await assert.rejects(page("connection", { signal: AbortSignal.abort(reason) }), reason);
    });

    it("with a cursor of something else are refused", async () => {
      await assert.rejects(page("", { cursor: "nonsense" }), { name: "InputError" });
    });
  });

  describe("queries for words", () => {
    const pieces = [
      ...["login", "checkout", "Refused", "GET", "/api/login/7", "/var/log/checkout", "http://shop/refused", "user12"],
      ...["10.0.0.7", "12ms", "fe80::cafe", "550e8400-e29b-41d4-cafe-446655440000", "\nsecond login", "école", "K"],
    ];
    // Each record has some of the pieces: all subsets of neighbours, so that words meet in some and not in others.
    const given = pieces.flatMap((_, from) =>
      [1, 2, 4].map((length, place) =>
        newRecord({
          timeUs: noonUs - from * 600 * secondUs + place,
          message: Array.from({ length }, (_unused, step) => pieces[(from + step * length) % pieces.length]).join(" "),
        }),
      ),
    );
    withStore(async () => {
      await append(given);
    });

    it("find what a look at each record finds", async () => {
      const words = [
        "login",
        "checkout",
        "refused",
        "get",
        "cafe",
        "second",
        "api",
        "shop",
        "k",
        "user12",
        "user",
        "7",
      ];
      const range = { fromUs: noonUs - 24 * hourUs, toUs: noonUs + hourUs };
      for (const [place, word] of words.entries()) {
        const other = words[(place + 1) % words.length];
        for (const query of [
          word,
          `${word} ${other}`,
          `"${word} ${other}"`,
          `${word} NOT ${other}`,
          `${word} OR ${other}`,
        ]) {
          const isLike = logMatcher(parseLogQuery(query));
          const expected = given.filter((record) => isLike(record)).map(({ message }) => message);
          assert.deepEqual(await messages(query, range), expected.toSorted(), query);
          const { count } = await current().count({ ...asking(query, range), atMost: 1000 });
          assert.equal(count, expected.length, query);
        }
      }
    });
  });
}
