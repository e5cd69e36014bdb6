import type { ForwardTarget } from "@mycloud/protocol/forward";
import type { ForwardedResult, Handover } from "./forwarded-result.ts";
import { sendByNsca } from "./send-by-nsca.ts";
import { sendByPipe } from "./send-by-pipe.ts";
import { sendByWsArbiter } from "./send-by-ws-arbiter.ts";

/** Hands results over, in order. Throws an Error in words when they are to be sent again. */
export async function sendTo(
  target: ForwardTarget,
  results: readonly ForwardedResult[],
  signal: AbortSignal,
): Promise<Handover> {
  switch (target.type) {
    case "ws-arbiter":
      return await sendByWsArbiter(target, results, signal);
    case "nsca":
      return await sendByNsca(target, results, signal);
    case "command-pipe":
      return await sendByPipe(target.path, results, signal);
  }
}
