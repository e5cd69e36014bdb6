import { AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** A question as control planes on one database see each other's. */
export interface PostedQuestion {
  readonly hostId: number;
  readonly delivery: AgentQuestionDelivery;
}

/** Where control planes that share a database leave questions for whoever holds the agent's stream. */
export interface QuestionBoard {
  /** `deliveredAtMs` null: somebody else is to deliver it. */
  post(question: PostedQuestion, expiresAtMs: number, deliveredAtMs: number | null): Promise<void>;
  /** The undelivered questions for some of these hosts, each to one caller only. */
  claim(hostIds: Pick<ReadonlySet<number>, "has">, nowMs: number): Promise<PostedQuestion[]>;
  /** Whether anybody waits for the answer of this host to it. */
  isWaiting(questionId: string, hostId: number, nowMs: number): Promise<boolean>;
  extend(questionId: string, expiresAtMs: number): Promise<void>;
  remove(questionId: string): Promise<void>;
  /** Those of control planes that were killed. */
  removeExpired(nowMs: number): Promise<void>;
}

const mostAtOnce = 200;

/** The board in table agent_question. */
export function createQuestionBoard({ db }: Pick<ConnectedDatabase, "db">): QuestionBoard {
  return {
    async post({ hostId, delivery }, expiresAtMs, deliveredAtMs) {
      await db
        .insertInto("agent_question")
        .values({
          id: delivery.questionId,
          host_id: hostId,
          delivery_json: JSON.stringify(delivery),
          expires_at_ms: expiresAtMs,
          delivered_at_ms: deliveredAtMs,
        })
        .execute();
    },
    async claim(hostIds, nowMs) {
      const rows = await db
        .selectFrom("agent_question")
        .select(["id", "host_id", "delivery_json"])
        .where("delivered_at_ms", "is", null)
        .where("expires_at_ms", ">", nowMs)
        .limit(mostAtOnce)
        .execute();
      const mine: PostedQuestion[] = [];
      for (const row of rows) {
        if (!hostIds.has(row.host_id)) continue;
        const taken = await db
          .updateTable("agent_question")
          .set({ delivered_at_ms: nowMs })
          .where("id", "=", row.id)
          .where("delivered_at_ms", "is", null)
          .executeTakeFirst();
        if (taken.numUpdatedRows !== 1n) continue;
        mine.push({ hostId: row.host_id, delivery: AgentQuestionDelivery.parse(JSON.parse(row.delivery_json)) });
      }
      return mine;
    },
    async isWaiting(questionId, hostId, nowMs) {
      const row = await db
        .selectFrom("agent_question")
        .select("id")
        .where("id", "=", questionId)
        .where("host_id", "=", hostId)
        .where("expires_at_ms", ">", nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
    async extend(questionId, expiresAtMs) {
      await db.updateTable("agent_question").set({ expires_at_ms: expiresAtMs }).where("id", "=", questionId).execute();
    },
    async remove(questionId) {
      await db.deleteFrom("agent_question").where("id", "=", questionId).execute();
    },
    async removeExpired(nowMs) {
      await db.deleteFrom("agent_question").where("expires_at_ms", "<=", nowMs).execute();
    },
  };
}
