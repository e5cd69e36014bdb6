/**
 * The field that says which sender claimed a record to be of its host, where nothing else says so: not the host's agent, not the operator's word for that
 * sender, not the address it came from. Only the receiver writes it; whoever shows records as a host's own shows it.
 */
export const claimedByField = "claimed_by";

/** Which sender claimed it to be of its host; null where that is known otherwise. Pure. */
export function claimantOf(record: { readonly fields: Readonly<Record<string, unknown>> }): string | null {
  const claimant = record.fields[claimedByField];
  return claimant === undefined ? null : String(claimant);
}
