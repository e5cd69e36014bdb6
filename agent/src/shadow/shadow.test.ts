import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareStates } from "./compare-states.ts";
import { createDifferenceLog } from "./difference-log.ts";
import type { ObservedState } from "./observed-state.ts";
import { parseLivestatusAddress } from "./read-livestatus.ts";
import { readStatusFile } from "./read-status-file.ts";

const status = `info {
	created=1
	}
hoststatus {
	host_name=web1
	has_been_checked=1
	current_state=1
	state_type=1
	problem_has_been_acknowledged=1
	scheduled_downtime_depth=2
	}
servicestatus {
	host_name=web1
	service_description=disk
	has_been_checked=0
	current_state=0
	plugin_output=a=b
	is_flapping=1
	}
`;

test("a status file says what each host and service is, and what was never checked is PENDING", () => {
  assert.deepEqual(readStatusFile(status), [
    {
      host: "web1",
      service: null,
      state: "DOWN",
      stateType: "HARD",
      isAcknowledged: true,
      isInDowntime: true,
      isFlapping: false,
    },
    {
      host: "web1",
      service: "disk",
      state: "PENDING",
      stateType: "HARD",
      isAcknowledged: false,
      isInDowntime: false,
      isFlapping: true,
    },
  ]);
});

test("no status file makes the reader throw", () => {
  const line = fc.oneof(fc.constantFrom("hoststatus {", "servicestatus {", "\t}", "=", "current_state=9"), fc.string());
  fc.assert(fc.property(fc.array(line), (lines) => void readStatusFile(lines.join("\n"))));
});

const up: ObservedState = {
  host: "a",
  service: null,
  state: "UP",
  stateType: "HARD",
  isAcknowledged: false,
  isInDowntime: false,
  isFlapping: false,
};

test("equal states are no difference, what only we have neither, and what we lack is", () => {
  assert.deepEqual(compareStates([up], [up, { ...up, host: "b" }]), { compared: 1, differences: [], onlyHere: 1 });
  const { differences } = compareStates(
    [up, { ...up, service: "x" }],
    [{ ...up, stateType: "SOFT", isInDowntime: true }],
  );
  assert.deepEqual(
    differences.map(({ service, field, theirs, ours }) => [service, field, theirs, ours]),
    [
      [null, "stateType", "HARD", "SOFT"],
      [null, "downtime", "no", "yes"],
      ["x", "missing", "UP", "not here"],
    ],
  );
});

test("a name that an import had to change is the same object", () => {
  assert.equal(compareStates([{ ...up, host: "a(1)" }], [{ ...up, host: "a_1_" }]).compared, 1);
});

test("a difference has lasted since it was first seen, and starts anew when it comes back", () => {
  const log = createDifferenceLog();
  const one = { host: "a", service: null, field: "state", theirs: "UP", ours: "DOWN" } as const;
  assert.equal(log.take([one], 1000).appeared.length, 1);
  assert.equal(log.take([one], 2000).appeared.length, 0);
  assert.equal(log.present()[0]?.sinceMs, 1000);
  assert.deepEqual(
    log.take([], 3000).gone.map(({ sinceMs }) => sinceMs),
    [1000],
  );
  assert.equal(log.take([one], 4000).appeared[0]?.sinceMs, 4000);
  assert.deepEqual(log.totals(), { total: 2, longestMs: 2000 });
});

test("an address is host and port or the path of a socket", () => {
  assert.deepEqual(parseLivestatusAddress("mon1:6557"), { kind: "tcp", host: "mon1", port: 6557 });
  assert.deepEqual(parseLivestatusAddress("[::1]:1"), { kind: "tcp", host: "::1", port: 1 });
  assert.deepEqual(parseLivestatusAddress("/run/live"), { kind: "unix", path: "/run/live" });
  for (const text of ["mon1", "mon1:0", "mon1:99999", ":1"]) assert.equal(parseLivestatusAddress(text), null, text);
});
