import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import { isBad } from "./decide-notification.ts";
import type { ToldContact } from "./recipients.ts";

/** What one contact has got of a problem's thread. */
export interface ContactThread {
  readonly firstMessageId: string;
  readonly firstSubject: string;
  count: number;
}

/** The messages of one problem so far. */
export interface ProblemThread {
  /** Who was told that it is bad, oldest first. */
  readonly told: ToldContact[];
  readonly contacts: Map<number, ContactThread>;
}

/** Reads the threads of problems; a problem without messages is absent. */
export async function findThreads(
  executor: Executor,
  dialect: Dialect,
  problemIds: readonly number[],
): Promise<Map<number, ProblemThread>> {
  const threads = new Map<number, ProblemThread>();
  for (const chunk of chunksOf(problemIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("notification")
      .select(["problem_id", "contact_id", "type", "state", "rule_name", "message_id", "subject"])
      .where(sql<boolean>`problem_id in ${idList(dialect, chunk)}`)
      .orderBy("id")
      .execute();
    const seen = new Set<string>();
    for (const row of rows) {
      // One message by several channels is one message.
      if (row.problem_id === null || row.contact_id === null || seen.has(row.message_id)) continue;
      seen.add(row.message_id);
      const thread = threadOf(threads, row.problem_id);
      rememberMessage(thread, {
        contactId: row.contact_id,
        type: row.type,
        state: row.state,
        ruleName: row.rule_name,
        messageId: row.message_id,
        subject: row.subject,
      });
    }
  }
  return threads;
}

/** The thread of a problem, begun when it is new. */
export function threadOf(threads: Map<number, ProblemThread>, problemId: number): ProblemThread {
  const known = threads.get(problemId);
  if (known !== undefined) return known;
  const thread: ProblemThread = { told: [], contacts: new Map() };
  threads.set(problemId, thread);
  return thread;
}

interface ThreadMessage {
  readonly contactId: number;
  readonly type: string;
  readonly state: string;
  readonly ruleName: string | null;
  readonly messageId: string;
  readonly subject: string;
}

/** Adds a message to its thread. The end of flapping in a bad state counts as being told of that state. */
export function rememberMessage(thread: ProblemThread, message: ThreadMessage): void {
  const { contactId, type, state, ruleName } = message;
  if ((type === "PROBLEM" || type === "FLAPPINGSTOP") && isBad(state)) {
    thread.told.push({ contactId, state, ruleName, isByFlapping: type === "FLAPPINGSTOP" });
  }
  const known = thread.contacts.get(contactId);
  if (known === undefined) {
    thread.contacts.set(contactId, { firstMessageId: message.messageId, firstSubject: message.subject, count: 1 });
  } else known.count++;
}
