import type { Zone, ZoneChangeAnswer } from "@mycloud/protocol/dns-zone";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNotify } from "react-admin";
import { useSettled } from "../../../form/useSettled.ts";
import { useDns } from "../../../providers/dns-provider.ts";
import { type PendingChange, type PendingChanges, wishesOf } from "./draft.ts";

/** What somebody wants of a zone and has not applied, and what the server says it would come to. */
export interface ZoneDraft {
  readonly changes: PendingChanges;
  readonly wishCount: number;
  /** By the RRset's id; below 0 for new ones. Null takes the change back. */
  set(key: number, change: PendingChange | null): void;
  add(change: PendingChange): number;
  discard(): void;
  readonly preview: ZoneChangeAnswer | undefined;
  readonly previewFault: string | null;
  readonly isAsking: boolean;
  apply(comment: string): Promise<void>;
  readonly isApplying: boolean;
}

const none: PendingChanges = new Map();

/** While somebody types the server is asked, a moment after each stroke, what the changes would come to; nothing is stored until they are applied. */
export function useZoneDraft(zone: Zone): ZoneDraft {
  const dns = useDns();
  const notify = useNotify();
  const queries = useQueryClient();
  const [changes, setChanges] = useState(none);
  const [lastNew, setLastNew] = useState(0);
  const [isApplying, setIsApplying] = useState(false);
  const wishes = wishesOf(changes);
  const settled = useSettled(wishes);
  const asked = useQuery({
    queryKey: ["dns/zones", zone.id, "preview", zone.revision, settled],
    queryFn: ({ signal }) => dns.change(zone.id, { changes: settled, preview: true }, signal),
    enabled: settled.length > 0 && wishes.length > 0,
    retry: false,
    placeholderData: (before) => before,
  });
  const set = (key: number, change: PendingChange | null) =>
    setChanges((before) => {
      const next = new Map(before);
      if (change === null) next.delete(key);
      else next.set(key, change);
      return next;
    });
  return {
    changes,
    wishCount: wishes.length,
    set,
    add(change) {
      const key = lastNew - 1;
      setLastNew(key);
      set(key, change);
      return key;
    },
    discard: () => setChanges(none),
    preview: settled.length > 0 && wishes.length > 0 ? asked.data : undefined,
    previewFault: settled.length > 0 && asked.error !== null ? asked.error.message : null,
    isAsking: asked.isFetching || settled.length !== wishes.length,
    async apply(comment) {
      setIsApplying(true);
      try {
        const { serial, differenceCount } = await dns.change(zone.id, { changes: wishes, comment });
        setChanges(none);
        await queries.invalidateQueries();
        const what = differenceCount === 1 ? "One RRset" : `${differenceCount} RRsets`;
        notify(`${what} changed; the serial is ${serial}`, { type: "success" });
      } catch (error) {
        notify(error instanceof Error ? error.message : String(error), { type: "error", autoHideDuration: 10_000 });
      } finally {
        setIsApplying(false);
      }
    },
    isApplying,
  };
}
