import { type AddressGuard, guardedPost } from "../../outgoing-request/index.ts";
import { allTaken, type ForwardedResult, type Handover } from "./forwarded-result.ts";

export interface WsArbiterReceiver {
  readonly url: string;
  readonly username: string;
  readonly password: string | null;
}

const timeoutMs = 30_000;

/**
 * Posts results to Shinken's ws-arbiter. A receiver that says 400 has understood and would say it again: those results count as refused. Throws an Error
 * in words for every other failure.
 */
export async function sendByWsArbiter(
  guard: AddressGuard,
  { url, username, password }: WsArbiterReceiver,
  results: readonly ForwardedResult[],
  signal: AbortSignal,
): Promise<Handover> {
  const form = new URLSearchParams();
  for (const { host, service, returnCode, output, checkedAtMs } of results) {
    form.append("time_stamp", String(Math.floor(checkedAtMs / 1000)));
    form.append("host_name", host);
    form.append("service_description", service ?? "");
    form.append("return_code", String(returnCode));
    form.append("output", output);
  }
  const login = Buffer.from(`${username}:${password ?? ""}`).toString("base64");
  const { status, body } = await guardedPost({
    url: `${url.replace(/\/+$/, "")}/push_check_result`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(username === "anonymous" ? {} : { authorization: `Basic ${login}` }),
    },
    body: form.toString(),
    guard,
    timeoutMs,
    signal,
  });
  const text = body.slice(0, 400);
  if (status >= 200 && status < 300) return allTaken;
  if (status !== 400) throw new Error(`the receiver answered ${status}: ${text.split("\n")[0]}`);
  // Our own server says how many; from another one it is all of them.
  const refused = Number(/\brefused (\d+)/.exec(text)?.[1] ?? results.length);
  return { refused: Math.min(refused, results.length), reason: text.replaceAll("\n", "; ") };
}
