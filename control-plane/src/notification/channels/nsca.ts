import { sendByNsca } from "../../forward/target/send-by-nsca.ts";
import { allowedAddresses, RefusedAddressError } from "../../outgoing-request/index.ts";
import { isBundle } from "../mail/bundle-content.ts";
import { ChannelError, type ChannelSender } from "./channel.ts";
import type { PostDependencies } from "./post.ts";
import { outputOf, returnCodeOf } from "./ws-arbiter.ts";

/** Submits states to an nsca daemon, many on one connection; it answers nothing, so what it makes of them is not known here. */
export function createNscaSender({ guard, resolve }: PostDependencies): ChannelSender<"nsca"> {
  return {
    batchSize: 100,
    async send(channel, messages, signal) {
      const results = messages.flatMap(({ content }) => {
        if (isBundle(content) || content.type === "TEST") return [];
        const { hostName: host, serviceName: service, toState } = content;
        return [{ host, service, returnCode: returnCodeOf(toState, service !== null), output: outputOf(content) }];
      });
      if (results.length === 0) return;
      try {
        const [host = channel.host] = await allowedAddresses(channel.host, guard, resolve);
        await sendByNsca({ ...channel, host }, results, signal);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new ChannelError(message, "retry", !(error instanceof RefusedAddressError));
      }
    },
  };
}
