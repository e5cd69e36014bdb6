import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseExposition } from "@mycloud/protocol/exposition";
import { createTimexCollector } from "./collectors/timex.ts";
import { createProcessCollector } from "./own/index.ts";

/** What Linux machines have that the recorded one has not: figures of systemd's own, and what no kernel and no exporter says. */
const notTold = [
  "node_hwmon_temp_crit_hyst_celsius",
  "node_kernel_hung_tasks",
  "node_memory_HardwareCorrupted_bytes",
  "node_systemd_socket_accepted_connections_total",
  "node_systemd_socket_current_connections",
  "node_systemd_socket_refused_connections_total",
  "node_systemd_units",
];

test("what the dashboard most people have asks for is told, but for what is listed", {
  skip: process.platform !== "linux",
}, async () => {
  const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
  const asked = read("dashboard-1860.names")
    .split("\n")
    .filter((name) => name !== "" && !name.startsWith("#"));
  const recorded = parseExposition(read("web1.prom").replace(/^node_time_zone_offset_seconds\n/m, "")).families ?? [];
  const here = [createProcessCollector("/proc", 0, () => 0), createTimexCollector(true)].map(({ collect }) =>
    collect([]),
  );
  const told = new Set(
    [...recorded, ...(await Promise.all(here)).flatMap((families) => families ?? [])].map(({ name }) => name),
  );
  assert.deepEqual(
    asked.filter((name) => !told.has(name)),
    notTold,
  );
});
