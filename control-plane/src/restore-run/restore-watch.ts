import { restorePhasesUnderWay } from "@mycloud/protocol/restore-run";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** Nothing was heard for so long: the machine is gone, or its agent forgot. */
const givenUpAfterMs = 86_400_000;

const words: Readonly<Record<string, string>> = {
  expired: "the machine did not take it within five minutes: it is off, or not connected; ask again when it is back",
};

/** Ends the runs that no agent will: not taken, refused, or not heard of for a day. Answers their ids. Call under a lease. */
export async function endLostRestores({ db }: Pick<ConnectedDatabase, "db">, nowMs: number): Promise<number[]> {
  const rows = await db
    .selectFrom("restore_run")
    .leftJoin("agent_command", "agent_command.id", "restore_run.command_id")
    .select(["restore_run.id", "restore_run.started_at_ms", "restore_run.heard_at_ms"])
    .select(["agent_command.phase as command_phase", "agent_command.message as command_message"])
    .where("restore_run.phase", "in", [...restorePhasesUnderWay])
    .execute();
  const ended: number[] = [];
  for (const row of rows) {
    const message = lostMessage(row, nowMs);
    if (message === null) continue;
    await db
      .updateTable("restore_run")
      .set({ phase: "failed", is_given_up: 1, finished_at_ms: nowMs, message })
      .where("id", "=", row.id)
      .where("phase", "in", [...restorePhasesUnderWay])
      .execute();
    ended.push(row.id);
  }
  return ended;
}

/** Why a run is lost; null when it is not. Pure. */
export function lostMessage(
  run: {
    readonly started_at_ms: number | null;
    readonly heard_at_ms: number;
    readonly command_phase: string | null;
    readonly command_message: string | null;
  },
  nowMs: number,
): string | null {
  const phase = run.command_phase;
  if (run.started_at_ms === null && (phase === "refused" || phase === "failed" || phase === "expired")) {
    return words[phase] ?? run.command_message ?? "the agent did not take it";
  }
  return run.heard_at_ms < nowMs - givenUpAfterMs ? "nothing was heard of this run for a day" : null;
}
