import { sendByNsca } from "../../forward/index.ts";
import { isBundle } from "../mail/bundle-content.ts";
import { ChannelError } from "./channel.ts";
import type { SubmitByNsca } from "./nsca.ts";
import { returnCodeOf } from "./ws-arbiter.ts";

/** Submits states as passive results to an nsca daemon. NSCA has no answers, so what it refuses is not known here. */
export const submitByNsca: SubmitByNsca = async (target, messages, signal) => {
  const results = messages.flatMap(({ content }) => {
    if (isBundle(content) || content.type === "TEST") return [];
    const { serviceName, hostName, toState, output, longOutput, perfdata } = content;
    const lines = longOutput === "" ? "" : `\n${longOutput}`;
    return {
      host: hostName,
      service: serviceName,
      returnCode: returnCodeOf(toState, serviceName !== null),
      output: `${output}${perfdata === "" ? "" : `|${perfdata}`}${lines}`,
    };
  });
  if (results.length === 0) return;
  try {
    await sendByNsca(target, results, signal);
  } catch (error) {
    throw new ChannelError(error instanceof Error ? error.message : String(error), "retry", true);
  }
};
