import type { LogRecord } from "@mycloud/protocol/log-record";
import type {
  LogHistogram,
  LogPage,
  LogPattern,
  LogPatterns,
  LogTailEvent,
  LogTopValues,
  SavedLogSearch,
  SavedLogSearchInput,
} from "@mycloud/protocol/log-search";
import type { ProblemLogs } from "@mycloud/protocol/problem-log";
import { createContext, useContext } from "react";

/** A query and the time it is about. */
export interface LogRangeQuestion {
  readonly query: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface LogPatternQuestion extends LogRangeQuestion {
  readonly order: "count" | "risen" | "new";
}

/** What a tail tells. */
export interface LogTailListener {
  readonly onRecords: (event: LogTailEvent) => void;
  readonly onState: (state: "live" | "reconnecting") => void;
}

/** Searching logs. */
export interface LogsProvider {
  search(question: LogRangeQuestion & { readonly cursor: string | null }, signal?: AbortSignal): Promise<LogPage>;
  histogram(question: LogRangeQuestion & { readonly bins: number }, signal?: AbortSignal): Promise<LogHistogram>;
  top(
    question: LogRangeQuestion & { readonly field: string; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<LogTopValues>;
  fieldNames(question: LogRangeQuestion, signal?: AbortSignal): Promise<readonly string[]>;
  patterns(question: LogPatternQuestion, signal?: AbortSignal): Promise<LogPatterns>;
  /** The record among what the same log says before and after it. */
  context(id: string, around: number, signal?: AbortSignal): Promise<readonly LogRecord[]>;
  /** Records as they come, until the returned function is called. */
  tail(query: string, listener: LogTailListener): () => void;
  /** Addresses for links. */
  exportUrl(question: LogRangeQuestion, format: "ndjson" | "csv"): string;
  /** One's own and shared ones, by name. */
  savedSearches(signal?: AbortSignal): Promise<readonly SavedLogSearch[]>;
  /** One's own of the same name is replaced. */
  saveSearch(search: SavedLogSearchInput): Promise<SavedLogSearch>;
  removeSearch(id: number): Promise<void>;
  problemLogs(of: "hosts" | "services", id: number, signal?: AbortSignal): Promise<ProblemLogs>;
}

export type { LogPattern };

export const LogsContext = createContext<LogsProvider | null>(null);

/** The provider that App was given. */
export function useLogs(): LogsProvider {
  const provider = useContext(LogsContext);
  if (provider === null) throw new Error("useLogs is used outside of App");
  return provider;
}
