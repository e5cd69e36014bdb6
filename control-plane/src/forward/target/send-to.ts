import type { ForwardTarget } from "@mycloud/protocol/forward";
import { type AddressGuard, allowedAddresses } from "../../outgoing-request/index.ts";
import type { ForwardedResult, Handover } from "./forwarded-result.ts";
import { sendByNsca } from "./send-by-nsca.ts";
import { sendByPipe } from "./send-by-pipe.ts";
import { sendByWsArbiter } from "./send-by-ws-arbiter.ts";

/** Hands results over, in order, to no address that the guard refuses. Throws an Error in words when they are to be sent again. */
export async function sendTo(
  guard: AddressGuard,
  target: ForwardTarget,
  results: readonly ForwardedResult[],
  signal: AbortSignal,
): Promise<Handover> {
  switch (target.type) {
    case "ws-arbiter":
      return await sendByWsArbiter(guard, target, results, signal);
    case "nsca": {
      const [host = target.host] = await allowedAddresses(target.host, guard);
      return await sendByNsca({ ...target, host }, results, signal);
    }
    case "command-pipe":
      return await sendByPipe(target.path, results, signal);
  }
}
