// Discovered: what agents found on their hosts that nobody watches yet, to be approved or rejected.
import { lazy } from "react";

export const serviceProposals = {
  list: lazy(async () => ({ default: (await import("./ServiceProposalList.tsx")).ServiceProposalList })),
};
