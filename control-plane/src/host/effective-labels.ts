import type { Labels } from "@mycloud/protocol/name";

/**
 * The labels selectors see: the facts an agent reported, overlaid by what an operator wrote. An operator's empty value hides a fact. Pure.
 *
 * @example effectiveLabels({ os: "linux", init: "systemd" }, { init: "", role: "web" }) // { os: "linux", role: "web" }
 */
export function effectiveLabels(facts: Labels, labels: Labels): Labels {
  const effective: Labels = {};
  for (const [label, value] of Object.entries({ ...facts, ...labels })) {
    if (value !== "") effective[label] = value;
  }
  return effective;
}
