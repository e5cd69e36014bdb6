import {
  AlertGroup,
  type AlertmanagerStatus,
  GettableAlert,
  maximumAlertsPerRequest,
  PostableAlert,
  Receiver,
  AlertmanagerStatus as Status,
} from "@mycloud/protocol/alert";
import { z } from "zod";
import { InputError } from "../error/index.ts";
import { forViewers, Reply, type Route, route } from "../http/route.ts";
import { loadRules } from "../notification/load-rules.ts";
import type { AlertIntake } from "./accept-alerts.ts";
import { senderOf } from "./alert-sender.ts";
import { alertmanagerRoute } from "./alertmanager-route.ts";
import { AlertsQuery, filterAlerts, groupAlerts } from "./filter-alerts.ts";
import { type ListAlertsDependencies, listAlerts, noReceiver } from "./list-alerts.ts";
import { readAlerts } from "./read-alerts.ts";

export interface AlertRoutesDependencies extends ListAlertsDependencies {
  readonly intake: AlertIntake;
  readonly mapping: { readonly resolveTimeoutMs: number };
  readonly version: string;
  readonly startedAtMs: number;
}

/** Enough for 5,000 alerts of 1.6 kB. */
export const maximumAlertBodyBytes = 8 * 1024 * 1024;

/** Alertmanager's API v2 but for silences. */
export function createAlertRoutes(dependencies: AlertRoutesDependencies): Route[] {
  const { database, intake, mapping, version, startedAtMs, now } = dependencies;

  async function receivers(isForAll: boolean): Promise<Receiver[]> {
    // Rules are not any one customer's.
    const { rules } = isForAll ? await loadRules(database.db) : { rules: [] };
    return [...rules.map(({ name }) => ({ name })), noReceiver];
  }

  return [
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/status",
      summary: "Alertmanager API: what answers here",
      access: forViewers,
      answer: Status,
      async handle({ scope }) {
        const names = (await receivers(scope.kind === "all")).map(({ name }) => name);
        return statusOf(names, version, startedAtMs);
      },
    }),
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/receivers",
      summary: "Alertmanager API: the notification rules, as receivers",
      access: forViewers,
      answer: z.array(Receiver),
      handle: ({ scope }) => receivers(scope.kind === "all"),
    }),
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/alerts",
      summary: "Alertmanager API: alerts that fire, those sent here and open problems",
      access: forViewers,
      query: AlertsQuery,
      answer: z.array(GettableAlert),
      handle: async ({ scope, query }) => filterAlerts(await listAlerts(dependencies, scope), query),
    }),
    route({
      ...alertmanagerRoute,
      method: "get",
      path: "/api/v2/alerts/groups",
      summary: "Alertmanager API: the same by receiver and alertname",
      access: forViewers,
      query: AlertsQuery,
      answer: z.array(AlertGroup),
      async handle({ scope, query }) {
        return groupAlerts(filterAlerts(await listAlerts(dependencies, scope), query), query.receiver);
      },
    }),
    route({
      ...alertmanagerRoute,
      method: "post",
      path: "/api/v2/alerts",
      summary: "Alertmanager API: take alerts, as Prometheus sends them; each becomes a service's state",
      access: { kind: "tokenScope", tokenScope: "ingest", orRole: "operator" },
      body: z.array(PostableAlert).max(maximumAlertsPerRequest),
      maximumBodyBytes: maximumAlertBodyBytes,
      async handle({ actor, scope, body }) {
        const read = readAlerts(body, { nowMs: now(), resolveTimeoutMs: mapping.resolveTimeoutMs });
        const refused = [...read.faults, ...(await intake.accept(read.alerts, senderOf(actor, scope)))];
        // As in Alertmanager: what is right is taken, and what is wrong said.
        if (refused.length > 0) {
          const faults = refused.slice(0, 20).map(({ index, message }) => `alert ${index}: ${message}`);
          const more = refused.length > 20 ? `; and ${refused.length - 20} more` : "";
          throw new InputError(faults.join("; ") + more);
        }
        return new Reply(200, undefined);
      },
    }),
  ];
}

function statusOf(receivers: readonly string[], version: string, startedAtMs: number): AlertmanagerStatus {
  const original = [
    "# Notification rules are MyCloud's; here they are named for programs that read Alertmanager's configuration.",
    "route:",
    `  receiver: ${JSON.stringify(noReceiver.name)}`,
    "receivers:",
    ...receivers.map((name) => `  - name: ${JSON.stringify(name)}`),
    "",
  ].join("\n");
  return {
    cluster: { name: "mycloud", status: "ready", peers: [] },
    config: { original },
    uptime: new Date(startedAtMs).toISOString(),
    versionInfo: {
      version,
      revision: "mycloud",
      branch: "mycloud",
      buildUser: "mycloud",
      buildDate: "",
      goVersion: "",
    },
  };
}
