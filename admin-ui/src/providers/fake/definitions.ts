import type { ApiToken } from "@mycloud/protocol/api-token";
import type { AuditEntry } from "@mycloud/protocol/audit";
import type { Check } from "@mycloud/protocol/check";
import { type Contact, ContactInput } from "@mycloud/protocol/contact";
import type { Customer } from "@mycloud/protocol/customer";
import type { Downtime } from "@mycloud/protocol/downtime";
import type { EnrolmentToken } from "@mycloud/protocol/enrolment-token";
import type { Invitation } from "@mycloud/protocol/invitation";
import { defaultSettings } from "@mycloud/protocol/monitored";
import { type NotificationRule, NotificationRuleInput } from "@mycloud/protocol/notification";
import type { ServiceProposal } from "@mycloud/protocol/service-proposal";
import type { User } from "@mycloud/protocol/user";
import type { Fleet } from "./fleet.ts";
import { createServiceProposals } from "./service-proposals.ts";

const day = 86_400_000;

/** What every downtime has that is neither flexible, triggered nor recurring. */
const fixedDowntime = {
  isFixed: true,
  durationSeconds: null,
  triggeredById: null,
  triggeredAtMs: null,
  reminderSeconds: null,
  recurringName: null,
  activeObjects: 0,
} as const;

/** What operators wrote down for the made-up fleet. */
export interface Definitions {
  readonly checks: Check[];
  readonly contacts: Contact[];
  readonly rules: NotificationRule[];
  readonly downtimes: Downtime[];
  readonly enrolmentTokens: EnrolmentToken[];
  readonly serviceProposals: ServiceProposal[];
  readonly users: User[];
  readonly customers: Customer[];
  readonly invitations: Invitation[];
  readonly apiTokens: ApiToken[];
  readonly auditEntries: AuditEntry[];
}

function contact(name: string, email: string): ContactInput {
  return ContactInput.parse({ name, email });
}

/** Writes the definitions that fit a fleet. */
export function createDefinitions(fleet: Fleet, nowMs: number): Definitions {
  const times = { createdAtMs: nowMs - 30 * day, updatedAtMs: nowMs - 3 * day };
  const checks = createChecks(fleet, times);
  return {
    checks,
    contacts: [
      { ...contact("oncall", "oncall@example.org"), id: 1, groups: [], ...times },
      { ...contact("dana", "dana@example.org"), userId: 2, id: 2, groups: [], ...times },
      {
        ...contact("acme helpdesk", "it@acme.example"),
        customer: "acme",
        isEnabled: false,
        id: 3,
        groups: [],
        ...times,
      },
    ],
    rules: [
      {
        ...NotificationRuleInput.parse({ name: "everything to on-call", contactIds: [1] }),
        id: 1,
        contactNames: ["oncall"],
        ...times,
      },
      {
        ...NotificationRuleInput.parse({
          name: "databases to dana",
          selector: { groups: ["db"], labels: { env: "prod" } },
          states: ["WARNING", "CRITICAL", "DOWN", "RECOVERY"],
          contactIds: [2],
        }),
        id: 2,
        contactNames: ["dana"],
        ...times,
      },
    ],
    downtimes: [
      {
        id: 1,
        selector: { groups: ["backup"] },
        startAtMs: nowMs - 3_600_000,
        endAtMs: nowMs + 3_600_000,
        comment: "new disks",
        authorName: "dana",
        phase: "active",
        cancelledAtMs: null,
        createdAtMs: nowMs - 7_200_000,
        ...fixedDowntime,
      },
      {
        id: 2,
        selector: { hosts: ["web01*"], services: ["http"] },
        startAtMs: nowMs + day,
        endAtMs: nowMs + day + 7_200_000,
        comment: "release 4.2",
        authorName: "admin",
        phase: "pending",
        cancelledAtMs: null,
        createdAtMs: nowMs - 7_200_000,
        ...fixedDowntime,
      },
      {
        id: 3,
        selector: {},
        startAtMs: nowMs - 9 * day,
        endAtMs: nowMs - 9 * day + 3_600_000,
        comment: "network maintenance",
        authorName: "admin",
        phase: "expired",
        cancelledAtMs: null,
        createdAtMs: nowMs - 10 * day,
        ...fixedDowntime,
      },
    ],
    enrolmentTokens: [
      {
        id: 1,
        hostName: null,
        customer: null,
        labels: { role: "web" },
        groups: ["web"],
        phase: "used",
        createdByName: "admin",
        createdAtMs: nowMs - 2 * day,
        expiresAtMs: nowMs - 2 * day + 3_600_000,
        usedAtMs: nowMs - 2 * day + 120_000,
        usedByHostId: 1,
        usedByHostName: fleet.hosts[0]?.name ?? null,
      },
    ],
    serviceProposals: createServiceProposals(fleet, nowMs),
    users: createUsers(times, nowMs),
    customers: ["Example Ltd", "Müller & Söhne"].map((title, at) => ({
      ...times,
      id: at + 1,
      name: `customer-${at + 1}`,
      title,
      contactEmail: `office${at}@example.org`,
      isTotpRequired: at === 0,
      quotaBytes: null,
      isSuspended: at === 1,
      suspendedAtMs: at === 1 ? nowMs - day : null,
      memberCount: at + 2,
      hostCount: 12 * at,
    })),
    invitations: [
      {
        id: 1,
        email: "new@example.org",
        role: "operator",
        customer: "example-ltd",
        phase: "waiting",
        invitedByName: "dana@example.org",
        createdAtMs: nowMs - day,
        expiresAtMs: nowMs + 6 * day,
        acceptedAtMs: null,
      },
    ],
    apiTokens: [
      {
        id: 1,
        name: "operator",
        prefix: "mct_7Qx4",
        scopes: ["read", "write", "ingest", "ingest:register"],
        role: "operator",
        customer: null,
        userId: null,
        createdAtMs: nowMs - 30 * day,
        expiresAtMs: null,
        lastUsedAtMs: nowMs - 40_000,
      },
      {
        id: 2,
        name: "grafana",
        prefix: "mct_p0Zk",
        scopes: ["read"],
        role: "viewer",
        customer: null,
        userId: 1,
        createdAtMs: nowMs - 20 * day,
        expiresAtMs: nowMs + 70 * day,
        lastUsedAtMs: null,
      },
    ],
    auditEntries: createAuditEntries(nowMs),
  };
}

