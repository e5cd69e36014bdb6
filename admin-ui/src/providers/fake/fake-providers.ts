import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { AgentCommand } from "@mycloud/protocol/agent";
import type { Comment } from "@mycloud/protocol/comment";
import { matchesHost } from "@mycloud/protocol/selector";
import type { Session } from "@mycloud/protocol/session";
import type { Role } from "@mycloud/protocol/user";
import { HttpError, type Identifier } from "react-admin";
import { SecondStepNeeded } from "../../login/second-step-needed.ts";
import { compareProblems } from "../../resources/problems/problem-matrix.ts";
import { mayAccess } from "../access.ts";
import { cleanFilter, type ListParameters } from "../rest/list-path.ts";
import { problemRecord } from "../rest/rest-data-provider.ts";
import type { Chosen, ConsoleAuth, ConsoleProvider, Providers } from "../types.ts";
import { createBackups, doneTo, fakeRecoveryKit } from "./backups.ts";
import { fakeCheckCommands } from "./check-commands.ts";
import { fakeConfigurationChanges } from "./configuration-changes.ts";
import { createDefinitions } from "./definitions.ts";
import { createFakeAccount } from "./fake-account.ts";
import { createFakeDns, createFakeZones } from "./fake-dns.ts";
import { fakeExcludes } from "./fake-excludes.ts";
import { createFakeLogs } from "./fake-logs.ts";
import { createFakeSmartView } from "./fake-smart-view.ts";
import { createFleet } from "./fleet.ts";
import { explain, openProblems, perfdataOf, sentNotifications, stateChanges } from "./history.ts";
import { createOverrides } from "./overrides.ts";
import { fakeOverview } from "./overview.ts";
import { fakeOnCall, fakeSchedule, fakeSelector, fakeSimulation, fakeTimePeriod, fakeUsers } from "./previews.ts";
import { type FakeRecord, queryRecords } from "./query.ts";
import { fakeAvailability, fakeTimelineAnswer } from "./reports.ts";
import { decide } from "./service-proposals.ts";
import { createStoredDefinitions } from "./stored-definitions.ts";

/** What the fake world is like. */
export interface Scenario {
  readonly hostCount: number;
  /** `error`: every question fails; `loading`: none is ever answered. */
  readonly answers: "normal" | "error" | "loading" | "slow";
  readonly role: Role;
  /** Whose user it is; null for the operator's own. */
  readonly customer: string | null;
  readonly isSignedIn: boolean;
  /** How many log records there are; some thousands unless given. */
  readonly logCount?: number;
  readonly nowMs: number;
}

/** Found in the bundle only when the fake is in it: the build's test looks for this. */
export const fakeMark = "mycloud-fake-provider";

/** Makes providers that answer from memory. */
export function createFakeProviders(scenario: Scenario): Providers {
  return {
    data: createFakeData(scenario),
    auth: createFakeAuth(scenario),
    account: createFakeAccount(scenario.nowMs),
    smartView: createFakeSmartView(scenario),
    logs: createFakeLogs(scenario),
    dns: createFakeDns(scenario),
    subscribe: (listener) => {
      listener.onState(scenario.answers === "error" ? "polling" : "live");
      return () => undefined;
    },
  };
}

function createFakeAuth(scenario: Scenario): ConsoleAuth {
  let isSignedIn = scenario.isSignedIn;
  const session = async (): Promise<Session> => {
    if (!isSignedIn) throw new HttpError("not signed in", 401);
    const user = {
      id: 1,
      name: "Dana Ruiz",
      email: "dana@example.org",
      role: scenario.role,
      customer: scenario.customer,
    };
    return { user, csrfToken: fakeMark, expiresAtMs: null };
  };
  return {
    session,
    login: async ({ password }: { password: string }) => {
      if (password === "second step") {
        const challenge = { challenge: "fake", expiresAtMs: scenario.nowMs, setup: null };
        throw new SecondStepNeeded({ secondStep: "totp", ...challenge });
      }
      if (password === "wrong") throw new HttpError("e-mail or password is wrong", 401);
      isSignedIn = true;
    },
    secondStep: async () => {
      isSignedIn = true;
      return await session();
    },
    logout: async () => {
      isSignedIn = false;
    },
    checkAuth: async () => {
      await session();
    },
    checkError: async () => undefined,
    getIdentity: async () => ({ id: 1, fullName: (await session()).user.name }),
    getPermissions: async () => scenario,
    canAccess: async ({ action, resource }) => mayAccess(scenario, action, resource),
  };
}

