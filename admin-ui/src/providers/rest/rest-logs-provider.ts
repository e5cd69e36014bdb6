import type { ListAnswer } from "@mycloud/protocol/list";
import type { LogContext, LogFieldNames, LogTailEvent, SavedLogSearch } from "@mycloud/protocol/log-search";
import type { z } from "zod";
import type { LogRangeQuestion, LogsProvider } from "../logs-provider.ts";
import type { ApiClient } from "./api-client.ts";

const recordsAtOnce = 500;

/** Logs over the control plane's API. */
export function createRestLogsProvider(api: ApiClient): LogsProvider {
  return {
    search: ({ cursor, ...question }, signal) =>
      api.get(`/logs?${asked(question, { limit: recordsAtOnce, ...(cursor === null ? {} : { cursor }) })}`, signal),
    histogram: ({ bins, ...question }, signal) => api.get(`/logs/histogram?${asked(question, { bins })}`, signal),
    top: ({ field, limit, ...question }, signal) => api.get(`/logs/top?${asked(question, { field, limit })}`, signal),
    fieldNames: async (question, signal) =>
      (await api.get<z.infer<typeof LogFieldNames>>(`/logs/fields?${asked(question)}`, signal)).names,
    patterns: ({ order, ...question }, signal) =>
      api.get(`/logs/patterns?${asked(question, { order, limit: 100 })}`, signal),
    context: async (id, around, signal) => {
      const query = new URLSearchParams({ before: String(around), after: String(around) });
      return (await api.get<LogContext>(`/logs/${encodeURIComponent(id)}/context?${query}`, signal)).records;
    },
    tail(query, { onRecords, onState }) {
      const source = new EventSource(`/api/v1/logs/tail?${new URLSearchParams({ query })}`, { withCredentials: true });
      source.onopen = () => onState("live");
      source.onerror = () => onState("reconnecting");
      source.addEventListener("records", ({ data }) => {
        const event: LogTailEvent = JSON.parse(data);
        onRecords(event);
      });
      return () => source.close();
    },
    exportUrl: (question, format) => `/api/v1/logs/export?${asked(question, { format })}`,
    savedSearches: async (signal) =>
      (await api.get<ListAnswer<SavedLogSearch>>("/log-searches?perPage=1000", signal)).data,
    saveSearch: (search) => api.send("POST", "/log-searches", search),
    removeSearch: async (id) => {
      await api.send("DELETE", `/log-searches/${id}`);
    },
    problemLogs: (of, id, signal) => api.get(`/${of}/${id}/problem-logs`, signal),
  };
}

function asked(
  { query, fromMs, untilMs }: LogRangeQuestion,
  more: Readonly<Record<string, string | number>> = {},
): URLSearchParams {
  const words = { query, fromMs: Math.floor(fromMs), untilMs: Math.ceil(untilMs), ...more };
  return new URLSearchParams(Object.entries(words).map(([name, value]) => [name, String(value)]));
}
