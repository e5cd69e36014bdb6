import type { ApplyUnderWay } from "@mycloud/protocol/resource";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { type Actor, systemActor } from "../http/actor.ts";

/** How far an apply is. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
}

/** Begins a plan that counts for nothing yet; answers its id. */
export async function beginRun({ db }: ConnectedDatabase, actor: Actor, total: number, nowMs: number): Promise<number> {
  const { id } = await db
    .insertInto("apply_run")
    .values({
      phase: "staged",
      actor_json: JSON.stringify(actor),
      next_step: 0,
      position: 0,
      done: 0,
      total,
      created_at_ms: nowMs,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Keeps some of a plan's steps, the first being number `from`. */
export async function stageSteps(
  database: ConnectedDatabase,
  applyId: number,
  from: number,
  bodies: readonly string[],
): Promise<void> {
  const rows = bodies.map((body, index) => [applyId, from + index, body]);
  await database.transaction((tx) => database.dialect.insertMany(tx, "apply_step", ["apply_id", "step", "body"], rows));
}

/** Adds to what an apply has to do, by so many services; answers the number its next step gets. */
export async function extendRun({ db }: ConnectedDatabase, applyId: number, services: number): Promise<number> {
  await db
    .updateTable("apply_run")
    .set((eb) => ({ total: eb("total", "+", services) }))
    .where("id", "=", applyId)
    .execute();
  const last = db.selectFrom("apply_step").select((eb) => eb.fn.max<number | null>("step").as("step"));
  return ((await last.where("apply_id", "=", applyId).executeTakeFirst())?.step ?? -1) + 1;
}

/** From here on the apply will be carried out, whatever happens to this process. */
export async function decideRun(tx: Executor, applyId: number): Promise<void> {
  await tx.updateTable("apply_run").set({ phase: "decided" }).where("id", "=", applyId).execute();
}

/** Forgets an apply, one that is done or one that was never decided, some steps at a time. */
export async function forgetRun(database: ConnectedDatabase, applyId: number): Promise<void> {
  const { db } = database;
  for (;;) {
    const rows = await db.selectFrom("apply_step").select("step").where("apply_id", "=", applyId).limit(100).execute();
    if (rows.length === 0) break;
    const steps = rows.map((row) => row.step);
    await db.deleteFrom("apply_step").where("apply_id", "=", applyId).where("step", "in", steps).execute();
  }
  await db.deleteFrom("apply_run").where("id", "=", applyId).execute();
}

/** The oldest apply that is decided and not yet carried out. */
export async function findDecidedRun({ db }: ConnectedDatabase): Promise<number | undefined> {
  const row = await db
    .selectFrom("apply_run")
    .select("id")
    .where("phase", "=", "decided")
    .orderBy("id")
    .executeTakeFirst();
  return row?.id;
}

/** All applies that are decided and not yet carried out, the oldest first. */
export async function findAppliesUnderWay({ db }: Pick<ConnectedDatabase, "db">): Promise<ApplyUnderWay[]> {
  const rows = await db.selectFrom("apply_run").selectAll().where("phase", "=", "decided").orderBy("id").execute();
  return rows.map(({ id, done, total, created_at_ms: startedAtMs, actor_json: json }) => {
    return { id, done, total, startedAtMs, actorName: actorOf(json).name };
  });
}

/** Applies that were being planned by a process that is gone. */
export async function findStagedRuns({ db }: ConnectedDatabase, beforeMs: number): Promise<number[]> {
  const rows = await db
    .selectFrom("apply_run")
    .select("id")
    .where("phase", "=", "staged")
    .where("created_at_ms", "<", beforeMs)
    .execute();
  return rows.map((row) => row.id);
}

/** Where an apply stands: the step to go on with and the position in it. Undefined when it is gone. */
export async function findPlace(tx: Executor, dialect: Dialect, applyId: number) {
  const run = tx.selectFrom("apply_run").selectAll().where("id", "=", applyId);
  // Locked: two control planes that both think it is theirs then carry out one slice after the other, each once.
  const row = await run.modifyEnd(dialect.forUpdate).executeTakeFirst();
  if (row === undefined) return undefined;
  const { next_step: step, position, done, total } = row;
  return { step, position, done, total, actor: actorOf(row.actor_json) };
}

/** A step's text; undefined behind the last one. */
export async function findStep(tx: Executor, applyId: number, step: number): Promise<string | undefined> {
  const row = await tx
    .selectFrom("apply_step")
    .select("body")
    .where("apply_id", "=", applyId)
    .where("step", "=", step)
    .executeTakeFirst();
  return row?.body;
}

/** Notes how far an apply is; in the transaction that brought it there. */
export async function movePlace(
  tx: Executor,
  applyId: number,
  place: { readonly step: number; readonly position: number; readonly done: number },
): Promise<void> {
  const { step, position, done } = place;
  await tx.updateTable("apply_run").set({ next_step: step, position, done }).where("id", "=", applyId).execute();
}

/** Whoever asked for it, as it was written by `beginRun`. */
function actorOf(json: string): Actor {
  const actor: Partial<Actor> = JSON.parse(json);
  return { ...systemActor, ...actor };
}
