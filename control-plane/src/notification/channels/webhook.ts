import { createHmac } from "node:crypto";
import { isBundle } from "../mail/bundle-content.ts";
import type { ChannelMessage, ChannelSender } from "./channel.ts";
import { type PostDependencies, post } from "./post.ts";

/** What a webhook's signature is: HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal. Pure. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
}

/** The document a webhook gets. Fields are added, never changed. Pure. */
export function webhookDocument({ messageId, subject, createdAtMs, content, facts, contact }: ChannelMessage): object {
  const common = {
    version: 1,
    id: messageId,
    type: content.type,
    createdAtMs,
    contact: contact.name,
    rule: content.ruleName,
    subject,
    headline: facts.headline,
    link: facts.link,
  };
  if (isBundle(content)) {
    const { label, messageCount, objectCount, counts, entries } = content;
    return { ...common, group: label, messageCount, objectCount, counts, entries };
  }
  return {
    ...common,
    via: content.via,
    number: content.number,
    host: {
      name: content.hostName,
      displayName: content.hostDisplayName,
      address: content.hostAddress,
      labels: content.hostLabels,
      groups: content.hostGroups,
    },
    service: content.serviceName,
    fromState: content.fromState,
    state: content.toState,
    attempt: content.attempt,
    maxCheckAttempts: content.maxCheckAttempts,
    businessImpact: content.businessImpact,
    output: content.output,
    longOutput: content.longOutput,
    perfdata: content.perfdata,
    atMs: content.atMs,
    problem: content.problemId === null ? null : { id: content.problemId, startedAtMs: content.problemStartedAtMs },
    remark: content.remark,
  };
}

export function createWebhookSender(
  dependencies: PostDependencies & { readonly now: () => number },
): ChannelSender<"webhook"> {
  return {
    batchSize: 1,
    async send({ url, secret }, messages, signal) {
      for (const message of messages) {
        const body = JSON.stringify(webhookDocument(message));
        const timestamp = String(Math.floor(dependencies.now() / 1000));
        const headers = {
          "content-type": "application/json",
          "x-mycloud-id": message.messageId,
          "x-mycloud-timestamp": timestamp,
          ...(secret ? { "x-mycloud-signature": `sha256=${signatureOf(secret, timestamp, body)}` } : {}),
        };
        await post(dependencies, url, headers, body, signal);
      }
    },
  };
}
