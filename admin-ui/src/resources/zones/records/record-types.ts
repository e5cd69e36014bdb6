const common = ["A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "PTR", "CAA"];
const others = ["DNAME", "DS", "HTTPS", "HINFO", "LOC", "NAPTR", "SSHFP", "SVCB", "TLSA"];

/** Types to choose from, the frequent ones first; another that is there stays to be chosen. */
export function recordTypeChoices(present: string): readonly string[] {
  const known = [...common, ...others];
  return known.includes(present) ? known : [...known, present];
}
