import type { ProposalAnswer, ServiceProposal } from "@mycloud/protocol/service-proposal";

/** What is to be said of a proposal: what was decided, or that its thing is gone. Pure. */
export function phaseText({ phase, vanishedAtMs }: Pick<ServiceProposal, "phase" | "vanishedAtMs">): string {
  if (vanishedAtMs === null) return phase;
  return phase === "approved" ? "approved, gone" : "gone";
}

/** Whether it can be approved. Pure. */
export function isApprovable({ phase, vanishedAtMs }: Pick<ServiceProposal, "phase" | "vanishedAtMs">): boolean {
  return phase !== "approved" && vanishedAtMs === null;
}

/** The check's command line as a person would type it. Pure. */
export function commandText({ check }: Pick<ServiceProposal, "check">): string {
  const words = [check.command, ...check.arguments];
  return words.map((word) => (/^[\w./:%@=+-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}

/** How a decision on many went, in one line. Pure. */
export function decisionText(what: string, { done, refused }: ProposalAnswer): string {
  const [first] = refused;
  return `${what}: ${done.length}${first === undefined ? "" : `, refused: ${refused.length} (${first.message})`}`;
}
