import type { ProposalAnswer, ProposalPhase, ServiceProposal } from "@mycloud/protocol/service-proposal";
import type { Fleet } from "./fleet.ts";

const found = [
  {
    kind: "filesystem",
    key: "/srv",
    command: "disk",
    arguments: ["-p", "/srv"],
    title: "file system /srv (xfs on /dev/sdb1)",
  },
  {
    kind: "unit",
    key: "nginx.service",
    command: "systemd",
    arguments: ["-u", "nginx.service"],
    title: "unit nginx.service",
  },
  { kind: "port", key: "8080", command: "tcp", arguments: ["-p", "8080"], title: "TCP port 8080 (http-alt)" },
] as const;

/** What agents found on the first hosts of a fleet. */
export function createServiceProposals(fleet: Fleet, nowMs: number): ServiceProposal[] {
  return fleet.hosts.slice(0, 4).flatMap((host, hostAt) =>
    found.map(({ command, arguments: args, ...thing }, at) => ({
      id: hostAt * found.length + at + 1,
      hostId: host.id,
      hostName: host.name,
      ...thing,
      check: { serviceName: `${thing.kind} ${thing.key}`, command, arguments: [...args], checkIntervalSeconds: 60 },
      phase: "proposed" as const,
      firstSeenAtMs: nowMs - 3_600_000,
      lastSeenAtMs: nowMs - 60_000,
      vanishedAtMs: null,
      decidedByName: null,
      decidedAtMs: null,
      checkId: null,
    })),
  );
}

/** Decides on proposals as the server does. */
export function decide(
  proposals: readonly ServiceProposal[],
  ids: readonly number[],
  phase: ProposalPhase,
  nowMs: number,
): ProposalAnswer {
  const chosen = proposals.filter(({ id }) => ids.includes(id));
  for (const proposal of chosen) {
    Object.assign(proposal, { phase, decidedByName: "Dana Ruiz", decidedAtMs: nowMs });
  }
  return { done: chosen.map(({ id }) => ({ id, checkId: phase === "approved" ? 100 + id : null })), refused: [] };
}
