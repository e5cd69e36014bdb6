import { classes, type Message, MessageError, opcodeOf, opcodes, readMessage, resultCodes } from "@mycloud/dns/message";
import { formatName, lowerName } from "@mycloud/dns/name";
import { recordTypes } from "@mycloud/dns/record";
import type { UpdateAnswer, UpdateRelay } from "@mycloud/protocol/name-server";
import type { Executor } from "../database/dialect/dialect.ts";
import { carryOutChange } from "../dns-zone/carry-out-change.ts";
import type { ZoneDependencies } from "../dns-zone/change-zone.ts";
import { lockZone, type StoredZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { planUpdate } from "./plan-update.ts";

/** An answer is known so long: nobody sends the same message again later. */
const knownMs = 3_600_000;

/** Takes an UPDATE that a name server passes on, whose signature it found good; answers after the commit. One that comes again is answered as it was. */
export async function takeUpdate(
  dependencies: ZoneDependencies,
  actor: Actor,
  relay: UpdateRelay,
): Promise<UpdateAnswer> {
  const { database, changes, now } = dependencies;
  const message = readUpdate(relay);
  if (!("header" in message)) return message;
  const tokenId = Number(actor.id);
  const { answer, changed } = await database.transaction(async (tx) => {
    const known = await findAnswer(tx, tokenId, relay.id);
    if (known !== null) return { answer: known, changed: null };
    const outcome = await update(tx, dependencies, actor, relay, message);
    await tx
      .deleteFrom("dns_relayed_update")
      .where("at_ms", "<", now() - knownMs)
      .execute();
    const { resultCode: result_code, reason } = outcome.answer;
    await tx
      .insertInto("dns_relayed_update")
      .values({ token_id: tokenId, relay_id: relay.id, result_code, reason, at_ms: now() })
      .execute();
    return outcome;
  });
  if (changed !== null) changes.publish("dns-zones", [changed.id]);
  return answer;
}

function readUpdate({ message: text }: UpdateRelay): Message | UpdateAnswer {
  try {
    const message = readMessage(Buffer.from(text, "base64"));
    const [zone] = message.questions;
    const isUpdate = opcodeOf(message.header) === opcodes.UPDATE && message.questions.length === 1;
    if (isUpdate && zone?.type === recordTypes.SOA && zone.class === classes.IN) return message;
    return { resultCode: resultCodes.FORMERR, reason: "the message is no UPDATE of one zone of class IN" };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { resultCode: resultCodes.FORMERR, reason: error.message };
  }
}

interface Outcome {
  readonly answer: UpdateAnswer;
  /** Null: nothing was changed. */
  readonly changed: StoredZone | null;
}

async function update(
  tx: Executor,
  { database, audit, readBindings, now }: ZoneDependencies,
  actor: Actor,
  { key, view, client }: UpdateRelay,
  message: Message,
): Promise<Outcome> {
  const name = message.questions[0]?.name;
  const reference = { name: name === undefined ? "" : formatName(lowerName(name)), view };
  const zone = await lockZone(tx, database.dialect, { kind: "all" }, reference);
  if (zone === null || zone.kind !== "primary") {
    return refuse(resultCodes.NOTAUTH, `${reference.name} is no primary zone here`);
  }
  const present = { isIn: await readBindings(tx), nowMs: now() };
  try {
    const outcome = await planUpdate(tx, zone, message, key, present);
    if (outcome.kind === "answer") return refuse(outcome.resultCode, outcome.reason);
    const [fault] = outcome.plan.faults;
    if (fault !== undefined) return refuse(resultCodes.REFUSED, `${fault.name}: ${fault.message}`);
    const author = { actor, name: `key ${key ?? "none"}`, comment: `UPDATE from ${client}`, action: "dns-zone.update" };
    const after = await carryOutChange(tx, database.dialect, audit, outcome.plan, author, now());
    return { answer: { resultCode: resultCodes.NOERROR, reason: "" }, changed: after };
  } catch (error) {
    if (error instanceof InputError) return refuse(resultCodes.REFUSED, error.message);
    throw error;
  }
}

function refuse(resultCode: number, reason: string): Outcome {
  return { answer: { resultCode, reason }, changed: null };
}

async function findAnswer(tx: Executor, tokenId: number, relayId: string): Promise<UpdateAnswer | null> {
  const row = await tx
    .selectFrom("dns_relayed_update")
    .select(["result_code", "reason"])
    .where("token_id", "=", tokenId)
    .where("relay_id", "=", relayId)
    .executeTakeFirst();
  return row === undefined ? null : { resultCode: row.result_code, reason: row.reason };
}
