import type { Readable } from "node:stream";
import { AgentAnswerHead, type AgentQuestion } from "@mycloud/protocol/agent-question";
import {
  ConflictError,
  type DomainError,
  InputError,
  NotAllowedError,
  NotFoundError,
  PreconditionError,
  TooLargeError,
  UnavailableError,
} from "../error/index.ts";
import type { AgentAnswer } from "./ask-agent.ts";

/** A folder of a thousand entries with the longest names there are. */
const maximumHeadBytes = 24 * 1024 * 1024;
const maximumMessageLength = 2000;

/** The head of an answer, and how the rest of it goes on. */
export interface OpenedAnswer {
  readonly head: AgentAnswerHead;
  /** What came behind the head with it. */
  readonly rest: Buffer;
  readonly parts: AsyncIterator<Buffer>;
}

/** Reads an answer's first line. Throws UnavailableError for what is none, and what the stream throws when it breaks off. */
export async function openAnswer(source: Readable): Promise<OpenedAnswer> {
  const parts: AsyncIterator<Buffer> = source.iterator({ destroyOnReturn: false });
  const read: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await parts.next();
    if (done === true) throw new UnavailableError("the agent's answer has no end to its first line");
    const at = value.indexOf(0x0a);
    read.push(at === -1 ? value : value.subarray(0, at));
    length += value.length;
    if (at !== -1) return { head: parseHead(Buffer.concat(read)), rest: value.subarray(at + 1), parts };
    if (length > maximumHeadBytes) throw new UnavailableError("the agent's answer has a first line that does not end");
  }
}

function parseHead(line: Buffer): AgentAnswerHead {
  let json: unknown;
  try {
    json = JSON.parse(line.toString("utf8"));
  } catch {
    throw new UnavailableError("the agent's answer is not JSON");
  }
  const parsed = AgentAnswerHead.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UnavailableError(`the agent's answer is not understood: ${issue?.path.join(".")} ${issue?.message}`);
}

const kindsWithBody: ReadonlySet<string> = new Set(["file", "archive", "find", "compare", "read"]);

/** Whether the answer to a question has a body. Pure. */
export function hasAnswerBody(question: AgentQuestion): boolean {
  return question.kind !== "excludes" && kindsWithBody.has(question.request.kind);
}

/** The head as the answer to a question. Throws the error that it is, and UnavailableError when it answers something else. Pure. */
export function answerHead(question: AgentQuestion, head: AgentAnswerHead): AgentAnswer["head"] {
  if ("error" in head) throw errorOf(head.error);
  if (!isAnswerTo(question, head)) throw new UnavailableError("the agent answered another question");
  return head;
}

function isAnswerTo(question: AgentQuestion, head: AgentAnswer["head"]): boolean {
  switch (question.kind) {
    case "view":
      return "view" in head && head.view.kind === question.request.kind;
    case "files":
      return "files" in head && head.files.kind === fileHeadOf(question.request.kind);
    case "excludes":
      return "excludes" in head;
  }
}

function fileHeadOf(kind: Extract<AgentQuestion, { kind: "files" }>["request"]["kind"]): string {
  return kind === "roots" || kind === "list" || kind === "read" ? kind : "changed";
}

/** An agent's error as ours; what could not be meant for people becomes UnavailableError. */
function errorOf({ code, message }: { readonly code: DomainError["code"]; readonly message: string }): DomainError {
  const words = message.slice(0, maximumMessageLength);
  switch (code) {
    case "MYCLOUD_INPUT":
      return new InputError(words);
    case "MYCLOUD_NOT_ALLOWED":
      return new NotAllowedError(words);
    case "MYCLOUD_NOT_FOUND":
      return new NotFoundError(words);
    case "MYCLOUD_CONFLICT":
      return new ConflictError(words);
    case "MYCLOUD_PRECONDITION":
      return new PreconditionError(words);
    case "MYCLOUD_TOO_LARGE":
      return new TooLargeError(words);
    default:
      return new UnavailableError(words);
  }
}
