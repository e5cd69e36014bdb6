import { ChannelType } from "@mycloud/protocol/contact";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  type Notification,
  NotificationFilter,
  NotificationPhase,
  NotificationType,
} from "@mycloud/protocol/notification";
import type { Executor } from "../database/dialect/dialect.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function notificationsIn(executor: Executor, scope: Scope) {
  const notifications = executor
    .selectFrom("notification")
    .innerJoin("host", "host.id", "notification.host_id")
    .leftJoin("service", "service.id", "notification.service_id");
  return scope.kind === "all" ? notifications : notifications.where("host.customer", "=", scope.customer);
}

/** One page of the messages: queued, sent and dead. */
export async function listNotifications(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<Notification>> {
  return await readList({
    query,
    filterSchema: NotificationFilter,
    from: notificationsIn(executor, scope),
    select: (rows) => rows.selectAll("notification").select(["host.name as host_name", "service.name as service_name"]),
    sortable: {
      id: "notification.id",
      type: "notification.type",
      hostName: "host.name",
      serviceName: "service.name",
      state: "notification.state",
      contactName: "notification.contact_name",
      phase: "notification.phase",
      attempts: "notification.attempts",
      createdAtMs: "notification.created_at_ms",
      sentAtMs: "notification.sent_at_ms",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "notification.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "notification.id", id),
      q: (eb, words) =>
        hasWords(eb, ["host.name", "service.name", "notification.contact_name", "notification.subject"], words),
      hostId: (eb, id) => eb("notification.host_id", "=", id),
      serviceId: (eb, id) => eb("notification.service_id", "=", id),
      problemId: (eb, id) => eb("notification.problem_id", "=", id),
      contactId: (eb, id) => eb("notification.contact_id", "=", id),
      bundleId: (eb, id) => eb("notification.bundle_id", "=", id),
      phase: (eb, phase) => isOneOf(eb, "notification.phase", phase),
      type: (eb, type) => eb("notification.type", "=", type),
    },
    toItem: (row) => ({
      id: row.id,
      type: NotificationType.parse(row.type),
      problemId: row.problem_id,
      stateChangeId: row.state_change_id,
      hostId: row.host_id,
      hostName: row.host_name,
      serviceId: row.service_id,
      serviceName: row.service_name,
      state: row.state,
      contactId: row.contact_id,
      contactName: row.contact_name,
      ruleName: row.rule_name,
      channel: ChannelType.parse(row.channel),
      via: row.via,
      number: row.number,
      bundleId: row.bundle_id,
      address: row.address,
      subject: row.subject,
      phase: NotificationPhase.parse(row.phase),
      attempts: row.attempts,
      lastError: row.last_error,
      createdAtMs: row.created_at_ms,
      nextAttemptAtMs: row.next_attempt_at_ms,
      sentAtMs: row.sent_at_ms,
    }),
  });
}
