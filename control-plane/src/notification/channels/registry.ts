import type { ContactChannel } from "@mycloud/protocol/contact";
import { createAlertmanagerSender } from "./alertmanager.ts";
import type { ChannelMessage, ChannelSender } from "./channel.ts";
import { type CommandSenderDependencies, createCommandSender } from "./command.ts";
import { createNscaSender } from "./nsca.ts";
import type { PostDependencies } from "./post.ts";
import { createWebhookSender } from "./webhook.ts";
import { createWsArbiterSender } from "./ws-arbiter.ts";

/** Every channel but mail, which has its own server and queue worker. */
export type ChannelSenders = {
  readonly [Type in Exclude<ContactChannel["type"], "email">]: ChannelSender<Type>;
};

export type ChannelSenderDependencies = PostDependencies & CommandSenderDependencies;

export function createChannelSenders(dependencies: ChannelSenderDependencies): ChannelSenders {
  return {
    webhook: createWebhookSender(dependencies),
    alertmanager: createAlertmanagerSender(dependencies),
    "ws-arbiter": createWsArbiterSender(dependencies),
    nsca: createNscaSender(dependencies),
    command: createCommandSender(dependencies),
  };
}

/** Sends by whichever channel it is. Throws ChannelError. */
export async function sendBy(
  senders: ChannelSenders,
  channel: Exclude<ContactChannel, { type: "email" }>,
  messages: readonly ChannelMessage[],
  signal: AbortSignal,
): Promise<void> {
  switch (channel.type) {
    case "webhook":
      return await senders.webhook.send(channel, messages, signal);
    case "alertmanager":
      return await senders.alertmanager.send(channel, messages, signal);
    case "ws-arbiter":
      return await senders["ws-arbiter"].send(channel, messages, signal);
    case "nsca":
      return await senders.nsca.send(channel, messages, signal);
    case "command":
      return await senders.command.send(channel, messages, signal);
  }
}
