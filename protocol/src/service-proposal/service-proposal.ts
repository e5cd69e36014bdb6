import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { DiscoveredKind, ProposedCheck } from "./discovery.ts";

export const ProposalPhase = z.enum(["proposed", "approved", "rejected"]);
export type ProposalPhase = z.infer<typeof ProposalPhase>;

/** A thing found on a host, and what was decided about watching it. */
export const ServiceProposal = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  kind: DiscoveredKind,
  key: z.string(),
  title: z.string(),
  check: ProposedCheck,
  phase: ProposalPhase,
  firstSeenAtMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
  /** Since when it is not found any more; null while it is there. */
  vanishedAtMs: z.number().int().nullable(),
  decidedByName: z.string().nullable(),
  decidedAtMs: z.number().int().nullable(),
  /** The check that came of it; null when there is none, or no more. */
  checkId: z.number().int().nullable(),
});
export type ServiceProposal = z.infer<typeof ServiceProposal>;

export const ServiceProposalFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  hostName: z.string().optional(),
  kind: z.union([DiscoveredKind, z.array(DiscoveredKind)]).optional(),
  phase: z.union([ProposalPhase, z.array(ProposalPhase)]).optional(),
  isVanished: z.boolean().optional(),
});
export type ServiceProposalFilter = z.infer<typeof ServiceProposalFilter>;

/** POST /api/v1/service-proposals/approve and .../reject. */
export const ProposalDecision = z.object({ ids: z.array(z.number().int()).min(1).max(1000) });
export type ProposalDecision = z.infer<typeof ProposalDecision>;

/** What was decided, and what could not be, with the reason. */
export const ProposalAnswer = z.object({
  done: z.array(z.object({ id: z.number().int(), checkId: z.number().int().nullable() })),
  refused: z.array(z.object({ id: z.number().int(), message: z.string() })),
});
export type ProposalAnswer = z.infer<typeof ProposalAnswer>;
