import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { NotifiableState } from "./notifiable-state.ts";

const names = z.array(ResourceName).max(200).default([]);

/**
 * Who is told instead of the rule's own contacts when a problem lasts. It holds from its start to its end, counted in messages (Nagios:
 * `first_notification` is `afterCount` + 1, `last_notification` is `untilCount`) or in time since the problem began (Shinken:
 * `first_notification_time`). Of several that hold at once, the contacts of all are told, at the shortest of their intervals.
 */
export const Escalation = z
  .strictObject({
    /** Holds once the rule has told of the problem this many times. */
    afterCount: z.number().int().min(0).max(1_000_000).nullable().default(null),
    /** Is over after this many messages; never when null. */
    untilCount: z.number().int().min(1).max(1_000_000).nullable().default(null),
    /** Holds once the problem is this old; the message is then sent at that moment, whatever the interval. */
    afterSeconds: z.number().int().min(0).max(31_622_400).nullable().default(null),
    untilSeconds: z.number().int().min(1).max(31_622_400).nullable().default(null),
    contacts: names,
    contactGroups: names,
    /** Names of on-call schedules: whoever's turn it is. */
    onCall: names,
    /** Holds in these states only (Nagios: escalation_options); in all when null. */
    states: z.array(NotifiableState).min(1).max(20).nullable().default(null),
    /** Holds in this time period only (Nagios: escalation_period). */
    period: ResourceName.nullable().default(null),
    /** How often it is repeated while this holds; as the rule says when null, never again when 0. */
    repeatIntervalSeconds: z.number().int().min(0).max(31_622_400).nullable().default(null),
  })
  .refine(
    ({ afterCount, afterSeconds }) => (afterCount === null) !== (afterSeconds === null),
    "escalation begins either after a count (afterCount) or after a time (afterSeconds)",
  );
export type Escalation = z.infer<typeof Escalation>;
