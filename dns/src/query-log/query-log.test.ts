import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { parseName } from "../name/index.ts";
import type { AnsweredQuery } from "../name-server/index.ts";
import { formatQuery, QueryLog } from "./query-log.ts";
import { openQueryLog } from "./query-log-file.ts";

const query: AnsweredQuery = {
  name: parseName('quo\\"te.example.org.'),
  type: 28,
  rcode: 3,
  zone: undefined,
  isSent: true,
  arrival: { address: "::ffff:192.0.2.1", transport: "udp" },
};

it("a query is one line of JSON, whatever its name has in it", () => {
  const line = formatQuery(query, 10, 0);
  assert.equal(line.indexOf("\n"), line.length - 1);
  assert.deepEqual(JSON.parse(line), {
    time: "1970-01-01T00:00:00.000Z",
    client: "192.0.2.1",
    transport: "udp",
    name: 'quo\\"te.example.org.',
    type: "AAAA",
    result: "NXDOMAIN",
    zone: null,
    isSent: true,
    oneIn: 10,
  });
});

it("a packet without a question is logged without a name", () => {
  assert.equal(JSON.parse(formatQuery({ ...query, name: "" }, 1, 0)).name, "");
});

it("one in so many is logged, none by default, and no more than can be handed on", () => {
  const log = new QueryLog(() => 0);
  log.note(query);
  assert.equal(log.take(), "");
  log.configure(3);
  for (let time = 0; time < 10; time += 1) log.note(query);
  assert.equal(log.take().split("\n").length - 1, 3);
  log.configure(1);
  for (let time = 0; time < 1_200; time += 1) log.note(query);
  assert.deepEqual([log.take().split("\n").length - 1, log.dropped], [1_000, 200]);
});

it("a log that was renamed is begun anew, and one that cannot be written is said once", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "query-log-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const faults: unknown[] = [];
  const path = join(directory, "queries.log");
  const file = openQueryLog(path, (error) => faults.push(error));
  t.after(() => file.close());
  file.write("one\n");
  renameSync(path, `${path}.1`);
  file.write("two\n");
  assert.deepEqual([readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")], ["one\n", "two\n"]);
  const impossible = openQueryLog(join(directory, "no/such"), (error) => faults.push(error));
  impossible.write("x");
  impossible.write("y");
  assert.equal(faults.length, 1);
});
