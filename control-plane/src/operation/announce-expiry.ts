import type { AnnounceExpiry } from "../acknowledgement/index.ts";
import type { AnnounceOperation } from "../notification/announce-operations.ts";

/** Makes what tells whoever acknowledged that it has run out, and how things are. */
export function createAnnounceExpiry(announce: AnnounceOperation): AnnounceExpiry {
  return async (tx, { hostId, serviceId, shownState }, { comment, userId }, nowMs) => {
    const remark = `your acknowledgement has run out (${comment}); the state is ${shownState}`;
    await announce(tx, { type: "CUSTOM", hostId, serviceId, remark, userId, rules: "none" }, nowMs);
  };
}
