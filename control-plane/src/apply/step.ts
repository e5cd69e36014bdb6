import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ResourceKind } from "@mycloud/protocol/resource";
import { z } from "zod";
import type { PlannedChange } from "../resource/plan-changes.ts";
import type { Sealer } from "../sealing/index.ts";
import type { HostGroup } from "./touched-hosts.ts";

/** What is carried out together, in one or more slices. Objects go by name: ids may not exist yet. */
export type ApplyStep =
  | { readonly do: "delete" | "write"; readonly kind: ResourceKind; readonly changes: readonly PlannedChange[] }
  /** Takes the services of checks from hosts, so that deleting the checks is quick; or gives hosts the services of checks. */
  | { readonly do: "clear-checks" | "sync-checks"; readonly groups: readonly HostGroup[] };

// Written by `encodeStep` of this program or an earlier one: looked at as far as it takes to know that it is whole.
const EncodedStep = z.custom<ApplyStep>((value) => typeof value === "object" && value !== null && "do" in value);

/** A step as it is stored: its definitions have much in common, so it is compressed. */
export function encodeStep(step: ApplyStep): string {
  return deflateRawSync(JSON.stringify(step), { level: 3 }).toString("base64");
}

const sealedFor = "apply step";

/** What `encodeStep` made, for the database: definitions may hold secrets. */
export function sealStep(sealer: Sealer, encoded: string): string {
  return sealer.seal(encoded, sealedFor);
}

/** Throws when the text is damaged, or was sealed under another master key. */
export function openStep(sealer: Sealer, sealed: string): ApplyStep {
  const encoded = Buffer.from(sealer.open(sealed, sealedFor), "base64");
  return EncodedStep.parse(JSON.parse(inflateRawSync(encoded).toString()));
}
