import assert from "node:assert/strict";
import { it } from "node:test";
import { describeMachine, type JobFacts, type MachineFacts } from "./describe-machine.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const hour = 3_600_000;
const home: JobFacts = {
  policyName: "home",
  isPrivate: false,
  lastSnapshotAtMs: nowMs - 2 * hour,
  rpoSeconds: 86_400,
  freshness: "OK",
  lastRunPhase: "done",
  unreadableCount: 0,
  isPaused: false,
  isFrozen: false,
  drill: "OK",
  verify: "OK",
  quota: "OK",
};
const never = { lastSnapshotAtMs: null, lastRunPhase: null } as const;
const system = { ...home, policyName: "system", lastSnapshotAtMs: nowMs - 5 * hour };
const late = { freshness: "CRITICAL", lastSnapshotAtMs: nowMs - 50 * hour } as const;
const online: Omit<MachineFacts, "jobs"> = {
  hasAgent: true,
  isOnline: true,
  lastSeenAtMs: nowMs - 10_000,
  hasOldSnapshots: false,
  run: null,
};
const offline = { isOnline: false, lastSeenAtMs: nowMs - 3 * hour } as const;
const running = { run: { isWaiting: false, share: 0.456 } } as const;

type Case = readonly [
  what: string,
  jobs: readonly (Partial<JobFacts> | JobFacts)[],
  facts: Partial<MachineFacts>,
  health: string,
  sentence: string,
];

