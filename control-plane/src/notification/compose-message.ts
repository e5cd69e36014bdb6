import type { ChangedHost, ChangedProblem } from "../state-change/index.ts";
import { boundOutput, type MessageContent, type SingleType } from "./mail/message-content.ts";
import { problemMessageId, singleMessageId } from "./mail/message-id.ts";
import { firstSubject, replySubject } from "./mail/subject.ts";
import type { Recipient } from "./recipients.ts";
import { type ProblemThread, rememberMessage } from "./thread-store.ts";

/** What is told, to whomever. */
export interface Announcement {
  readonly type: SingleType;
  readonly host: ChangedHost;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly fromState: string;
  readonly toState: string;
  readonly attempt: number;
  readonly maxCheckAttempts: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly atMs: number;
  readonly problem: ChangedProblem | null;
  readonly remark: string | null;
  readonly businessImpact: number;
  /** What the problem is an impact of; its own object's name when of nothing else. */
  readonly rootName: string;
}

/** A message as it is queued, but for what is known only when the change is stored. */
export interface ComposedMessage {
  readonly announcement: Announcement;
  readonly recipient: Recipient;
  readonly subject: string;
  readonly messageId: string;
  readonly references: readonly string[];
}

/**
 * Composes the message to one recipient and adds it to the problem's thread: the first one opens the thread, later ones answer to it. `key`
 * makes the Message-ID of a message without a problem unique.
 */
export function composeMessage(
  announcement: Announcement,
  recipient: Recipient,
  thread: ProblemThread | null,
  key: string,
  domain: string,
): ComposedMessage {
  const { problem, host, serviceName, toState, type } = announcement;
  const contactId = recipient.contact.id;
  const earlier = thread?.contacts.get(contactId);
  const messageId =
    problem === null
      ? singleMessageId("flapping", contactId, key, domain)
      : problemMessageId(problem, contactId, earlier?.count ?? 0, domain);
  const state = type === "FLAPPINGSTART" ? "FLAPPING" : toState;
  const subject =
    earlier === undefined
      ? firstSubject(state, host.name, serviceName, announcement.output)
      : replySubject(earlier.firstSubject);
  const references = earlier === undefined ? [] : [earlier.firstMessageId];
  if (thread !== null) {
    rememberMessage(thread, { contactId, type, state: toState, ruleName: recipient.ruleName, messageId, subject });
  }
  return { announcement, recipient, subject, messageId, references };
}

/** The stored content of a message. Pure. */
export function contentOf(
  { announcement, recipient, references }: ComposedMessage,
  lastOk: { readonly atMs: number | null; readonly output: string | null } | undefined,
): MessageContent {
  return boundOutput({
    type: announcement.type,
    hostId: announcement.host.id,
    hostName: announcement.host.name,
    hostDisplayName: announcement.host.displayName,
    hostAddress: announcement.host.address,
    serviceId: announcement.serviceId,
    serviceName: announcement.serviceName,
    fromState: announcement.fromState,
    toState: announcement.toState,
    attempt: announcement.attempt,
    maxCheckAttempts: announcement.maxCheckAttempts,
    output: announcement.output,
    longOutput: announcement.longOutput,
    perfdata: announcement.perfdata,
    atMs: announcement.atMs,
    problemStartedAtMs: announcement.problem?.startedAtMs ?? null,
    lastOkAtMs: lastOk?.atMs ?? null,
    lastOkOutput: lastOk?.output?.slice(0, 200) ?? null,
    contactName: recipient.contact.name,
    ruleName: recipient.ruleName,
    via: recipient.via,
    number: recipient.number,
    problemId: announcement.problem?.id ?? null,
    businessImpact: announcement.businessImpact,
    hostLabels: { ...announcement.host.labels },
    hostGroups: [...announcement.host.groups],
    remark: announcement.remark,
    references: [...references],
  });
}
