import { isBundle } from "../mail/bundle-content.ts";
import type { MessageContent } from "../mail/message-content.ts";
import type { ChannelMessage, ChannelSender } from "./channel.ts";
import { type PostDependencies, post } from "./post.ts";

const serviceCodes: Readonly<Record<string, number>> = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };
const hostCodes: Readonly<Record<string, number>> = { UP: 0, DOWN: 1, UNREACHABLE: 2 };

/** The return code that a state is submitted as; a state that nobody knows is UNKNOWN, of a host UNREACHABLE. Pure. */
export function returnCodeOf(state: string, isService: boolean): number {
  return isService ? (serviceCodes[state] ?? 3) : (hostCodes[state] ?? 2);
}

/** What a plugin printed, as it printed it: output, perfdata, long output. Pure. */
export function outputOf({ output, longOutput, perfdata }: MessageContent): string {
  return `${output}${perfdata === "" ? "" : `|${perfdata}`}${longOutput === "" ? "" : `\n${longOutput}`}`;
}

/** Messages as Shinken's ws-arbiter takes results: the same keys again for each, paired by their order. Pure. */
export function resultForm(messages: readonly ChannelMessage[]): URLSearchParams {
  const form = new URLSearchParams();
  for (const { content } of messages) {
    if (isBundle(content) || content.type === "TEST") continue;
    const { serviceName, hostName, toState, atMs } = content;
    form.append("time_stamp", String(Math.floor(atMs / 1000)));
    form.append("host_name", hostName);
    form.append("service_description", serviceName ?? "");
    form.append("return_code", String(returnCodeOf(toState, serviceName !== null)));
    form.append("output", outputOf(content));
  }
  return form;
}

export function createWsArbiterSender(dependencies: PostDependencies): ChannelSender<"ws-arbiter"> {
  return {
    batchSize: 100,
    async send({ url, username, password }, messages, signal) {
      const form = resultForm(messages);
      if (form.size === 0) return;
      const login = Buffer.from(`${username}:${password ?? ""}`).toString("base64");
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        ...(username === "anonymous" ? {} : { authorization: `Basic ${login}` }),
      };
      await post(dependencies, `${url.replace(/\/+$/, "")}/push_check_result`, headers, form.toString(), signal);
    },
  };
}
