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

/**
 * The labels to keep as the operator's own, of those sent back by somebody who was shown the effective ones: a label that says what the agent
 * reported stays the agent's, so that it goes on following the fact; a fact hidden before and not sent stays hidden. Pure.
 */
export function ownLabels(facts: Labels, before: Labels, sent: Labels): Labels {
  const own: Labels = {};
  for (const [label, value] of Object.entries(before)) if (value === "" && label in facts) own[label] = "";
  for (const [label, value] of Object.entries(sent)) {
    if (facts[label] === value) delete own[label];
    else own[label] = value;
  }
  return own;
}
