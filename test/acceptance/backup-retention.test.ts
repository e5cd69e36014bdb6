// Retention and forget, with Debian's restic as the judge: for snapshots in the order of time, both keep the same ones for the same reasons.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { forget } from "@mycloud/backup/forget";
import { addHold } from "@mycloud/backup/hold";
import { initRepository, type Repository } from "@mycloud/backup/repository";
import { decideRetention, formatCalendarDuration, type RetentionPolicy } from "@mycloud/backup/retention";
import { groupSnapshots, listSnapshots, saveSnapshot } from "@mycloud/backup/snapshot";
import { instantText } from "@mycloud/backup/tree";
import fc from "fast-check";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const password = "correct horse";
const policiesPerRepository = 8;
const year = 365 * 86_400;

const counts = fc.integer({ min: 1, max: 8 });
const durations = fc.oneof(
  fc.record({
    years: fc.constant(0),
    months: fc.constant(0),
    days: fc.nat(40),
    hours: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ years: fc.nat(2), months: fc.nat(14), days: fc.nat(3), hours: fc.constant(1) }),
);
const policies: fc.Arbitrary<RetentionPolicy> = fc
  .record(
    {
      keepLast: counts,
      keepHourly: counts,
      keepDaily: counts,
      keepWeekly: counts,
      keepMonthly: counts,
      keepYearly: counts,
      keepWithin: durations,
      keepWithinHourly: durations,
      keepWithinDaily: durations,
      keepWithinWeekly: durations,
      keepWithinMonthly: durations,
      keepWithinYearly: durations,
      keepTags: fc.subarray([["a"], ["a", "b"], ["c"]], { minLength: 1 }),
    },
    { requiredKeys: [] },
  )
  .filter((policy) => Object.keys(policy).length > 0);

/** Seconds before now, close together and far apart. */
const ages = fc.oneof(
  fc.integer({ min: 60, max: 3 * 86_400 }),
  fc.integer({ min: 60, max: 60 * 86_400 }),
  fc.integer({ min: 60, max: 3 * year }),
);
const snapshots = fc.uniqueArray(
  fc.record({
    age: ages,
    hostname: fc.constantFrom("web.example.org", "mail.example.org"),
    paths: fc.constantFrom(["/etc"], ["/home", "/etc"]),
    tags: fc.constantFrom<string[]>([], ["a"], ["b", "a"], ["c"]),
    zone: fc.constantFrom("Z", "+05:30", "-08:00"),
  }),
  { selector: ({ age }) => age, minLength: 30, maxLength: 50 },
);

async function makeRepository(name: string): Promise<{ location: string; repository: Repository }> {
  const location = join(await temporaryDirectory(name), "repository");
  const backend = openLocalBackend(location);
  const repository = await initRepository(backend, { password, kdf: { N: 2, r: 8, p: 1 }, now: Date.now });
  return { location, repository };
}

interface Sample {
  readonly age: number;
  readonly hostname: string;
  readonly paths: readonly string[];
  readonly tags: readonly string[];
  readonly zone: string;
}

async function fill(repository: Repository, list: readonly Sample[]): Promise<void> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  for (const { age, zone, tags, ...fields } of list) {
    const shift = zone === "Z" ? 0 : zone === "+05:30" ? 19_800 : -28_800;
    const wall = instantText(BigInt(nowSeconds - age + shift) * 1_000_000_000n).replace("Z", zone);
    await saveSnapshot(repository, {
      ...fields,
      time: wall,
      tree: "00".repeat(32),
      ...(tags.length > 0 ? { tags } : {}),
    });
  }
}

