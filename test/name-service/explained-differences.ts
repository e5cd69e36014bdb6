import { isDeepStrictEqual } from "node:util";
import type { PeerNameServer } from "../peers/name-servers.ts";
import type { AnswerDescription } from "./describe-answer.ts";
import type { DnsQuestion } from "./dns-client.ts";

/** An answer of ours beside a peer's to the same question. */
export interface ComparedAnswers {
  readonly program: PeerNameServer["program"];
  readonly question: DnsQuestion;
  readonly ours: AnswerDescription;
  readonly theirs: AnswerDescription;
}

export type AnswerField = keyof AnswerDescription;

/** Why a peer answers something else in some fields, and when it is this. */
export interface ExplainedDifference {
  readonly why: string;
  readonly fields: readonly AnswerField[];
  applies(answers: ComparedAnswers): boolean;
}

/** Each of these occurs, or the test says that it is not needed any more. */
export const explainedDifferences: readonly ExplainedDifference[] = [
  {
    why: "knotd and nsd clear CD; named and we return it, as RFC 4035 §3.2.2 has it of servers that look for themselves",
    fields: ["isCheckingDisabled"],
    applies: ({ program, ours, theirs }) =>
      program !== "named" && ours.isCheckingDisabled && !theirs.isCheckingDisabled,
  },
  {
    why: "nsd sends who asks ANY by UDP to TCP, without the question (refuse-any; RFC 8482 §4.4)",
    fields: ["resultCode", "isAuthoritative", "isTruncated", "question", "answer", "authority", "additional"],
    applies: ({ program, question, theirs }) =>
      program === "nsd" && question.type === "ANY" && theirs.isTruncated && theirs.question === "",
  },
  {
    why: "ANY gets one RRset, and each server chooses another (RFC 8482 §4.1)",
    fields: ["answer", "additional"],
    applies: ({ question, ours, theirs }) =>
      question.type === "ANY" && ours.answer.length > 0 && theirs.answer.length > 0 && ours.resultCode === 0,
  },
  {
    why: "knotd and nsd follow the CNAME of a DNAME for ANY; named and we take it for what was asked",
    fields: ["resultCode", "answer", "authority"],
    applies: ({ program, question, ours, theirs }) =>
      program !== "named" &&
      question.type === "ANY" &&
      has(ours.answer, "DNAME") &&
      isWithin(ours.answer, theirs.answer),
  },
  {
    why: "RRSIG alone gets one signature of named and knotd, as ANY does; of nsd and us all of them",
    fields: ["answer", "isTruncated"],
    applies: ({ program, question, ours, theirs }) =>
      program !== "nsd" &&
      question.type === "RRSIG" &&
      theirs.answer.length > 0 &&
      (ours.isTruncated || isWithin(theirs.answer.map(withoutTtl), ours.answer.map(withoutTtl))),
  },
  {
    why: "RRSIG alone is one RRset and has one TTL of ours; of nsd each the one of what it signs",
    fields: ["answer"],
    applies: ({ program, question, ours, theirs }) =>
      program === "nsd" &&
      question.type === "RRSIG" &&
      isDeepStrictEqual(ours.answer.map(withoutTtl).sort(), theirs.answer.map(withoutTtl).sort()),
  },
  {
    why: "nsd proves of a wildcard that is asked for by its own name that nothing is nearer, which nobody doubts",
    fields: ["authority"],
    applies: ({ program, ours, theirs }) =>
      program === "nsd" && ours.question.startsWith("*.") && isWithin(ours.authority, theirs.authority),
  },
  {
    why: "named forbids to remember that a name is not there which was asked for SOA (TTL 0): no RFC has that",
    fields: ["authority"],
    applies: ({ program, question, ours, theirs }) =>
      program === "named" &&
      question.type === "SOA" &&
      isDeepStrictEqual(ours.authority.map(withoutSoaTtl), theirs.authority.map(withoutSoaTtl)),
  },
  {
    why: "named calls a circle of CNAMEs a failure of its own (SERVFAIL)",
    fields: ["resultCode"],
    applies: ({ program, ours, theirs }) =>
      program === "named" && theirs.resultCode === 2 && isDeepStrictEqual(ours.answer, theirs.answer) && isCircle(ours),
  },
  {
    why: "named answers for NSEC at a delegation from the parent's side; no RFC asks for that",
    fields: ["isAuthoritative", "answer", "authority", "additional"],
    applies: ({ program, question, ours, theirs }) =>
      program === "named" && question.type === "NSEC" && !ours.isAuthoritative && has(theirs.answer, "NSEC"),
  },
  {
    why: "we add addresses that are at hand, also of other zones here (RFC 1034 §4.3.2 step 6); others fewer of them, named none",
    fields: ["additional"],
    applies: ({ ours, theirs }) => isWithin(theirs.additional, ours.additional) && hasNeededGlue(ours, theirs),
  },
  {
    why: "nsd follows a CNAME into another zone of its own; a resolver would not believe it",
    fields: ["resultCode", "answer", "authority", "additional"],
    applies: ({ program, ours, theirs }) =>
      program === "nsd" &&
      ours.resultCode === 0 &&
      has(ours.answer, "CNAME") &&
      ours.authority.length === 0 &&
      isWithin(ours.answer, theirs.answer),
  },
  {
    why: "nsd follows a CNAME for RRSIG and NSEC, which an alias may have itself (RFC 4035 §2.5)",
    fields: ["resultCode", "answer", "authority", "additional"],
    applies: ({ program, question, ours, theirs }) =>
      program === "nsd" &&
      (question.type === "RRSIG" || question.type === "NSEC") &&
      has(theirs.answer, "CNAME") &&
      !has(ours.answer, "CNAME"),
  },
  {
    why: "knotd says of a CNAME's target what the alias' zone knows, though a zone nearer to it is here",
    fields: ["resultCode", "authority"],
    applies: ({ program, ours, theirs }) =>
      program === "knotd" &&
      ours.answer.some((record) => record.endsWith(".child.example.org.")) &&
      ours.resultCode === 0 &&
      theirs.resultCode === 3,
  },
  {
    why: "nsd finds no DS record at a zone whose parent does not delegate it; the parent, whose question it is, knows no such name",
    fields: ["resultCode"],
    applies: ({ program, question, ours, theirs }) =>
      program === "nsd" && question.type === "DS" && ours.resultCode === 3 && theirs.resultCode === 0,
  },
  {
    why: "nsd takes a hash of NSEC3 for a name that others are below (RFC 5155 §7.2.8: it is none)",
    fields: ["authority"],
    applies: ({ program, ours }) =>
      program === "nsd" && ours.resultCode === 3 && /\.[0-9a-v]{32}\.nsec3\.example\. /i.test(ours.question),
  },
];

