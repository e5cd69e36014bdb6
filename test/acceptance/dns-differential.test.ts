// The same questions for ours and for BIND, Knot and NSD with the same zones: what differs is explained, or a fault.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { compareServers } from "../name-service/compare-servers.ts";
import { explainedDifferences } from "../name-service/explained-differences.ts";
import { startOwnNameServer } from "../name-service/own-name-server.ts";
import { makeQuestions } from "../name-service/questions.ts";
import { writeZones } from "../name-service/zones.ts";
import { nameServerPrograms, startKnot, startNamed, startNsd } from "../peers/name-servers.ts";
import { requirePeer } from "../peers/peer.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** With MYCLOUD_TEST_FAULTS=all each question is asked in all ways: about 140,000 of them. */
const isSampled = process.env.MYCLOUD_TEST_FAULTS !== "all";

test("answers as BIND, Knot and NSD do, by UDP and TCP, with and without EDNS, but for what is explained", async (t) => {
  for (const { path, debianPackage } of Object.values(nameServerPrograms)) {
    if (!requirePeer(t, path, debianPackage)) return;
  }
  const directory = await temporaryDirectory("dns-differential");
  const zones = await writeZones(join(directory, "zones"));
  const ours = await startOwnNameServer(join(directory, "state"), zones);
  const peers = await Promise.all([startNamed, startKnot, startNsd].map((start) => start(directory, zones)));
  const found = await compareServers(ours, peers, makeQuestions(zones, { isSampled }));
  for (const peer of peers) await peer.stop();
  assert.equal((await ours.process.stop()).code, 0);
  assert.ok(found.asked >= 20_000, `${found.asked} questions`);
  assert.equal(found.unexplainedCount, 0, found.unexplained.join("\n"));
  const unneeded = explainedDifferences.filter(({ why }) => !found.explained.has(why));
  assert.deepEqual(
    unneeded.map(({ why }) => why),
    [],
    "explanations that nothing needs",
  );
});
