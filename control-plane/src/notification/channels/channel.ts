import type { ContactChannel } from "@mycloud/protocol/contact";
import type { QueuedContent } from "../mail/bundle-content.ts";
import type { MessageFacts } from "../mail/message-facts.ts";

/** Who a message goes to, as commands and webhooks tell it. */
export interface ChannelContact {
  readonly name: string;
  readonly email: string;
  readonly alias: string;
  readonly pager: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A queued message for a channel, with everything it may need. */
export interface ChannelMessage {
  readonly id: number;
  /** The same for every attempt. */
  readonly messageId: string;
  readonly subject: string;
  readonly createdAtMs: number;
  readonly content: QueuedContent;
  /** What a mail would say. */
  readonly facts: MessageFacts;
  readonly contact: ChannelContact;
}

export type ChannelOf<Type extends ContactChannel["type"]> = Extract<ContactChannel, { type: Type }>;

/**
 * Hands messages over, oldest first, all or none. Throws ChannelError when it could not; a message may be handed over again when the control plane is killed
 * before it is noted.
 */
export interface ChannelSender<Type extends ContactChannel["type"]> {
  /** How many messages one call takes; 1 where each is its own request. */
  readonly batchSize: number;
  send(channel: ChannelOf<Type>, messages: readonly ChannelMessage[], signal: AbortSignal): Promise<void>;
}

/** Why messages were not handed over. */
export class ChannelError extends Error {
  /** `dead`: refused for good. `retry`: may work later. */
  readonly outcome: "retry" | "dead";
  /** The failure is the target's, so other messages to it would fail as well. */
  readonly isTarget: boolean;

  constructor(message: string, outcome: "retry" | "dead", isTarget: boolean) {
    super(message.replaceAll(/\s+/g, " ").trim().slice(0, 500).toWellFormed());
    this.outcome = outcome;
    this.isTarget = isTarget;
  }
}
