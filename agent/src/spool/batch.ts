import { AgentResultBatch } from "@mycloud/protocol/agent";

/** `<sequence, 16 digits>.<batch id>.json`: sorting names sorts by age. */
const namePattern = /^(\d{16})\.([0-9a-f-]{36})\.json$/;

/** The file name of a batch. */
export function batchFileName(sequence: number, batchId: string): string {
  return `${String(sequence).padStart(16, "0")}.${batchId}.json`;
}

/** Takes a file name apart; undefined when it is none of ours. */
export function parseBatchFileName(name: string): { sequence: number; batchId: string } | undefined {
  const [, sequence, batchId] = namePattern.exec(name) ?? [];
  return sequence === undefined || batchId === undefined ? undefined : { sequence: Number(sequence), batchId };
}

/** Reads a batch file's content; undefined when it is damaged. */
export function parseBatch(text: string): AgentResultBatch | undefined {
  try {
    return AgentResultBatch.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
