import type { AcknowledgementRequest } from "@mycloud/protocol/acknowledgement";

/** What the dialog's fields say of an acknowledgement; `expiresAtMs` null: it ends by a state only. Pure. */
export function acknowledgementOf(
  fields: Pick<FormData, "get" | "has">,
  expiresAtMs: number | null,
): Omit<AcknowledgementRequest, "serviceIds" | "hostIds"> {
  const until = fields.get("until");
  return {
    comment: String(fields.get("comment") ?? "").trim(),
    isSticky: until !== "changed",
    isUntilWorse: until === "worse",
    expiresAtMs,
    isNotified: fields.has("isNotified"),
    isPersistent: fields.has("isPersistent"),
  };
}
