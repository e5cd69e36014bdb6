import { type RawBuilder, sql } from "kysely";

/** Same contact, same channel, and still to be sent. */
const isAhead = sql`ahead.id < notification.id and ahead.phase = 'queued' and ahead.next_attempt_at_ms is not null
  and ahead.contact_id = notification.contact_id and ahead.channel = notification.channel
  and ahead.address = notification.address`;

/**
 * Whether a queued message (a row of `notification`) would come before an earlier one of the same problem that goes to the same contact by the same channel:
 * one that is being retried, or that another control plane has in hand. The order is that of the rows' ids, for a group's message and those it stands for as
 * well, so that nothing ever waits in a circle. The summary of a storm and a digest say how things stand by themselves, and wait for nothing.
 */
export function isOvertakingSql(): RawBuilder<boolean> {
  return sql<boolean>`(
    exists (select 1 from notification ahead where ahead.problem_id = notification.problem_id and ${isAhead})
    or exists (select 1 from notification part inner join notification ahead on ahead.bundle_id = part.bundle_id
      where part.problem_id = notification.problem_id and part.phase = 'queued' and part.next_attempt_at_ms is null
        and part.id < notification.id and ahead.problem_id is null and ${isAhead})
    or (notification.type = 'GROUP' and (
      exists (select 1 from notification part inner join notification ahead on ahead.problem_id = part.problem_id
        where part.bundle_id = notification.bundle_id and part.next_attempt_at_ms is null and ${isAhead})
      or exists (select 1 from notification ahead
        where ahead.type = 'GROUP' and ahead.rule_name = notification.rule_name and ${isAhead}))))`;
}
