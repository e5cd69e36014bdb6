import assert from "node:assert/strict";
import { test } from "node:test";
import { describeChanges } from "./describe-changes.ts";
import { readResources } from "./read-resources.ts";

const good = `# checks
kind: Check
name: disk
spec: { command: disk, arguments: [-w, "20%"] }
---
- kind: Host
  name: web1
- kind: Contact
  name: ops
  spec:
    email: ops@example.org
---
`;

test("every document and every list item is one resource with its line", () => {
  const { resources, faults } = readResources("a.yaml", good);
  assert.deepEqual(faults, []);
  assert.deepEqual(
    resources.map(({ line }) => line),
    [2, 6, 8],
  );
  assert.deepEqual(resources[1]?.value, { kind: "Host", name: "web1" });
});

test("every fault is told with file and line, not only the first", () => {
  const text = `kind: Check
name: disk
spec:
  command: disk
  timeoutSeconds: 30s
  intervall: 5
---
kind: Contact
name: ops
spec: { email: nobody }
---
kind: Hots
name: web1
`;
  const { faults } = readResources("b.yaml", text);
  const told = faults.map(({ file, line, message }) => `${file}:${line} ${message}`);
  assert.equal(told.length, 4, told.join("\n"));
  assert.ok(
    told.some((line) => /^b\.yaml:5 spec\.timeoutSeconds is "30s": /.test(line)),
    told.join("\n"),
  );
  assert.ok(
    told.some((line) => /^b\.yaml:6 spec\.intervall: unknown field/.test(line)),
    told.join("\n"),
  );
  assert.ok(
    told.some((line) => /^b\.yaml:10 spec\.email is "nobody": email is not an e-mail address/.test(line)),
    told.join("\n"),
  );
  assert.ok(
    told.some((line) => /^b\.yaml:12 kind is "Hots": /.test(line)),
    told.join("\n"),
  );
});

test("text that is no YAML is a fault with its line, and an empty file is nothing", () => {
  const { faults, resources } = readResources("c.yaml", "kind: Host\nname: [web1\n");
  assert.equal(resources.length, 0);
  assert.ok(faults.length > 0 && faults.every((fault) => fault.line >= 2));
  assert.deepEqual(readResources("d.yaml", "# nothing\n"), { resources: [], faults: [] });
});

test("a difference shows what appears, changes and goes, and counts the rest", () => {
  const text = describeChanges(
    [
      { kind: "Check", name: "disk", action: "create", fields: [] },
      {
        kind: "Host",
        name: "web1",
        action: "update",
        fields: [{ field: "labels.env", before: "stage", after: "prod" }],
      },
      { kind: "Contact", name: "old", action: "delete", fields: [] },
      { kind: "Contact", name: "ops", action: "unchanged", fields: [] },
    ],
    true,
    (_style, words) => words,
  );
  assert.equal(
    text,
    `+ Check disk
~ Host web1
    labels.env: "stage" -> "prod"
- Contact old
1 created, 1 updated, 1 deleted, 1 unchanged (dry run, nothing was changed)
`,
  );
});
