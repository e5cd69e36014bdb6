import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DomainName, lowerName } from "../name/index.ts";
import { NodeTable } from "./node-table.ts";
import type { Node, ZoneNode } from "./zone-node.ts";

const apex = "\u0007example\u0003org\0" as DomainName;

function nameOf(index: number): DomainName {
  const label = `Host${index}`;
  return (String.fromCharCode(label.length) + label + apex) as DomainName;
}

function nodeOf(name: DomainName, text: string): Node {
  const rdatas = [text, `${text}\u00ff\0`, ""];
  return {
    name,
    rrsets: [
      { type: 1, ttl: 300, rdatas },
      { type: 65_280, ttl: 0, rdatas: [] },
    ],
    children: 0,
  };
}

const Step = fc.record({
  kind: fc.constantFrom("add" as const, "change" as const, "delete" as const, "below" as const, "look" as const),
  index: fc.integer({ min: 0, max: 60 }),
  text: fc.string({ unit: "binary-ascii", maxLength: 40 }),
});

test("nodes that became octets are found, changed and deleted as those that are objects", () => {
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 400 }), fc.integer({ min: 1, max: 8 }), (steps, objects) => {
      const table = new NodeTable(apex, { objects, packedAtOnce: 3 });
      const model = new Map<DomainName, Node>();
      const add = (name: DomainName, text: string) => {
        table.add(lowerName(name), nodeOf(name, text));
        model.set(lowerName(name), nodeOf(name, text));
      };
      add(apex, "apex");
      const snapshots: { readonly seen: Iterable<unknown>; readonly expected: unknown }[] = [];
      for (const { kind, index, text } of steps) {
        const name = nameOf(index);
        const key = lowerName(name);
        table.settle();
        if (kind === "add" && !model.has(key)) add(name, text);
        else if (kind === "change") {
          for (const node of [table.edit(key), model.get(key)]) node?.rrsets.push({ type: 16, ttl: 1, rdatas: [text] });
        } else if (kind === "delete") {
          table.delete(key);
          model.delete(key);
        } else if (kind === "below") {
          const present = model.get(key);
          if (present !== undefined) present.children += 1;
          assert.equal(table.addChildren(key, 1), present !== undefined);
        } else if (kind === "look") snapshots.push({ seen: table.snapshot(), expected: sorted(model.values()) });
        assert.deepEqual(table.find(key), model.get(key));
        assert.equal(table.size, model.size);
      }
      for (const { seen, expected } of snapshots) assert.deepEqual(sorted(seen as Iterable<ZoneNode>), expected);
      assert.deepEqual(sorted(table.snapshot()), sorted(model.values()));
    }),
    { numRuns: 60 },
  );
});

test("a snapshot holds while chunks of octets are given up, and what changes again and again takes no more memory", () => {
  const table = new NodeTable(apex, { objects: 10, packedAtOnce: 10 });
  const count = 6_000;
  const text = "x".repeat(100);
  for (let index = 0; index < count; index += 1) {
    table.settle();
    table.add(lowerName(nameOf(index)), nodeOf(nameOf(index), text));
  }
  const before = table.snapshot();
  const octets = table.packedOctets;
  for (let round = 0; round < 5; round += 1) {
    for (let index = 0; index < count; index += 1) {
      table.settle();
      const node = table.edit(lowerName(nameOf(index)));
      if (node !== undefined) node.rrsets = nodeOf(node.name, `${round}`.padEnd(100)).rrsets;
    }
  }
  assert.ok(table.packedOctets < 3 * octets, `${table.packedOctets} octets after ${octets}`);
  const seen = [...before];
  assert.equal(seen.length, count);
  assert.ok(seen.every(({ rrsets }) => rrsets[0]?.rdatas[0] === text));
  assert.equal(table.find(lowerName(nameOf(17)))?.rrsets[0]?.rdatas[0], "4".padEnd(100));
});

function sorted(nodes: Iterable<ZoneNode>): unknown {
  const plain = [...nodes].map(({ name, rrsets }) => ({ name, rrsets: structuredClone(rrsets) }));
  return plain.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
