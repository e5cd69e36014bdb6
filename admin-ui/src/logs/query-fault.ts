import { LogQueryError, parseLogQuery } from "@mycloud/protocol/log-query";

/** What is wrong with a query and where; null when it can be understood. Pure. */
export function queryFault(query: string): string | null {
  try {
    parseLogQuery(query);
    return null;
  } catch (error) {
    if (error instanceof LogQueryError) return `${error.message} (character ${error.at + 1})`;
    throw error;
  }
}
