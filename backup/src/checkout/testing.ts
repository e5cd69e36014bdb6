import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { backUp, type Exclusions } from "../archiver/index.ts";
import { byteString } from "../byte-string/index.ts";
import { openFixture } from "../restorer/fixtures/snapshot-of.ts";
import { compareSnapshots, listSnapshots, type StoredSnapshot } from "../snapshot/index.ts";
import { carryOut } from "./carry-out.ts";
import { choosePaths } from "./choose-paths.ts";
import { type PlanOptions, planRestore } from "./plan-restore.ts";
import { findSafety, takeSafetySnapshot } from "./safety.ts";

export interface RestoreAsked extends Partial<Pick<PlanOptions, "isForced" | "exclude" | "except" | "target">> {
  readonly kind: PlanOptions["kind"];
  readonly snapshot: StoredSnapshot;
  /** Relative to the directory that is backed up. */
  readonly paths?: readonly string[];
}

const signal = new AbortController().signal;

/** A directory that is backed up, and restores of it in this process. */
export async function openCheckout(context: TestContext) {
  const fixture = await openFixture(context);
  const { repository } = fixture;
  const source = join(fixture.root, "source");

  async function take(exclude: Exclusions = {}): Promise<StoredSnapshot> {
    const summary = await backUp(repository, {
      source: { kind: "paths", paths: [byteString(source)] },
      hostname: "test",
      now: Date.now,
      threads: 1,
      exclude,
    });
    return await find(summary.snapshotId ?? "");
  }

  async function newestFirst(): Promise<StoredSnapshot[]> {
    const snapshots = [...(await listSnapshots(repository))].sort(compareSnapshots).reverse();
    await repository.loadIndex();
    return snapshots;
  }

  async function find(id: string): Promise<StoredSnapshot> {
    const found = (await newestFirst()).find((snapshot) => snapshot.id === id);
    if (found === undefined) throw new Error(`there is no snapshot ${id}`);
    return found;
  }

  function chosen({ paths = [], snapshot }: RestoreAsked) {
    return choosePaths(
      paths.map((path) => byteString(join(source, path))),
      snapshot.paths,
    ).paths;
  }

  async function plan(asked: RestoreAsked, others?: PlanOptions["others"]) {
    return await planRestore(repository, {
      isForced: false,
      exclude: {},
      target: "/",
      ...asked,
      paths: chosen(asked),
      others: others ?? (asked.kind === "rollback" ? "assumed" : await newestFirst()),
      threads: 1,
      signal,
    });
  }

  async function carry(asked: RestoreAsked, others?: PlanOptions["others"]) {
    const planned = await plan(asked, others);
    const paths = chosen(asked);
    const { kind, snapshot, target = "/" } = asked;
    const carried = await carryOut(repository, planned, { kind, snapshot, paths, target, threads: 1, signal });
    return { ...planned.figures, ...carried };
  }

  /** A rollback with its safety snapshot. */
  async function rollBack(asked: Omit<RestoreAsked, "kind">) {
    const whole = { kind: "rollback" as const, ...asked };
    const safety = await takeSafetySnapshot(repository, {
      paths: chosen(whole),
      hostname: "test",
      runTag: `run=${Math.random()}`,
      programVersion: "test",
      exclude: asked.exclude ?? {},
      others: await newestFirst(),
      retryLockForMs: 0,
      now: Date.now,
      onProgress: () => undefined,
      signal,
    });
    const stored = safety === null ? null : await find(safety.id);
    return { ...(await carry(whole, stored === null ? [] : [stored])), safety: stored };
  }

  const short = (path: string) => path.replace(source, "");
  const acts = (figures: { actions: readonly { action: string; path: string }[] }) =>
    figures.actions.map(({ action, path }) => `${action} ${short(path)}`);

  /** What nobody may have touched: inode, ctime. */
  const stamp = (name: string) => {
    const { ino, ctimeNs } = lstatSync(join(source, name), { bigint: true });
    return `${ino}:${ctimeNs}`;
  };

  return { ...fixture, source, take, find, newestFirst, plan, carry, rollBack, acts, stamp, findSafety };
}