function has(records: readonly string[], type: string): boolean {
  return records.some((record) => record.split(" ")[2] === type);
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((record) => all.includes(record));
}

function withoutTtl(record: string): string {
  return record.replace(/ \d+ /, " ");
}

function withoutSoaTtl(record: string): string {
  return record.replace(/ \d+ (SOA|RRSIG soa) /, " $1 ");
}

/** Whether the CNAMEs of an answer lead back to one of them. */
function isCircle({ answer }: AnswerDescription): boolean {
  const aliases = answer.map((record) => record.split(" ")).filter(([, , type]) => type === "CNAME");
  const owners = new Set(aliases.map(([owner]) => owner));
  return aliases.length > 0 && aliases.every(([, , , target]) => owners.has(target));
}

/** Of a referral: whether a peer has the addresses that cannot be had elsewhere, which are those at and below what is delegated. */
function hasNeededGlue(ours: AnswerDescription, theirs: AnswerDescription): boolean {
  if (ours.isAuthoritative) return true;
  const delegated = ours.authority.find((record) => record.split(" ")[2] === "NS")?.split(" ")[0] ?? "";
  return ours.additional
    .filter((record) => record.split(" ")[0]?.endsWith(delegated) === true)
    .every((record) => theirs.additional.includes(record));
}
