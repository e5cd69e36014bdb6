import { onCallAt } from "../on-call/index.ts";
import type { Audience, KnownContact } from "./known-rule.ts";

/** Somebody of an audience, and why: null as a contact by name or group, else in words: `on call nights`. */
export interface AudienceMember {
  readonly contact: KnownContact;
  readonly via: string | null;
}

/** Everybody an audience names at an instant, each once, enabled or not. Pure. */
export function audienceAt({ contacts, onCall }: Audience, atMs: number): AudienceMember[] {
  const members = new Map<number, AudienceMember>();
  for (const contact of contacts) members.set(contact.id, { contact, via: null });
  for (const { schedule, contactsByName } of onCall) {
    const turn = onCallAt(schedule, atMs);
    const contact = turn === null ? undefined : contactsByName.get(turn.contact);
    if (contact !== undefined && !members.has(contact.id)) {
      members.set(contact.id, { contact, via: `on call ${schedule.name}` });
    }
  }
  return [...members.values()];
}

/** Whether a contact can be told at all: enabled, with a channel that leads somewhere. Pure. */
export function isReachable({ isEnabled, channels, email }: KnownContact): boolean {
  return isEnabled && channels.some(({ type }) => type !== "email" || email !== "");
}

/** Whether a contact wants to hear of a state, RECOVERY, FLAPPING or DOWNTIME at all. Pure. */
export function wants({ states }: KnownContact, state: string): boolean {
  return states === null || states.has(state);
}
