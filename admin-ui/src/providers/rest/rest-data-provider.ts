import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { AgentCommand } from "@mycloud/protocol/agent";
import type { BackupRepository, RecoveryKit } from "@mycloud/protocol/backup-repository";
import type { RemoteWriteQueue } from "@mycloud/protocol/host-metrics";
import type { ListAnswer } from "@mycloud/protocol/list";
import type { OverrideAnswer } from "@mycloud/protocol/monitored";
import type { Problem } from "@mycloud/protocol/problem";
import type { ApplyAnswer, ReferenceAnswer, TemplateUseAnswer } from "@mycloud/protocol/resource";
import type { ProposalAnswer } from "@mycloud/protocol/service-proposal";
import type { Identifier, RaRecord } from "react-admin";
import type { CheckCommand, ConsoleProvider, ForwardQueue, ProblemRecord } from "../types.ts";
import type { ApiClient } from "./api-client.ts";
import { type ListParameters, listPath } from "./list-path.ts";

/** Gives a problem its key as the record's id. */
export function problemRecord(problem: Problem): ProblemRecord {
  return { ...problem, id: problem.key, problemId: problem.id };
}

/** The data provider over the control plane's API, which already answers in react-admin's own list shape. */
export function createRestDataProvider(api: ApiClient): ConsoleProvider {
  async function list(
    resource: string,
    parameters: ListParameters,
    signal?: AbortSignal,
  ): Promise<ListAnswer<RaRecord>> {
    if (resource === "problems") {
      const answer = await api.get<ListAnswer<Problem>>(listPath(resource, parameters), signal);
      return { data: answer.data.map(problemRecord), total: answer.total };
    }
    return api.get<ListAnswer<RaRecord>>(listPath(resource, parameters), signal);
  }
  const write = (method: "POST" | "PUT" | "DELETE", path: string, body?: unknown) =>
    api.send<RaRecord>(method, path, body);
  const one = (resource: string, id: Identifier) => `/${resource}/${encodeURIComponent(String(id))}`;
  // react-admin's methods are generic in the record, which only the caller knows; what arrives is what the protocol says.
  // biome-ignore lint/suspicious/noExplicitAny: react-admin's DataProvider types its answers by the caller's record
  type Answer = any;

  return {
    supportAbortSignal: true,
    getList: async (resource, parameters): Promise<Answer> => list(resource, parameters, parameters.signal),
    getOne: async (resource, { id, signal }): Promise<Answer> => ({ data: await api.get(one(resource, id), signal) }),
    getMany: async (resource, { ids, signal }): Promise<Answer> =>
      list(resource, { pagination: { page: 1, perPage: 1000 }, filter: { id: ids } }, signal),
    getManyReference: async (resource, { target, id, filter, pagination, sort, signal }): Promise<Answer> =>
      list(resource, { pagination, sort, filter: { ...filter, [target]: id } }, signal),
    create: async (resource, { data }): Promise<Answer> => ({ data: await write("POST", `/${resource}`, data) }),
    update: async (resource, { id, data }): Promise<Answer> => ({ data: await write("PUT", one(resource, id), data) }),
    updateMany: async (resource, { ids, data }): Promise<Answer> => {
      for (const id of ids) await write("PUT", one(resource, id), data);
      return { data: ids };
    },
    delete: async (resource, { id, previousData }): Promise<Answer> => {
      await write("DELETE", one(resource, id));
      return { data: previousData ?? { id } };
    },
    deleteMany: async (resource, { ids }): Promise<Answer> => {
      for (const id of ids) await write("DELETE", one(resource, id));
      return { data: ids };
    },

    overview: (signal) => api.get("/overview", signal),
    perfdata: (serviceId, range, signal) => {
      const query = new URLSearchParams(
        Object.entries(range).map(([name, value]) => [name, String(Math.round(value))]),
      );
      return api.get(`/services/${serviceId}/perfdata?${query}`, signal);
    },
    availability: (query, signal) => api.get(`/availability?${new URLSearchParams(query)}`, signal),
    timeline: (query, signal) => {
      const given = Object.entries(query).flatMap(([name, value]) =>
        value === undefined || value === "" ? [] : [[name, String(value)]],
      );
      return api.get(`/timeline?${new URLSearchParams(given)}`, signal);
    },
    explanation: (of, id, signal) => api.get(`/${of}/${id}/explanation`, signal),
    configurationChanges: (of, id, signal) => api.get(`/${of}/${id}/configuration-changes`, signal),
    override: (of, id, signal) => api.get(`/${of}/${id}/override`, signal),
    removeOverride: (of, id, setting) =>
      api.send<OverrideAnswer>("DELETE", `/${of}/${id}/override${setting === null ? "" : `?setting=${setting}`}`),
    checkNow: (chosen) => api.send<BulkAnswer>("POST", "/check-now", chosen),
    acknowledge: (input) => api.send<BulkAnswer>("POST", "/acknowledgements", input),
    removeAcknowledgement: (chosen) => api.send<BulkAnswer>("POST", "/acknowledgements/remove", chosen),
    cancelDowntime: (id) => api.send("POST", `/downtimes/${id}/cancel`),
    checkCommands: async () => (await api.get<{ data: CheckCommand[] }>("/check-commands")).data,
    previewCheck: (request) => api.send("POST", "/checks/preview", request),
    testRun: (request) => api.send<AgentCommand>("POST", "/checks/test-run", request),
    agentCommand: (id) => api.get<AgentCommand>(`/agent-commands/${id}`),
    discover: (hostIds) => api.send<BulkAnswer>("POST", "/discover", { hostIds }),
    approveProposals: (ids) => api.send<ProposalAnswer>("POST", "/service-proposals/approve", { ids }),
    rejectProposals: (ids) => api.send<ProposalAnswer>("POST", "/service-proposals/reject", { ids }),
    commandBackup: (repositoryId, verb) =>
      api.send<AgentCommand>("POST", `/backup-repositories/${repositoryId}/${verb}`),
    cancelBackupRun: (id) => api.send<AgentCommand>("POST", `/backup-runs/${id}/cancel`),
    askRepository: (repositoryId, verb) =>
      api.send<BackupRepository>("POST", `/backup-repositories/${repositoryId}/${verb}`),
    recoveryKit: (repositoryId) => api.send<RecoveryKit>("POST", `/backup-repositories/${repositoryId}/recovery-kit`),
    revokeAgent: (agentId) => api.send("POST", `/agents/${encodeURIComponent(agentId)}/revoke`),
    testNotification: (contactId) => api.send("POST", `/contacts/${contactId}/test-notification`),
    previewTimePeriod: (request) => api.send("POST", "/previews/time-period", request),
    previewOnCall: (request) => api.send("POST", "/previews/on-call", request),
    previewSchedule: (request) => api.send("POST", "/previews/schedule", request),
    previewExcludes: (request, signal) => api.send("POST", "/backup-policies/preview", request, signal),
    previewSelector: (selector) => api.send("POST", "/previews/selector", { selector }),
    usedBy: async (kind, name, signal) =>
      (await api.get<ReferenceAnswer>(`/references?${new URLSearchParams({ kind, name })}`, signal)).data,
    templatesOf: async ({ kind, id }, signal) =>
      (await api.get<TemplateUseAnswer>(`/template-uses?${new URLSearchParams({ kind, id: String(id) })}`, signal))
        .data,
    chooseTemplates: async (use) => (await api.send<TemplateUseAnswer>("PUT", "/template-uses", use)).data,
    remoteWriteQueues: async (signal) =>
      (await api.get<{ data: RemoteWriteQueue[] }>("/remote-write-queues", signal)).data,
    forwardQueues: async (signal) => (await api.get<{ data: ForwardQueue[] }>("/forward-queues", signal)).data,
    simulate: ({ host, service, state, atMs, hours }, signal) => {
      const query = { host, service: service ?? "", state, atMs: String(atMs), hours: String(hours) };
      return api.get(`/notifications/simulate?${new URLSearchParams(query)}`, signal);
    },
    recipientChanges: async (resources) => {
      const answer = await api.send<ApplyAnswer>("POST", "/apply", { resources, dryRun: true });
      // No changes and a note is not the same as no changes: it may be too much to work out.
      if (answer.recipientChanges.length === 0 && answer.notes.length > 0) throw new Error(answer.notes.join("; "));
      return answer.recipientChanges;
    },
  };
}
