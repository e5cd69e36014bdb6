import { ContactChannel, ContactInput } from "@mycloud/protocol/contact";
import { keptSecret, secretFields } from "@mycloud/protocol/forward";
import type { z } from "zod";
import { InputError } from "../error/index.ts";
import { findSecrets, mapSecrets, type Sealer } from "../sealing/index.ts";

/** What a contact's row keeps as JSON. */
export const ContactSettings = ContactInput.pick({
  period: true,
  states: true,
  minimumBusinessImpact: true,
  alias: true,
  pager: true,
  variables: true,
  channels: true,
  stormLimitPerMinute: true,
});
export type ContactSettings = z.output<typeof ContactSettings>;

const context = "Contact";

/** Reads stored settings, secrets still sealed. */
export function readContactSettings(json: string): ContactSettings {
  return ContactSettings.parse(JSON.parse(json));
}

/**
 * Settings as they are stored, secrets sealed. A secret written as `********` stays what it is at the channel of the same type and target in `before`,
 * wherever that stood in the list; throws InputError where there is none.
 */
export function sealContactSettings(sealer: Sealer, input: ContactInput, before: ContactSettings | null): string {
  const kept = new Map((before?.channels ?? []).map((channel) => [identityOf(channel), findSecrets(channel)]));
  const channels = input.channels.map((channel, index) =>
    mapSecrets(channel, (secret, path) => {
      if (secret === "") return "";
      if (secret !== keptSecret) return sealer.seal(secret, context);
      const old = kept.get(identityOf(channel))?.get(path);
      if (old !== undefined) return old;
      const field = `channels.${index}.${path}`;
      const message = `is "${keptSecret}", which keeps a stored secret; there is none yet for this channel`;
      throw new InputError(`${field} ${message}`, [{ field, message }]);
    }),
  );
  return JSON.stringify({ ...ContactSettings.parse(input), channels });
}

/** A channel with its secrets readable; one that does not open (another master key) throws Error. */
export function openChannel(sealer: Sealer, channel: ContactChannel): ContactChannel {
  return ContactChannel.parse(mapSecrets(channel, (sealed) => (sealed === "" ? "" : sealer.open(sealed, context))));
}

/** What makes a channel the same one: all of it but its secrets. */
function identityOf(channel: ContactChannel): string {
  return JSON.stringify(channel, (name, value: unknown) =>
    secretFields.some((secret) => secret === name) ? undefined : value,
  );
}
