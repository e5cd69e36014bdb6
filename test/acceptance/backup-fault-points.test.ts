// Every place where the program could be cut short is one where a test cuts it short.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type FaultPointName, faultPoints } from "@mycloud/backup/fault-point";
import { clientFaults, pointsOfUnitTests, serverFaults } from "../support/backup-faults/index.ts";
import { repositoryRoot } from "../support/index.ts";

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

test("every fault point of the list is in the program, and every one of the program in the list", () => {
  const files = globSync("{backup,agent}/src/**/*.ts", { cwd: repositoryRoot });
  const called = files
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => [...readFileSync(join(repositoryRoot, file), "utf8").matchAll(/reachFaultPoint\("([^"]+)"\)/g)])
    .map(([, name]) => String(name));
  assert.deepEqual(sorted(called), sorted(faultPoints));
});

test("a test kills the program at every fault point", () => {
  const elsewhere = Object.entries(pointsOfUnitTests);
  for (const [point, file] of elsewhere) {
    const planned = `MYCLOUD_FAULT_POINT: "${point}"`;
    assert.ok(readFileSync(join(repositoryRoot, file), "utf8").includes(planned), `${file} does not kill at ${point}`);
  }
  const exercised: FaultPointName[] = [
    ...clientFaults.map(({ point }) => point),
    ...serverFaults.map(([point]) => point),
  ];
  assert.deepEqual(sorted([...exercised, ...elsewhere.map(([point]) => point)]), sorted(faultPoints));
});
