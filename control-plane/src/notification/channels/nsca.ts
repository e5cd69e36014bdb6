import { ChannelError, type ChannelMessage, type ChannelOf, type ChannelSender } from "./channel.ts";

/** Writes passive results to an nsca daemon: one connection, all or none of them accepted. */
export type SubmitByNsca = (
  target: ChannelOf<"nsca">,
  messages: readonly ChannelMessage[],
  signal: AbortSignal,
) => Promise<void>;

/**
 * The seam of the NSCA protocol: `submit` speaks it. Without one, messages stay queued and say why, so that nothing is lost until the program speaks NSCA.
 */
export function createNscaSender(submit: SubmitByNsca | null): ChannelSender<"nsca"> {
  return {
    batchSize: 100,
    async send(channel, messages, signal) {
      if (submit === null) throw new ChannelError("this version of the program does not speak NSCA yet", "retry", true);
      await submit(channel, messages, signal);
    },
  };
}
