import { flagBits, headerOctets, resultCodes } from "../message/index.ts";
import { type DomainName, lowerName } from "../name/index.ts";
import type { ResponseClass } from "../rate-limit/index.ts";

/** What an answer of ours is about, and what it says. */
export interface AnswerSummary {
  /** The question's name in lower case, and its type; empty and 0 where there is no question. */
  readonly name: string;
  readonly type: number;
  readonly rcode: number;
  /** Where the question ends. */
  readonly end: number;
}

/** Reads an answer of ours, whose question's name is not compressed. */
export function summarize(answer: Buffer): AnswerSummary {
  const rcode = answer.readUInt16BE(2) & 15;
  if (answer.readUInt16BE(4) !== 1) return { name: "", type: 0, rcode, end: headerOctets };
  let at = headerOctets;
  while (answer[at] !== 0) at += 1 + (answer[at] ?? 0);
  const name = lowerName(answer.toString("latin1", headerOctets, at + 1) as DomainName);
  return { name, type: answer.readUInt16BE(at + 1), rcode, end: at + 5 };
}

/** What the rate limit counts an answer as. */
export function classOf(rcode: number): ResponseClass {
  if (rcode === resultCodes.NOERROR) return "response";
  return rcode === resultCodes.NXDOMAIN ? "nxdomain" : "error";
}

/** The answer up to its question, saying that it was cut short: who is there asks again by TCP. */
export function cutShort(answer: Buffer, end: number): Buffer {
  const cut = Buffer.from(answer.subarray(0, end));
  cut.fill(0, 6, headerOctets);
  cut.writeUInt16BE(answer.readUInt16BE(2) | flagBits.TC, 2);
  return cut;
}
