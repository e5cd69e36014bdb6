import { z } from "zod";
import { NscaTarget, WsArbiterTarget } from "../forward/index.ts";

const HttpUrl = z.url({ protocol: /^https?$/ }).max(2048);

/** A mail to the contact's own address. */
export const EmailChannel = z.strictObject({ type: z.literal("email") });

/**
 * A JSON document POSTed to an address. With a `secret` the request carries `X-MyCloud-Signature: sha256=<hex>`, the HMAC-SHA256 of
 * `<X-MyCloud-Timestamp>.<body>`, so that the receiver knows the sender and can refuse what is old.
 */
export const WebhookChannel = z.strictObject({
  type: z.literal("webhook"),
  url: HttpUrl,
  secret: z.string().max(1024).nullable().default(null),
});

/** The base address of an Alertmanager; alerts are POSTed to `<url>/api/v2/alerts`. With a `token` as its bearer. */
export const AlertmanagerChannel = z.strictObject({
  type: z.literal("alertmanager"),
  url: HttpUrl,
  token: z.string().max(4096).nullable().default(null),
});

/**
 * A program from the control plane's directory of notification commands, by its file name, with Nagios' macros as `NAGIOS_*` environment variables.
 * Macros in `arguments` are replaced; no shell takes part.
 */
export const CommandChannel = z.strictObject({
  type: z.literal("command"),
  program: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "program is not the name of a file: letters, digits, . _ or -"),
  arguments: z.array(z.string().max(4096)).max(50).default([]),
  timeoutSeconds: z.number().int().min(1).max(300).default(30),
});

/** A way to reach a contact. `ws-arbiter` and `nsca` submit the state as a passive result to another monitoring system. */
export const ContactChannel = z.discriminatedUnion("type", [
  EmailChannel,
  WebhookChannel,
  AlertmanagerChannel,
  WsArbiterTarget,
  NscaTarget,
  CommandChannel,
]);
export type ContactChannel = z.infer<typeof ContactChannel>;

export const channelTypes = ["email", "webhook", "alertmanager", "ws-arbiter", "nsca", "command"] as const;
export const ChannelType = z.enum(channelTypes satisfies readonly ContactChannel["type"][]);
export type ChannelType = z.infer<typeof ChannelType>;

/**
 * What a channel is shown as, and found by: the address of a mail, the URL, the host, the program; at most 254 characters and without any secret.
 * Pure.
 */
export function channelAddress(channel: ContactChannel, email: string | null): string {
  switch (channel.type) {
    case "email":
      return email ?? "";
    case "webhook":
    case "alertmanager":
    case "ws-arbiter":
      return withoutCredentials(channel.url).slice(0, 254);
    case "nsca":
      return `${channel.host}:${channel.port}`.slice(0, 254);
    case "command":
      return [channel.program, ...channel.arguments].join(" ").slice(0, 254);
  }
}

function withoutCredentials(text: string): string {
  return text.replace(/^(https?:\/\/)[^/?#]*@/i, "$1");
}
