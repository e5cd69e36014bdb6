import { relativePathOf, type StoredObject } from "../repository/repository-layout.ts";
import type { WantedObject } from "./wanted-list.ts";

/**
 * Why packs and indexes stay where they are for now, or null when this one may go. A damaged snapshot is in no list, so a client that prunes
 * takes what only that one needs for garbage. Deleting the damaged snapshot ends this; what is damaged itself may go at any time. Pure.
 */
export function reasonToKeep(object: StoredObject, wanted: readonly WantedObject[]): string | null {
  if (object.type !== "data" && object.type !== "index") return null;
  const snapshot = wanted.find(({ type }) => type === "snapshots");
  if (snapshot === undefined) return null;
  const isDamaged = wanted.some(({ type, name }) => type === object.type && name === object.name);
  // Whoever replaces a damaged pack also replaces the indexes that mention it.
  const isHealing = object.type === "index" && wanted.some(({ type }) => type === "data");
  if (isDamaged || isHealing) return null;
  return `${relativePathOf(snapshot)} is damaged, and what it needs cannot be told; upload it again, or delete it to give it up`;
}
