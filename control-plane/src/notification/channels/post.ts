import { type AddressGuard, guardedPost, RefusedAddressError, type Resolve } from "../../outgoing-request/index.ts";
import { ChannelError } from "./channel.ts";

export interface PostDependencies {
  readonly guard: AddressGuard;
  readonly resolve?: Resolve;
}

/**
 * POSTs for a channel: any 2xx is taken as received. What the other side may do better later (5xx, 408, 425, 429, no answer) is retried; every other
 * answer, a redirect among them, is final.
 */
export async function post(
  dependencies: PostDependencies,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  let answer: Awaited<ReturnType<typeof guardedPost>>;
  try {
    answer = await guardedPost({ ...dependencies, url, headers, body, signal });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A refusal may be lifted by a line of configuration, and the messages are still wanted then.
    throw new ChannelError(message, "retry", !(error instanceof RefusedAddressError));
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const mayPass = status >= 500 || [408, 425, 429].includes(status);
  throw new ChannelError(`answered ${status}: ${answer.body}`, mayPass ? "retry" : "dead", mayPass);
}