function createFakeData(scenario: Scenario): ConsoleProvider {
  const { nowMs } = scenario;
  const fleet = createFleet(scenario.hostCount, nowMs);
  const definitions = createDefinitions(fleet, nowMs);
  const backups = createBackups(fleet, nowMs);
  const overrides = createOverrides(nowMs);
  const isEmpty = scenario.hostCount === 0;
  const stored = Object.entries(createStoredDefinitions(nowMs)).map(
    ([resource, rows]) => [resource, () => (isEmpty ? [] : rows)] as const,
  );
  const comments: Comment[] = fleet.services.slice(0, 1).map((service) => ({
    id: 1,
    hostId: service.hostId,
    serviceId: service.id,
    text: "Nightly import raises this until 04:00.",
    authorName: "Dana Ruiz",
    createdAtMs: nowMs - 86_400_000,
    kind: "user",
    isPersistent: true,
    expiresAtMs: null,
  }));
  const tables: Record<string, () => FakeRecord[]> = {
    hosts: () => fleet.hosts,
    services: () => [...fleet.services, ...backups.services],
    problems: () => openProblems(fleet).sort(compareProblems).map(problemRecord),
    "state-changes": () => stateChanges(fleet),
    notifications: () => sentNotifications(fleet),
    "check-results": () => [],
    acknowledgements: () => [],
    comments: () => comments,
    checks: () => definitions.checks,
    contacts: () => (isEmpty ? [] : definitions.contacts),
    "notification-rules": () => (isEmpty ? [] : definitions.rules),
    downtimes: () => (isEmpty ? [] : definitions.downtimes),
    "enrolment-tokens": () => (isEmpty ? [] : definitions.enrolmentTokens),
    "service-proposals": () => (isEmpty ? [] : definitions.serviceProposals),
    invitations: () => (isEmpty ? [] : definitions.invitations),
    customers: () => (isEmpty ? [] : definitions.customers),
    "backup-policies": () => (isEmpty ? [] : backups.policies),
    "storage-servers": () => (isEmpty ? [] : backups.storageServers),
    "backup-repositories": () => backups.repositories,
    "backup-runs": () => backups.runs,
    "backup-maintenance-runs": () => backups.maintenanceRuns,
    users: () => (isEmpty ? [] : definitions.users),
    "api-tokens": () => (isEmpty ? [] : definitions.apiTokens),
    "audit-entries": () => (isEmpty ? [] : definitions.auditEntries),
    ...createFakeZones(scenario),
    ...Object.fromEntries(stored),
  };
  const added = new Map<string, FakeRecord[]>();
  const records = (resource: string) => [...(added.get(resource) ?? []), ...(tables[resource]?.() ?? [])];

  async function answer<Value>(make: () => Value): Promise<Value> {
    if (scenario.answers === "loading") return new Promise<Value>(() => undefined);
    if (scenario.answers === "slow") await new Promise((resolve) => setTimeout(resolve, 800));
    if (scenario.answers === "error") throw new HttpError("The database does not answer (SQLITE_BUSY).", 503);
    return make();
  }
  function find(resource: string, id: Identifier): FakeRecord {
    const found = records(resource).find((record) => String(record.id) === String(id));
    if (!found) throw new HttpError(`${resource} ${id} does not exist`, 404);
    return found;
  }
  const list = (resource: string, parameters: ListParameters) =>
    answer(() => queryRecords(records(resource), { ...parameters, filter: cleanFilter(parameters.filter ?? {}) }));
  function setAcknowledged({ serviceIds, hostIds }: Chosen, isAcknowledged: boolean): BulkAnswer {
    for (const service of fleet.services) if (serviceIds.includes(service.id)) service.isAcknowledged = isAcknowledged;
    for (const host of fleet.hosts) if (hostIds.includes(host.id)) host.isAcknowledged = isAcknowledged;
    return allDone({ serviceIds, hostIds });
  }
  const testRun: AgentCommand = {
    id: 1,
    hostId: 1,
    hostName: fleet.hosts[0]?.name ?? "",
    request: { kind: "test-run", command: "load", arguments: [], timeoutSeconds: 30 },
    phase: "done",
    message: null,
    result: {
      returnCode: 1,
      output: "WARNING - load average 4.21, 2.00, 1.10",
      longOutput: "",
      perfdata: "load1=4.21;4;8;0;",
      executionTimeSeconds: 0.012,
    },
    createdByName: "Dana Ruiz",
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 60_000,
    finishedAtMs: nowMs + 300,
  };
  // biome-ignore lint/suspicious/noExplicitAny: react-admin's DataProvider types its answers by the caller's record
  type Answer = any;

  return {
    getList: async (resource, parameters): Promise<Answer> => list(resource, parameters),
    getOne: async (resource, { id }): Promise<Answer> => answer(() => ({ data: find(resource, id) })),
    getMany: async (resource, { ids }): Promise<Answer> =>
      answer(() => ({ data: ids.map((id) => find(resource, id)) })),
    getManyReference: async (resource, { target, id, filter, pagination, sort }): Promise<Answer> =>
      list(resource, { pagination, sort, filter: { ...filter, [target]: id } }),
    create: async (resource, { data }): Promise<Answer> =>
      answer(() => {
        const id = 1000 + (added.get(resource)?.length ?? 0);
        const record = { ...created(resource, data, nowMs), ...data, id };
        added.set(resource, [record, ...(added.get(resource) ?? [])]);
        return { data: record };
      }),
    update: async (resource, { id, data }): Promise<Answer> =>
      answer(() => ({ data: Object.assign(find(resource, id), data) })),
    updateMany: async (_resource, { ids }): Promise<Answer> => answer(() => ({ data: ids })),
    delete: async (resource, { id }): Promise<Answer> => answer(() => ({ data: find(resource, id) })),
    deleteMany: async (_resource, { ids }): Promise<Answer> => answer(() => ({ data: ids })),

    overview: () => answer(() => fakeOverview(fleet)),
    perfdata: (serviceId, range) =>
      answer(() => {
        const service = fleet.services.find((each) => each.id === serviceId);
        if (!service) throw new HttpError("no such service", 404);
        return perfdataOf(service, range);
      }),
    availability: ({ fromMs, untilMs }) => answer(() => fakeAvailability(fleet, Number(fromMs), Number(untilMs))),
    timeline: (query) =>
      answer(() => fakeTimelineAnswer([...fleet.hosts, ...fleet.services], { fromMs: 0, untilMs: nowMs, ...query })),
    explanation: (of, id) =>
      answer(() => {
        const found = (of === "hosts" ? fleet.hosts : fleet.services).find((each) => each.id === id);
        if (!found) throw new HttpError("no such object", 404);
        return explain(found);
      }),
    configurationChanges: () => answer(() => fakeConfigurationChanges(nowMs)),
    override: (of, id) => answer(() => overrides.read(of, id)),
    removeOverride: (of, id, setting) => answer(() => overrides.remove(of, id, setting)),
    checkNow: (chosen) => answer(() => allDone(chosen)),
    acknowledge: ({ serviceIds = [], hostIds = [] }) => answer(() => setAcknowledged({ serviceIds, hostIds }, true)),
    removeAcknowledgement: (chosen) => answer(() => setAcknowledged(chosen, false)),
    cancelDowntime: (id) =>
      answer(() => void Object.assign(find("downtimes", id), { phase: "cancelled", cancelledAtMs: nowMs })),
    checkCommands: () => answer(() => fakeCheckCommands),
    previewCheck: ({ selector }) =>
      answer(() => {
        const matching = fleet.hosts.filter((host) => matchesHost(selector, host));
        return {
          total: matching.length,
          hosts: matching
            .slice(0, 100)
            .map((host) => ({ id: host.id, name: host.name, hasAgent: host.agent !== null })),
          added: matching.length,
          removed: 0,
        };
      }),
    testRun: () => answer(() => ({ ...testRun, phase: "queued" as const, result: null, finishedAtMs: null })),
    agentCommand: () => answer(() => testRun),
    discover: (hostIds) => answer(() => allDone({ serviceIds: [], hostIds })),
    approveProposals: (ids) => answer(() => decide(definitions.serviceProposals, ids, "approved", nowMs)),
    rejectProposals: (ids) => answer(() => decide(definitions.serviceProposals, ids, "rejected", nowMs)),
    commandBackup: (id, verb) =>
      answer(() => {
        if (verb === "drill") doneTo(backups, id, "drill", nowMs);
        return testRun;
      }),
    cancelBackupRun: () => answer(() => testRun),
    askRepository: (id, verb) => answer(() => ({ ...doneTo(backups, id, verb, nowMs) })),
    recoveryKit: (id) => answer(() => fakeRecoveryKit(backups, id, nowMs)),
    revokeAgent: () => answer(() => undefined),
    testNotification: () => answer(() => undefined),
    previewTimePeriod: ({ fromMs = nowMs, days = 14 }) => answer(() => fakeTimePeriod(fromMs, days)),
    previewOnCall: ({ schedule, fromMs = nowMs, days = 28 }) =>
      answer(() => fakeOnCall(schedule.members, fromMs, days)),
    previewSchedule: ({ cron, count = 10 }) => answer(() => fakeSchedule(cron, nowMs, count)),
    previewExcludes: ({ content }) => answer(() => fakeExcludes(content)),
    previewSelector: (selector) => answer(() => fakeSelector(fleet, selector)),
    usedBy: (kind, name) => answer(() => fakeUsers(kind, name)),
    templatesOf: ({ kind, id }) => answer(() => (kind === "Host" && id === 1 ? [{ id: 1, name: "linux server" }] : [])),
    chooseTemplates: ({ uses }) => answer(() => uses.map((name, index) => ({ id: index + 1, name }))),
    forwardQueues: () =>
      answer(() => [
        {
          forwardId: 1,
          waiting: 1284,
          sent: 90_311,
          refused: 2,
          dropped: 0,
          lastSentAtMs: nowMs - 900_000,
          lastError: "connect ECONNREFUSED 203.0.113.7:7760",
        },
      ]),
    remoteWriteQueues: () =>
      answer(() => [
        {
          remoteWriteId: 1,
          waitingBytes: 48_300,
          sentSamples: 9_031_144,
          refusedSamples: 0,
          droppedBytes: 0,
          lastSentAtMs: nowMs - 40_000,
          lastError: "HTTP 503: remote storage is read-only",
        },
      ]),
    simulate: (question) => answer(() => fakeSimulation(question)),
    recipientChanges: () =>
      answer(() => [
        {
          state: "CRITICAL" as const,
          before: ["dana at once"],
          after: ["dana at once", "oncall after 30m"],
          objects: ["db01.ams.example.org/disk"],
          objectCount: 1,
        },
      ]),
  };
}