/** The options of `restic forget` for a policy. */
function resticOptions(policy: RetentionPolicy): string[] {
  return Object.entries(policy).flatMap(([name, rule]) => {
    const option = `--${name.replace("keepTags", "keepTag").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof rule === "number") return [option, String(rule)];
    return Array.isArray(rule)
      ? rule.flatMap((tags: readonly string[]) => [option, tags.join(",")])
      : [option, formatCalendarDuration(rule)];
  });
}

interface ResticGroup {
  readonly keep: readonly { readonly id: string }[] | null;
  readonly remove: readonly { readonly id: string }[] | null;
  readonly reasons:
    | readonly {
        readonly snapshot: { readonly id?: string; readonly time: string };
        readonly matches: readonly string[];
      }[]
    | null;
}

describe("retention", () => {
  for (const seed of [1, 2]) {
    test(`keeps and removes what restic does, for the same reasons (snapshots ${seed})`, async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await makeRepository("retention");
      const [list = []] = fc.sample(snapshots, { seed, numRuns: 1 });
      await fill(repository, list);
      const stored = await listSnapshots(repository);
      const timeOf = new Map(stored.map(({ id, time }) => [id, time]));
      for (const policy of fc.sample(policies, { seed, numRuns: policiesPerRepository })) {
        const options = ["--dry-run", "--json", "--group-by", "host,paths", ...resticOptions(policy)];
        const { stdout, stderr, code } = await runRestic({ location, password }, ["forget", ...options]);
        assert.equal(code, 0, stderr);
        const theirs = JSON.parse(stdout.split("\n").find((line) => line.startsWith("[")) ?? "[]") as ResticGroup[];
        const ours = groupSnapshots(stored, ["host", "paths"]).map(({ snapshots: group }) =>
          decideRetention(group, policy, { nowMs: Date.now() }),
        );
        const what = JSON.stringify(policy);
        const ids = (lists: readonly (readonly { readonly id: string }[] | null)[]) =>
          lists
            .flatMap((ids) => ids ?? [])
            .map(({ id }) => id)
            .sort();
        assert.deepEqual(
          ids(ours.map(({ keep }) => keep.map(({ snapshot }) => snapshot))),
          ids(theirs.map(({ keep }) => keep)),
          what,
        );
        assert.deepEqual(ids(ours.map(({ remove }) => remove)), ids(theirs.map(({ remove }) => remove)), what);
        const reasonsOfRestic = theirs
          .flatMap(({ reasons }) => reasons ?? [])
          .map(({ snapshot, matches }) => `${Date.parse(snapshot.time)} ${matches.join(", ")}`);
        const reasonsOfOurs = ours
          .flatMap(({ keep }) => keep)
          .map(({ snapshot, reasons }) => `${Date.parse(timeOf.get(snapshot.id) ?? "")} ${reasons.join(", ")}`);
        assert.deepEqual(reasonsOfOurs.sort(), reasonsOfRestic.sort(), what);
      }
    });
  }
});

describe("forget", () => {
  const sample = (seed: number) => fc.sample(snapshots, { seed, numRuns: 1 })[0] ?? [];
  const nowMs = Date.now();
  const policy: RetentionPolicy = { keepLast: 1 };

  test("removes snapshots so that restic sees the others, and none that is held", async (t) => {
    if (!requireRestic(t)) return;
    const { location, repository } = await makeRepository("forget");
    await fill(repository, sample(3));
    const before = await listSnapshots(repository);
    const [oldest, second] = before;
    assert.ok(oldest !== undefined && second !== undefined);
    const hold = { reason: "audit 2031", createdAtMs: nowMs - 1000, createdBy: "ops" };
    await addHold(repository.backend, { ...hold, snapshot: oldest.id, untilMs: null });
    await addHold(repository.backend, { ...hold, snapshot: second.id, untilMs: nowMs - 1 });

    const dry = await forget(repository, { what: { policy }, isDryRun: true, nowMs });
    assert.deepEqual(dry.removed, []);
    assert.equal((await listSnapshots(repository)).length, before.length);

    const { removed, held, failed } = await forget(repository, { what: { policy }, nowMs });
    assert.deepEqual(failed, []);
    assert.deepEqual(
      held.map(({ snapshot, reason }) => [snapshot.id, reason]),
      [[oldest.id, "audit 2031"]],
    );
    assert.ok(
      removed.some(({ id }) => id === second.id),
      "a hold that has ended holds nothing",
    );
    const left = before.filter(({ id }) => !removed.some((gone) => gone.id === id)).map(({ id }) => id);
    const { stdout } = await runRestic({ location, password }, ["snapshots", "--json"]);
    const seen = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    assert.deepEqual(seen.sort(), left.sort());
    assert.equal(left.length, groupSnapshots(before, ["host", "paths"]).length + 1);
    // restic passes over the folder of holds.
    assert.equal((await runRestic({ location, password }, ["list", "locks"])).code, 0);
  });

  test("refuses a held snapshot that is named, and removes the others", async () => {
    const { repository } = await makeRepository("forget-named");
    await fill(repository, sample(4));
    const [first, second] = await listSnapshots(repository);
    assert.ok(first !== undefined && second !== undefined);
    await addHold(repository.backend, {
      snapshot: first.id,
      reason: "court",
      untilMs: null,
      createdAtMs: nowMs,
      createdBy: "",
    });
    const what = { snapshots: [first.id.slice(0, 12), second.id] };
    const { removed, held } = await forget(repository, { what, nowMs });
    assert.deepEqual([removed.map(({ id }) => id), held.map(({ snapshot }) => snapshot.id)], [[second.id], [first.id]]);
  });

  test("does nothing without a policy, or with one that would leave a group without any", async () => {
    const { repository } = await makeRepository("forget-nothing");
    await fill(repository, sample(5));
    const count = (await listSnapshots(repository)).length;
    for (const wrong of [{}, { keepLast: 0 }, { keepTags: [["no such tag"]] }, { keepDaily: -2 }]) {
      await assert.rejects(forget(repository, { what: { policy: wrong }, nowMs }), { code: "MYCLOUD_BACKUP_INPUT" });
    }
    assert.equal((await listSnapshots(repository)).length, count);
    assert.deepEqual(await repository.backend.list("locks"), []);
  });
});
