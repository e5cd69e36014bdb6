import type { IncomingMessage } from "node:http";
import { DomainError } from "../error/index.ts";
import type { CommandingOperator, ExternalCommands } from "../external-command/index.ts";
import { type Credentials, checkCredentials } from "./check-credentials.ts";
import { parsePush } from "./parse-push.ts";
import { toCommand } from "./to-command.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AnswerDependencies {
  readonly commands: Pick<ExternalCommands, "run" | "storeResults">;
  readonly credentials: Credentials | null;
  /** Who a sender counts as. */
  readonly operatorOf: (address: string | null) => CommandingOperator;
  readonly now: () => number;
}

/** Enough for 5,000 results of 1.6 kB. */
const maximumBodyBytes = 8 * 1024 * 1024;

/** Does what a request asks for and says what came of it: 200 only when all of it was done. */
export async function answerRequest(dependencies: AnswerDependencies, request: IncomingMessage): Promise<Answer> {
  const { commands, credentials, now } = dependencies;
  const verdict = checkCredentials(request.headers.authorization, credentials);
  if (verdict === "missing") {
    const headers = { "www-authenticate": 'Basic realm="ws-arbiter", charset="UTF-8"' };
    return { ...refuse(401, "authentication required"), headers };
  }
  if (verdict === "wrong") return refuse(403, "wrong user or password");
  const path = (request.url ?? "/").split("?")[0]?.replace(/\/+$/, "") ?? "";
  if (path === "/restart") return refuse(403, "MyCloud is not restarted from here; ask its service manager");
  if (path === "/reload") return done("nothing to reload: every change counts at once");
  if (path !== "/push_check_result" && path !== "/acknowledge" && path !== "/downtime" && path !== "/recheck") {
    return refuse(404, "there is no such path; known are /push_check_result, /acknowledge, /downtime and /recheck");
  }
  if (request.method !== "POST") return { ...refuse(405, "send a POST"), headers: { allow: "POST" } };
  const type = request.headers["content-type"] ?? "application/x-www-form-urlencoded";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return refuse(415, `content-type is ${type.slice(0, 80)}; send application/x-www-form-urlencoded`);
  }
  const body = await readBody(request);
  if (body === null) return refuse(413, `the body is larger than ${maximumBodyBytes} bytes; send it in parts`);
  const form = new URLSearchParams(body);
  const operator = dependencies.operatorOf(request.socket.remoteAddress ?? null);
  if (path === "/push_check_result") return await push(dependencies, form, operator);
  const command = toCommand(path, form, now());
  if (!command.isCommand) return refuse(400, command.message);
  const { isDone, message } = await commands.run(command.line, operator);
  return isDone ? done(message) : refuse(400, message);
}

async function push(
  { commands, now }: AnswerDependencies,
  form: URLSearchParams,
  operator: CommandingOperator,
): Promise<Answer> {
  const parsed = parsePush(form, now());
  if (!parsed.isPush) return refuse(400, parsed.message);
  try {
    const outcomes = await commands.storeResults(parsed.results, operator);
    const refused = outcomes.flatMap(({ isDone, message }, index) =>
      isDone ? [] : [`result ${index + 1}: ${message}`],
    );
    const stored = outcomes.length - refused.length;
    if (refused.length === 0) return done(`stored ${stored}`);
    // Some may be stored: sending all again would do no harm but repeat them in the history.
    return refuse(400, [`stored ${stored}, refused ${refused.length}`, ...refused.slice(0, 100)].join("\n"));
  } catch (error) {
    if (error instanceof DomainError && error.isRetryable) {
      return { ...refuse(503, error.message), headers: { "retry-after": String(error.retryAfterSeconds ?? 5) } };
    }
    throw error;
  }
}

/** The whole body; null when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > maximumBodyBytes) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maximumBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

function done(text: string): Answer {
  return { status: 200, text };
}

function refuse(status: number, text: string): Answer {
  return { status, text };
}
