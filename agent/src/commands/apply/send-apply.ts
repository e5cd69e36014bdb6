import { type ApplyAnswer, ApplyLine, type ApplyProgress, type ResourceKind } from "@mycloud/protocol/resource";
import { refusal } from "../../client/api-client.ts";
import { type ApiClient, linesOf, parseAnswer } from "../../client/index.ts";
import { CommandError } from "../../command-line/index.ts";

/** Definitions that are sent together: some hundred kilobytes. */
const resourcesInPiece = 500;

/** An apply, as it is sent. */
export interface ToApply {
  readonly resources: readonly unknown[];
  readonly dryRun: boolean;
  readonly prune: readonly ResourceKind[];
}

/**
 * Sends definitions as they are, however many there are, and answers what came of them. `report` hears how far sending is and then how far the control plane
 * is. Throws CommandError.
 */
export async function sendApply(
  client: ApiClient,
  { resources, dryRun, prune }: ToApply,
  report: (progress: ApplyProgress) => void,
): Promise<ApplyAnswer> {
  const query = { dryRun: String(dryRun), ...(prune.length > 0 ? { prune: prune.join(",") } : {}) };
  const pieces = piecesOf(resources, report);
  const response = await client.open("/api/v1/apply-stream", { method: "POST", query, pieces });
  const changes: ApplyAnswer["changes"] = [];
  try {
    for await (const text of linesOf(response)) {
      const line = parseAnswer(ApplyLine, JSON.parse(text));
      if ("progress" in line) report(line.progress);
      else if ("change" in line) changes.push(line.change);
      else if ("end" in line) return { changes, ...line.end };
      else throw refusal(client.instance, 400, JSON.stringify(line));
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    // The connection broke in the middle of the answer.
  }
  throw new CommandError(
    "tryAgain",
    "the control plane ended before it was done; what was decided is carried out when it is back: apply again to see that nothing is left",
  );
}

function* piecesOf(
  resources: readonly unknown[],
  report: (progress: ApplyProgress) => void,
): Generator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  for (let from = 0; from < resources.length; from += resourcesInPiece) {
    report({ phase: "reading", done: from, total: resources.length });
    const part = resources.slice(from, from + resourcesInPiece);
    yield encoder.encode(part.map((resource) => `${JSON.stringify(resource)}\n`).join(""));
  }
}