function allDone({ serviceIds, hostIds }: Chosen): BulkAnswer {
  return {
    done: [
      ...serviceIds.map((serviceId) => ({ hostId: null, serviceId })),
      ...hostIds.map((hostId) => ({ hostId, serviceId: null })),
    ],
    refused: [],
  };
}

/** Fields that the server adds to a new record. */
function created(resource: string, data: Readonly<Record<string, unknown>>, nowMs: number): Record<string, unknown> {
  const always = { createdAtMs: nowMs, updatedAtMs: nowMs, authorName: "Dana Ruiz", createdByName: "Dana Ruiz" };
  if (resource === "enrolment-tokens") {
    const token = "mce_4fJ0xQ7tYb2";
    const command = `mycloud agent enrol --server https://monitor.example.org --token ${token}`;
    const unused = { usedAtMs: null, usedByHostId: null, usedByHostName: null };
    return {
      ...always,
      ...unused,
      hostName: null,
      customer: null,
      phase: "waiting",
      expiresAtMs: nowMs + 3_600_000,
      token,
      command,
    };
  }
  if (resource === "api-tokens") {
    return {
      ...always,
      prefix: "mct_9aaa",
      token: "mct_9aaaVerySecretToken",
      expiresAtMs: null,
      lastUsedAtMs: null,
      userId: 1,
      role: "viewer",
    };
  }
  if (resource === "downtimes") return { ...always, phase: "active", cancelledAtMs: null };
  if (resource === "notification-rules") return { ...always, contactNames: [] };
  return { ...always, ...(data.name === undefined ? {} : { serviceCount: 0 }) };
}
