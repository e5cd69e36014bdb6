import { sql } from "kysely";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/id-list.ts";
import {
  closeBundle,
  type DueBundle,
  findDueBundles,
  findMembers,
  markChangesNotified,
  releaseMember,
} from "./bundle-store.ts";
import type { BundleContent } from "./mail/bundle-content.ts";
import { bundleSubject } from "./mail/bundle-facts.ts";
import { MessageContent } from "./mail/message-content.ts";
import { bundleMessageId } from "./mail/message-id.ts";
import { shownObjects, summariseBundle, summariseObjects } from "./summarise-bundle.ts";

export interface ClosingDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly messageIdDomain: string;
  readonly now: () => number;
}

/**
 * Turns groups, digests and storms whose time has come into one message each. A bundle is closed in the transaction that queues its message, so that every
 * message in it is told once. Run it every second; answers how many were closed.
 */
export async function closeBundles(dependencies: ClosingDependencies, signal: AbortSignal): Promise<number> {
  const { database, changes, now } = dependencies;
  let closed = 0;
  for (const id of await findDueBundles(database.db, now(), 500)) {
    if (signal.aborted) break;
    await database.transaction(async (tx) => {
      const bundle = await closeBundle(tx, database.dialect, id, now());
      if (bundle !== null) await sendAsOne(dependencies, tx, bundle);
    });
    closed++;
  }
  if (closed > 0) {
    changes.publish("notifications", null);
    changes.publish("state-changes", null);
  }
  return closed;
}

async function sendAsOne(
  { database: { dialect }, messageIdDomain, now }: ClosingDependencies,
  tx: Executor,
  bundle: DueBundle,
): Promise<void> {
  const members = await findMembers(tx, bundle.id);
  const [first] = members;
  if (first === undefined) return;
  await markChangesNotified(tx, bundle.id, `told ${bundle.contactName} in one message with others`);
  // One problem by itself needs no summary; in a storm the summary is what says that there is one.
  if (members.length === 1 && bundle.kind === "GROUP") {
    await releaseMember(tx, first.id, now());
    return;
  }
  const shown = shownObjects(summariseObjects(members));
  const outputs = await findOutputs(
    tx,
    dialect,
    shown.map(({ id }) => id),
  );
  const content = summariseBundle(bundle, members, outputs);
  await queueSummary(tx, bundle, content, bundleMessageId(bundle, messageIdDomain), now());
}

async function queueSummary(
  tx: Executor,
  bundle: DueBundle,
  content: BundleContent,
  messageId: string,
  nowMs: number,
): Promise<void> {
  const [worst] = content.entries;
  if (worst === undefined) return;
  await tx
    .insertInto("notification")
    .values({
      type: bundle.kind,
      problem_id: null,
      state_change_id: null,
      host_id: worst.hostId,
      service_id: worst.serviceId,
      state: worst.state,
      contact_id: bundle.contactId,
      contact_name: bundle.contactName,
      rule_name: bundle.ruleName,
      channel: bundle.channel,
      address: bundle.address,
      subject: bundleSubject(content),
      content_json: JSON.stringify(content),
      message_id: messageId,
      phase: "queued",
      attempts: 0,
      created_at_ms: nowMs,
      next_attempt_at_ms: nowMs,
      bundle_id: bundle.id,
    })
    .execute();
}

/** What the plugins printed, of the few messages that a summary shows. */
async function findOutputs(tx: Executor, dialect: Dialect, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await tx
    .selectFrom("notification")
    .select(["id", "content_json"])
    .where(sql<boolean>`id in ${idList(dialect, ids)}`)
    .execute();
  return new Map(
    rows.map((row) => {
      const content = MessageContent.safeParse(JSON.parse(row.content_json));
      return [row.id, content.success ? content.data.output : ""];
    }),
  );
}
