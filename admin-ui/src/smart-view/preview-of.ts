import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";

/** What a browser draws without running anything. */
const images = new Set(["png", "jpg", "jpeg", "gif", "webp"]);
const maximumImageBytes = 20 * 1024 * 1024;
const maximumTextBytes = 512 * 1024;

/** How an entry can be shown. Pure. */
export function previewOf({ type, name, sizeBytes }: SnapshotEntry): "image" | "text" | "none" {
  if (type !== "file" || sizeBytes === null) return "none";
  const at = name.lastIndexOf(".");
  const extension = at > 0 ? name.slice(at + 1).toLowerCase() : "";
  if (images.has(extension)) return sizeBytes <= maximumImageBytes ? "image" : "none";
  return sizeBytes <= maximumTextBytes ? "text" : "none";
}