function createChecks(fleet: Fleet, times: { createdAtMs: number; updatedAtMs: number }): Check[] {
  const byCheck = new Map<number, typeof fleet.services>();
  for (const service of fleet.services) {
    if (service.checkId === null) continue;
    byCheck.set(service.checkId, [...(byCheck.get(service.checkId) ?? []).slice(0, 1), service]);
  }
  return [...byCheck].map(([id, [service]]) => ({
    id,
    name: service?.name ?? `check ${id}`,
    serviceName: null,
    command: service?.command ?? "external",
    arguments: service?.arguments ?? [],
    selector: { labels: { os: "linux" } },
    checkIntervalSeconds: 60,
    retryIntervalSeconds: 30,
    maxCheckAttempts: 3,
    timeoutSeconds: 30,
    flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
    isEnabled: id !== 8,
    notes: "",
    target: "service",
    ...defaultSettings,
    serviceCount: fleet.services.filter((each) => each.checkId === id).length,
    ...times,
  }));
}

function createUsers(times: { createdAtMs: number; updatedAtMs: number }, nowMs: number): User[] {
  const roles = ["admin", "operator", "viewer"] as const;
  return roles.map((role, index) => ({
    id: index + 1,
    email: `${["admin", "dana", "guest"][index]}@example.org`,
    name: ["Administrator", "Dana Ruiz", "Guest"][index] ?? role,
    role,
    customer: role === "viewer" ? "acme" : null,
    isDisabled: false,
    lastLoginAtMs: role === "viewer" ? null : nowMs - 3_600_000 * (index + 1),
    ...times,
  }));
}

function createAuditEntries(nowMs: number): AuditEntry[] {
  const by = { actorKind: "user", actorId: "2", actorName: "Dana Ruiz", address: "203.0.113.4" } as const;
  return [
    {
      id: 3,
      atMs: nowMs - 1_800_000,
      ...by,
      action: "check.update",
      resourceKind: "Check",
      resourceId: "2",
      resourceName: "disk",
      before: {
        name: "disk",
        arguments: ["-w", "15%", "-c", "5%"],
        checkIntervalSeconds: 300,
        selector: { labels: { os: "linux" } },
      },
      after: {
        name: "disk",
        arguments: ["-w", "20%", "-c", "10%"],
        checkIntervalSeconds: 60,
        selector: { labels: { os: "linux" } },
      },
    },
    {
      id: 2,
      atMs: nowMs - 7_200_000,
      ...by,
      action: "downtime.create",
      resourceKind: "Downtime",
      resourceId: "1",
      resourceName: null,
      before: null,
      after: { selector: { groups: ["backup"] }, comment: "new disks" },
    },
    {
      id: 1,
      atMs: nowMs - 86_400_000,
      ...by,
      action: "session.login",
      resourceKind: "Session",
      resourceId: null,
      resourceName: null,
      before: null,
      after: null,
    },
  ];
}