const attack = "changed at once that it looks like an attack; all older backups are kept until somebody has looked.";
const cases: readonly Case[] = [
  ["all well", [{}], {}, "good", "Backed up 2 h ago."],
  ["a moment ago", [{ lastSnapshotAtMs: nowMs - 20_000 }], {}, "good", "Backed up just now."],
  ["ahead of our clock", [{ lastSnapshotAtMs: nowMs + hour }], {}, "good", "Backed up just now."],
  ["two policies, the older counts", [{}, system], {}, "good", "Backed up 5 h ago."],
  ["one file", [{ unreadableCount: 1 }], {}, "attention", "Backed up 2 h ago. 1 file could not be read."],
  [
    "files of two",
    [{ unreadableCount: 2 }, { ...system, unreadableCount: 1 }],
    {},
    "attention",
    "Backed up 5 h ago. 3 files could not be read.",
  ],
  [
    "no agent, no policy",
    [],
    { hasAgent: false, isOnline: false },
    "unknown",
    "Nothing is backed up: no agent is installed.",
  ],
  ["no policy", [], {}, "unknown", "Nothing is backed up: no policy covers it."],
  [
    "no policy any more",
    [],
    { hasOldSnapshots: true },
    "attention",
    "Not backed up any more. What was backed up before is still there.",
  ],
  ["not yet", [never], {}, "unknown", "Not backed up yet."],
  [
    "for the first time",
    [never],
    running,
    "unknown",
    "Not backed up yet: the first time is under way. Backing up now (45 %).",
  ],
  [
    "never, and late",
    [{ ...never, freshness: "CRITICAL" }],
    {},
    "bad",
    "Never backed up, though it should have been by now.",
  ],
  ["one of two never", [{}, { ...system, ...never }], {}, "attention", "Backed up 2 h ago, but system never was."],
  [
    "one of two never, and late",
    [{}, { ...system, ...never, freshness: "CRITICAL" }],
    {},
    "bad",
    "Backed up 2 h ago, but system never was.",
  ],
  ["under way", [{}], running, "good", "Backed up 2 h ago. Backing up now (45 %)."],
  [
    "under way, size unknown",
    [{}],
    { run: { isWaiting: false, share: null } },
    "good",
    "Backed up 2 h ago. Backing up now.",
  ],
  [
    "more than all of it",
    [{}],
    { run: { isWaiting: false, share: 1.2 } },
    "good",
    "Backed up 2 h ago. Backing up now (100 %).",
  ],
  ["a run that waits", [{}], { run: { isWaiting: true, share: 0 } }, "good", "Backed up 2 h ago."],
  [
    "nearly late",
    [{ freshness: "WARNING", lastSnapshotAtMs: nowMs - 20 * hour }],
    {},
    "attention",
    "Backed up 20 h ago; the next backup is nearly overdue.",
  ],
  ["late", [late], {}, "bad", "Last backed up 2 d 2 h ago; it should never be more than 1 d."],
  [
    "one of two late",
    [late, system],
    {},
    "bad",
    "home was last backed up 2 d 2 h ago; it should never be more than 1 d.",
  ],
  [
    "late, and under way",
    [late],
    running,
    "bad",
    "Last backed up 2 d 2 h ago; it should never be more than 1 d. Backing up now (45 %).",
  ],
  [
    "no objective",
    [{ freshness: "none", rpoSeconds: null, lastSnapshotAtMs: nowMs - 50 * hour }],
    {},
    "good",
    "Backed up 2 d 2 h ago.",
  ],
  ["paused", [{ isPaused: true }], {}, "attention", "Backed up 2 h ago. Backups are paused."],
  [
    "one of two paused",
    [{ isPaused: true }, system],
    {},
    "attention",
    "Backed up 5 h ago. Backups of home are paused.",
  ],
  [
    "failed",
    [{ lastRunPhase: "failed", unreadableCount: 3 }],
    {},
    "attention",
    "Backed up 2 h ago. The last backup failed.",
  ],
  ["cancelled", [{ lastRunPhase: "cancelled" }], {}, "good", "Backed up 2 h ago."],
  ["offline", [{}], offline, "attention", "Backed up 2 h ago. The machine is offline for 3 h."],
  [
    "never heard of",
    [never],
    { isOnline: false, lastSeenAtMs: null },
    "attention",
    "Not backed up yet. The machine was not heard of yet.",
  ],
  [
    "agent gone",
    [{}],
    { hasAgent: false, isOnline: false },
    "attention",
    "Backed up 2 h ago. No agent is installed any more.",
  ],
  [
    "offline, private",
    [{ isPrivate: true }],
    offline,
    "attention",
    "Backed up 2 h ago. The machine is offline for 3 h, and what only it has the key to can be looked into when it is back.",
  ],
  ["drill failed", [{ drill: "CRITICAL" }], {}, "bad", "Backed up 2 h ago. The last trial to bring back files failed."],
  [
    "drill overdue",
    [{ drill: "WARNING" }],
    {},
    "attention",
    "Backed up 2 h ago. A trial to bring back files is overdue or was slow.",
  ],
  ["damaged", [{ verify: "CRITICAL" }, system], {}, "bad", "Backed up 5 h ago. Some stored data of home is damaged."],
  [
    "nearly full",
    [{ quota: "WARNING" }],
    {},
    "attention",
    "Backed up 2 h ago. The room for backups is nearly used up.",
  ],
  ["full", [{ quota: "CRITICAL" }], {}, "bad", "Backed up 2 h ago. There is no room left for backups."],
  ["an attack", [{ isFrozen: true }], {}, "bad", `Backed up 2 h ago. So much ${attack}`],
  ["an attack on one", [{ isFrozen: true }, system], {}, "bad", `Backed up 5 h ago. So much of home ${attack}`],
  ["nothing watched yet", [{ drill: null, verify: null, quota: null }], {}, "good", "Backed up 2 h ago."],
  ["unknown is no alarm", [{ drill: "UNKNOWN", verify: "UNKNOWN" }], {}, "good", "Backed up 2 h ago."],
];

it("a machine is described in plain words, with the worst of all there is", () => {
  for (const [what, jobs, facts, health, sentence] of cases) {
    const described = describeMachine({ ...online, ...facts, jobs: jobs.map((job) => ({ ...home, ...job })) }, nowMs);
    assert.deepEqual(described, { health, sentence }, what);
  }
});
