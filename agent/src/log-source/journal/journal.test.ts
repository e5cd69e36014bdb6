import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { followLogs } from "../testing/followed-logs.ts";
import { createExportReader } from "./export-format.ts";
import { readJournalEntry } from "./journal-entry.ts";

function binaryField(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n")]);
}

function entryOf(cursor: string, message: string): Buffer {
  return Buffer.concat([
    Buffer.from(
      `__CURSOR=${cursor}\n__REALTIME_TIMESTAMP=1767323045000001\nPRIORITY=4\nSYSLOG_FACILITY=3\nSYSLOG_IDENTIFIER=app\n_PID=77\n_SYSTEMD_UNIT=app.service\n_CAP_EFFECTIVE=0\nMY_FIELD=x=y\n`,
    ),
    binaryField("MESSAGE", message),
    Buffer.from("\n"),
  ]);
}

test("entries of the journal's export format are read wherever they are cut into pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat(3000)), (messages, borders) => {
      const bytes = Buffer.concat(messages.map((message, index) => entryOf(`c${index}`, message)));
      const reader = createExportReader();
      const found: string[] = [];
      let from = 0;
      for (const border of [...borders.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
        for (const { values } of reader.write(bytes.subarray(from, border))) {
          found.push(values.get("MESSAGE")?.toString() ?? "");
        }
        from = border;
      }
      assert.deepEqual(
        found,
        messages.map((message) => Buffer.from(message).toString()),
      );
    }),
    { numRuns: 100 },
  );
});

test("an entry becomes a line with its time, its program, its severity and its fields", () => {
  const [fields] = createExportReader().write(entryOf("c", "two\nlines\n"));
  assert.ok(fields);
  assert.deepEqual(readJournalEntry(fields, 1), {
    message: "two\nlines",
    timeUs: 1767323045000001,
    service: "app",
    severity: "warning",
    facility: "daemon",
    fields: { pid: 77, unit: "app.service", my_field: "x=y" },
  });
});

test("the journal is read on behind its cursor, and what came while nobody read is not missed", async (t) => {
  const logs = followLogs(t);
  const at = (name: string) => join(logs.directory, name);
  writeFileSync(at("last"), entryOf("c0", "before"));
  writeFileSync(at("rest"), Buffer.concat([entryOf("c1", "one"), entryOf("c2", "two")]));
  // What journalctl is asked is written down; it answers with recorded entries.
  writeFileSync(
    at("journalctl"),
    `#!/bin/sh\necho "$*" >> ${at("asked")}\ncase "$*" in *--lines=1*) exec cat ${at("last")};; *--after-cursor=c0*) cat ${at("rest")};; esac\nexec sleep 60\n`,
  );
  chmodSync(at("journalctl"), 0o755);
  const options = { journal: { program: at("journalctl"), arguments: ["--directory=/x"] } };
  const input = { type: "journal", startAt: "end", units: ["app.service"], priority: "info", paths: undefined };
  const first = logs.start(input, options);
  await logs.until(() => logs.lines.length === 2);
  await first.stop();
  logs.start(input, options);
  const asked = () => (existsSync(at("asked")) ? readFileSync(at("asked"), "utf8") : "");
  await logs.until(() => asked().includes("--after-cursor=c2"));
  assert.match(
    asked(),
    /--directory=\/x --output=export --no-pager --follow --no-tail --after-cursor=c0 --unit=app.service --priority=info/,
  );
});
